"""How an input looks: as a row, as a card, as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from fluxloop.cli.console import short_path, visible
from fluxloop.curation.searching import topic_of
from fluxloop.schema.input import Input, texts_of
from fluxloop.store.inputs import StoredInput

NONE_YET = "No inputs yet. `fluxloop inputs generate` writes some, `fluxloop inputs add` keeps your own."
STATUS_COLOURS = {"approved": "green", "pending": "yellow", "rejected": "red"}


def none_found(of: int) -> str:
    """What is said when there is nothing to show, of so many inputs."""
    return f"None of {of} inputs matches." if of else NONE_YET


def row_of(stored: StoredInput) -> tuple[str, ...]:
    """An input as a row of `list`: id, persona, status, topic, text."""
    item = stored.input
    return item.id, item.persona or "-", item.status, topic_of(item) or "-", brief_text(item)


def brief_text(item: Input) -> str:
    """The text, or the first turn and how many follow it."""
    first, *more = texts_of(item)
    return f"{first or '(empty)'} (+{len(more)})" if more else first or "(empty)"


def place_of(stored: StoredInput) -> str:
    """`file:line`, as editors and terminals make it clickable."""
    return f"{short_path(stored.file)}:{stored.line}"


def json_of(stored: StoredInput, *, whole: bool = False) -> dict[str, Any]:
    """An input with always the same keys. `text` is null in a conversation, `conversation` empty in a message."""
    item = stored.input
    data = item.model_dump(mode="json")
    keys = ("id", "persona", "status", "source", "importance", "tags", "text", "conversation")
    rest = ("reason", "thought_process", "expected", "checks", "metadata", "origin")
    shown = {key: data[key] for key in keys} | {"topic": topic_of(item) or None}
    return (
        shown
        | ({key: data[key] for key in rest} if whole else {})
        | {
            "file": short_path(stored.file),
            "line": stored.line,
        }
    )


def card_of(stored: StoredInput) -> Iterator[str]:
    """An input whole, line by line."""
    item = stored.input
    status = click.style(item.status, fg=STATUS_COLOURS[item.status])
    yield f"{click.style(visible(item.id), bold=True)} · {status} · {item.source} · {place_of(stored)}"
    for name, value in _facts(item):
        yield f"  {name:<12}{visible(value)}"
    yield from texts_card(texts_of(item))
    if item.thought_process:
        yield from _block("thought process", item.thought_process.rstrip("\n"))
    if item.expected:
        yield from _block("expected", item.expected)
    yield from _origin(item.origin)


def texts_card(texts: Sequence[str]) -> Iterator[str]:
    """The messages, numbered when there are several, their line breaks kept."""
    if len(texts) == 1:
        yield from _block("text", texts[0])
        return
    for number, text in enumerate(texts, start=1):
        yield from _block(f"turn {number}", text)


def inline(values: Mapping[str, Any]) -> str:
    """A mapping in one line."""
    return " · ".join(f"{key}: {_plain(value)}" for key, value in values.items())


def _plain(value: Any) -> str:
    """As it would stand in the file: `true`, not Python's `True`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _facts(item: Input) -> Iterator[tuple[str, str]]:
    facts = {
        "persona": item.persona,
        "topic": topic_of(item),
        "importance": item.importance,
        "tags": ", ".join(item.tags),
        "reason": item.reason,
        "checks": ", ".join(map(str, item.checks)),
        "metadata": inline({key: value for key, value in item.metadata.items() if key != "topic"}),
    }
    yield from ((name, str(value)) for name, value in facts.items() if value)


def _origin(origin: Mapping[str, Any]) -> Iterator[str]:
    """Where it came from; the text before roughening as a text, the rest in a line."""
    clean = origin.get("clean")
    rest = {key: value for key, value in origin.items() if key != "clean"}
    if clean:
        yield from _block("before roughening", "\n".join(map(str, clean)) if isinstance(clean, list) else str(clean))
    if rest:
        yield from _block("origin", inline(rest))


def _block(title: str, text: str) -> Iterator[str]:
    yield click.style(title, dim=True)
    for line in text.split("\n") if text else ["(empty)"]:
        yield f"  {visible(line)}"
