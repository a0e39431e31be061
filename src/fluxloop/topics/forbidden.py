"""Whether a text is about something it must not be about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from fluxloop.topics.match import fold_topic


@lru_cache(maxsize=256)
def _pattern(topic: str) -> re.Pattern[str]:
    """The words of the topic in order, each with its usual endings: `cooking` also finds cook, cooked, cooks."""
    stems = [_stem(word) for word in fold_topic(topic).split()]
    joined = r"[\s_\-]+".join(rf"{re.escape(stem)}(?:e|s|es|ed|ing|er|ers)?" for stem in stems)
    return re.compile(rf"\b{joined}\b", re.IGNORECASE)


def forbidden_in(text: str, topics: Sequence[str]) -> list[str]:
    """The forbidden topics that a text names, in their order."""
    return [topic for topic in topics if topic.strip() and _pattern(topic).search(text)]


def _stem(word: str) -> str:
    for ending in ("ing", "ers", "er", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
