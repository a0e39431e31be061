"""Twins: texts that say the same again, exactly or nearly, found among all that were kept.

Nearly is meant by the Jaccard similarity of character 4-grams. MinHash bands (rensa) name candidates, and each is then
compared exactly, so that no distinct text is ever taken for a twin.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from rensa import RMinHash, RMinHashLSH

from fluxloop.filters.duplicate import fold_text
from fluxloop.schema.finding import Finding

GRAM = 4
SHORTEST = 4
"""Folded texts of fewer characters are compared exactly only."""
SEED = 20
MISSED = 0.002
"""The chance at most that two texts exactly at the threshold share no band."""
LEAST = 0.05
"""Bands are chosen for no lower threshold: below it a shared gram is chance, and the bands would be endless."""
HASHES = 160
"""About as many hashes as a sketch may take: more rows a band mean fewer candidates that were not alike after all."""


def grams_of(folded: str) -> frozenset[str]:
    """The character 4-grams of a folded text, with a space before and behind so that its ends count."""
    padded = f" {folded} "
    return frozenset([padded[start : start + GRAM] for start in range(max(1, len(padded) - GRAM + 1))])


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared grams by all grams: 1 for the same set, 0 for nothing in common."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def choose_bands(threshold: float) -> tuple[int, int]:
    """Bands and rows a band so that a pair at the threshold is missed in `MISSED` of cases at most.

    A band of r rows matches with probability s**r at similarity s. The most rows that keep to `HASHES` are taken.
    """
    if threshold >= 1:
        return 1, GRAM
    threshold = max(threshold, LEAST)
    best = (_bands_for(threshold, 1), 1)
    for rows in range(2, 9):
        bands = _bands_for(threshold, rows)
        if bands * rows <= HASHES:
            best = (bands, rows)
    return best


def _bands_for(threshold: float, rows: int) -> int:
    return math.ceil(math.log(MISSED) / math.log(1 - threshold**rows))


class NearIndex:
    """Folded texts, findable by likeness. Finds the same whatever the order they were added in."""

    def __init__(self, threshold: float) -> None:
        bands, rows = choose_bands(threshold)
        self._threshold = threshold
        self._hashes = bands * rows
        self._bands = RMinHashLSH(threshold, self._hashes, bands)
        self._folded: list[str] = []
        self._sizes: list[int] = []

    def find(self, grams: frozenset[str], sketch: RMinHash) -> tuple[int, float] | None:
        """The number of the most alike text at or above the threshold and its similarity; the earliest among equals."""
        best: tuple[int, float] | None = None
        least = self._threshold - 1e-9
        for number in sorted(self._bands.query(sketch)):
            smaller, greater = sorted((len(grams), self._sizes[number]))
            if smaller < greater * least:
                continue
            alike = jaccard(grams, grams_of(self._folded[number]))
            if alike >= least and (best is None or alike > best[1]):
                best = (number, alike)
        return best

    def add(self, folded: str, grams: frozenset[str], sketch: RMinHash) -> None:
        """Keep a text; its number is how many were kept before it."""
        self._bands.insert(len(self._folded), sketch)
        self._folded.append(folded)
        self._sizes.append(len(grams))

    def sketch(self, grams: frozenset[str]) -> RMinHash:
        """The MinHash of a text; the same on every machine and in every process."""
        sketch = RMinHash(self._hashes, SEED)
        sketch.update(list(grams))
        return sketch


class _Seen(NamedTuple):
    text: str
    folded: str
    grams: frozenset[str]
    sketch: RMinHash | None


class Twins:
    """An index of what was kept, asked before anything more is kept.

    `min_distance` is the least distance (1 - Jaccard of 4-grams) between two inputs; at 0 only exact twins are found.
    `active=False` finds nothing (`remove_duplicates: false`).
    """

    def __init__(self, min_distance: float = 0.3, *, active: bool = True) -> None:
        self._active = active
        self._exact: dict[str, str] = {}
        self._near = NearIndex(1 - min_distance) if min_distance > 0 else None
        self._near_ids: list[str] = []
        self._most = 1 - min_distance
        self._last: _Seen | None = None

    def __len__(self) -> int:
        """How many different texts are kept."""
        return len(self._exact)

    def find(self, text: str) -> Finding | None:
        """The kept input that this text repeats, or None."""
        if not self._active:
            return None
        seen = self._see(text)
        if (twin := self._exact.get(seen.folded)) is not None:
            return Finding("duplicate", "duplicate", f"says the same as {twin}", twin)
        if self._near is None or seen.sketch is None:
            return None
        near = self._near.find(seen.grams, seen.sketch)
        if near is None:
            return None
        twin = self._near_ids[near[0]]
        return Finding(
            "similarity", "near duplicate", f"{near[1]:.2f} like {twin}, less than {self._most:.2f} wanted", twin
        )

    def add(self, name: str, text: str) -> None:
        """Keep a text under its name, mostly an id; the first name of two exact twins stays."""
        if not self._active:
            return
        seen = self._see(text)
        if seen.folded in self._exact:
            return
        self._exact[seen.folded] = name
        if self._near is not None and seen.sketch is not None:
            self._near.add(seen.folded, seen.grams, seen.sketch)
            self._near_ids.append(name)

    def _see(self, text: str) -> _Seen:
        """Fold a text once for `find` and the `add` that follows it."""
        if self._last is None or self._last.text != text:
            folded = fold_text(text)
            if self._near is None or len(folded) < SHORTEST:
                self._last = _Seen(text, folded, frozenset(), None)
            else:
                grams = grams_of(folded)
                self._last = _Seen(text, folded, grams, self._near.sketch(grams))
        return self._last
