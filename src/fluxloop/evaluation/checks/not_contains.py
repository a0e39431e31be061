"""`not_contains`: none of these phrases stands in the last reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fluxloop.evaluation.checks.base import CheckSpec, Example, broken, last_reply, passed, quote
from fluxloop.evaluation.checks.wording import read_case, read_phrases, show_phrases, stands_in
from fluxloop.schema.result import CheckOutcome, Exchange

OPTIONS = ("case_sensitive",)

EXAMPLES = (
    Example({"not_contains": "Traceback"}, ("All is well.",), passes=True),
    Example({"not_contains": "SQL", "case_sensitive": True}, ("the sequel (sql)",), passes=True),
    Example({"not_contains": "sorry"}, ("Sorry?", "Here it is."), passes=True),
    Example({"not_contains": "sorry"}, ("",), passes=True),
    Example({"not_contains": "Traceback"}, ("traceback (most recent call last)",), passes=False),
    Example({"not_contains": "I'm not sure"}, ("I’m not sure I understood.",), passes=False),
    Example({"not_contains": ["sorry", "cannot"]}, ("We cannot help.",), passes=False),
)


@dataclass(frozen=True, slots=True)
class NotContains:
    """The last reply has none of these phrases in it."""

    phrases: tuple[str, ...]
    case_sensitive: bool

    @property
    def name(self) -> str:
        """The name it is set by."""
        return "not_contains"

    def describe(self) -> str:
        """`not_contains: Traceback`."""
        return show_phrases(self.name, self.phrases, self.case_sensitive)

    def check(self, exchanges: Sequence[Exchange], seconds: float) -> CheckOutcome:  # noqa: ARG002
        """Names the phrases that are there."""
        reply = last_reply(exchanges)
        there = [phrase for phrase in self.phrases if stands_in(phrase, reply, self.case_sensitive)]
        if not there:
            return passed(self)
        return broken(self, f"the last reply has {', '.join(quote(phrase) for phrase in there)}")


def create(spec: CheckSpec) -> NotContains:
    """`{not_contains: Traceback}`, `{not_contains: [sorry, cannot]}`."""
    return NotContains(read_phrases(spec), read_case(spec))
