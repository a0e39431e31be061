"""The facts a test run tells while it goes; whoever shows progress receives them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fluxloop.schema.result import Result


@dataclass(frozen=True, slots=True)
class Started:
    """The run begins: everything has been read and the agent is loaded."""

    total: int
    """Results that will come, counting every iteration."""


@dataclass(frozen=True, slots=True)
class Finished:
    """One input has been run, and its result is kept."""

    result: Result
    done: int
    total: int


Event = Started | Finished
OnEvent = Callable[[Event], None]


def ignore(_: Event) -> None:
    """For runs that nobody watches."""
