"""When the server misbehaves, and how: rules on the k-th call, on every n-th, or by chance."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.server.calls import Answer, Call, Fault
from tests.server.http import Cut
from tests.server.writer import Writer

Spoil = Callable[[Answer, Call, Writer], Answer]


def always_true(_: Call) -> bool:
    """Every call will do."""
    return True


@dataclass(frozen=True, slots=True)
class Misdeed:
    """One way of misbehaving."""

    name: str
    fault: Fault | None = None
    spoil: Spoil | None = None
    delay: float = 0.0
    """Seconds of silence before the answer."""
    cut: Cut = ""
    when: Callable[[Call], bool] = always_true
    """It is done only to calls like this."""


@dataclass(slots=True)
class Rule:
    """A misdeed and when it is due; whatever is given must hold."""

    misdeed: Misdeed
    at: frozenset[int] = frozenset()
    every: int = 1
    chance: float = 1.0
    times: int | None = None
    """How often at most."""
    done: int = 0

    def is_due(self, call: Call, rng: random.Random) -> bool:
        """Whether this call gets it; counts those that do."""
        due = (
            (not self.at or call.number in self.at)
            and call.number % self.every == 0
            and (self.times is None or self.done < self.times)
            and (self.chance >= 1 or rng.random() < self.chance)
            and self.misdeed.when(call)
        )
        self.done += due
        return due


class Script:
    """Rules, tried in order; of several that are due the first is done.

    `Script().on(3, rate_limited(retry_after=2)).every(5, cut("body")).sometimes(0.1, fenced())`
    """

    def __init__(self, seed: int = 0) -> None:
        self.rules: list[Rule] = []
        self._rng = random.Random(seed)

    def on(self, numbers: int | range | set[int], misdeed: Misdeed) -> Script:
        """On the k-th call, or on several."""
        at = frozenset({numbers} if isinstance(numbers, int) else numbers)
        return self._with(Rule(misdeed, at=at))

    def every(self, nth: int, misdeed: Misdeed) -> Script:
        """On every n-th call."""
        return self._with(Rule(misdeed, every=nth))

    def sometimes(self, chance: float, misdeed: Misdeed) -> Script:
        """By chance; the same seed gives the same calls."""
        return self._with(Rule(misdeed, chance=chance))

    def always(self, misdeed: Misdeed, times: int | None = None) -> Script:
        """On all calls, or on the first so many."""
        return self._with(Rule(misdeed, times=times))

    def choose(self, call: Call) -> Misdeed | None:
        """What is done to this call."""
        return next((rule.misdeed for rule in self.rules if rule.is_due(call, self._rng)), None)

    def _with(self, rule: Rule) -> Script:
        self.rules.append(rule)
        return self
