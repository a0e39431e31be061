"""`regex`: a pattern is found in the last reply."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fluxloop.errors import ConfigError
from fluxloop.evaluation.checks.base import CheckSpec, Example, broken, last_reply, passed, quote, read_flag
from fluxloop.schema.result import CheckOutcome, Exchange

OPTIONS = ("case_sensitive",)

EXAMPLES = (
    Example({"regex": r"\d+ days"}, ("It takes 14 days.",), passes=True),
    Example({"regex": "^Hello"}, ("Hello there",), passes=True),
    Example({"regex": "refund", "case_sensitive": False}, ("REFUND",), passes=True),
    Example({"regex": "refund"}, ("REFUND",), passes=False),
    Example({"regex": r"\d+ days"}, ("It takes a while.",), passes=False),
    Example({"regex": r"\d"}, ("1", "none"), passes=False),
)


@dataclass(frozen=True, slots=True)
class Regex:
    """A Python regular expression is found in the last reply."""

    pattern: re.Pattern[str]

    @property
    def name(self) -> str:
        """The name it is set by."""
        return "regex"

    def describe(self) -> str:
        r"""`regex: \d+ days`."""
        return f"regex: {self.pattern.pattern}"

    def check(self, exchanges: Sequence[Exchange], seconds: float) -> CheckOutcome:  # noqa: ARG002
        """Shows the reply that does not match."""
        reply = last_reply(exchanges)
        if self.pattern.search(reply):
            return passed(self)
        return broken(self, f"the last reply does not match: {quote(reply)}")


def create(spec: CheckSpec) -> Regex:
    r"""`{regex: "\d+ days"}`; case counts, as in any pattern, unless `case_sensitive: false`."""
    if not isinstance(spec.value, str) or not spec.value:
        raise ConfigError(f"`regex` needs a pattern, and has {spec.value!r}.")
    flags = re.NOFLAG if read_flag(spec, "case_sensitive", default=True) else re.IGNORECASE
    try:
        return Regex(re.compile(spec.value, flags))
    except re.error as cause:
        raise ConfigError(
            f"`regex` has a pattern that cannot be read: `{spec.value}`: {cause}.",
            "In YAML, put a pattern in single quotes: '\\d+ days'.",
        ) from cause
