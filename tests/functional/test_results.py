"""`fluxloop results list | show`."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fluxloop.reports.summary import render_summary_json
from fluxloop.schema.result import CheckOutcome, Exchange, Result, RunSummary
from fluxloop.store.results import ResultFolder

from .conftest import run, tree

WHEN = datetime(2026, 11, 23, 10, 15, 0)
PASSED = Result(
    input_id="input_001",
    persona="novice_user",
    topic="billing",
    outcome="passed",
    seconds=0.25,
    exchanges=(Exchange(input="where is my invoice", reply="Under Billing.\nThen Invoices.", seconds=0.25),),
    checks=(CheckOutcome(check="not_empty", verdict="pass"),),
)
FAILED = Result(
    input_id="input_002",
    persona="expert_user",
    topic="api",
    outcome="failed",
    blame="agent",
    seconds=1.5,
    exchanges=(
        Exchange(input="", reply="\x1b[31mred\x1b[0m", seconds=0.5),
        Exchange(input="still there?", reply="what?", seconds=1.0),
    ),
    checks=(CheckOutcome(check="contains: limit", verdict="fail", why="the last reply has no `limit`"),),
)
BROKEN = Result(
    input_id="input_003", outcome="error", blame="agent_error", error="KeyError: 'x'", exchanges=(Exchange(input="hi"),)
)


@pytest.fixture
def runs(project: Path) -> Path:
    """Two runs: an old one that was killed, a new one that finished."""
    killed = ResultFolder.create(project / "results", WHEN)
    killed.append(PASSED)
    done = ResultFolder.create(project / "results", WHEN + timedelta(hours=1))
    for result in (PASSED, FAILED, BROKEN):
        done.append(result)
    summary = RunSummary(
        run=done.name,
        target="agent:answer",
        bundle="regression_v1",
        started="2026-11-23T11:15:00+00:00",
        seconds=3.2,
        total=3,
        passed=1,
        failed=1,
        errors=1,
        by_persona={"novice_user": {"passed": 1}, "expert_user": {"failed": 1}, "(none)": {"error": 1}},
    )
    done.write("summary.json", render_summary_json(summary))
    return project


def test_list_shows_the_newest_first_and_marks_a_stopped_run(runs: Path) -> None:
    """A run that was killed is counted from what it kept."""
    code, out, err = run(["results", "list"], runs)
    assert (code, err) == (0, "")
    assert (
        out
        == """\
run                  bundle         passed         failed  errors  took   target
run_20261123_111500  regression_v1  1/3            1       1       3.2 s  agent:answer
run_20261123_101500  -              1/1 (stopped)  0       0       -      -
"""
    )


def test_list_without_runs_says_how_to_make_one(project: Path) -> None:
    """An empty list is no error; as JSON it is an empty list."""
    assert run(["results", "list"], project) == (0, "", "No test runs yet: `fluxloop test` makes one.\n")
    assert run(["results", "list", "--json"], project) == (0, "[]\n", "")


def test_show_is_the_newest_run(runs: Path) -> None:
    """Its numbers, who fared how, what did not pass, and where the files are."""
    code, out, err = run(["results", "show"], runs)
    assert (code, err) == (0, "")
    assert (
        out
        == """\
run_20261123_111500 · 1 of 3 passed, 1 failed, 1 error in 3.2 s
  target   agent:answer
  bundle   regression_v1
  started  2026-11-23T11:15:00+00:00

persona      total  passed  failed  errors
novice_user  1      1       0       0
expert_user  1      0       1       0
(none)       1      0       0       1

  input_002 (expert_user): contains: limit: the last reply has no `limit`
  input_003: KeyError: 'x'

  results/run_20261123_111500/results.jsonl
"""
    )


def test_show_of_one_input_is_its_transcript(runs: Path) -> None:
    """What was said, line by line; control characters of an agent are shown, not obeyed."""
    code, out, err = run(["results", "show", "input_002"], runs)
    assert (code, err) == (0, "")
    assert (
        out
        == """\
input_002 (expert_user) · failed · api · 1.5 s
  user   (empty)
  agent  \\x1b[31mred\\x1b[0m
  user   still there?
  agent  what?
  ❌ contains: limit: the last reply has no `limit`
"""
    )
    assert "agent  Under Billing.\n         Then Invoices.\n" in run(["results", "show", "input_001"], runs)[1]
    assert "  agent  (no reply)\n  error  KeyError: 'x'\n" in run(["results", "show", "latest", "input_003"], runs)[1]


def test_show_of_a_named_run(runs: Path) -> None:
    """The first word is a run, the second an input."""
    code, out, _ = run(["results", "show", "run_20261123_101500"], runs)
    assert (code, out.splitlines()[0]) == (0, "run_20261123_101500 · 1 of 1 passed in 0.0 ms (interrupted)")
    code, out, _ = run(["results", "show", "run_20261123_101500", "input_001"], runs)
    assert (code, out.splitlines()[0]) == (0, "input_001 (novice_user) · passed · billing · 250 ms")


def test_show_json_is_the_summary_with_its_results(runs: Path) -> None:
    """One object for a run, a list for an input."""
    data = json.loads(run(["results", "show", "--json"], runs)[1])
    assert (data["run"], data["passed"], len(data["results"])) == ("run_20261123_111500", 1, 3)
    assert data["results"][1] == FAILED.model_dump(mode="json")
    assert json.loads(run(["results", "show", "input_002", "--json"], runs)[1]) == [FAILED.model_dump(mode="json")]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["input_04"], "There is no result of input `input_04`."),
        (["run_20261123_111501"], "Did you mean `run_20261123_111500`?"),
        (["run_20261123_101500", "input_009"], "Did you mean `input_001`?"),
        (["../../etc", "x"], "There is no test run `../../etc`."),
    ],
)
def test_what_is_not_there_is_not_found(args: list[str], said: str, runs: Path) -> None:
    """Exit 5 with the nearest name."""
    code, out, err = run(["results", "show", *args], runs)
    assert (code, out) == (5, "")
    assert said in err


def test_show_without_runs_is_not_found(project: Path) -> None:
    """The way to a first run is named; nothing is written."""
    before = tree(project)
    code, out, err = run(["results", "show"], project)
    assert (code, out, tree(project)) == (5, "", before)
    assert "Run `fluxloop test` first." in err


def test_a_damaged_line_is_an_error_with_its_place(runs: Path) -> None:
    """A cut last line is passed over; a broken one in the middle is told, exit 2."""
    path = runs / "results/run_20261123_111500/results.jsonl"
    whole = path.read_text()
    path.write_text(whole + '{"input_id": "input_0')
    assert run(["results", "show", "input_002"], runs)[0] == 0
    path.write_text("nonsense\n" + whole)
    code, out, err = run(["results", "show", "input_002"], runs)
    assert (code, out) == (2, "")
    assert err.startswith("Error: results/run_20261123_111500/results.jsonl:1: ")
