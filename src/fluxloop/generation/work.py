"""What is still to be asked: the places of the plan that are open, and the slots that stand for them."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence

from fluxloop.generation.plan import Planner
from fluxloop.schema.plan import Batch, Slot

Cell = tuple[str, str]
"""A persona and a topic."""


class WorkList:
    """Hands out batches of one persona, and draws again for what came to nothing.

    A *place* is a position in the plan; a slot drawn again stands at the place of the one that failed. A spare slot
    stands at no place (None): what it brings fills a gap of its cell.
    """

    def __init__(self, planner: Planner, slots: Sequence[Slot], *, batch_size: int, rounds: int) -> None:
        self._planner = planner
        self._batch_size = batch_size
        self._rounds = rounds
        self._waiting: dict[str, deque[Slot]] = {}
        self._ready: deque[tuple[Slot, ...]] = deque()
        """Batches that are cut already: the halves of one that could not be read."""
        self._place: dict[int, int | None] = {slot.index: slot.index for slot in slots}
        self._tries: Counter[int] = Counter()
        self._gaps: dict[Cell, set[int]] = {}
        self.open: dict[int, Cell] = {slot.index: (slot.persona_id, slot.topic) for slot in slots}
        for slot in slots:
            self._waiting.setdefault(slot.persona_id, deque()).append(slot)

    def place_of(self, slot: Slot) -> int | None:
        """Where in the plan a slot stands; None for a spare."""
        return self._place.get(slot.index)

    def fill(self, place: int) -> None:
        """A place has its input."""
        self._gaps.get(self.open.pop(place), set()).discard(place)

    def gap_in(self, cell: Cell) -> int | None:
        """The first open place of a cell that was tried already, so that any text of the cell may fill it."""
        return min(self._gaps.get(cell, ()), default=None)

    def batch_of(self, slots: tuple[Slot, ...]) -> Batch:
        """Slots of one persona as a batch."""
        return Batch(self._planner.writers[slots[0].persona_id].persona, slots, self._planner.brief)

    def add_spares(self, slots: Iterable[Slot]) -> None:
        """Slots beyond the quota, in case some come to nothing."""
        for slot in slots:
            self._place[slot.index] = None
            self._waiting.setdefault(slot.persona_id, deque()).append(slot)

    def take(self, *, eager: bool) -> Batch | None:
        """The next batch: a cut one, a full one or, when `eager`, what there is; None when nothing is to be sent."""
        while self._ready:
            if slots := self._alive(self._ready.popleft()):
                return self.batch_of(slots)
        persona_id = self._fullest()
        if persona_id is None:
            return None
        waiting = self._waiting[persona_id]
        if len(waiting) < self._batch_size and not eager:
            return None
        slots = self._alive(waiting.popleft() for _ in range(min(self._batch_size, len(waiting))))
        return self.batch_of(slots) if slots else self.take(eager=eager)

    def again(self, slot: Slot, *, tries: int = 1) -> None:
        """Another slot for the place of one whose text was not kept; none when its tries are used up."""
        place = self._tried(slot, tries)
        if place is not None:
            drawn = self._planner.draw(slot.persona_id, slot.topic)
            self._place[drawn.index] = place
            self._waiting.setdefault(drawn.persona_id, deque()).append(drawn)

    def halve(self, slots: Sequence[Slot]) -> None:
        """The same slots in two smaller batches: the answer to all of them was cut off or could not be read."""
        left = [slot for slot in slots if self._tried(slot) is not None]
        middle = math.ceil(len(left) / 2)
        self._ready += [tuple(part) for part in (left[:middle], left[middle:]) if part]

    def resume(self, slots: Sequence[Slot], places: Sequence[int | None]) -> None:
        """Count slots as asked in an earlier run; they are not asked again, their places may be.

        A place is what it was then, also when another plan would be drawn up today: a persona has got other topics.
        """
        for slot, place in zip(slots, places, strict=True):
            self._place[slot.index] = place
            if place is not None:
                self._tries[place] += 1
            if place in self.open:
                self.open[place] = (slot.persona_id, slot.topic)

    def mark_gaps(self) -> None:
        """Every place that was asked and is open still may be filled by a spare of its cell."""
        for place, cell in self.open.items():
            if self._tries[place]:
                self._gaps.setdefault(cell, set()).add(place)

    def restock(self) -> None:
        """After an earlier run's answers are in: ask for the open places only, with new slots where some were asked."""
        self._planner.go_past(max(self._place, default=0))
        asked = {place for place in self.open if self._tries[place]}
        for waiting in self._waiting.values():
            left = [slot for slot in waiting if slot.index in self.open and slot.index not in asked]
            waiting.clear()
            waiting.extend(left)
        for place in sorted(asked):
            self._tries[place] = 0
            persona_id, topic = self.open[place]
            drawn = self._planner.draw(persona_id, topic)
            self._place[drawn.index] = place
            self._waiting.setdefault(persona_id, deque()).append(drawn)

    def _tried(self, slot: Slot, tries: int = 1) -> int | None:
        """The open place of a slot, a try or more used; None when it is a spare, filled, or tried often enough."""
        place = self._place.get(slot.index)
        if place is None or place not in self.open:
            return None
        self._tries[place] += tries
        self._gaps.setdefault(self.open[place], set()).add(place)
        return place if self._tries[place] < self._rounds else None

    def _fullest(self) -> str | None:
        """The first persona with a full batch, else the one with most waiting."""
        full = next((name for name, waiting in self._waiting.items() if len(waiting) >= self._batch_size), None)
        if full is not None:
            return full
        return max((name for name, waiting in self._waiting.items() if waiting), key=self._count, default=None)

    def _count(self, persona_id: str) -> int:
        return len(self._waiting[persona_id])

    def _alive(self, slots: Iterable[Slot]) -> tuple[Slot, ...]:
        """Those whose place has not been filled meanwhile by a spare."""
        return tuple(slot for slot in slots if (place := self._place[slot.index]) is None or place in self.open)


def even_size(total: int, most: int, concurrency: int) -> int:
    """The batch size, `most` at most, with which the last wave of calls is as full as the others.

    100 calls at 16 at once are 7 waves, the last one of 4; 112 smaller calls take as long and bring spare room. Below
    four fifths of `most` the prompt would weigh too much in the price, so it never goes there.
    """
    waves = math.ceil(total / (most * concurrency))
    return max(math.ceil(most * 0.8), min(most, math.ceil(total / (waves * concurrency))))
