"""`fluxloop test`: the agent is run on a bundle, and what failed is told."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .conftest import run, tree, write_files

AGENT = '''
import time

def answer(message):
    """Echo, with the faults the test asks for."""
    if "boom" in message:
        raise ValueError("kaput: <b>&")
    if "hang" in message:
        time.sleep(60)
    return "You said: " + message
'''
CONFIG = (
    "runner: {target: 'agent:answer'}\ntest: {parallel: 4, timeout: 0.5, checks: [not_empty, {not_contains: bad}]}\n"
)
INPUTS = """inputs:
  - {id: a, text: "all is well", persona: novice_user, status: approved, metadata: {topic: billing}}
  - {id: b, text: "boom", persona: novice_user, status: approved}
  - {id: c, text: "hang", persona: expert_user, status: approved}
  - {id: d, text: "this is bad", persona: expert_user, status: approved}
  - {id: e, text: "also well", status: approved}
  - {id: f, text: "not approved"}
"""


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """A project with an agent that breaks, hangs and answers."""
    write_files(tmp_path, {"agent.py": AGENT, "fluxloop.yaml": CONFIG, "inputs/manual.yaml": INPUTS})
    return tmp_path


def test_one_bad_input_never_harms_another(agent: Path) -> None:
    """A raise, a hang and a failed check are three results; the others pass; exit 10; all files are there."""
    code, out, err = run(["test", "--json"], agent)
    summary = json.loads(out)
    assert code == 10 and "Traceback" not in err
    assert [summary[key] for key in ("total", "passed", "failed", "errors")] == [5, 2, 1, 2]
    folder = agent / "results" / summary["run"]
    names = {path.name for path in folder.iterdir()}
    assert names == {"summary.json", "results.jsonl", "junit.xml", "report.html", "config.yaml"}
    by_id = {item["input_id"]: item for item in map(json.loads, (folder / "results.jsonl").read_text().splitlines())}
    assert by_id["b"]["outcome"] == "error" and "kaput" in by_id["b"]["error"]
    assert by_id["c"]["outcome"] == "error" and "timed out" in by_id["c"]["error"]
    assert by_id["d"]["blame"] == "agent"
    suites = ElementTree.parse(folder / "junit.xml").getroot()
    assert len(list(suites.iter("testcase"))) == 5
    assert len(list(suites.iter("failure"))) == 1 and len(list(suites.iter("error"))) == 2


def test_all_passed_is_exit_0(agent: Path) -> None:
    """Narrowed to what works; the reports can be copied to where CI looks."""
    args = ["test", "--input", "a", "--input", "e", "--junit", "out/junit.xml", "--html", "out/report.html"]
    code, out, _ = run(args, agent)
    assert code == 0 and out.splitlines()[-1].startswith("✅ 2 of 2 passed")
    assert {path.name for path in (agent / "out").iterdir()} == {"junit.xml", "report.html"}


def test_iterations_and_personas(agent: Path) -> None:
    """Each input is run as often as asked for, only this persona's."""
    code, out, _ = run(["test", "--persona", "novice_user", "--iterations", "3", "--json"], agent)
    assert code == 10 and json.loads(out)["total"] == 6


def test_a_bundle_is_run_as_it_was_frozen_or_not_at_all(agent: Path) -> None:
    """Changing the inputs afterwards changes nothing; changing the bundle's file is refused."""
    assert run(["bundles", "create", "--name", "b1", "--persona", "novice_user"], agent)[0] == 0
    (agent / "inputs/manual.yaml").unlink()
    assert json.loads(run(["test", "--bundle", "b1", "--json"], agent)[1])["total"] == 2
    file = agent / "bundles/b1.yaml"
    file.write_text(file.read_text().replace("all is well", "all was well"))
    code, _, err = run(["test", "--bundle", "b1"], agent)
    assert code == 1 and err.startswith("Error: bundles/b1.yaml: ") and "changed" in err


def test_unapproved_inputs_are_run_with_a_warning(agent: Path) -> None:
    """Without a terminal nothing is asked; the warning says how to approve."""
    write_files(agent, {"inputs/manual.yaml": 'inputs: ["hello there"]\n'})
    code, _, err = run(["test"], agent)
    assert code == 0 and "approved" in err


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--target", "nope:answer"], 2, "no module `nope`"),
        (["--target", "agent:anwser"], 2, "answer"),
        (["--target", "agent:foo"], 2, "Known: answer."),
        (["--bundle", "nope"], 5, "nope"),
        (["--input", "zz"], 5, "zz"),
        (["--persona", "nobody"], 5, "no input by the persona `nobody`"),
        (["--parallel", "0"], 2, "parallel"),
        (["--output-dir", "/proc/nowhere"], 1, "/proc/nowhere"),
    ],
)
def test_mistakes_are_told_before_anything_is_run(agent: Path, args: list[str], code: int, said: str) -> None:
    """The right exit code, no traceback, no results folder."""
    before = tree(agent)
    got, out, err = run(["test", *args], agent)
    assert (got, out) == (code, "") and said in err and "Traceback" not in err
    after = {name: data for name, data in tree(agent).items() if "__pycache__" not in name}
    assert after == before
