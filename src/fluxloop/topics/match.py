"""Which pack a topic's name means."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from fluxloop.topics.pack import load_yaml

LONG = 7
"""Letters from which a single word is rarely about something else,"""
MANY_MEANINGS = frozenset({"account", "booking", "testing", "tracking", "product", "support", "schedule", "setting"})
"""but these are."""
SURE = 2
"""How many of a pack's other names weigh as much as its own."""


@lru_cache(maxsize=1)
def topic_names() -> dict[str, str]:
    """Every folded name, id or alias, to its pack's id."""
    index = load_yaml(files("fluxloop.topics") / "index.yaml")
    names = {fold_topic(topic): topic for topic in index}
    for topic, aliases in index.items():
        for alias in aliases:
            names.setdefault(fold_topic(alias), topic)
    return names


def known_topics() -> list[str]:
    """The ids of all packs, in the order of the index."""
    return list(dict.fromkeys(topic_names().values()))


def fold_topic(name: str) -> str:
    """`User_Management`, `user-management`, `users management` → one spelling."""
    words = re.findall(r"[^\W_]+", name.casefold())
    return " ".join(_singular(word) for word in words)


@lru_cache(maxsize=1024)
def match_topic(name: str) -> str | None:
    """The pack for a topic's name; the longest known name inside it when it is not known whole; else None."""
    names = topic_names()
    folded = fold_topic(name)
    if folded in names:
        return names[folded]
    padded = f" {folded} "
    inside = [known for known, topic in names.items() if _is_telling(known, topic) and f" {known} " in padded]
    return names[max(inside, key=len)] if inside else None


def topics_in(text: str, most: int = 6) -> list[str]:
    """The packs a product description speaks of, the surest first.

    A pack counts when its own name, or two of its other names, occur: a `seat` may be one in a plane, and `tracking`
    that of a parcel or of a habit.
    """
    padded = f" {fold_topic(text)} "
    found: dict[str, int] = {}
    for known, topic in topic_names().items():
        if f" {known} " in padded:
            found[topic] = found.get(topic, 0) + (SURE if known == fold_topic(topic) or known.count(" ") > 1 else 1)
    sure = [topic for topic, weight in found.items() if weight >= SURE]
    return sorted(sure, key=lambda topic: -found[topic])[:most]


def _is_telling(known: str, topic: str) -> bool:
    """Whether a name leads to its pack also as a part of another name: `invoice layout`, but not `seat selection`."""
    if known == fold_topic(topic) or " " in known:
        return True
    return len(known) >= LONG and known not in MANY_MEANINGS


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
