"""Frames: what a language needs besides its packs to make messages of their lines; one file a language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from fluxloop.topics.pack import Situation, load_yaml, situation_of

NAMED = ("person", "city", "company", "browser", "device", "os", "weekday", "month")
"""The fillers that are names."""


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of one language."""

    language: str
    parts: dict[str, Any]
    """Openers, closers, extras, ... as they stand in the file."""
    fill: dict[str, tuple[str, ...]]
    about: dict[str, tuple[Situation, ...]]
    """Situations about a word, by its kind: verb, thing, error, term."""


@lru_cache(maxsize=16)
def load_frames(language: str) -> Frames | None:
    """The frames of a language code, or None when there are none: then the language cannot be written."""
    file = files("fluxloop.topics") / "frames" / f"{language}.yaml"
    if not file.is_file():
        return None
    parts = load_yaml(file)
    return Frames(
        language=language,
        parts=parts,
        fill={name: tuple(values) for name, values in parts["fill"].items()},
        about={
            kind: tuple(situation_of(item, kind) for item in parts[f"about_{kind}"])
            for kind in ("verb", "thing", "error", "term")
        },
    )


@lru_cache(maxsize=16)
def proper_names(language: str) -> frozenset[str]:
    """First words of the values that keep their capital wherever they stand: people, places, days, browsers."""
    frames = load_frames(language)
    if frames is None:
        return frozenset()
    values = (value for name in NAMED for value in frames.fill[name])
    return frozenset(value.split()[0] for value in values if value[:1].isupper())


def written_languages() -> list[str]:
    """The codes of all languages that have frames."""
    folder = files("fluxloop.topics") / "frames"
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))
