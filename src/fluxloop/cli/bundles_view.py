"""How a bundle looks: as a row, as a card, as JSON; and how two differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from fluxloop.cli.console import say, say_table, visible
from fluxloop.cli.inputs_view import brief_text
from fluxloop.curation.bundling import BundleDiff
from fluxloop.curation.searching import topic_of
from fluxloop.schema.bundle import Bundle
from fluxloop.schema.input import Input
from fluxloop.store.bundles import is_intact

SHORT_HASH = 12


def bundle_row(bundle: Bundle) -> tuple[str, ...]:
    """A bundle as a row of `list`."""
    numbers = str(len(bundle.inputs)), str(len(bundle.personas))
    state = "unchanged" if is_intact(bundle) else "CHANGED"
    hash_ = bundle.content_hash[:SHORT_HASH] or "-"
    return bundle.name, *numbers, bundle.created or "-", hash_, state, bundle.description


def bundle_card(bundle: Bundle) -> None:
    """A bundle: what it is, then its inputs one a line."""
    state = "unchanged" if is_intact(bundle) else click.style("changed since it was frozen", fg="red")
    say(f"{click.style(visible(bundle.name), bold=True)} · {state}")
    manual = sum(item.source == "manual" for item in bundle.inputs)
    facts = (
        ("what for", bundle.description),
        ("created", bundle.created),
        ("inputs", f"{len(bundle.inputs)}: {len(bundle.inputs) - manual} synthetic, {manual} manual"),
        ("personas", ", ".join(persona.persona_id for persona in bundle.personas)),
        ("sha256", bundle.content_hash),
    )
    say("\n".join(f"  {name:<10}{visible(value)}" for name, value in facts if value))
    say()
    say_table(("id", "persona", "source", "topic", "text"), map(_input_row, bundle.inputs), wrap="text")


def json_of(bundle: Bundle, *, whole: bool = False) -> dict[str, Any]:
    """A bundle with always the same keys; `inputs` and `personas` are ids in a list of bundles, whole in `show`."""
    head = {key: getattr(bundle, key) for key in ("name", "description", "version", "created", "content_hash")}
    head["intact"] = is_intact(bundle)
    if whole:
        data = bundle.model_dump(mode="json")
        return head | {"inputs": data["inputs"], "personas": data["personas"]}
    ids = [item.id for item in bundle.inputs]
    return head | {"inputs": ids, "personas": [persona.persona_id for persona in bundle.personas]}


def diff_lines(difference: BundleDiff, before: Bundle, after: Bundle) -> Iterator[str]:
    """`+` added, `-` removed, `~` changed: inputs with their text, then personas."""
    if difference.is_empty:
        yield f"{visible(before.name)} and {visible(after.name)} hold the same."
        return
    old = {item.id: item for item in before.inputs}
    new = {item.id: item for item in after.inputs}
    yield from (f"- {_brief(old[name])}" for name in difference.removed)
    yield from (f"+ {_brief(new[name])}" for name in difference.added)
    for name in difference.changed:
        yield f"~ {visible(name)}: {visible(', '.join(_changed_keys(old[name], new[name])))}"
        if brief_text(old[name]) != brief_text(new[name]):
            yield f"    - {visible(brief_text(old[name]))}"
            yield f"    + {visible(brief_text(new[name]))}"
    signs = (("-", difference.personas_removed), ("+", difference.personas_added), ("~", difference.personas_changed))
    yield from (f"{sign} persona {visible(name)}" for sign, names in signs for name in names)


def _brief(item: Input) -> str:
    return visible(f"{item.id}: {brief_text(item)}")


def _changed_keys(old: Input, new: Input) -> list[str]:
    return [name for name in Input.model_fields if getattr(old, name) != getattr(new, name)]


def _input_row(item: Input) -> tuple[str, ...]:
    return item.id, item.persona or "-", item.source, topic_of(item) or "-", brief_text(item)
