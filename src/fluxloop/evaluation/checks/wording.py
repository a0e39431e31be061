"""Comparing words as a reader would: shared by `contains` and `not_contains`."""

from __future__ import annotations

import unicodedata

from fluxloop.errors import ConfigError
from fluxloop.evaluation.checks.base import CheckSpec, read_flag

CURLY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})


def fold(text: str) -> str:
    """Text without what a reader does not see: case, curly quotes, line breaks, the form of composed letters."""
    return " ".join(unicodedata.normalize("NFC", text).translate(CURLY).casefold().split())


def stands_in(phrase: str, text: str, case_sensitive: bool) -> bool:
    """Whether `phrase` occurs; case-sensitive means exactly as written."""
    return phrase in text if case_sensitive else fold(phrase) in fold(text)


def read_phrases(spec: CheckSpec) -> tuple[str, ...]:
    """The phrase or list of phrases after the name; numbers are taken as they are written."""
    given = spec.value if isinstance(spec.value, (list, tuple)) else [spec.value]
    phrases = tuple(str(item) for item in given if isinstance(item, (str, int, float)) and not isinstance(item, bool))
    if len(phrases) != len(given) or not phrases or not all(phrase.strip() for phrase in phrases):
        raise ConfigError(f"`{spec.name}` needs a text or a list of texts, and has {spec.value!r}.")
    return phrases


def read_case(spec: CheckSpec) -> bool:
    """The option `case_sensitive`; off when it is not set."""
    return read_flag(spec, "case_sensitive", default=False)


def show_phrases(name: str, phrases: tuple[str, ...], case_sensitive: bool) -> str:
    """`contains: refund`, `contains: [refund, days] (case-sensitive)`."""
    shown = phrases[0] if len(phrases) == 1 else f"[{', '.join(phrases)}]"
    return f"{name}: {shown}{' (case-sensitive)' if case_sensitive else ''}"
