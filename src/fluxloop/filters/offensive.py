"""Offensive texts: slurs, threats, sexual content and abuse, also when disguised; swearing at things is kept.

Words and patterns stand in `offensive_words.py`. Plain spellings are found by one regular expression; texts that look
disguised (signs or digits inside words, single letters, look-alike letters) also go through glin-profanity, which knows
the usual disguises, and of what it finds only our own words count.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from fluxloop.filters import offensive_words as words
from fluxloop.filters.base import Text, excerpt
from fluxloop.schema.config import Settings
from fluxloop.schema.finding import Finding

if TYPE_CHECKING:
    from glin_profanity import Filter as Scanner

KINDS = (
    ("slur", words.SLURS, ()),
    ("threat", frozenset[str](), words.THREATS),
    ("sexual content", words.SEXUAL, words.SEXUAL_PATTERNS),
    ("abuse", words.ABUSE, words.ABUSE_PATTERNS),
)
"""Kind, its words, its patterns: the tiers that are removed."""

DISGUISED = re.compile(
    r"[^\W\d_][\d@$!*#+|%_.\-]+[^\W\d_]|[@$][a-z]{2}|\b\d+[a-z]{2}"  # f4g, sl*t, @ss
    r"|\b\w(?:[\s.\-_*]+\w\b){2,}"  # s l u t
    r"|(\w)\1\1|&#|[\u200b-\u200f\u2060\u00ad]"  # sluuut, entities, invisible signs
    r"|[a-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][a-z]|[\uff01-\uff5e]",  # look-alikes
    re.IGNORECASE,
)
MIXED = re.compile(r"(?=\S*[a-z])(?=\S*[\d@$!|])[\w@$!|]+", re.IGNORECASE)
_HARMLESS = re.compile(words.HARMLESS)
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
    """The first offence of the upper tiers in a text, however it is spelled; a harmless word of its language is none."""
    plain = _HARMLESS.sub(" ", unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))
    harmless = words.HOMOGRAPHS.get(language, frozenset())
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
        for kind, known, _ in KINDS:
            if word in known - harmless:
                return Offence(kind, word)
    return None


def _from_leet(match: re.Match[str]) -> str:
    """`k1ll` → `kill`; a number with a unit or a version stays a number."""
    token = match.group()
    return token if re.fullmatch(r"v?\d+[a-z]{0,3}", token) else token.rstrip("!").translate(LEET)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(_alternatives(known, patterns))) for kind, known, patterns in KINDS)


def _alternatives(known: frozenset[str], patterns: tuple[str, ...]) -> str:
    listed = [rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, known)))})(?!\w)"] if known else []
    return "|".join(listed + [f"(?:{pattern})" for pattern in patterns])


@lru_cache(maxsize=1)
def _scanner() -> Scanner:
    """glin-profanity with our words for its own; importing it takes .2 s, so only when a text looks disguised."""
    from glin_profanity import Filter

    ours = sorted({word for _, known, _ in KINDS for word in known if word.isascii() and len(word) > 3})
    theirs = Filter({"languages": ["english"]}).words
    return Filter(
        {
            "languages": ["english"],
            "custom_words": ours,
            "ignore_words": sorted(theirs - set(ours)),
            "detect_leetspeak": True,
        }
    )
