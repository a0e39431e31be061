"""Each persona's messages in numbers, beside the numbers its own bands would give."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import fmean, median

from fluxloop.schema.input import Input, texts_of
from fluxloop.schema.persona import Persona
from fluxloop.style.bands import bands_of, sample_style
from fluxloop.style.features import features_of
from fluxloop.style.metrics import length_cv, metrics_at

LEAST_MESSAGES = 10
"""Of fewer messages nothing is said to be off."""
DRAWS = 1500
SLACK = 0.08
"""How far a share may lie from its band, beside three standard errors of a sample of its size."""
LENGTH_SLACK = 1.3
LEAST_SAMPLE, MOST_SAMPLE = 20, 100


@dataclass(frozen=True, slots=True)
class Trace:
    """One figure of one persona."""

    name: str
    value: float
    expected: float | None
    """What the persona's bands give; None for a persona nobody knows, or a figure that has no band."""
    inside: bool


@dataclass(frozen=True, slots=True)
class Portrait:
    """One persona's messages."""

    persona: str
    inputs: int
    messages: int
    figures: tuple[Trace, ...]
    """words (median), five_words_or_fewer, lower_start, no_end_mark, several_sentences, polite, length_cv."""
    distinct_2: float | None
    """At equal size for all personas; None when one of them has too few messages."""


Surface = dict[str, float]


def draw_portraits(inputs: Sequence[Input], personas: Mapping[str, Persona]) -> tuple[Portrait, ...]:
    """A portrait of each persona that wrote one of these inputs, those with the most inputs first."""
    written: dict[str, list[Input]] = {}
    for item in inputs:
        if item.persona:
            written.setdefault(item.persona, []).append(item)
    ranked = sorted(written, key=lambda name: -len(written[name]))
    texts = {name: [text for item in written[name] for text in texts_of(item) if text.strip()] for name in ranked}
    sample = min([MOST_SAMPLE, *map(len, texts.values())])
    return tuple(
        Portrait(
            name,
            len(written[name]),
            len(texts[name]),
            tuple(_traces(texts[name], personas.get(name))),
            metrics_at(texts[name], sample).distinct_2 if sample >= LEAST_SAMPLE else None,
        )
        for name in ranked
    )


def _traces(texts: Sequence[str], persona: Persona | None) -> Iterator[Trace]:
    if not texts:
        return
    expected = _expected(persona) if persona else {}
    for name, value in _measured(texts).items():
        band = expected.get(name)
        yield Trace(name, value, band, band is None or _fits(name, value, band, len(texts)))


def _measured(texts: Sequence[str]) -> Surface:
    each = [features_of(text) for text in texts]
    return {
        "words": median(one.words for one in each),
        "five_words_or_fewer": fmean(one.words <= 5 for one in each),
        "lower_start": fmean(one.lower_start for one in each),
        "no_end_mark": fmean(not one.end_mark for one in each),
        "several_sentences": fmean(one.sentences > 1 for one in each),
        "polite": fmean(one.polite for one in each),
        "length_cv": length_cv(texts),
    }


def _expected(persona: Persona) -> Surface:
    """What messages sampled by the persona's bands would measure; `length_cv` depends on the plan and has no band."""
    bands, dice = bands_of(persona), random.Random(0)
    drawn = [sample_style(bands, dice) for _ in range(DRAWS)]
    return {
        "words": median(style.words for style in drawn),
        "five_words_or_fewer": fmean(style.words <= 5 for style in drawn),
        "lower_start": fmean(style.lower_start for style in drawn),
        "no_end_mark": fmean(not style.end_mark for style in drawn),
        "several_sentences": fmean(style.sentences > 1 for style in drawn),
        "polite": fmean(style.polite for style in drawn),
    }


def _fits(name: str, value: float, expected: float, size: int) -> bool:
    if size < LEAST_MESSAGES:
        return True
    if name == "words":
        return abs(log(max(value, 1) / expected)) <= log(LENGTH_SLACK) + 2 / sqrt(size)
    middle = (value + expected) / 2
    return abs(value - expected) <= SLACK + 3 * sqrt(middle * (1 - middle) / size)
