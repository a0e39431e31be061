"""A run's numbers are right, for a handful of results too."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.evaluation.run import TestRun, TestSettings
from fluxloop.evaluation.summary import count_by, measure_latency, percentile, summarise
from fluxloop.schema.input import Input
from fluxloop.schema.result import Exchange, Result


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([5], 50, 5), ([5], 95, 5), ([1, 2], 50, 1), ([1, 2], 95, 2), ([1, 2, 3], 50, 2), (range(1, 101), 95, 95)],
)
def test_percentiles_of_few_values(values: list[float], percent: int, expected: float) -> None:
    """A percentile is a value that was measured: of three replies the p95 is the slowest."""
    assert percentile(list(values), percent) == expected


@given(values=st.lists(st.floats(0, 1e6), min_size=1), percent=st.integers(1, 100))
def test_a_percentile_is_the_least_that_covers_enough(values: list[float], percent: int) -> None:
    """At least `percent` per cent lie at or below it, and below it there are fewer than that."""
    ordered = sorted(values)
    value = percentile(ordered, percent)
    assert sum(item <= value for item in ordered) * 100 >= percent * len(ordered)
    assert sum(item < value for item in ordered) * 100 < percent * len(ordered)


def result_of(seconds: list[float | None]) -> Result:
    """A conversation whose replies took this long; None for a turn without a reply."""
    exchanges = [Exchange(input="x", reply=None if item is None else "y", seconds=item or 9.0) for item in seconds]
    return Result(input_id="a", outcome="passed", exchanges=tuple(exchanges))


def test_latency_is_of_replies() -> None:
    """Every turn counts by itself, and a turn that got no reply does not count at all."""
    latency = measure_latency([result_of([1.0, 3.0]), result_of([2.0, None])])
    assert latency == {"mean": 2.0, "p50": 2.0, "p95": 3.0, "max": 3.0}
    assert measure_latency([result_of([None])]) == {}


@given(st.lists(st.floats(0.001, 1e4), min_size=1, max_size=50))
def test_latency_figures_are_ordered(seconds: list[float]) -> None:
    """p50 ≤ p95 ≤ max, and the mean is the mean."""
    latency = measure_latency([result_of(list(seconds))])
    assert latency["p50"] <= latency["p95"] <= latency["max"]
    assert math.isclose(latency["mean"], statistics.fmean(seconds), abs_tol=1e-5)


def test_counts_are_by_persona_and_topic(run: Callable[..., TestRun]) -> None:
    """Every result is in exactly one persona and one topic, and the parts sum to the whole."""
    items = [
        Input(id="a", persona="p", text="x", metadata={"topic": "t"}),
        Input(id="b", persona="p", text=""),
        Input(id="c", text="x", metadata={"topic": "t"}),
        Input(id="d", persona="q", text="raise"),
    ]
    code = "def answer(text):\n    assert text != 'raise'\n    return text"
    settings = TestSettings(iterations=2, parallel=3, checks=("not_empty",))
    summary = summarise(run(code, items, settings), settings, name="run_1", bundle="b", content_hash="sha256:1")
    assert (summary.total, summary.passed, summary.failed, summary.errors) == (8, 4, 2, 2)
    assert summary.by_persona["p"] == {"passed": 2, "failed": 2, "error": 0, "inconclusive": 0, "skipped": 0}
    assert {name: sum(counts.values()) for name, counts in summary.by_topic.items()} == {"t": 4, "(none)": 4}
    assert summary.checks == {"not_empty": {"pass": 4, "fail": 2, "inconclusive": 0}}
    assert (summary.run, summary.bundle, summary.target, summary.complete) == ("run_1", "b", "agent:answer", True)
    assert summary.settings == {"iterations": 2, "parallel": 3, "timeout": 30.0, "checks": ["not_empty"]}


def test_groups_keep_their_order() -> None:
    """Personas stand in the order of the inputs, not of the alphabet."""
    results = [Result(input_id=name, persona=name, outcome="passed") for name in "zma"]
    assert list(count_by(results, lambda result: result.persona)) == ["z", "m", "a"]
