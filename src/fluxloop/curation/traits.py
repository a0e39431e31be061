"""What sets one kind of user off from all: the bands in which they differ, said in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trait:
    """One way in which they differ."""

    word: str
    """For an id: `brief`."""
    phrase: str
    """For a reader: `writes short messages`."""
    strength: float
    """How far from all, in units of what counts as different."""


RATES = (
    ("shouting", 0.06, ("shouting", "puts words in capitals"), None),
    ("excess", 0.1, ("insistent", "repeats end marks"), None),
    ("emoji", 0.1, ("emoji", "uses emoji"), None),
    ("polite", 0.12, ("polite", "says please and thanks"), None),
    ("lower_start", 0.2, ("lowercase", "starts in lower case"), ("neat", "starts with a capital")),
    ("no_end_mark", 0.2, ("unpunctuated", "leaves out end marks"), ("punctuated", "ends with a mark")),
    ("several_sentences", 0.2, ("explaining", "writes several sentences"), ("one_line", "writes one sentence")),
)
"""A band, the difference that counts, and the words for more and for less of it."""
LENGTHS = (("detailed", "writes long messages"), ("brief", "writes short messages"))
LENGTH_RATIO = 1.3


def traits_of(bands: Mapping[str, float], everything: Mapping[str, float]) -> Iterator[Trait]:
    """The traits of a set beside the whole it is a part of, the strongest first."""
    yield from sorted(_all(bands, everything), key=lambda trait: (-trait.strength, trait.word))


def _all(bands: Mapping[str, float], everything: Mapping[str, float]) -> Iterator[Trait]:
    if "words_median" in bands and "words_median" in everything:
        apart = math.log(bands["words_median"] / everything["words_median"]) / math.log(LENGTH_RATIO)
        if abs(apart) >= 1:
            yield Trait(*LENGTHS[apart < 0], abs(apart))
    for band, counts, more, less in RATES:
        apart = (bands.get(band, 0.0) - everything.get(band, 0.0)) / counts
        said = more if apart >= 1 else less if apart <= -1 else None
        if said is not None:
            yield Trait(*said, abs(apart))
