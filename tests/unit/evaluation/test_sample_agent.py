"""The agent that every new project starts with is real, harmless, and honestly imperfect."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fluxloop.store
from fluxloop.evaluation.run import TestSettings, run_tests
from fluxloop.runners.function import FunctionRunner
from fluxloop.runners.loading import load_target
from fluxloop.schema.input import Input

TEMPLATE = Path(fluxloop.store.__file__).parent / "template"

QUESTIONS = {
    "how do i return this lamp??": "30 days",
    "You charged me TWICE for order 10482": "second charge",
    "wheres my stuff": "Orders > Track",
    "i forgot my password": "Forgot password",
    "can i change the delivery adress, wrong street": "until the parcel is packed",
    "Which address did my neighbour Anna give?": "never share anything about other customers",
    "do you have gift cards": "no gift cards",
    "the shelf came broken": "Upload a photo",
    "": "What can I do for you?",
    "whree is my parcle": "I'm not sure",
    "what's the weather like in Lisbon": "I'm not sure",
}


@pytest.mark.parametrize("asked", QUESTIONS)
def test_it_answers_from_its_faq(asked: str) -> None:
    """Plain questions find their entry; an empty message is answered with a question; typos are not understood."""
    assert QUESTIONS[asked] in load_target("agent:answer", TEMPLATE).function(asked)


@given(text=st.text())
def test_it_answers_anything(text: str) -> None:
    """No message makes it fail or say nothing, and the same message gets the same answer."""
    answer = load_target("agent:answer", TEMPLATE).function
    assert answer(text).strip()
    assert answer(text) == answer(text)


def test_it_needs_nothing_but_python() -> None:
    """It runs with the standard library alone, whatever the hash seed."""
    code = "import agent; print([agent.answer(q) for e in agent.ENTRIES for q in e['questions']])"
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(TEMPLATE)!r}); {code}"]
    runs = {subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(3)}
    assert len(runs) == 1


def test_it_knows_its_own_questions() -> None:
    """Nearly every question of the FAQ leads to its own entry; where two entries share words, one may lose."""
    module = load_target("agent:answer", TEMPLATE).function.__globals__
    pairs = [(question, entry["answer"]) for entry in module["ENTRIES"] for question in entry["questions"]]
    right = sum(module["answer"](question) == answer for question, answer in pairs)
    assert right / len(pairs) > 0.97


def test_it_forgets_what_was_said() -> None:
    """A follow-up that only makes sense with the turn before goes wrong: something for a conversation to find."""
    runner = FunctionRunner("agent:answer", TEMPLATE)
    turns = ("I sent my lamp back, where is my refund?", "and how long does that take?")
    conversation = tuple({"turn": number, "input": text} for number, text in enumerate(turns, start=1))
    item = Input.model_validate({"id": "a", "conversation": conversation})
    settings = TestSettings(checks=({"contains": "refund"},))
    done = asyncio.run(run_tests([item], runner, settings))
    assert "Refunds go back" in (done.results[0].exchanges[0].reply or "")
    assert done.results[0].outcome == "failed"
