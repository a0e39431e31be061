"""Topics that inputs must never be about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fluxloop.filters.base import Text
from fluxloop.schema.config import Settings
from fluxloop.schema.finding import Finding
from fluxloop.topics.forbidden import forbidden_in


@dataclass(frozen=True, slots=True)
class TopicFilter:
    """Finds the forbidden topics that a message names."""

    name: ClassVar[str] = "topic"
    forbidden: tuple[str, ...]

    def check(self, text: Text) -> Finding | None:
        """The forbidden topics in this message."""
        named = forbidden_in(text.text, self.forbidden)
        return Finding(self.name, "forbidden topic", f"it is about {' and '.join(named)}") if named else None


def create(settings: Settings) -> TopicFilter | None:
    """The filter the settings ask for; None when nothing is forbidden."""
    return TopicFilter(settings.forbidden_topics) if settings.forbidden_topics else None
