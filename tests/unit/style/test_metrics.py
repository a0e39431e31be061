"""Figures of whole sets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.style.metrics import (
    SetMetrics,
    commonest_opening,
    distinct_2,
    gzip_ratio,
    length_cv,
    metrics_at,
    set_metrics,
)

TEXTS = (
    "where is my refund",
    "Where is my order? It was due on Monday.",
    "please cancel the second one",
    "it says error 500 when i export the report as a pdf",
    "hi",
)


def test_rates_are_shares_of_the_messages() -> None:
    """Each rate counts by hand; an empty text is no message."""
    measured = set_metrics([*TEXTS, "  "])
    assert measured.five_words_or_fewer == pytest.approx(3 / 5)
    assert measured.lower_start == pytest.approx(4 / 5)
    assert measured.no_end_mark == pytest.approx(4 / 5)
    assert measured.polite == pytest.approx(1 / 5)
    assert measured.several_sentences == pytest.approx(1 / 5)
    assert measured.assistant_phrases == 0


def test_repetition_counts_by_hand() -> None:
    """Pairs fold case and never span two texts; an opening has three words."""
    assert distinct_2(["a b c", "A b d"]) == pytest.approx(3 / 4)
    assert commonest_opening(["Where is my refund", "where is my order", "hi"]) == pytest.approx(2 / 3)
    assert length_cv(["a b", "a b c d"]) == pytest.approx(1 / 3)


def test_a_set_that_repeats_itself_compresses_better() -> None:
    """The gzip ratio rises with repetition."""
    varied = [f"{text} {number * 7919 % 1000}" for number, text in enumerate(TEXTS)]
    assert gzip_ratio(["the same again and again"] * 20) > 2 * gzip_ratio(varied)


def test_an_empty_set_measures_nothing() -> None:
    """No division by zero, whichever figure."""
    assert set_metrics([]) == set_metrics(["", " "]) == SetMetrics()
    assert (length_cv([]), distinct_2([]), gzip_ratio([]), commonest_opening([])) == (0, 0, 0, 0)


def test_a_sample_is_the_same_each_time_and_of_its_size() -> None:
    """Sets of different sizes are compared at one size, reproducibly."""
    many = [f"message number {number} of the day" for number in range(300)]
    assert metrics_at(many, 100) == metrics_at(many, 100)
    assert metrics_at(many[:100], 100) == set_metrics(many[:100])
    assert metrics_at(many, 100).distinct_2 > set_metrics(many).distinct_2


@given(st.lists(st.text(max_size=40), max_size=12))
def test_every_figure_is_a_number_whatever_the_texts(texts: list[str]) -> None:
    """Rates stay within 0 and 1."""
    measured = set_metrics(texts)
    for name in SetMetrics.__slots__:
        value = getattr(measured, name)
        assert value >= 0
        assert value <= 1 or name in ("length_cv", "gzip_ratio")
