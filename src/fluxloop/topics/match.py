"""Which pack a topic's name means."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from fluxloop.topics.pack import load_yaml


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
    inside = [known for known in names if len(known) > 3 and f" {known} " in padded]
    return names[max(inside, key=len)] if inside else None


def topics_in(text: str, most: int = 6) -> list[str]:
    """The packs a product description speaks of, the most often named first."""
    padded = f" {fold_topic(text)} "
    counts: dict[str, int] = {}
    for known, topic in topic_names().items():
        if len(known) > 3:
            counts[topic] = counts.get(topic, 0) + padded.count(f" {known} ")
    found = [topic for topic, count in counts.items() if count]
    return sorted(found, key=lambda topic: -counts[topic])[:most]


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
