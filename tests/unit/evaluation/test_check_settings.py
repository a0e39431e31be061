"""Checks are read as people write them, and mistakes are told all at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.errors import ConfigError
from fluxloop.evaluation.checks.registry import create_check, create_checks
from fluxloop.schema.result import Exchange


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ("not_empty", "not_empty"),
        ({"contains": "refund"}, "contains: refund"),
        ({"contains": ["a", "b"], "case_sensitive": True}, "contains: [a, b] (case-sensitive)"),
        ({"case_sensitive": True, "not_contains": "A"}, "not_contains: A (case-sensitive)"),
        ({"regex": r"\d+"}, r"regex: \d+"),
        ({"max_latency": "2500ms"}, "max_latency: 2.5 s"),
        ({"max_latency": 2}, "max_latency: 2 s"),
    ],
)
def test_a_check_shows_itself_as_it_was_set(spec: Any, shown: str) -> None:
    """Reports name a check in the words of the settings."""
    assert create_check(spec).describe() == shown


MISTAKES = {
    "unknown": ("not_emtpy", "there is no check `not_emtpy`", "Did you mean `not_empty`?"),
    "unknown map": ({"contain": "x"}, "there is no check `contain`", "Did you mean `contains`?"),
    "unknown option": ({"contains": "x", "case_sensitiv": True}, "no option `case_sensitiv`", "`case_sensitive`"),
    "option of none": ({"not_empty": None, "strict": True}, "no option `strict`", "It takes none."),
    "two in one": ({"contains": "x", "regex": "y"}, "`contains` and `regex` stand in one entry", "a dash of its own"),
    "no text": ({"contains": None}, "needs a text or a list of texts, and has None", ""),
    "blank text": ({"contains": " "}, "needs a text or a list of texts", ""),
    "empty list": ({"not_contains": []}, "needs a text or a list of texts", ""),
    "truth for text": ({"contains": True}, "needs a text", ""),
    "bad flag": ({"contains": "x", "case_sensitive": "yes"}, "must be true or false", ""),
    "bad pattern": ({"regex": "(a"}, "cannot be read: `(a`: missing )", "single quotes"),
    "no pattern": ({"regex": 5}, "needs a pattern, and has 5", ""),
    "value for none": ({"not_empty": False}, "takes no value", ""),
    "bad time": ({"max_latency": "soon"}, "needs a time such as 2.5, 2.5s or 2500ms, and has 'soon'", ""),
    "no time": ({"max_latency": 0}, "must be more than 0", ""),
    "negative time": ({"max_latency": -1}, "needs a time", ""),
    "a number": (5, "5 is not a check", "`not_empty`"),
    "empty map": ({}, "{} is not a check", "`not_empty`"),
}


@pytest.mark.parametrize(("spec", "message", "hint"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_explained(spec: Any, message: str, hint: str) -> None:
    """Each mistake names its entry, what is wrong, and what to do."""
    with pytest.raises(ConfigError) as caught:
        create_checks(["not_empty", spec])
    assert caught.value.message.startswith("test.checks, entry 2: ")
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_all_mistakes_are_told_together() -> None:
    """One error names every entry that cannot be used."""
    with pytest.raises(ConfigError) as caught:
        create_checks(["nonsense", "not_empty", {"regex": "("}])
    assert "2 checks cannot be used" in caught.value.message
    assert "entry 1" in caught.value.message
    assert "entry 3" in caught.value.message


@given(phrase=st.text(min_size=1).filter(str.strip), around=st.text())
def test_contains_and_not_contains_are_opposites(phrase: str, around: str) -> None:
    """For one phrase and any reply, exactly one of the two passes; a reply built from the phrase contains it."""
    for reply in (around, around + phrase):
        exchanges = [Exchange(input="hi", reply=reply)]
        verdicts = {create_check({name: phrase}).check(exchanges, 0).verdict for name in ("contains", "not_contains")}
        assert verdicts == {"pass", "fail"}
    exact = create_check({"contains": phrase, "case_sensitive": True})
    assert exact.check([Exchange(input="hi", reply=around + phrase)], 0).verdict == "pass"
