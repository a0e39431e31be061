"""From measured numbers back to the words of a persona's `communication:`: the nearest entry of each table."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fluxloop.style.bands import FORMALITY, FREQUENCY, VERBOSITY

STRESSED_CAPITALS = 0.1
FREQUENT_EXCESS = 0.15


def communication_for(bands: Mapping[str, float]) -> dict[str, str]:
    """The words that say most nearly what these bands say; what was not measured is not said."""
    words: dict[str, str] = {}
    if "words_median" in bands:
        words["verbosity"] = _nearest_length(bands["words_median"])
    if "lower_start" in bands:
        words["formality"] = _nearest_formality(bands)
    for key in ("emoji_usage", "politeness"):
        band, table = FREQUENCY[key]
        words[key] = min(table, key=lambda word: abs(table[word] - bands.get(band, 0.0)))
    if bands.get("shouting", 0.0) > STRESSED_CAPITALS:
        words["caps_usage"] = "shouting"
    elif bands.get("lower_start", 0.0) > 0.7:
        words["caps_usage"] = "lowercase"
    words["punctuation"] = _punctuation(bands)
    return words


def _nearest_length(median: float) -> str:
    return min(VERBOSITY, key=lambda word: abs(math.log(VERBOSITY[word]["words_median"] / median)))


def _nearest_formality(bands: Mapping[str, float]) -> str:
    def away(word: str) -> float:
        told = FORMALITY[word]
        return sum(abs(told[name] - bands.get(name, told[name])) for name in ("lower_start", "no_end_mark"))

    return min(FORMALITY, key=away)


def _punctuation(bands: Mapping[str, float]) -> str:
    if bands.get("excess", 0.0) > FREQUENT_EXCESS:
        return "excessive"
    unmarked = bands.get("no_end_mark", 0.25)
    return "minimal" if unmarked > 0.65 else "full" if unmarked < 0.1 else "relaxed"
