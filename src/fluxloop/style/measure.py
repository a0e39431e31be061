"""The bands that a set of real messages lies in, as values for a persona's `style:`.

A value is chosen so that messages sampled by it (`bands.sample_style`) come out at the rate that was measured: several
sentences, for one, are drawn more often for long messages, so the band is not the bare rate. Misspellings are not
measured: without a dictionary of the language, and of the product's own words, any figure would be a guess.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean, median_grouped, pstdev

from fluxloop.style.bands import sentence_factor
from fluxloop.style.features import TextFeatures, features_of, words_of
from fluxloop.style.languages import UNSPACED
from fluxloop.style.surface import EMOJI, EXCESS
from fluxloop.style.words import word_tables

LEAST_MESSAGES = 30
"""Fewer messages measure nothing: a rate would be off by ten points and more."""
LEAST_SHOUT = 3
"""A message of fewer words in capitals is as likely an acronym: `API`, `OK THX`."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a set of messages says about how its writers type."""

    messages: int
    bands: dict[str, float] = field(default_factory=dict)
    """Band → value, by the names of `bands.Bands`; a band that could not be measured is not in it."""

    @property
    def enough(self) -> bool:
        """Whether there were messages enough to go by."""
        return self.messages >= LEAST_MESSAGES


def measure_bands(texts: Sequence[str], language: str = "en") -> Measured:
    """Measure a set of messages; what has no words at all (an emoji, a `?`) is left out."""
    spoken = [text.strip() for text in texts if words_of(text)]
    if not spoken:
        return Measured(0)
    each = [features_of(text) for text in spoken]
    bands = {} if language in UNSPACED else _lengths([one.words for one in each])
    if any(char.islower() != char.isupper() for text in spoken[:100] for char in text):
        bands["lower_start"] = fmean(one.lower_start for one in each)
        bands["shouting"] = fmean(_shouts(text, one, language) for text, one in zip(spoken, each, strict=True))
    bands["no_end_mark"] = fmean(not one.end_mark for one in each)
    bands["several_sentences"] = _sampled_to(
        fmean(one.sentences > 1 for one in each), [sentence_factor(one.words) for one in each]
    )
    bands["polite"] = _sampled_to(fmean(one.polite for one in each), [float(one.words > 2) for one in each])
    bands["emoji"] = fmean(bool(EMOJI.search(text)) for text in spoken)
    bands["excess"] = fmean(bool(EXCESS.search(text)) for text in spoken)
    return Measured(
        len(spoken), {name: round(value, 1 if name == "words_median" else 2) for name, value in bands.items()}
    )


def _lengths(words: Sequence[int]) -> dict[str, float]:
    """Median, spread and longest. A pasted log is no way of typing: the longest is that of 99 messages in 100."""
    longest = sorted(words)[min(len(words) - 1, math.ceil(0.99 * len(words)))]
    return {
        "words_median": max(1.0, median_grouped(words)),
        "words_sigma": min(1.5, max(0.1, pstdev([math.log(min(count, longest)) for count in words]))),
        "words_max": float(max(longest, 5)),
    }


def _shouts(text: str, seen: TextFeatures, language: str) -> bool:
    """Capitals throughout, or a word in capitals that carries weight and is no acronym."""
    if seen.shouting:
        return seen.words >= LEAST_SHOUT
    stressed = word_tables()["stressed"].get(language, ())
    return any(len(word) > 1 and word.isupper() and word.lower() in stressed for word in words_of(text))


def _sampled_to(rate: float, factors: Sequence[float]) -> float:
    """The band at which messages of these factors, each drawn with probability band × factor, come out at `rate`."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        reached = fmean(min(1.0, middle * factor) for factor in factors)
        low, high = (middle, high) if reached < rate else (low, middle)
    return high
