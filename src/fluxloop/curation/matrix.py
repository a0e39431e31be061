"""Who writes about what: inputs counted by persona and topic, and the cells that should have some and have none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fluxloop.curation.searching import fold_name, topic_of
from fluxloop.schema.input import Input


@dataclass(frozen=True, slots=True)
class Coverage:
    """Persona × topic."""

    topics: tuple[str, ...] = ()
    cells: dict[str, dict[str, int]] = field(default_factory=dict)
    """Persona → topic → inputs; every persona has every topic."""
    holes: tuple[tuple[str, str], ...] = ()
    """Cells without an input that should have one, row by row."""
    meant: int = 0
    """How many cells should have one."""


def cover(
    inputs: Sequence[Input],
    personas: Iterable[str] = (),
    topics: Sequence[str] = (),
    use_cases: Mapping[str, Sequence[str]] | None = None,
) -> Coverage:
    """Count these inputs by persona and topic. An input without a persona or a topic is in no cell.

    Where `topics` are given, every persona should write about each of them. Else a persona that mostly keeps to its
    `use_cases` should write about those, and any other about all that somebody writes about. `personas` have a row
    anyway. Topics that differ in case and dashes alone are one.
    """
    placed = [(item.persona, topic_of(item)) for item in inputs if item.persona and topic_of(item)]
    counts = Counter((str(persona), fold_name(topic)) for persona, topic in placed)
    rows = list(dict.fromkeys([*personas, *(str(persona) for persona, _ in placed)]))
    keeping = {} if topics else {row: kept for row in rows if (kept := _kept_to(row, counts, use_cases or {}))}
    spelled: dict[str, str] = {}
    for topic in (*topics, *(topic for _, topic in placed), *(topic for row in rows for topic in keeping.get(row, ()))):
        spelled.setdefault(fold_name(topic), topic)
    if not spelled:
        return Coverage()
    all_of_them = [fold_name(topic) for topic in topics] or list(spelled)
    meant = {row: {fold_name(topic) for topic in keeping[row]} if row in keeping else set(all_of_them) for row in rows}
    return Coverage(
        topics=tuple(spelled.values()),
        cells={row: {name: counts[row, folded] for folded, name in spelled.items()} for row in rows},
        holes=tuple((row, spelled[at]) for row in rows for at in spelled if at in meant[row] and not counts[row, at]),
        meant=sum(map(len, meant.values())),
    )


def _kept_to(row: str, counts: Mapping[tuple[str, str], int], use_cases: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """A persona's use cases, if half of what it writes or more is about them."""
    own = use_cases.get(row, ())
    folded = {fold_name(topic) for topic in own}
    total = sum(count for (persona, _), count in counts.items() if persona == row)
    inside = sum(count for (persona, topic), count in counts.items() if persona == row and topic in folded)
    return own if total and 2 * inside >= total else ()
