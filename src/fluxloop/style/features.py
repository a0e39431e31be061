"""What a text looks like, in numbers. Word lists are English first; the rest holds for any script with case."""

from __future__ import annotations

import re
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
SENTENCE_END = re.compile(r"[.!?…。！？]+(?=[\s\"')\]]|$)")
END_MARKS = (".", "!", "?", "…", "。", "！", "？")
POLITE = re.compile(
    r"\b(?:please|pls|plz|thanks|thank you|thx|ty|kindly|appreciate|grateful|would you mind|sorry to bother|"
    r"bitte|danke|vielen dank|por favor|gracias|s'il vous plaît|svp|merci|obrigad[oa]|agradeço)\b"
    r"|すみません|お願い|ありがとう",
    re.IGNORECASE,
)
ASSISTANT_PHRASES = re.compile(
    r"\b(?:i would like to (?:inquire|enquire|request|understand|learn more)|"
    r"could you (?:kindly|please) (?:assist|elaborate)|"
    r"enumerate|comprehensive|functionalit(?:y|ies)|i hope this (?:message|email) finds you|as an ai|"
    r"i'd love to learn more|furthermore|seamless(?:ly)?|leverage|utili[sz]e|regarding the aforementioned)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """The surface of one message."""

    words: int
    sentences: int
    lower_start: bool
    """The first letter is a lower-case one; False in scripts without case."""
    end_mark: bool
    """It ends in a full stop, question or exclamation mark; an emoji after the mark does not count against it."""
    polite: bool
    shouting: bool
    """Three letters or more, all of them capitals."""
    assistant: bool
    """A phrase that assistants write and users do not."""


def features_of(text: str) -> TextFeatures:
    """Measure one message."""
    stripped = text.strip()
    letters = [char for char in stripped if char.isalpha()]
    return TextFeatures(
        words=len(words_of(stripped)),
        sentences=count_sentences(stripped),
        lower_start=bool(letters) and letters[0].islower(),
        end_mark=ends_with_mark(stripped),
        polite=bool(POLITE.search(stripped)),
        shouting=len(letters) >= 3
        and all(char.isupper() for char in letters if char.isalpha() and char.upper() != char.lower())
        and any(char.isupper() for char in letters),
        assistant=bool(ASSISTANT_PHRASES.search(stripped)),
    )


def words_of(text: str) -> list[str]:
    """The words of a text, case kept; a hyphenated or apostrophised word is one."""
    return WORD.findall(text)


def count_sentences(text: str) -> int:
    """Sentences as marks part them; at least 1 for a text that is not empty."""
    stripped = text.strip()
    if not stripped:
        return 0
    ends = [match for match in SENTENCE_END.finditer(stripped) if _has_word(stripped[match.end() :])]
    return len(ends) + 1


def ends_with_mark(text: str) -> bool:
    """Whether the last sign that is no emoji, quote or bracket is an end mark."""
    trimmed = text.rstrip().rstrip("\"')]}»”’")
    while (
        trimmed
        and not trimmed.isascii()
        and not (trimmed[-1].isalnum() or trimmed[-1] in END_MARKS or trimmed[-1].isascii())
    ):
        trimmed = trimmed[:-1].rstrip()
    return trimmed.endswith(END_MARKS)


def _has_word(text: str) -> bool:
    return bool(WORD.search(text))
