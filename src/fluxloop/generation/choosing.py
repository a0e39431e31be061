"""Which of several drafts to keep: the one farthest from what is kept already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from fluxloop.schema.plan import Candidate

WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
OPENING_WEIGHT = 25.0
"""An opening shared by 4 % of the kept inputs costs as much as having no new pair of words at all."""
LENGTH_WEIGHT = 0.25


class Novelty:
    """Counts the word pairs and openings of what is kept, and ranks drafts by how much they add."""

    def __init__(self) -> None:
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._openings: Counter[tuple[str, ...]] = Counter()
        self._kept = 0

    def add(self, texts: Iterable[str]) -> None:
        """Count a kept input."""
        for text in texts:
            words = _words(text)
            self._pairs.update(pairwise(words))
            self._openings[tuple(words[:3])] += 1
            self._kept += 1

    def rank(self, candidates: list[Candidate]) -> list[Candidate]:
        """The drafts of one slot, the one that adds most first; ties keep their order."""
        if len(candidates) < 2:
            return candidates
        return sorted(candidates, key=self._cost)

    def _cost(self, candidate: Candidate) -> float:
        costs = [self._text_cost(text) for text in candidate.texts]
        words = len(_words(candidate.texts[0])) or 1
        target = candidate.slot.style.words
        off = max(words, target) / min(words, target) - 1
        return sum(costs) / len(costs) + LENGTH_WEIGHT * min(off, 4)

    def _text_cost(self, text: str) -> float:
        words = _words(text)
        pairs = list(pairwise(words))
        known = sum(count / (count + 1) for count in map(self._pairs.__getitem__, pairs)) / len(pairs) if pairs else 0.5
        opening = self._openings[tuple(words[:3])] / (self._kept + 20)
        return known + OPENING_WEIGHT * opening


def _words(text: str) -> list[str]:
    return WORDS.findall(text.casefold())
