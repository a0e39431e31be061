"""The words that a persona's keys can take: those a table turns into numbers, or a rule reads.

Any other word would reach a prompt and change nothing else, so it is told, with the nearest known one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fluxloop.schema.persona import Persona
from fluxloop.style.bands import CAPS, FORMALITY, FREQUENCY, PUNCTUATION, VERBOSITY
from fluxloop.style.languages import NAMES, language_code

AMOUNT = ("none", "low", "moderate", "high")
COMMUNICATION: dict[str, tuple[str, ...]] = {
    "formality": tuple(FORMALITY),
    "verbosity": tuple(VERBOSITY),
    "caps_usage": tuple(CAPS),
    "punctuation": tuple(PUNCTUATION),
    **{key: tuple(table) for key, (_, table) in FREQUENCY.items()},
    "grammar": ("correct", "loose", "non_native"),
    "jargon": ("none", "low", "moderate", "heavy"),
    "uncertainty": AMOUNT,
}
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "expertise": ("beginner", "intermediate", "advanced", "expert"),
    "patience": ("very_low", "low", "medium", "high"),
    "technical_background": ("none", "basic", "moderate", "strong"),
    "emotional_state": (
        "calm", "curious", "anxious", "confused", "frustrated", "angry", "hurried", "neutral", "hopeful",
    ),
    "device": ("desktop", "phone", "tablet", "mobile"),
    "language_proficiency": ("native", "fluent", "intermediate", "basic"),
}  # fmt: skip
PROSE_WORDS = 3
"""From this many words on, an attribute is a description for the prompt and no choice from a table."""


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A value that no table knows."""

    section: str
    """`communication`, `attributes`, or nothing for a key at the top."""
    key: str
    value: str
    known: tuple[str, ...]


def unknown_values(persona: Persona) -> Iterator[UnknownValue]:
    """The persona's values that no table knows; keys of its own and prose in its attributes are its own affair."""
    for key, value in persona.communication.items():
        known = COMMUNICATION.get(key, ())
        if known and value is not None and str(value).casefold().replace(" ", "_") not in known:
            yield UnknownValue("communication", key, str(value), known)
    language = persona.communication.get("language")
    if language and language_code(str(language)) not in NAMES:
        yield UnknownValue("communication", "language", str(language), tuple(NAMES.values()))
    tops = {"expertise": persona.expertise, "emotional_state": persona.emotional_state}
    for section, values in (("attributes", persona.attributes), ("", tops)):
        yield from _unknown_attributes(section, values)


def _unknown_attributes(section: str, values: Mapping[str, Any]) -> Iterator[UnknownValue]:
    for key, value in values.items():
        known = ATTRIBUTES.get(key, ())
        # A map holds levels by field or states by occasion: people name those as they like.
        told = value if isinstance(value, str) else ""
        if known and told and len(told.split()) < PROSE_WORDS and told.casefold() not in known:
            yield UnknownValue(section, key, told, known)
