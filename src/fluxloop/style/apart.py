"""Whether two sets of messages can be told apart by how they were typed: a two-sample test on the surface alone.

A logistic regression learns to tell one set from the other; the AUC of what it says of messages it has not seen is .5
when it cannot, 1 when it always can. It means something only where both sets are about the same thing, to the same
product: two unrelated corpora of real messages are told apart at .72-.97.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fluxloop.style.surface import Matrix, standardise, surface_matrix

Rows = NDArray[Any]

FOLDS = 5
DRAWS = 5
"""How many draws of equal size a figure is averaged over."""
LEAST = 50
"""Fewer messages a side, and the figure would be chance."""
MOST = 1000
"""More messages a side change no figure worth showing."""
RIDGE = 1.0
STEPS = 25


@dataclass(frozen=True, slots=True)
class Apart:
    """How well two sets are told apart."""

    auc: float
    error: float
    """Its standard error (Hanley and McNeil)."""
    size: int
    """Messages a side."""


def two_sample_auc(first: Sequence[str], second: Sequence[str], size: int, seed: int = 0) -> Apart:
    """The cross-validated AUC of equal numbers of messages from two sets, the mean over a few seeded draws."""
    return _apart(surface_matrix(first), surface_matrix(second), size, seed)


def divided_auc(texts: Sequence[str], writers: Sequence[str], size: int, seed: int = 0) -> Apart:
    """The same between two halves of one set, divided anew for each draw: what people's own differences come to.

    Where the writers are known (no name is empty), no writer is in both halves.
    """
    rows = surface_matrix(texts)
    dice = np.random.default_rng(seed)
    draws = [_draw(rows[one], rows[other], size, dice) for one, other in _halves(writers, size, dice)]
    return _mean(draws, size)


def cross_validated_auc(first: Matrix, second: Matrix, dice: np.random.Generator) -> float:
    """The AUC of two sets of rows, each row judged by a model that has not seen it."""
    rows = np.vstack((first, second))
    truth = np.repeat((1.0, 0.0), (len(first), len(second)))
    folds = np.concatenate([dice.permutation(np.arange(len(side)) % FOLDS) for side in (first, second)])
    scores = np.zeros(len(rows))
    for fold in range(FOLDS):
        seen, unseen = rows[folds != fold], rows[folds == fold]
        weights = fit_logistic(standardise(seen), truth[folds != fold])
        scores[folds == fold] = _with_one(standardise(unseen, seen)) @ weights
    return rank_auc(scores[truth == 1], scores[truth == 0])


def fit_logistic(rows: Matrix, truth: Matrix) -> Matrix:
    """The weights of a ridge-penalised logistic regression, the constant first, by Newton's method."""
    rows = _with_one(rows)
    weights = np.zeros(rows.shape[1])
    penalty = np.full(rows.shape[1], RIDGE)
    penalty[0] = 1e-6
    for _ in range(STEPS):
        said = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (said - truth) + penalty * weights
        curve = (rows * (said * (1 - said))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def rank_auc(higher: Matrix, lower: Matrix) -> float:
    """The chance that one of `higher` scores above one of `lower`; a tie counts half."""
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, side="left")
    not_above = np.searchsorted(ordered, higher, side="right")
    return float((below + not_above).mean() / 2 / len(lower))


def _apart(first: Matrix, second: Matrix, size: int, seed: int) -> Apart:
    dice = np.random.default_rng(seed)
    return _mean([_draw(first, second, size, dice) for _ in range(DRAWS)], size)


def _draw(first: Matrix, second: Matrix, size: int, dice: np.random.Generator) -> float:
    one, other = (side[dice.choice(len(side), size, replace=False)] for side in (first, second))
    return cross_validated_auc(one, other, dice)


def _halves(writers: Sequence[str], size: int, dice: np.random.Generator) -> Iterator[tuple[Rows, Rows]]:
    """Row numbers of the two halves, for each draw; by writer as long as that leaves enough on either side."""
    known = all(writers) and len(set(writers)) > 1
    names = np.array(writers) if known else np.arange(len(writers))
    for _ in range(DRAWS):
        place = {name: index for index, name in enumerate(dice.permutation(np.unique(names)))}
        rows = np.argsort(np.array([place[name] for name in names]), kind="stable")
        cut = _cut(names[rows], size)
        rows = rows if cut else dice.permutation(len(names))
        cut = cut or len(names) // 2
        yield rows[:cut], rows[cut:]


def _cut(names: Rows, size: int) -> int:
    """Where the name changes, nearest to the middle; 0 when one side would come short."""
    changes = np.flatnonzero(names[1:] != names[:-1]) + 1
    fit = changes[(changes >= size) & (len(names) - changes >= size)]
    return int(fit[np.abs(fit - len(names) / 2).argmin()]) if len(fit) else 0


def _with_one(rows: Matrix) -> Matrix:
    return np.hstack((np.ones((len(rows), 1)), rows))


def _mean(draws: Sequence[float], size: int) -> Apart:
    auc = float(np.mean(draws))
    return Apart(auc, _error(auc, size), size)


def _error(auc: float, size: int) -> float:
    """The standard error of an AUC of `size` against `size`."""
    both = max(auc, 1 - auc)
    one, two = both / (2 - both), 2 * both * both / (1 + both)
    spread = both * (1 - both) + (size - 1) * (one + two - 2 * both * both)
    return math.sqrt(max(0.0, spread) / (size * size))
