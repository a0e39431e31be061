"""What a model says in place of a user's message: refusals, talk about itself, preambles, the assistant's own lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from fluxloop.filters.base import Text, excerpt
from fluxloop.filters.patterns import any_of, read_sections
from fluxloop.schema.config import Settings
from fluxloop.schema.finding import Finding

START = r"(?:^|(?<=[.!?。！？\n]\s)|(?<=\n)|(?<=。))\W*"
"""Where a sentence begins: users quote and retell in the middle of one."""

ECHO = re.compile(r"\b(?:about )?\d+ words?, \d+ sentences?\b|\bSlots:\s*\d+\.|\{\"?(?:slot|text)\"?\s*:")
"""Our own slot lines and answer form, come back as a text."""


@dataclass(frozen=True, slots=True)
class RefusalFilter:
    """Only synthetic texts are checked: what a person wrote is what they meant to test."""

    name: ClassVar[str] = "refusal"

    def check(self, text: Text) -> Finding | None:
        """What of this message is the model's own talk."""
        if text.source == "manual":
            return None
        plain = text.text.replace("’", "'")
        if not any(char.isalpha() or char in "?？" for char in plain):
            return Finding(
                self.name, "no words", "a model found nothing to say: there is neither a word nor a question mark"
            )
        if match := ECHO.search(plain):
            return Finding(self.name, "prompt repeated", f"“{excerpt(match.group())}” is our own order to the model")
        for kind, pattern in _kinds():
            if match := pattern.search(plain):
                return Finding(self.name, kind, f"a model says “{excerpt(match.group().strip())}”, a user does not")
        return None


def create(_settings: Settings) -> RefusalFilter:
    """The filter; it has no settings."""
    return RefusalFilter()


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, any_of(patterns, START)) for kind, patterns in read_sections("refusal").items())
