"""Allocation is exact for any weights, totals and batch sizes."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.errors import ConfigError
from fluxloop.generation.allocation import allocate, quotas, spread
from fluxloop.schema.config import PersonaShare

WEIGHTS = st.lists(st.floats(0, 1e6, allow_nan=False) | st.integers(0, 1000), min_size=1, max_size=12).filter(any)


@given(WEIGHTS, st.integers(0, 5000))
def test_shares_sum_to_the_total_and_are_off_by_less_than_one(weights: list[float], total: int) -> None:
    """Every share is its exact value rounded down or up, and nobody with weight zero gets one."""
    counts = allocate(weights, total)
    whole = sum(Fraction(str(weight)) for weight in weights)
    assert sum(counts) == total
    for weight, count in zip(weights, counts, strict=True):
        assert abs(count - Fraction(str(weight)) * total / whole) < 1
        assert weight or not count


@given(WEIGHTS, st.integers(0, 5000))
def test_a_greater_weight_never_gets_less(weights: list[float], total: int) -> None:
    """Order of weights is order of counts."""
    counts = allocate(weights, total)
    for i, left in enumerate(weights):
        for j, right in enumerate(weights):
            assert left <= right or counts[i] >= counts[j]


def test_ties_go_to_the_earlier_one() -> None:
    """The same weights give the same file every time."""
    assert allocate([1, 1, 1], 100) == [34, 33, 33]
    assert spread(7, 3) == [3, 2, 2]


def test_the_documents_own_examples() -> None:
    """60/30/10 of 100, and three personas of 150."""
    assert allocate([60, 30, 10], 100) == [60, 30, 10]
    assert allocate([1, 1, 1], 150) == [50, 50, 50]
    assert allocate([0.1, 0.2], 3) == [1, 2]


@pytest.mark.parametrize("weights", [[-1, 2], [0, 0]])
def test_weights_nobody_can_share_by_are_refused(weights: list[float]) -> None:
    """Negative weights and all zeros are errors, not guesses."""
    with pytest.raises(ConfigError):
        allocate(weights, 10)


def test_counts_give_the_total_unless_a_count_makes_them_weights() -> None:
    """`count: 60/30/10` is 100 inputs; with --count 10 it is 6/3/1."""
    shares = [PersonaShare(id="a", count=60), PersonaShare(id="b", count=30), PersonaShare(id="c", count=10)]
    assert quotas(shares, None, 50) == {"a": 60, "b": 30, "c": 10}
    assert quotas(shares, 10, 50) == {"a": 6, "b": 3, "c": 1}


def test_bare_ids_share_evenly_and_a_name_given_twice_is_summed() -> None:
    """Without numbers everyone weighs the same."""
    assert quotas([PersonaShare(id="a"), PersonaShare(id="b")], None, 50) == {"a": 25, "b": 25}
    assert quotas([PersonaShare(id="a"), PersonaShare(id="a")], 10, 50) == {"a": 10}


@pytest.mark.parametrize("count", [0, -3])
def test_nothing_to_make_is_an_error(count: int) -> None:
    """--count 0 is a mistake, not an empty success."""
    with pytest.raises(ConfigError):
        quotas([PersonaShare(id="a")], count, 50)
