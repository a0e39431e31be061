"""Each persona's messages beside its own bands, and all of them beside a log."""

from __future__ import annotations

import random

import pytest

from fluxloop.curation.beside import compare_surface
from fluxloop.curation.portraits import draw_portraits
from fluxloop.curation.statistics import describe_inputs
from fluxloop.schema.config import Settings
from fluxloop.schema.input import Input
from fluxloop.schema.persona import Persona
from fluxloop.store.logs import LogMessage

NEAT = Persona(persona_id="neat", communication={"formality": "formal", "verbosity": "moderate"})
WORDS = "order parcel late again money back where is my the not here still need help with card".split()  # noqa: SIM905


def _texts(count: int, *, neat: bool, seed: int = 1) -> list[str]:
    dice = random.Random(seed)
    texts = [" ".join(dice.choices(WORDS, k=dice.randint(4, 20))) for _ in range(count)]
    return [f"{text.capitalize()}." if neat else text for text in texts]


def _inputs(persona: str, texts: list[str]) -> list[Input]:
    return [Input(id=f"{persona}{n}", persona=persona, text=text, source="synthetic") for n, text in enumerate(texts)]


def test_a_persona_is_held_against_its_own_bands() -> None:
    """A formal one whose messages begin in lower case is told; one that writes as it should is not."""
    found = draw_portraits(_inputs("neat", _texts(60, neat=False)), {"neat": NEAT})[0]
    traces = {trace.name: trace for trace in found.figures}
    assert (traces["lower_start"].value, traces["lower_start"].inside) == (1.0, False)
    assert traces["lower_start"].expected == pytest.approx(0.02, abs=0.02)
    fine = draw_portraits(_inputs("neat", _texts(60, neat=True)), {"neat": NEAT})[0]
    assert all(trace.inside for trace in fine.figures if trace.name in ("lower_start", "no_end_mark", "words"))


def test_few_messages_and_strangers_are_not_judged() -> None:
    """Nine messages prove nothing, and a persona without a file has no bands."""
    few = draw_portraits(_inputs("neat", _texts(9, neat=False)), {"neat": NEAT})[0]
    stranger = draw_portraits(_inputs("who", _texts(60, neat=False)), {})[0]
    assert all(trace.inside for trace in (*few.figures, *stranger.figures))
    assert stranger.figures[0].expected is None


def test_repetition_is_compared_at_equal_size() -> None:
    """Every persona is cut down to the smallest; below twenty messages nothing is said."""
    both = _inputs("a", _texts(80, neat=True)) + _inputs("b", _texts(25, neat=True, seed=2))
    found = draw_portraits(both, {})
    assert [portrait.persona for portrait in found] == ["a", "b"]
    assert all(portrait.distinct_2 is not None for portrait in found)
    assert draw_portraits(both[:85], {})[0].distinct_2 is None
    assert draw_portraits([Input(id="x", persona="mute", text="")], {})[0].figures == ()


def test_inputs_like_the_log_cannot_be_told_from_it() -> None:
    """The same ways of typing give an AUC as low as the log's own; model-like neatness is told at once."""
    log = [LogMessage(text) for text in _texts(200, neat=False, seed=3)]
    alike, apart = compare_surface(_texts(200, neat=False), log), compare_surface(_texts(200, neat=True), log)
    assert alike.apart and alike.real and apart.apart
    assert alike.inside and abs(alike.apart.auc - alike.real.auc) < 0.1
    assert not apart.inside and apart.apart.auc > 0.95
    assert (alike.apart.size, alike.real.size) == (100, 100)


def test_too_few_messages_give_no_figure() -> None:
    """Rather none than one by chance."""
    log = [LogMessage(text) for text in _texts(99, neat=False)]
    found = compare_surface(_texts(200, neat=False), log)
    assert (found.messages, found.apart, found.real, found.inside) == (99, None, None, False)


def test_statistics_hold_the_logs_own_numbers() -> None:
    """Beside each figure; repetition at a size that both sets have."""
    log = [LogMessage(text) for text in _texts(120, neat=False)]
    numbers = describe_inputs(_inputs("neat", _texts(1100, neat=True)), Settings(), reference=log)
    values = {figure.name: figure.reference for figure in numbers.figures}
    assert (numbers.sample, values["lower_start"], values["no_end_mark"]) == (100, 1.0, 1.0)
    assert values["distinct_2"] is not None
    assert describe_inputs(_inputs("neat", ["hi"]), Settings()).figures[0].reference is None
