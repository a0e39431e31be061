"""What is made of an answer: the best good draft fills its place, the rest are spares of their cell."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

from fluxloop.generation.asking import Taken
from fluxloop.generation.outcome import Options, Outcome, Progress
from fluxloop.generation.sieve import Sieve
from fluxloop.generation.work import Cell, WorkList
from fluxloop.schema.plan import Candidate, Slot
from fluxloop.style.roughen import roughen
from fluxloop.topics.frame import proper_names


class Keeper:
    """Fills the places of a work list."""

    def __init__(self, work: WorkList, sieve: Sieve, options: Options, outcome: Outcome, progress: Progress) -> None:
        self.taken = Taken(options.shown)
        self._work, self._sieve, self._options = work, sieve, options
        self._outcome, self._progress = outcome, progress
        self._spares: dict[Cell, list[Candidate]] = {}

    def warm(self) -> None:
        """Load, while the first calls are under way, what is needed once they are answered."""
        self._sieve.warm()

    def settle(self, slot: Slot, candidates: list[Candidate]) -> bool:
        """Give the slot's place its best good candidate, or a spare of its cell; the rest become spares.

        True when nothing is left to do for the slot: its place is filled, or it had none.
        """
        cell = (slot.persona_id, slot.topic)
        place = self._work.place_of(slot)
        if place is None or self._work.open.get(place) != cell:
            self._spares.setdefault(cell, []).extend(candidates)
            self._fill_gap(cell)
            return True
        if self._keep(place, candidates):
            return True
        return self._keep(place, self._spares.pop(cell, []))

    def _fill_gap(self, cell: Cell) -> None:
        """Use a spare at once where its cell has been given up or is waiting to be asked again."""
        gap = self._work.gap_in(cell)
        if gap is not None:
            self._keep(gap, self._spares.pop(cell, []))

    def _keep(self, place: int, candidates: list[Candidate]) -> bool:
        """Keep the first good candidate, the one that adds most tried first; what is left over is spare."""
        ranked = self._sieve.novelty.rank(candidates)
        for draft, candidate in enumerate(ranked):
            finished = self._roughened(candidate, draft)
            fault = self._sieve.fault(finished)
            if fault is not None:
                self.count(finished.slot.persona_id, fault.what)
                continue
            self._add(place, finished)
            if self._options.spares:
                cell = (finished.slot.persona_id, finished.slot.topic)
                self._spares.setdefault(cell, []).extend(ranked[draft + 1 :])
            return True
        return False

    def _add(self, place: int, candidate: Candidate) -> None:
        self._sieve.add(f"new input {len(self._outcome.kept) + 1}", candidate.texts)
        self.taken.add((candidate.slot.persona_id, candidate.slot.topic), candidate.texts[0])
        self._outcome.kept.append(candidate)
        self._outcome.places.append(place)
        self._work.fill(place)
        self._progress.kept += 1

    def _roughened(self, candidate: Candidate, draft: int) -> Candidate:
        if not self._options.style:
            return candidate
        slot = candidate.slot
        rng = random.Random(slot.seed + draft)
        rough = tuple(
            roughen(
                text,
                slot.style,
                rng=rng,
                tone=slot.tone,
                language=slot.language,
                protect=(*self._options.protect, slot.mention),
                names=proper_names(slot.language),
            )
            for text in candidate.texts
        )
        return candidate if rough == candidate.texts else replace(candidate, texts=rough, clean=candidate.texts)

    def count(self, persona_id: str, reason: str, times: int = 1) -> None:
        if times:
            self._outcome.rejected.setdefault(persona_id, Counter())[reason or "not written"] += times
            self._progress.rejected += times
