"""What is wrong with a target is said with place, cause and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fluxloop.errors import FluxloopError, NotFound, RunnerError, UsageError
from fluxloop.runners.loading import load_target
from fluxloop.runners.registry import create_runner
from fluxloop.schema.config import RunnerSection

GOOD = "def answer(text):\n    return text\n"

MISTAKES = {
    "no colon": (GOOD, "agent", "`agent` is not a target", "`agent:answer`"),
    "a file": (GOOD, "src/agent.py:answer", "names a file", "`src.agent:answer`"),
    "no module": (GOOD, "agnet:answer", "there is no module `agnet`", "Did you mean `agent`?"),
    "no function": (GOOD, "agent:anwser", "agent.py: there is no `anwser` in agent.py", "Did you mean `answer`?"),
    "no method": ("class Bot:\n    def reply(self, t): ...", "agent:Bot.repyl", "no `repyl` in `Bot`", "`reply`"),
    "not callable": ("answer = {}", "agent:answer", "is a `dict`, which cannot be called", "module:function"),
    "a class": ("class Bot:\n    def reply(self, t): ...", "agent:Bot", "is a class", "`agent:Bot.reply`"),
    "class with arguments": (
        "class Bot:\n    def __init__(self, model): ...\n    def reply(self, t): ...",
        "agent:Bot.reply",
        "without arguments: missing a required argument: 'model'",
        "default values",
    ),
    "takes nothing": ("def answer(): ...", "agent:answer", "`answer()` takes no message", "def answer(message"),
    "takes too much": ("def answer(text, db): ...", "agent:answer", "needs `db`", "default value"),
    "breaks on import": ("x = 1\ny = x / 0\n", "agent:answer", "agent.py:2: ZeroDivisionError", "import agent"),
    "syntax": ("def answer(:\n", "agent:answer", "agent.py:1: SyntaxError", "import agent"),
    "exits on import": ("import sys\nsys.exit()", "agent:answer", "agent.py:2: the agent called sys.exit()", "import"),
    "missing package": (
        "\nimport no_such_package.deep\n",
        "agent:answer",
        "agent.py:2: ModuleNotFoundError: No module named 'no_such_package'",
        "pip install no_such_package",
    ),
    "wrong name imported": ("from json import dumpz", "agent:answer", "agent.py:1: ImportError", "import agent"),
}


@pytest.mark.parametrize(("code", "target", "message", "hint"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_in_a_target_is_explained(
    write_agent: Callable[..., Path], code: str, target: str, message: str, hint: str
) -> None:
    """Each mistake is one RunnerError that leads to its repair."""
    with pytest.raises(RunnerError) as caught:
        load_target(target, write_agent(code))
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.exit_code == 2


def test_packages_and_neighbours_are_found(write_agent: Callable[..., Path]) -> None:
    """The project's folder comes first on the import path, for the module and for what it imports."""
    write_agent("WORD = 'neighbour'", "helper.py")
    root = write_agent("from helper import WORD\ndef answer(text):\n    return WORD", "bots/support.py")
    assert load_target("bots.support:answer", root).function("hi") == "neighbour"


def test_another_projects_module_is_not_taken(write_agent: Callable[..., Path], tmp_path: Path) -> None:
    """Two projects in one process may both call their module `agent`."""
    write_agent("def answer(text):\n    return 'one'", "one/agent.py")
    write_agent("def answer(text):\n    return 'two'", "two/agent.py")
    functions = [load_target("agent:answer", tmp_path / name).function for name in ("one", "two")]
    assert [function("hi") for function in functions] == ["one", "two"]


CHOICES = {
    "nothing": ({}, UsageError, "No agent to test", 'target: "agent:answer"'),
    "two": ({"target": "agent:answer", "http": {"url": "x"}}, UsageError, "both set", "Keep one"),
    "http": ({"http": {"url": "x"}}, UsageError, "runner.http: this version", "def answer"),
    "process": ({"process": {"command": "x"}}, UsageError, "runner.process: this version", "def answer"),
    "openai": ({"openai": {"model": "x"}}, UsageError, "runner.openai: this version", "def answer"),
    "address": ({"target": "http://localhost:8000"}, UsageError, "runner.http: this version", "def answer"),
    "unknown scheme": ({"target": "smoke://signals"}, NotFound, "no runner `smoke`", "module:function"),
}


@pytest.mark.parametrize(("section", "error", "message", "hint"), CHOICES.values(), ids=CHOICES.keys())
def test_a_runner_that_cannot_be_had_is_explained(
    tmp_path: Path, section: dict[str, object], error: type[FluxloopError], message: str, hint: str
) -> None:
    """No runner, two runners, and those of later versions are told apart."""
    with pytest.raises(error) as caught:
        create_runner(RunnerSection(**section), tmp_path)  # type: ignore[arg-type]
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_target_is_made_into_a_runner(write_agent: Callable[..., Path]) -> None:
    """`runner.target` gives a runner that reports show by that name."""
    assert create_runner(RunnerSection(target="agent:answer"), write_agent(GOOD)).target == "agent:answer"
