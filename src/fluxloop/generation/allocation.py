"""Exact shares: weights and a total become whole numbers that sum to it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from fluxloop.errors import ConfigError
from fluxloop.schema.config import PersonaShare


def allocate(weights: Sequence[float], total: int) -> list[int]:
    """Largest remainder (Hamilton): every share is its exact value rounded up or down; ties go to the earlier one.

    Weights are taken as exact fractions, so that 0.1 + 0.2 never costs anybody an input.
    Raises ConfigError for a negative weight, or when all are zero and something is to be shared.
    """
    exact = [Fraction(str(weight)) for weight in weights]
    if any(weight < 0 for weight in exact):
        raise ConfigError("A weight is negative.", "Weights are 0 or more.")
    whole = sum(exact)
    if not whole:
        if total:
            raise ConfigError("All weights are zero, so nobody can be given a share.", "Give at least one a weight.")
        return [0] * len(exact)
    shares = [weight * total / whole for weight in exact]
    counts = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (counts[i] - shares[i], i))
    for index in by_remainder[: total - sum(counts)]:
        counts[index] += 1
    return counts


def spread(total: int, cells: int) -> list[int]:
    """`total` over `cells` as evenly as can be; the earlier ones get the rest."""
    return allocate([1] * cells, total) if cells else []


def quotas(shares: Sequence[PersonaShare], count: int | None, default: int) -> dict[str, int]:
    """How many inputs each persona gets.

    Counts alone give the total; with `count` they are weights, as weights and bare ids (weight 1) always are. Raises
    ConfigError when counts and weights are mixed without a `count`, or when the total is not at least 1.
    """
    counted = [share for share in shares if share.count is not None]
    if count is None and counted and len(counted) == len(shares):
        _at_least_one(sum(share.count or 0 for share in shares))
        return _summed(shares, [share.count or 0 for share in shares])
    if count is None and counted:
        raise ConfigError("Some personas have a count and some have none.", "Give all a count, or use --count N.")
    total = default if count is None else count
    _at_least_one(total)
    return _summed(shares, allocate([_weight(share) for share in shares], total))


def _weight(share: PersonaShare) -> float:
    if share.weight is not None:
        return share.weight
    return 1 if share.count is None else share.count


def _summed(shares: Sequence[PersonaShare], counts: Sequence[int]) -> dict[str, int]:
    total: dict[str, int] = {}
    for share, count in zip(shares, counts, strict=True):
        total[share.id] = total.get(share.id, 0) + count
    return total


def _at_least_one(total: int) -> None:
    if total < 1:
        raise ConfigError(f"{total} inputs were asked for.", "Ask for at least 1: --count 50.", key="count")
