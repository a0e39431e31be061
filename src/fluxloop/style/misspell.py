"""Misspellings as people make them."""

from __future__ import annotations

import random
import re

from fluxloop.style.words import word_tables

EDITS = (("substitute", 37), ("omit", 28), ("insert", 27), ("transpose", 7))
"""Shares of single-letter edits in published lists of real misspellings."""

_NAMES = [name for name, _ in EDITS]
_WEIGHTS = [weight for _, weight in EDITS]
_SPACED = frozenset({"en", "de", "es", "fr", "pt", "it", "nl", "pl", "sv", "da", "no", "fi", "id", "ro"})


def misspell(text: str, per_thousand: float, rng: random.Random, language: str = "en") -> str:
    """Misspell words of four letters and more at this rate per 1,000 words; other scripts are left alone."""
    if language not in _SPACED:
        return text
    rate = per_thousand / 1000 * 1.6  # six words in ten are long enough to be hit

    def maybe(match: re.Match[str]) -> str:
        return misspell_word(match.group(), rng, language) if rng.random() < rate else match.group()

    return re.sub(r"\b[a-zß-öø-ÿ]{4,}\b", maybe, text)


def misspell_word(word: str, rng: random.Random, language: str = "en") -> str:
    """One misspelling of a lower-case word: a common one where there is one, else a single edit."""
    common = word_tables()["misspellings"].get(word) if language == "en" else None
    if common and rng.random() < 0.6:
        return str(common)
    place = _doubled(word)
    if place is not None and rng.random() < 0.3:
        return word[:place] + word[place + 1 :]
    place = 0 if rng.random() < 0.03 else rng.randrange(1, len(word))
    return _edit(word, place, rng)


def _edit(word: str, place: int, rng: random.Random) -> str:
    kind = rng.choices(_NAMES, _WEIGHTS)[0]
    letter = word[place]
    neighbours, alike = word_tables()["neighbours"], word_tables()["soundalike"]
    if kind == "omit":
        return word[:place] + word[place + 1 :]
    if kind == "insert":
        return word[:place] + str(rng.choice((letter, *neighbours.get(letter, letter)))) + word[place:]
    if kind == "transpose" and place + 1 < len(word) and word[place + 1] != letter:
        return word[:place] + word[place + 1] + letter + word[place + 2 :]
    pool = neighbours if rng.random() < 0.24 else alike
    return word[:place] + str(rng.choice(pool.get(letter) or neighbours.get(letter, letter))) + word[place + 1 :]


def _doubled(word: str) -> int | None:
    return next((i for i in range(1, len(word)) if word[i] == word[i - 1]), None)
