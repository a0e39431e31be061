"""`fluxloop inputs validate | stats`: what is wrong, and what it looks like as a whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import run, write_files

GOOD = """\
inputs:
  - "wheres my stuff"
  - {text: "Can I change the delivery address of an order?", persona: novice_user, metadata: {topic: delivery}}
  - ""
"""
BAD = """\
inputs:
  - id: twin
    text: "Wheres my stuff?!"
  - id: stranger
    text: "how do i start?"
    persona: novce_user
  - id: long
    conversation:
      - "hi"
      - "this one goes on and on and on and on and on"
  - id: gone
    text: "Wheres my stuff?"
    status: rejected
"""
ALL_GREEN = """\
✅ No duplicates
✅ Appropriate length
✅ Matches persona
✅ No offensive content
✅ Language correctness
"""
FOUND = """\
❌ No duplicates
❌ Appropriate length
❌ Matches persona
✅ No offensive content
✅ Language correctness

inputs/b.yaml:2: twin: duplicate: says the same as a#1
inputs/b.yaml:4: stranger: unknown persona: there is no persona `novce_user`. Did you mean `novice_user`?
inputs/b.yaml:7: long: too long: turn 2: 44 characters, at most 40

"""
FINDING = {
    "file": "inputs/b.yaml",
    "line": 2,
    "id": "twin",
    "filter": "duplicate",
    "what": "duplicate",
    "why": "says the same as a#1",
    "twin": "a#1",
}


def test_sound_inputs_are_green(project: Path) -> None:
    """The five lines of the reference, in its order and words, and exit 0; an empty manual text is legal."""
    write_files(project, {"inputs/a.yaml": GOOD})
    assert run(["inputs", "validate"], project) == (0, f"{ALL_GREEN}\n3 inputs checked, no findings\n", "")


def test_findings_come_with_their_place_and_exit_1(project: Path) -> None:
    """Each finding as `file:line: id: what: why`; rejected inputs are not checked; `--config` brings the limits."""
    write_files(project, {"inputs/a.yaml": GOOD, "inputs/b.yaml": BAD, "short.yaml": "constraints: {max_length: 40}\n"})
    code, out, err = run(["inputs", "validate", "inputs/b.yaml", "--config", "short.yaml"], project)
    assert (code, out, err) == (1, f"{FOUND}3 inputs checked, 3 findings\n", "")
    code, out, _ = run(["inputs", "validate", "--config", "short.yaml"], project)
    assert code == 1 and out.endswith("6 inputs checked, 4 findings\n") and "inputs/a.yaml:3: a#2: too long: " in out


def test_json_has_always_the_same_keys(project: Path) -> None:
    """Scripts get the lines and the findings; the exit code is the same."""
    write_files(project, {"inputs/a.yaml": GOOD, "inputs/b.yaml": BAD})
    code, out, _ = run(["inputs", "validate", "--json"], project)
    report = json.loads(out)
    assert code == 1 and list(report) == ["checked", "passed", "lines", "findings"]
    assert report["lines"][0] == {"title": "No duplicates", "passed": False} and report["findings"][0] == FINDING
    assert report["findings"][1]["twin"] is None


@pytest.mark.parametrize("command", ["validate", "stats"])
def test_an_empty_project_is_no_mistake(project: Path, command: str) -> None:
    """Nothing to check is nothing wrong."""
    code, out, err = run(["inputs", command], project)
    assert code == 0 and "Traceback" not in err
    assert out == (f"{ALL_GREEN}\nno inputs checked, no findings\n" if command == "validate" else "")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("validate --config nowhere.yaml", 5, "There is no config file `nowhere.yaml`."),
        ("validate c.yaml", 5, "There is no file `c.yaml`."),
        ("stats --persona novce_user", 5, "Did you mean `novice_user`?"),
    ],
)
def test_a_wrong_name_is_told(project: Path, arguments: str, code: int, message: str) -> None:
    """What is not there is exit 5, with no traceback."""
    write_files(project, {"inputs/a.yaml": GOOD})
    found = run(["inputs", *arguments.split()], project)
    assert found[:2] == (code, "") and message in found[2]


def test_what_generate_keeps_validate_passes(project: Path) -> None:
    """The filters of both are the same, over several runs and conversations."""
    assert run(["inputs", "generate", "--count", "40"], project)[0] == 0
    assert run(["inputs", "generate", "--count", "10", "--multi-turn"], project)[0] == 0
    assert run(["inputs", "validate"], project) == (0, f"{ALL_GREEN}\n50 inputs checked, no findings\n", "")


def test_stats_counts_and_measures(project: Path) -> None:
    """Counts, the mix beside the one the settings ask for, and surface figures beside their targets."""
    write_files(project, {"inputs/a.yaml": GOOD, "configs/input.yaml": "inputs: {synthetic: 80%, manual: 20%}\n"})
    code, out, err = run(["inputs", "stats"], project)
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == "3 inputs: 3 manual; 3 pending"
    assert lines[1] == "0 % of what is not rejected is synthetic; the settings ask for 80 %"
    assert lines[3:6] == ["persona      inputs", "-            2", "novice_user  1"]
    assert "5 words or fewer                  50.0 %  10-30 %  ⚠" in lines
    assert lines[-1] == "2 messages; repetition is measured from 100 messages on."


def test_stats_json_has_always_the_same_keys(project: Path) -> None:
    """Also for a persona alone, and for nobody at all."""
    write_files(project, {"inputs/a.yaml": GOOD})
    keys = ["total", "by_persona", "by_topic", "by_status", "by_source", "mix", "messages", "sample", "figures"]
    keys += ["personas", "coverage", "reference"]
    numbers = json.loads(run(["inputs", "stats", "--persona", "novice_user", "--json"], project)[1])
    assert list(numbers) == keys and numbers["by_topic"] == {"delivery": 1} and numbers["mix"]["wanted"] is None
    assert list(numbers["figures"][0]) == ["name", "label", "value", "least", "most", "inside", "reference"]
    nothing = json.loads(run(["inputs", "stats", "--persona", "expert_user", "--json"], project)[1])
    assert list(nothing) == keys and nothing["total"] == 0 and nothing["figures"] == []
    assert run(["inputs", "stats", "--persona", "expert_user"], project) == (0, "", "None of 3 inputs matches.\n")
