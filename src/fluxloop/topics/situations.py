"""All situations of a topic: those written by hand, and those a frame makes of a verb, a thing, an error or a term."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from fluxloop.topics.frame import Frames, load_frames
from fluxloop.topics.match import match_topic
from fluxloop.topics.pack import Lines, Situation, TopicPack, load_pack
from fluxloop.topics.terms import is_digital, is_plural, spoken

EDGE = re.compile(r"[\w']+")
TWICE = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)


@lru_cache(maxsize=256)
def situations_of(topic: str, language: str) -> tuple[Situation, ...]:
    """Everything that may make a person write about a topic, hand-written situations first.

    A topic without a pack gets the frames about a term, with its own name as the term. Empty when nothing is known of
    the language.
    """
    frames = load_frames(language)
    if frames is None:
        return ()
    pack = pack_of(topic, language)
    if pack is None:
        return tuple(about_term(topic.replace("_", " "), frames))
    return (*pack.situations, *_derived(pack, frames))


@lru_cache(maxsize=1024)
def term_situations(term: str, language: str) -> tuple[Situation, ...]:
    """The situations about a term of the product."""
    frames = load_frames(language)
    return tuple(about_term(term, frames)) if frames else ()


def pack_of(topic: str, language: str) -> TopicPack | None:
    """The pack a topic's name means, in this language."""
    known = match_topic(topic)
    return load_pack(known, language) if known else None


def about_term(term: str, frames: Frames) -> Iterator[Situation]:
    """The frames about a term, bound to it, with verbs that agree with its number; some are for software alone."""
    digital = is_digital(term)
    for situation in _bound(frames, "term", spoken(term, frames.language)):
        if digital or not situation.digital:
            yield replace(situation, matter=not digital)


def _derived(pack: TopicPack, frames: Frames) -> Iterator[Situation]:
    for kind, words in (("verb", pack.verbs), ("thing", pack.things), ("error", pack.errors)):
        for word in words:
            yield from _bound(frames, kind, word)


def _bound(frames: Frames, kind: str, word: str) -> Iterator[Situation]:
    agreement = frames.parts["agreement"]["plural" if is_plural(word) else "singular"]
    bind = {kind: word, **agreement}
    for frame in frames.about[kind]:
        about = frame.about
        for name, value in bind.items():
            about = about.replace(f"{{{name}}}", value)
        yield replace(frame, about=about, bind=bind, plain=_without_stutter(frame.plain, kind, word))


def _without_stutter(lines: Lines, kind: str, word: str) -> Lines:
    """The lines in which the word repeats nothing of the frame: not `can I collect it myself myself?`."""
    before, after = _neighbours(lines, kind)
    words = word.casefold().split()
    if words[0] not in before and words[-1] not in after:
        return lines
    sound = (
        tuple(line for line in group if not TWICE.search(line.replace(f"{{{kind}}}", word))) or group
        for group in (lines.state, lines.ask, lines.short, lines.detail)
    )
    return Lines(*sound)


@lru_cache(maxsize=256)
def _neighbours(lines: Lines, kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words that stand right before and right after the place of the word, in any of the lines."""
    gap = f"{{{kind}}}"
    parts = [
        line.casefold().partition(gap)
        for group in (lines.state, lines.ask, lines.short, lines.detail)
        for line in group
    ]
    before = (EDGE.findall(head)[-1:] for head, found, _ in parts if found)
    after = (EDGE.findall(tail)[:1] for _, found, tail in parts if found)
    return frozenset(word for words in before for word in words), frozenset(word for words in after for word in words)
