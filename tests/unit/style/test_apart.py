"""Telling two sets of messages apart by their surface."""

from __future__ import annotations

import random

import numpy as np
import pytest

from fluxloop.style.apart import divided_auc, fit_logistic, rank_auc, two_sample_auc
from fluxloop.style.surface import NAMES, standardise, surface_matrix, surface_of

WORDS = "order parcel late again money back where is my the not here still need help with card".split()  # noqa: SIM905


def _texts(count: int, seed: int, *, neat: float) -> list[str]:
    """Messages of which a share begins with a capital and ends with a mark."""
    dice = random.Random(seed)
    found = []
    for _ in range(count):
        text = " ".join(dice.choices(WORDS, k=dice.randint(3, 14)))
        found.append(f"{text.capitalize()}." if dice.random() < neat else text)
    return found


def test_sets_of_one_kind_cannot_be_told_apart() -> None:
    """Two samples of the same writers give .5, within the error that is told."""
    found = two_sample_auc(_texts(400, 1, neat=0.5), _texts(400, 2, neat=0.5), 400)
    assert abs(found.auc - 0.5) < 3 * found.error
    assert found.size == 400


def test_sets_of_other_kinds_can() -> None:
    """The more they differ, the higher; all neat against all loose is told every time."""
    loose = _texts(300, 1, neat=0.2)
    some, much = (
        two_sample_auc(loose, _texts(300, 2, neat=0.5), 200),
        two_sample_auc(loose, _texts(300, 2, neat=0.9), 200),
    )
    assert 0.58 < some.auc < much.auc - 0.1
    assert two_sample_auc(_texts(100, 1, neat=0), _texts(100, 2, neat=1), 100).auc > 0.99


def test_the_same_seed_gives_the_same_figure() -> None:
    """Figures can be compared from day to day."""
    one, other = _texts(120, 1, neat=0.3), _texts(150, 2, neat=0.6)
    assert two_sample_auc(one, other, 60) == two_sample_auc(one, other, 60) != two_sample_auc(one, other, 60, seed=1)


def test_halves_of_a_log_are_the_floor() -> None:
    """Divided at random they are alike; divided by writer, what tells writers apart shows."""
    texts = _texts(200, 1, neat=0) + _texts(200, 2, neat=1)
    assert abs(divided_auc(texts, [""] * 400, 200).auc - 0.5) < 0.1
    few = [f"w{row // 50}" for row in range(400)]  # eight writers, each neat or loose throughout
    assert divided_auc(texts, few, 150).auc > 0.6
    one_writer = ["w"] * 400
    assert abs(divided_auc(texts, one_writer, 200).auc - 0.5) < 0.1


def test_rank_auc_counts_ties_half() -> None:
    """All tied is a coin."""
    assert rank_auc(np.array([1.0, 1.0]), np.array([1.0, 1.0])) == 0.5
    assert rank_auc(np.array([2.0, 1.0]), np.array([0.0, 1.0])) == pytest.approx(0.875)


def test_the_regression_finds_what_it_should() -> None:
    """A column that decides gets the weight, with its sign; one that never changes gets none."""
    dice = np.random.default_rng(0)
    rows = np.hstack((dice.normal(size=(400, 2)), np.ones((400, 1))))
    weights = fit_logistic(standardise(rows), (rows[:, 0] + dice.normal(size=400) > 0).astype(float))
    assert weights[1] > 1 and abs(weights[2]) < 0.4 and weights[3] == 0


@pytest.mark.parametrize("text", ["", "?", "😀", "API", "x" * 5000, "日本語", "\n\n"])
def test_any_text_is_a_row_of_numbers(text: str) -> None:
    """As many as there are names, and all of them finite."""
    assert len(surface_of(text)) == len(NAMES)
    assert np.isfinite(surface_matrix([text])).all()
    assert surface_matrix([]).shape == (0, len(NAMES))
