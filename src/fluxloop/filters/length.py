"""Length in characters, as the settings bound it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fluxloop.filters.base import Text
from fluxloop.schema.config import Settings
from fluxloop.schema.finding import Finding


@dataclass(frozen=True, slots=True)
class LengthFilter:
    """Space around a message does not count. An empty message is legal when a person wrote it: agents get those too."""

    name: ClassVar[str] = "length"
    least: int
    most: int

    def check(self, text: Text) -> Finding | None:
        """What is wrong with the length."""
        characters = len(text.text.strip())
        if characters < self.least and not (characters == 0 and text.source == "manual"):
            return Finding(self.name, "too short", f"{_count(characters)}, at least {self.least}")
        if characters > self.most:
            return Finding(self.name, "too long", f"{_count(characters)}, at most {self.most}")
        return None


def create(settings: Settings) -> LengthFilter:
    """The filter the settings ask for."""
    return LengthFilter(settings.min_length, settings.max_length)


def _count(characters: int) -> str:
    return f"{characters} character{'' if characters == 1 else 's'}"
