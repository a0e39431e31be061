"""What a plan covers, before any text is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import quantiles

from fluxloop.schema.plan import Plan, Slot

DIMENSIONS: Mapping[str, Callable[[Slot], str]] = {
    "persona": lambda slot: slot.persona_id,
    "topic": lambda slot: slot.topic,
    "intent": lambda slot: slot.intent,
    "complexity": lambda slot: slot.complexity,
    "tone": lambda slot: slot.tone,
}


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan in numbers."""

    total: int
    cells: dict[str, dict[str, int]]
    """Persona → topic → inputs."""
    dimensions: dict[str, dict[str, int]]
    """Dimension → value → inputs, the commonest first."""
    situations: int
    """Different situations."""
    pairs_covered: int
    """Pairs of values of two dimensions that occur together at least once ..."""
    pairs_possible: int
    """... of those that could, given the values that occur at all."""
    words: tuple[int, int, int]
    """Length targets in words: 10th percentile, median, 90th."""
    mentions: dict[str, int]
    """Terms of the product that inputs will name."""


def summarise_plan(plan: Plan) -> PlanSummary:
    """Count what the slots of a plan cover."""
    slots = plan.slots
    cells: dict[str, dict[str, int]] = {}
    for slot in slots:
        row = cells.setdefault(slot.persona_id, {})
        row[slot.topic] = row.get(slot.topic, 0) + 1
    covered, possible = _pairs(slots)
    return PlanSummary(
        total=len(slots),
        cells=cells,
        dimensions={name: dict(Counter(map(value, slots)).most_common()) for name, value in DIMENSIONS.items()},
        situations=len({(slot.topic, slot.situation) for slot in slots}),
        pairs_covered=covered,
        pairs_possible=possible,
        words=_deciles([slot.style.words for slot in slots]),
        mentions=dict(Counter(slot.mention for slot in slots if slot.mention).most_common()),
    )


def _pairs(slots: Sequence[Slot]) -> tuple[int, int]:
    covered = possible = 0
    for left, right in combinations(DIMENSIONS.values(), 2):
        together = {(left(slot), right(slot)) for slot in slots}
        covered += len(together)
        possible += len(set(map(left, slots))) * len(set(map(right, slots)))
    return covered, possible


def _deciles(words: Sequence[int]) -> tuple[int, int, int]:
    if len(words) < 2:
        return (words[0],) * 3 if words else (0, 0, 0)
    cuts = quantiles(words, n=10, method="inclusive")
    return round(cuts[0]), round(cuts[4]), round(cuts[8])
