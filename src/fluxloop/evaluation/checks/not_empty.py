"""`not_empty`: every reply has something in it."""

from __future__ import annotations

from collections.abc import Sequence

from fluxloop.errors import ConfigError
from fluxloop.evaluation.checks.base import CheckSpec, Example, broken, passed, turn_words
from fluxloop.schema.result import CheckOutcome, Exchange

OPTIONS: tuple[str, ...] = ()

EXAMPLES = (
    Example("not_empty", ("Your parcel is on its way.",), passes=True),
    Example("not_empty", ("👍",), passes=True),
    Example({"not_empty": True}, ("0",), passes=True),
    Example("not_empty", ("",), passes=False),
    Example("not_empty", (" \n\t",), passes=False),
    Example("not_empty", ("\u200b\ufeff",), passes=False),
    Example("not_empty", ("Hello!", "", "Bye."), passes=False),
)

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
"""Characters of no width, which Python does not count as space."""


class NotEmpty:
    """Every reply has a visible character."""

    name = "not_empty"

    def describe(self) -> str:
        """The bare name."""
        return self.name

    def check(self, exchanges: Sequence[Exchange], seconds: float) -> CheckOutcome:  # noqa: ARG002
        """Names the first empty reply."""
        for number, exchange in enumerate(exchanges, start=1):
            if not (exchange.reply or "").strip(INVISIBLE).strip():
                return broken(self, f"{turn_words(number, exchanges)} is empty")
        return passed(self)


def create(spec: CheckSpec) -> NotEmpty:
    """`not_empty`, or `{not_empty: true}`."""
    if spec.value not in (None, True):
        raise ConfigError(f"`not_empty` takes no value, and has {spec.value!r}.")
    return NotEmpty()
