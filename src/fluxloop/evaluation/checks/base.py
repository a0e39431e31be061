"""The protocol every check speaks, and what all of them share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from fluxloop.errors import ConfigError
from fluxloop.schema.result import CheckOutcome, Exchange


class Check(Protocol):
    """A rule that replies keep or break: a pure function of the conversation."""

    @property
    def name(self) -> str:
        """The name it is set by."""

    def describe(self) -> str:
        """The check as it stands in the settings: `contains: refund`."""

    def check(self, exchanges: Sequence[Exchange], seconds: float) -> CheckOutcome:
        """The verdict on one finished conversation that took `seconds` in all."""


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A check as it stands in a file: `{contains: refund, case_sensitive: true}`."""

    name: str
    value: Any = None
    """What stands after the name; None for a bare name."""
    options: Mapping[str, Any] | None = None
    """The other keys beside the name."""


@dataclass(frozen=True, slots=True)
class Example:
    """One row of a check's table: with this setting, these replies pass or do not."""

    spec: Any
    """As in the settings."""
    replies: tuple[str, ...]
    """The agent's replies, turn by turn."""
    passes: bool
    seconds: float = 0.1
    """How long each reply took."""


def passed(check: Check) -> CheckOutcome:
    """The verdict of a rule that is kept."""
    return CheckOutcome(check=check.describe(), verdict="pass")


def broken(check: Check, why: str) -> CheckOutcome:
    """The verdict of a rule that is broken, and how."""
    return CheckOutcome(check=check.describe(), verdict="fail", why=why)


def last_reply(exchanges: Sequence[Exchange]) -> str:
    """What the agent said at the end of the conversation."""
    return (exchanges[-1].reply or "") if exchanges else ""


def turn_words(number: int, exchanges: Sequence[Exchange]) -> str:
    """`reply 2` in a conversation, `the reply` where there is only one."""
    return f"reply {number}" if len(exchanges) > 1 else "the reply"


def quote(text: str, longest: int = 60) -> str:
    """A text short enough to stand inside a sentence, on one line."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= longest else line[: longest - 1] + '…'}”"


def read_flag(spec: CheckSpec, option: str, default: bool) -> bool:
    """A yes-or-no option beside the check's name."""
    value = (spec.options or {}).get(option, default)
    if not isinstance(value, bool):
        raise ConfigError(f"`{option}` of `{spec.name}` is {value!r}; it must be true or false.")
    return value
