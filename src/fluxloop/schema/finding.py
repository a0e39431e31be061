"""What a filter says against a text, and what a reader says about a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one text."""

    filter: str
    """The filter's name: length, duplicate, similarity, topic, refusal, language, offensive, persona_match."""
    what: str
    """In a few words: `too long`."""
    why: str
    """The reason with its numbers: `212 characters, at most 200`."""
    twin: str = ""
    """The id of the input it repeats, for duplicates."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader should know about a file without being stopped by it, such as an unknown key."""

    file: Path
    line: int
    message: str
