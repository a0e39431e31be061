"""From a persona's attributes to numbers: how long, how neat, how polite its messages are.

The tables are calibrated on public corpora of messages that people really typed (see ARCHITECTURE.md); any number can
be overridden under `style:` in the persona's file, by the name of its field in `Bands`.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, fields, replace
from typing import Any

from fluxloop.errors import ConfigError
from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import StyleTarget
from fluxloop.style.languages import language_code


@dataclass(frozen=True, slots=True)
class Bands:
    """How one persona writes. Rates are shares of messages, 0-1."""

    words_median: float = 9.0
    words_sigma: float = 0.62
    """Spread of the logarithm of the length; .62 gives a coefficient of variation near .7."""
    words_max: float = 60.0
    lower_start: float = 0.2
    no_end_mark: float = 0.25
    several_sentences: float = 0.25
    polite: float = 0.06
    emoji: float = 0.02
    misspellings: float = 1.5
    """Per 1,000 words."""
    abbreviations: float = 0.05
    casual: float = 0.4
    """0 formal … 1 very casual."""
    shouting: float = 0.0
    excess: float = 0.02
    """Messages with repeated marks: ??, !!, ..."""


VERBOSITY = {
    "terse": {"words_median": 6.5, "several_sentences": 0.1, "words_max": 30},
    "brief": {"words_median": 8.5, "several_sentences": 0.26},
    "moderate": {"words_median": 11.5, "several_sentences": 0.4},
    "verbose": {"words_median": 21.0, "several_sentences": 0.7, "words_sigma": 0.5, "words_max": 90},
}
FORMALITY = {
    "very_casual": {"lower_start": 0.7, "no_end_mark": 0.6, "casual": 1.0},
    "casual": {"lower_start": 0.42, "no_end_mark": 0.42, "casual": 0.7},
    "neutral": {"lower_start": 0.14, "no_end_mark": 0.2, "casual": 0.35},
    "formal": {"lower_start": 0.02, "no_end_mark": 0.04, "casual": 0.0},
}
CAPS = {
    "standard": {},
    "mixed": {"shouting": 0.025},
    "lowercase": {"lower_start": 0.8},
    "shouting": {"shouting": 0.25, "lower_start": 0.1},
}
PUNCTUATION = {
    "full": {"no_end_mark": 0.06},
    "relaxed": {},
    "minimal": {"no_end_mark": 0.72, "excess": 0.01},
    "excessive": {"excess": 0.3, "no_end_mark": 0.2},
}
FREQUENCY = {
    "typos": ("misspellings", {"none": 0.0, "rare": 1.0, "occasional": 6.0, "frequent": 15.0}),
    "emoji_usage": ("emoji", {"none": 0.0, "rare": 0.03, "occasional": 0.1, "frequent": 0.3}),
    "abbreviations": ("abbreviations", {"none": 0.0, "rare": 0.04, "occasional": 0.16, "frequent": 0.4}),
    "politeness": ("polite", {"low": 0.02, "moderate": 0.1, "high": 0.4}),
}
MOOD = {
    "angry": {"words": 0.9, "polite": 0.2, "excess": 0.15, "shouting": 0.05},
    "frustrated": {"words": 1.0, "polite": 0.3, "excess": 0.08, "shouting": 0.02},
    "hurried": {"words": 0.8, "polite": 0.5},
    "anxious": {"words": 1.15, "polite": 1.3},
}
"""Factors on length and politeness, additions to the other rates."""

TECHNICAL_LEVELS = frozenset({"advanced", "expert"})


def language_of(persona: Persona) -> str:
    """The code of the language this persona writes in; English unless `communication.language` says otherwise."""
    return language_code(str(persona.communication.get("language") or "english"))


def level_of(persona: Persona) -> str:
    """`expertise` as one word; a map gives its `level`, or its first value."""
    value: Any = persona.attributes.get("expertise") or persona.expertise or "intermediate"
    if isinstance(value, dict):
        value = value.get("level") or next(iter(value.values()), "intermediate")
    return str(value).casefold()


def mood_of(persona: Persona) -> str:
    """`emotional_state` as one word; a map gives its `default`, `initial` or first value."""
    value: Any = persona.attributes.get("emotional_state") or persona.emotional_state or "neutral"
    if isinstance(value, dict):
        value = value.get("default") or value.get("initial") or next(iter(value.values()), "neutral")
    return str(value).casefold()


def is_technical(persona: Persona) -> bool:
    """Whether this persona says things the way an expert does."""
    strong = str(persona.attributes.get("technical_background", "")).casefold() == "strong"
    return strong or (level_of(persona) in TECHNICAL_LEVELS and _told(persona, "jargon") not in {"none", "low"})


def bands_of(persona: Persona) -> Bands:
    """The bands that a persona's attributes imply, with what its `style:` overrides.

    Raises ConfigError for a `style:` key that is no band or whose value is no number.
    """
    values: dict[str, float] = {}
    values |= FORMALITY.get(_told(persona, "formality"), {})
    values |= VERBOSITY.get(_told(persona, "verbosity"), {})
    values |= PUNCTUATION.get(_told(persona, "punctuation"), {})
    values |= CAPS.get(_told(persona, "caps_usage"), {})
    for key, (band, table) in FREQUENCY.items():
        if (told := _told(persona, key)) in table:
            values[band] = table[told]
    bands = replace(Bands(), **values)
    return replace(_on_device(_in_mood(bands, mood_of(persona)), persona), **_overrides(persona))


def sample_style(bands: Bands, rng: random.Random, length: float = 1.0) -> StyleTarget:
    """Draw the style of one message; `length` scales its words (a complex matter takes more of them)."""
    words = round(rng.lognormvariate(math.log(bands.words_median * length), bands.words_sigma))
    words = max(1, min(words, round(bands.words_max)))
    several = rng.random() < bands.several_sentences * sentence_factor(words)
    return StyleTarget(
        words=words,
        sentences=rng.choice((2, 2, 3)) if several else 1,
        lower_start=rng.random() < bands.lower_start,
        end_mark=rng.random() >= bands.no_end_mark,
        polite=words > 2 and rng.random() < bands.polite,
        emoji=rng.random() < bands.emoji,
        casual=bands.casual,
        abbreviations=rng.random() < bands.abbreviations,
        misspellings=bands.misspellings,
        shouting=rng.random() < bands.shouting,
        excess=rng.random() < bands.excess,
    )


def sentence_factor(words: int) -> float:
    """Long messages have several sentences, short ones hardly: 0 up to 5 words, 1 near the median, up to 2.2."""
    return min(2.2, max(0.0, (words - 5) / 5))


def _told(persona: Persona, key: str) -> str:
    return str(persona.communication.get(key) or "").casefold().replace(" ", "_")


def _in_mood(bands: Bands, mood: str) -> Bands:
    factors = MOOD.get(mood)
    if not factors:
        return bands
    return replace(
        bands,
        words_median=bands.words_median * factors["words"],
        polite=min(0.6, bands.polite * factors["polite"]),
        excess=bands.excess + factors.get("excess", 0.0),
        shouting=bands.shouting + factors.get("shouting", 0.0),
    )


def _on_device(bands: Bands, persona: Persona) -> Bands:
    """A phone makes messages shorter and sloppier."""
    if str(persona.attributes.get("device", "")).casefold() not in {"phone", "mobile"}:
        return bands
    return replace(bands, words_median=bands.words_median * 0.9, misspellings=bands.misspellings + 2)


def _overrides(persona: Persona) -> dict[str, float]:
    known = {field.name for field in fields(Bands)}
    for key, value in persona.style.items():
        if key not in known:
            raise ConfigError(
                f"persona `{persona.persona_id}`: `style.{key}` is no style band.",
                f"Bands: {', '.join(sorted(known))}.",
                key=f"style.{key}",
            )
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ConfigError(
                f"persona `{persona.persona_id}`: `style.{key}` must be a number of 0 or more, not {value!r}.",
                key=f"style.{key}",
            )
    return {key: float(value) for key, value in persona.style.items()}
