"""A set of inputs in numbers."""

from __future__ import annotations

import pytest

from fluxloop.curation.statistics import BANDS, BANDS_AT, describe_inputs
from fluxloop.schema.config import Settings
from fluxloop.schema.input import Input, Turn
from fluxloop.style.metrics import SetMetrics

INPUTS = [
    Input(
        id="a", persona="ann", text="where is it", source="synthetic", metadata={"topic": "orders"}, status="approved"
    ),
    Input(id="b", persona="ann", text="Where is my money?", source="synthetic", metadata={"topic": "refunds"}),
    Input(id="c", conversation=(Turn(turn=1, input="hi"), Turn(turn=2, input="hello?")), metadata={"topic": "orders"}),
    Input(id="d", persona="bob", text="Furthermore, enumerate the comprehensive functionality", status="rejected"),
    Input(id="e", text=""),
]


def test_counts_and_the_mix() -> None:
    """Counts are of all inputs; the mix is of those that are not rejected, beside the one in the settings."""
    numbers = describe_inputs(INPUTS, Settings(mix_synthetic=80))
    assert numbers.total == 5
    assert numbers.by_persona == {"ann": 2, "": 2, "bob": 1}
    assert numbers.by_topic == {"orders": 2, "": 2, "refunds": 1}
    assert numbers.by_status == {"pending": 3, "approved": 1, "rejected": 1}
    assert numbers.by_source == {"manual": 3, "synthetic": 2}
    assert (numbers.mix.synthetic, numbers.mix.wanted) == (pytest.approx(1 / 2), pytest.approx(0.8))


def test_figures_are_of_messages_and_leave_the_rejected_out() -> None:
    """Every turn is a message, an empty text is none; with few messages nothing is said of repetition."""
    numbers = describe_inputs(INPUTS, Settings())
    assert (numbers.messages, numbers.sample, numbers.mix.wanted) == (4, None, None)
    values = {figure.name: figure for figure in numbers.figures}
    assert list(values) == list(BANDS)
    assert values["assistant_phrases"].value == 0 and values["assistant_phrases"].inside
    assert values["five_words_or_fewer"].value == 1 and not values["five_words_or_fewer"].inside


@pytest.mark.parametrize(("count", "sample"), [(99, None), (100, 100), (999, 100), (1200, 1000)])
def test_repetition_is_told_at_equal_sizes(count: int, sample: int | None) -> None:
    """100 or 1,000 messages, because these figures change with the size of a set."""
    inputs = [Input(id=str(n), text=f"order {n} is late again") for n in range(count)]
    numbers = describe_inputs(inputs, Settings())
    assert numbers.sample == sample
    assert len(numbers.figures) == len(BANDS) + (0 if sample is None else len(BANDS_AT[sample]))


def test_no_inputs_give_no_figures() -> None:
    """An empty project has numbers too: zeros."""
    numbers = describe_inputs([], Settings())
    assert (numbers.total, numbers.messages, numbers.figures, numbers.mix.synthetic) == (0, 0, (), 0)


def test_every_band_is_of_a_figure_there_is() -> None:
    """A band for a figure that is not measured would never be shown."""
    assert {name for bands in (BANDS, *BANDS_AT.values()) for name in bands} == set(SetMetrics.__slots__)
