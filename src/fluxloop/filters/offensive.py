"""Offensive texts: slurs, threats, sexual content and abuse, also when disguised; swearing at things is kept.

Words and patterns stand in `data/offensive.txt`. Plain spellings are found by one regular expression; texts that look
disguised (signs or digits inside words, single letters, look-alike letters) also go through glin-profanity, which knows
the usual disguises, and of what it finds only our own words count.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from fluxloop.filters.base import Text, excerpt
from fluxloop.filters.patterns import any_of, read_sections, words_in
from fluxloop.schema.config import Settings
from fluxloop.schema.finding import Finding

if TYPE_CHECKING:
    from glin_profanity import Filter as Scanner

KINDS = ("slur", "threat", "sexual content", "abuse")
"""The tiers that are removed, the worst first."""

DISGUISED = re.compile(
    r"[^\W\d_][\d@$!*#+|%_.\-]+[^\W\d_]|[@$][a-z]{2}|\b\d+[a-z]{2}"  # f4g, sl*t, @ss
    r"|\b\w(?:[\s.\-_*]+\w\b){2,}"  # s l u t
    r"|(\w)\1\1|&#|[\u200b-\u200f\u2060\u00ad]"  # sluuut, entities, invisible signs
    r"|[a-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][a-z]|[\uff01-\uff5e]",  # look-alikes
    re.IGNORECASE,
)
MIXED = re.compile(r"(?=\S*[a-z])(?=\S*[\d@$!|])[\w@$!|]+", re.IGNORECASE)
LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "l"}
)


@dataclass(frozen=True, slots=True)
class Offence:
    """What is offensive in a text."""

    kind: str
    """slur, threat, sexual content or abuse."""
    words: str


@dataclass(frozen=True, slots=True)
class OffensiveFilter:
    """Drops the upper tiers."""

    name: ClassVar[str] = "offensive"

    def check(self, text: Text) -> Finding | None:
        """What in this message is offensive."""
        offence = offence_in(text.text, text.language)
        return Finding(self.name, offence.kind, f"“{offence.words}”") if offence else None


def create(settings: Settings) -> OffensiveFilter | None:
    """The filter; None when offensive texts may stay."""
    return OffensiveFilter() if settings.remove_offensive else None


def offence_in(text: str, language: str = "") -> Offence | None:
    """The first offence of the upper tiers in a text, however it is spelled; plain words of its language are none."""
    plain = _harmless().sub(" ", unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))
    harmless = words_in("offensive", f"plain words in {language}")
    if found := _search(plain, harmless):
        return found
    if not DISGUISED.search(plain):
        return None
    return _search(MIXED.sub(_from_leet, plain), harmless) or _scan(plain, harmless)


def _search(plain: str, harmless: frozenset[str]) -> Offence | None:
    for kind, pattern in _patterns():
        for match in pattern.finditer(plain):
            if match.group() not in harmless:
                return Offence(kind, excerpt(match.group().strip()))
    return None


def _scan(plain: str, harmless: frozenset[str]) -> Offence | None:
    """Ask glin-profanity; of its hits only our own words count."""
    for word in _scanner().check_profanity(plain)["profane_words"]:
        kind = _kinds_of_words().get(word)
        if kind and word not in harmless:
            return Offence(kind, word)
    return None


def _from_leet(match: re.Match[str]) -> str:
    """`k1ll` → `kill`; a number with a unit or a version stays a number."""
    token = match.group()
    return token if re.fullmatch(r"v?\d+[a-z]{0,3}", token) else token.rstrip("!").translate(LEET)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, any_of(_alternatives(kind), cased=True)) for kind in KINDS)


def _alternatives(kind: str) -> tuple[str, ...]:
    listed = sorted(map(re.escape, words_in("offensive", f"{kind} words")))
    whole = (rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)",) if listed else ()
    return whole + read_sections("offensive").get(f"{kind} patterns", ())


@cache
def _harmless() -> re.Pattern[str]:
    return any_of(read_sections("offensive")["harmless"], cased=True)


@cache
def _kinds_of_words() -> dict[str, str]:
    return {word: kind for kind in reversed(KINDS) for word in words_in("offensive", f"{kind} words")}


@cache
def _scanner() -> Scanner:
    """glin-profanity with our words for its own; importing it takes .2 s, so only when a text looks disguised."""
    from glin_profanity import Filter

    ours = {word for word in _kinds_of_words() if word.isascii() and len(word) > 3}
    theirs = Filter({"languages": ["english"]}).words
    return Filter(
        {
            "languages": ["english"],
            "custom_words": sorted(ours),
            "ignore_words": sorted(theirs - ours),
            "detect_leetspeak": True,
        }
    )
