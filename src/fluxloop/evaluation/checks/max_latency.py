"""`max_latency`: every reply came within this time."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from fluxloop.errors import ConfigError
from fluxloop.evaluation.checks.base import CheckSpec, Example, broken, passed, turn_words
from fluxloop.schema.result import CheckOutcome, Exchange

OPTIONS: tuple[str, ...] = ()

EXAMPLES = (
    Example({"max_latency": 2.5}, ("quick",), passes=True, seconds=2.4),
    Example({"max_latency": "2500ms"}, ("quick",), passes=True, seconds=2.5),
    Example({"max_latency": "2.5 s"}, ("quick",), passes=True, seconds=0.1),
    Example({"max_latency": 2}, ("one", "two", "three"), passes=True, seconds=1.5),
    Example({"max_latency": 2}, ("slow",), passes=False, seconds=2.1),
    Example({"max_latency": "200ms"}, ("one", "two"), passes=False, seconds=0.3),
)

UNITS = {"": 1.0, "s": 1.0, "sec": 1.0, "ms": 0.001}


@dataclass(frozen=True, slots=True)
class MaxLatency:
    """No single reply took longer than `limit` seconds."""

    limit: float

    @property
    def name(self) -> str:
        """The name it is set by."""
        return "max_latency"

    def describe(self) -> str:
        """`max_latency: 2.5 s`."""
        return f"max_latency: {self.limit:g} s"

    def check(self, exchanges: Sequence[Exchange], seconds: float) -> CheckOutcome:  # noqa: ARG002
        """Names the first reply that was too slow."""
        for number, exchange in enumerate(exchanges, start=1):
            if exchange.seconds > self.limit:
                took = f"{turn_words(number, exchanges)} took {exchange.seconds:.3f} s"
                return broken(self, f"{took}, at most {self.limit:g} s")
        return passed(self)


def create(spec: CheckSpec) -> MaxLatency:
    """`{max_latency: 2.5}` in seconds, or with a unit: `2500ms`, `2.5s`."""
    return MaxLatency(read_seconds(spec.value))


def read_seconds(value: object) -> float:
    """A length of time as a person writes it, in seconds."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-z]*)\s*", str(value).casefold())
    if isinstance(value, bool) or not found or found[2] not in UNITS:
        raise ConfigError(f"`max_latency` needs a time such as 2.5, 2.5s or 2500ms, and has {value!r}.")
    seconds = float(found[1]) * UNITS[found[2]]
    if not 0 < seconds < math.inf:
        raise ConfigError(f"`max_latency` must be more than 0, and has {value!r}.")
    return seconds
