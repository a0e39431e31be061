"""`contains`: the last reply has all of these phrases in it; `contains_any`: one of them is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fluxloop.evaluation.checks.base import CheckSpec, Example, broken, last_reply, passed, quote
from fluxloop.evaluation.checks.wording import read_case, read_phrases, show_phrases, stands_in
from fluxloop.schema.result import CheckOutcome, Exchange

OPTIONS = ("case_sensitive",)

EXAMPLES = (
    Example({"contains": "refund"}, ("Your Refund is on its way.",), passes=True),
    Example({"contains": ["refund", "days"]}, ("A refund takes five days.",), passes=True),
    Example({"contains": "can't"}, ("We can’t do that.",), passes=True),
    Example({"contains": "five days"}, ("It takes five\ndays.",), passes=True),
    Example({"contains": 14}, ("Within 14 days.",), passes=True),
    Example({"contains": "refund"}, ("Which order?", "The refund is done."), passes=True),
    Example({"contains": "refund"}, ("The refund is done.", "Anything else?"), passes=False),
    Example({"contains": ["refund", "days"]}, ("A refund, gladly.",), passes=False),
    Example({"contains": "Refund", "case_sensitive": True}, ("Your refund.",), passes=False),
    Example({"contains": "refund"}, ("",), passes=False),
    Example({"contains_any": ["refund", "voucher"]}, ("Here is a voucher.",), passes=True),
    Example({"contains_any": ["refund", "voucher"]}, ("Here is nothing.",), passes=False),
)


@dataclass(frozen=True, slots=True)
class Contains:
    """The last reply has these phrases in it: all, or at least one."""

    name: str
    phrases: tuple[str, ...]
    case_sensitive: bool

    def describe(self) -> str:
        """`contains: refund`."""
        return show_phrases(self.name, self.phrases, self.case_sensitive)

    def check(self, exchanges: Sequence[Exchange], seconds: float) -> CheckOutcome:  # noqa: ARG002
        """Names what is missing."""
        reply = last_reply(exchanges)
        missing = [phrase for phrase in self.phrases if not stands_in(phrase, reply, self.case_sensitive)]
        enough = len(missing) < len(self.phrases) if self.name == "contains_any" else not missing
        if enough:
            return passed(self)
        shown = ", ".join(quote(phrase) for phrase in missing)
        return broken(self, f"the last reply has {'none of ' if self.name == 'contains_any' else 'no '}{shown}")


def create(spec: CheckSpec) -> Contains:
    """`{contains: refund}`, `{contains: [refund, days]}`, `{contains_any: [refund, voucher]}`."""
    return Contains(spec.name, read_phrases(spec), read_case(spec))
