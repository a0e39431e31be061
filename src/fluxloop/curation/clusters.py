"""Messages as points, and the groups they fall into: how they are typed first, what they are about second."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fluxloop.style.features import words_of
from fluxloop.style.surface import NAMES, Matrix, surface_matrix

Labels = NDArray[Any]

WEIGHTS = {
    "words": 1.2, "lower_start": 1.2, "end_mark": 1.0, "several_sentences": 0.6, "polite": 0.8, "greeting": 0.5,
    "question_mark": 0.4, "exclamation": 0.6, "repeated_marks": 0.8, "shouting": 1.0, "emoji": 0.8, "first_person": 0.8,
    "letters_a_word": 0.15,
}  # fmt: skip
"""What of the surface tells kinds of users apart. Shares keep their scale: a rare habit moves few messages."""
THEME_WEIGHT = 1.0
THEMES = 12
VOCABULARY = 600
RESTARTS = 8
ROUNDS = 60
SAMPLE = 800
"""Points a silhouette is computed on."""
SEED = 7


def points_of(texts: Sequence[str]) -> Matrix:
    """A point for each message; near points are typed alike and about the same things."""
    rows = surface_matrix(texts)
    chosen = np.array(list(WEIGHTS.values()))
    typed = rows[:, [NAMES.index(name) for name in WEIGHTS]] * chosen
    return np.hstack((typed - typed.mean(axis=0), THEME_WEIGHT * theme_points(texts)))


def theme_points(texts: Sequence[str]) -> Matrix:
    """What messages are about, as a few numbers each: weighted words, reduced to the directions they vary in most."""
    bags = [set(words_of(text.casefold())) for text in texts]
    counts = Counter(word for bag in bags for word in bag if len(word) > 3)
    common = [(word, count) for word, count in counts.most_common(VOCABULARY) if 2 < count < 0.4 * len(texts)]
    if len(common) < 2:
        return np.zeros((len(texts), 1))
    column = {word: (place, math.log(len(texts) / count)) for place, (word, count) in enumerate(common)}
    rows = np.zeros((len(texts), len(common)))
    for row, bag in zip(rows, bags, strict=True):
        for place, weight in (column[word] for word in bag if word in column):
            row[place] = weight
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    _, directions = np.linalg.eigh(rows.T @ rows)
    return rows @ _with_fixed_signs(directions[:, ::-1][:, :THEMES])


def group_means(points: Matrix, groups: Labels) -> Matrix:
    """The mean point of each group, in the order of the group's number."""
    sums = np.zeros((int(groups.max()) + 1, points.shape[1]))
    np.add.at(sums, groups, points)
    return sums / np.bincount(groups)[:, None]


def cluster(points: Matrix, count: int) -> Labels:
    """The cluster of each point by k-means, the largest cluster first; the best of a few seeded starts."""
    dice = np.random.default_rng(SEED)
    runs = [_k_means(points, _starts(points, count, dice)) for _ in range(RESTARTS)]
    labels = min(runs, key=lambda run: run[1])[0]
    order = sorted(set(labels.tolist()), key=lambda label: (-int((labels == label).sum()), label))
    return np.array([order.index(label) for label in labels.tolist()])


def silhouette(points: Matrix, labels: Labels) -> float:
    """How well points lie in their clusters, -1 to 1, on a seeded sample."""
    dice = np.random.default_rng(SEED)
    rows = dice.permutation(len(points))[:SAMPLE]
    distances = np.sqrt(_squares(points[rows], points[rows]))
    kinds = sorted(set(labels[rows].tolist()))
    if len(kinds) < 2:
        return 0.0
    found = []
    for place, label in enumerate(labels[rows].tolist()):
        inside = labels[rows] == label
        own = distances[place][inside].sum() / max(1, inside.sum() - 1)
        other = min(distances[place][labels[rows] == kind].mean() for kind in kinds if kind != label)
        found.append((other - own) / max(own, other, 1e-9) if inside.sum() > 1 else 0.0)
    return float(np.mean(found))


def farthest_first(points: Matrix, first: int) -> list[int]:
    """Row numbers, each as far as can be from all before it."""
    order = [first]
    nearest = _squares(points, points[[first]])[:, 0]
    while len(order) < len(points):
        nearest[order[-1]] = -1.0
        order.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, _squares(points, points[[order[-1]]])[:, 0])
        nearest[order] = -1.0
    return order


def _k_means(points: Matrix, centres: Matrix) -> tuple[Labels, float]:
    labels = np.zeros(len(points), dtype=int)
    for step in range(ROUNDS):
        squares = _squares(points, centres)
        found = squares.argmin(axis=1)
        if step and (found == labels).all():
            break
        labels = found
        held = [points[labels == place] for place in range(len(centres))]
        centres = np.array([some.mean(axis=0) if len(some) else old for some, old in zip(held, centres, strict=True)])
    return labels, float(_squares(points, centres).min(axis=1).sum())


def _starts(points: Matrix, count: int, dice: np.random.Generator) -> Matrix:
    """Starting centres apart from each other (k-means++)."""
    chosen = [int(dice.integers(len(points)))]
    while len(chosen) < count:
        squares = _squares(points, points[chosen]).min(axis=1)
        total = squares.sum()
        chosen.append(
            int(dice.choice(len(points), p=squares / total)) if total > 0 else int(dice.integers(len(points)))
        )
    return points[chosen]


def _squares(points: Matrix, others: Matrix) -> Matrix:
    """Squared distances of every point to every other."""
    lengths = (points**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)[None, :]
    return np.asarray(np.maximum(lengths - 2 * points @ others.T, 0.0))


def _with_fixed_signs(directions: Matrix) -> Matrix:
    """A direction may point either way: the greatest part is made positive, so that every machine finds the same."""
    greatest = directions[np.abs(directions).argmax(axis=0), np.arange(directions.shape[1])]
    return np.asarray(directions * np.where(greatest < 0, -1.0, 1.0))
