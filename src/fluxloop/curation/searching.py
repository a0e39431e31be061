"""Finding inputs: by id, or all that answer a question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fluxloop.errors import NotFound
from fluxloop.schema.input import Input, texts_of
from fluxloop.store.inputs import StoredInput


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for. Several values of one kind are alternatives; an empty kind asks nothing."""

    personas: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    words: str = ""
    """Stands somewhere in a text or in the id, whatever its case."""


def search_inputs(inputs: Iterable[StoredInput], query: Query) -> list[StoredInput]:
    """The inputs that answer every part of the question, in their order."""
    return [stored for stored in inputs if _answers(stored.input, query)]


def find_input(inputs: Sequence[StoredInput], asked: str) -> StoredInput:
    """The input of that id, else NotFound that names the nearest."""
    for stored in inputs:
        if stored.input.id == asked:
            return stored
    known = [stored.input.id for stored in inputs]
    raise NotFound("input", asked, known, _hint(asked, known))


def find_inputs(inputs: Sequence[StoredInput], asked: Iterable[str]) -> list[StoredInput]:
    """The inputs of those ids, each once, in the order asked; the first unknown id is NotFound."""
    by_id = {stored.input.id: stored for stored in inputs}
    return [by_id.get(name) or find_input(inputs, name) for name in dict.fromkeys(asked)]


def topic_of(item: Input) -> str:
    """What it is about, empty when nobody said."""
    return str(item.metadata.get("topic") or "")


def fold_name(name: str) -> str:
    """A topic or tag as it is compared: `User_Management` and `user management` are one."""
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _answers(item: Input, query: Query) -> bool:
    return (
        (not query.personas or item.persona in query.personas)
        and (not query.statuses or item.status in query.statuses)
        and (not query.sources or item.source in query.sources)
        and _among(query.topics, [topic_of(item)])
        and _among(query.tags, item.tags)
        and _holds(item, query.words)
    )


def _among(asked: Sequence[str], given: Iterable[str]) -> bool:
    return not asked or not {fold_name(name) for name in asked}.isdisjoint(map(fold_name, given))


def _holds(item: Input, words: str) -> bool:
    needle = words.casefold()
    return not needle or any(needle in text.casefold() for text in (*texts_of(item), item.id))


def _hint(asked: str, known: Sequence[str]) -> str:
    """How to get inputs where there are none; `input_7` and `7` lead to `input_007`; else the nearest is named."""
    if not known:
        return "There are no inputs yet: `fluxloop inputs generate` writes some."
    digits = asked.removeprefix("input_")
    padded = f"input_{digits:0>3}"
    return f"Did you mean `{padded}`?" if digits.isdecimal() and padded in known else ""
