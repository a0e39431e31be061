"""How a run asks, what it tells while it goes, and what comes of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from fluxloop.errors import FluxloopError
from fluxloop.schema.plan import Candidate


@dataclass(frozen=True, slots=True)
class Options:
    """How a run asks."""

    temperature: float = 0.7
    max_tokens: int = 100
    """Per input."""
    style: bool = True
    protect: tuple[str, ...] = ()
    """Terms that roughening leaves alone."""
    batch_size: int = 10
    concurrency: int = 16
    rounds: int = 8
    """How often a place of the plan is tried. A cell that is still short after that has run dry."""
    in_order: bool = False
    """Answers are looked at in the order of the calls: what is asked next does not depend on who was quicker."""
    shown: int = 1
    """How many kept messages of a cell a prompt shows as taken: the slots differ anyway, and every line is paid for."""
    spares: float = 0.0
    """Share of slots asked for beyond the quota, so that a few rejects need no second wave of calls."""
    in_waves: bool = False
    """All there is to ask goes out at once, and the next only when everything is answered: one batch of a vendor."""


@dataclass(slots=True)
class Progress:
    """Facts for whoever shows them."""

    asked: int
    kept: int = 0
    calls: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Outcome:
    """What a run made, and what it could not."""

    quotas: dict[str, int]
    kept: list[Candidate] = field(default_factory=list)
    """In the order of the plan."""
    places: list[int] = field(default_factory=list)
    """The place of each kept candidate."""
    rejected: dict[str, Counter[str]] = field(default_factory=dict)
    """Per persona: why candidates were not kept, and how often."""
    calls: int = 0
    open: Counter[str] = field(default_factory=Counter)
    """Per persona: places without an input."""
    error: FluxloopError | None = None
    """What ended the run early, when something did."""
    interrupted: bool = False

    def missing(self) -> dict[str, int]:
        """Per persona: how many inputs are short; only those that are."""
        return {persona: self.open[persona] for persona in self.quotas if self.open[persona]}
