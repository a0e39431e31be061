"""A set of inputs in numbers: who, what, where review stands, and how it looks beside what people type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fluxloop.curation.beside import Beside, compare_surface
from fluxloop.curation.matrix import Coverage, cover
from fluxloop.curation.portraits import Portrait, draw_portraits
from fluxloop.curation.searching import topic_of
from fluxloop.schema.config import Settings
from fluxloop.schema.input import Input, texts_of
from fluxloop.schema.persona import Persona
from fluxloop.store.logs import LogMessage
from fluxloop.style.metrics import SetMetrics, metrics_at, set_metrics

SIZES = (1000, 100)
"""Figures of repetition are told for a set of one of these sizes, the greater if there are enough messages."""


@dataclass(frozen=True, slots=True)
class Band:
    """Where a figure lies for messages that people typed; None where there is no bound."""

    label: str
    least: float | None = None
    most: float | None = None


BANDS = {
    "five_words_or_fewer": Band("5 words or fewer", 0.10, 0.30),
    "lower_start": Band("starts in lower case", 0.10, 0.50),
    "no_end_mark": Band("no end mark", 0.10, 0.40),
    "polite": Band("polite words", 0.02, 0.15),
    "several_sentences": Band("several sentences", 0.15, 0.40),
    "length_cv": Band("length, coefficient of variation", 0.65, None),
    "assistant_phrases": Band("assistant phrases", None, 0.0),
}
"""The default mix of personas against real messages; one persona alone may well lie outside."""

BANDS_AT = {
    1000: {
        "commonest_opening": Band("commonest 3-word opening", None, 0.05),
        "distinct_2": Band("distinct word pairs", 0.42, None),
        "gzip_ratio": Band("gzip ratio", None, 3.3),
    },
    100: {
        "commonest_opening": Band("commonest 3-word opening", None, 0.05),
        "distinct_2": Band("distinct word pairs", 0.72, None),
        "gzip_ratio": Band("gzip ratio", None, 2.4),
    },
}
"""Bands of the figures that depend on the size of the set."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and the band real messages lie in."""

    name: str
    """As in `style.metrics.SetMetrics`."""
    value: float
    band: Band
    reference: float | None = None
    """The same of the user's own logs, where there are some."""

    @property
    def inside(self) -> bool:
        """Whether the value, rounded as it is shown, lies in the band."""
        value = round(self.value, 3)
        return (self.band.least is None or value >= self.band.least) and (
            self.band.most is None or value <= self.band.most
        )


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of synthetic inputs, 0-1: as it is, and as the settings want it (None when they do not say)."""

    synthetic: float
    wanted: float | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of a set. Surface figures leave rejected inputs out; every turn is a message."""

    total: int
    by_persona: dict[str, int]
    by_topic: dict[str, int]
    by_status: dict[str, int]
    by_source: dict[str, int]
    mix: Mix
    messages: int
    sample: int | None
    """The size that figures of repetition were measured at; None when there are fewer than 100 messages."""
    figures: tuple[Figure, ...]
    personas: tuple[Portrait, ...] = ()
    """The same surface persona by persona, beside each one's own bands."""
    coverage: Coverage = field(default_factory=Coverage)
    """Which persona writes about what; inputs that are rejected cover nothing."""
    reference: Beside | None = None
    """The user's own logs, and how well the inputs can be told from them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be covered, beside what is: the personas and topics of the settings, or those that were asked for."""

    personas: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def describe_inputs(
    inputs: Sequence[Input],
    settings: Settings,
    personas: Mapping[str, Persona] | None = None,
    wanted: Wanted | None = None,
    reference: Sequence[LogMessage] = (),
) -> Statistics:
    """The numbers of these inputs; the same for the same inputs. `reference` are real messages to stand beside them."""
    kept = [item for item in inputs if item.status != "rejected"]
    messages = [text for item in kept for text in texts_of(item) if text.strip()]
    real = [message.text for message in reference]
    least = min(len(messages), len(real)) if real else len(messages)
    sample = next((size for size in SIZES if least >= size), None)
    wanted = wanted or Wanted()
    by_persona = _counted(item.persona or "" for item in inputs)
    return Statistics(
        total=len(inputs),
        by_persona=by_persona,
        by_topic=_counted(topic_of(item) for item in inputs),
        by_status=_counted(item.status for item in inputs),
        by_source=_counted(item.source for item in inputs),
        mix=Mix(_share(kept), _wanted(settings)),
        messages=len(messages),
        sample=sample,
        figures=_figures(messages, real, sample) if messages else (),
        personas=draw_portraits(kept, personas or {}),
        coverage=cover(kept, wanted.personas, wanted.topics, _use_cases(by_persona, personas or {})),
        reference=compare_surface(messages, reference) if reference and messages else None,
    )


def _figures(messages: Sequence[str], real: Sequence[str], sample: int | None) -> tuple[Figure, ...]:
    """Rates over all messages; figures of repetition over samples of one size, so that sets can be compared."""
    figures = _in_bands(set_metrics(messages), set_metrics(real) if real else None, BANDS)
    if sample is not None:
        beside = metrics_at(real, sample) if real else None
        figures += _in_bands(metrics_at(messages, sample), beside, BANDS_AT[sample])
    return figures


def _in_bands(metrics: SetMetrics, real: SetMetrics | None, bands: dict[str, Band]) -> tuple[Figure, ...]:
    return tuple(
        Figure(name, getattr(metrics, name), band, None if real is None else getattr(real, name))
        for name, band in bands.items()
    )


def _use_cases(names: Iterable[str], personas: Mapping[str, Persona]) -> dict[str, tuple[str, ...]]:
    return {name: personas[name].use_cases for name in names if name in personas}


def _counted(values: Iterable[str]) -> dict[str, int]:
    """How often each value stands there, the most frequent first; `` is counted for what nobody gave."""
    return dict(Counter(values).most_common())


def _share(inputs: Sequence[Input]) -> float:
    return sum(item.source == "synthetic" for item in inputs) / len(inputs) if inputs else 0.0


def _wanted(settings: Settings) -> float | None:
    if settings.mix_synthetic is None and settings.mix_manual is None:
        return None
    synthetic, manual = settings.mix_synthetic, settings.mix_manual
    synthetic = max(0.0, 100 - (manual or 0)) if synthetic is None else synthetic
    manual = max(0.0, 100 - synthetic) if manual is None else manual
    return synthetic / (synthetic + manual) if synthetic + manual else None
