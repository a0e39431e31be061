"""One message as a row of numbers that say how it was typed, and nothing of what it is about."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fluxloop.style.features import features_of

Matrix = NDArray[np.float64]

EMOJI = re.compile(r"[\U0001F1E6-\U0001FAFF\u2600-\u2712\u2728-\u27bf\u23e9-\u23f3\u2b50\u2764]")
EXCESS = re.compile(r"[?!]{2,}|\.{2,}|…")
OPENER = re.compile(r"(?:hi|hey|hello|hallo|hola|bonjour|olá|good (?:morning|evening|afternoon))\b", re.IGNORECASE)
QUESTION = re.compile(
    r"(?:how|what|why|when|where|who|which|can|could|do|does|did|is|are|will|would|should)\b", re.IGNORECASE
)
CONTRACTED = re.compile(r"[^\W\d_]['’][^\W\d_]")
FIRST_PERSON = re.compile(r"\b(?:i|my|me|we|our)\b", re.IGNORECASE)

NAMES = (
    "words", "words_squared", "few_words", "many_words", "letters_a_word", "several_sentences", "sentences",
    "lower_start", "end_mark", "full_stop", "question_mark", "exclamation", "repeated_marks", "polite", "greeting",
    "question_word", "commas", "dashes", "quotes", "brackets", "contractions", "first_person", "capitals", "shouting",
    "digits", "emoji", "line_breaks",
)  # fmt: skip
"""What each number of a row means, in order."""


def surface_of(text: str) -> tuple[float, ...]:
    """The row of one message: rates by its length where a count would only say how long it is."""
    stripped = text.strip()
    seen = features_of(stripped)
    length, words = max(1, len(stripped)), max(1, seen.words)
    log_words = math.log1p(seen.words)
    return (
        log_words,
        (log_words - 2.3) ** 2,
        seen.words <= 5,
        seen.words >= 25,
        min(12.0, sum(map(str.isalnum, stripped)) / words),
        seen.sentences > 1,
        min(5, seen.sentences),
        seen.lower_start,
        seen.end_mark,
        stripped.endswith("."),
        "?" in stripped,
        "!" in stripped,
        bool(EXCESS.search(stripped)),
        seen.polite,
        bool(OPENER.match(stripped)),
        bool(QUESTION.match(stripped)),
        stripped.count(",") / words,
        any(sign in stripped for sign in ("—", "–", " - ", ";", ":")),
        any(sign in stripped for sign in '"“”„«`'),
        "(" in stripped,
        len(CONTRACTED.findall(stripped)) / words,
        len(FIRST_PERSON.findall(stripped)) / words,
        sum(map(str.isupper, stripped)) / length,
        seen.shouting,
        sum(map(str.isdigit, stripped)) / length,
        bool(EMOJI.search(stripped)),
        "\n" in stripped,
    )


def surface_matrix(texts: Sequence[str]) -> Matrix:
    """A row for each message."""
    return np.array([surface_of(text) for text in texts], dtype=np.float64).reshape(len(texts), len(NAMES))


def standardise(rows: Matrix, like: Matrix | None = None) -> Matrix:
    """Every column with mean 0 and deviation 1, as measured on `like`; one that never changes there is 0."""
    like = rows if like is None else like
    spread = like.std(axis=0)
    scaled = (rows - like.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.where(spread > 0, scaled, 0.0)
