"""`fluxloop inputs list | show`: looking, changing nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import run, tree, write_files

MANUAL = """\
# mine
inputs:
  - "How do I start?"   # plain
  - {text: "it's \\e[31mred\\u202e and\\nnew", persona: novice_user, importance: critical, tags: [odd]}
"""
GENERATED = """\
generated_inputs:
  - id: input_001
    persona: frustrated_user
    conversation:
      - {turn: 1, input: "This isn't working"}
      - {turn: 2, input: "I already tried that! 😤"}
    thought_process: |
      Third try today.
    source: synthetic
    status: rejected
    reason: "too tame"
    metadata: {topic: user_management, tone: annoyed}
    origin: {provider: embedded, seed: 7, clean: ["This is not working.", "I have already tried that!"]}
  - id: input_002
    persona: novice_user
    text: "איפה ההזמנה שלי? 日本語\u00a0!"
    source: synthetic
    status: approved
    metadata: {topic: delivery}
"""
LIST = """\
id         persona          status    topic            text
input_001  frustrated_user  rejected  user_management  This isn't working (+1)
input_002  novice_user      approved  delivery         איפה ההזמנה שלי? 日本語\u00a0!
manual#1   -                pending   -                How do I start?
manual#2   novice_user      pending   -                it's \\x1b[31mred\\u202e and ⏎ new
4 of 4 inputs
"""
SHOW = """\
input_001 · rejected · synthetic · inputs/generated.yaml:2
  persona     frustrated_user
  topic       user_management
  reason      too tame
  metadata    tone: annoyed
turn 1
  This isn't working
turn 2
  I already tried that! 😤
thought process
  Third try today.
before roughening
  This is not working.
  I have already tried that!
origin
  provider: embedded · seed: 7
"""


@pytest.fixture
def inputs(project: Path) -> Path:
    """A project with inputs of every kind."""
    write_files(project, {"inputs/manual.yaml": MANUAL, "inputs/generated.yaml": GENERATED})
    return project


def test_list_shows_every_input_on_a_line(inputs: Path) -> None:
    """Conversations as their first turn; what could take over a terminal is shown, not obeyed; any script as it is."""
    before = tree(inputs)
    assert run(["inputs", "list"], inputs) == (0, LIST, "")
    assert tree(inputs) == before


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ("--persona novice_user", ["input_002", "manual#2"]),
        ("--persona novice_user --status approved", ["input_002"]),
        ("--topic user-management", ["input_001"]),
        ("--source manual", ["manual#1", "manual#2"]),
        ("--tag odd", ["manual#2"]),
        ("--search ALREADY", ["input_001"]),
        ("--file inputs/manual.yaml", ["manual#1", "manual#2"]),
        ("--file manual.yaml --limit 1", ["manual#1"]),
        ("--persona expert_user", []),
        ("--status approved --status rejected", ["input_001", "input_002"]),
    ],
)
def test_list_narrows(inputs: Path, options: str, ids: list[str]) -> None:
    """Kinds of options narrow, several values of one widen; a known persona without inputs is no mistake."""
    code, out, err = run(["inputs", "list", "--json", *options.split()], inputs)
    assert (code, [item["id"] for item in json.loads(out)], err) == (0, ids, "")


def test_list_cuts_at_fifty_and_says_so(project: Path) -> None:
    """The table stops at 50 rows and says how to see the rest; JSON is whole unless a limit is given."""
    write_files(project, {"inputs/many.yaml": "inputs:\n" + "".join(f"  - text {n}\n" for n in range(60))})
    out = run(["inputs", "list"], project)[1].splitlines()
    assert (len(out), out[-1]) == (52, "50 of 60 inputs (limit; --limit 0 shows all)")
    assert run(["inputs", "list", "--limit", "0"], project)[1].splitlines()[-1] == "60 of 60 inputs"
    assert len(json.loads(run(["inputs", "list", "--json"], project)[1])) == 60
    assert len(json.loads(run(["inputs", "list", "--json", "--limit", "3"], project)[1])) == 3


def test_list_json_has_always_the_same_keys(inputs: Path) -> None:
    """Scripts can rely on every key of every input; texts are byte for byte."""
    items = json.loads(run(["inputs", "list", "--json"], inputs)[1])
    keys = ["id", "persona", "status", "source", "importance", "tags", "text", "conversation", "topic", "file", "line"]
    assert all(list(item) == keys for item in items)
    assert items[0]["text"] is None and items[0]["conversation"][1] == {"turn": 2, "input": "I already tried that! 😤"}
    assert items[3]["text"] == "it's \x1b[31mred\u202e and\nnew"
    assert (items[3]["file"], items[3]["line"]) == ("inputs/manual.yaml", 4)


def test_list_of_nothing(project: Path, tmp_path: Path) -> None:
    """No inputs yet is no error and says what to do; stdout stays a table or JSON."""
    code, out, err = run(["inputs", "list"], project)
    assert (code, out) == (0, "") and "fluxloop inputs generate" in err
    assert run(["inputs", "list", "--json"], project) == (0, "[]\n", "")


def test_show_tells_everything(inputs: Path) -> None:
    """The text, where it stands, why it is so, and what it was before roughening."""
    assert run(["inputs", "show", "input_001"], inputs) == (0, SHOW, "")
    shown = json.loads(run(["inputs", "show", "manual#2", "--json"], inputs)[1])
    assert shown["importance"] == "critical" and shown["origin"] == {} and shown["reason"] is None
    out = run(["inputs", "show", "manual#2"], inputs)[1]
    assert out.endswith("text\n  it's \\x1b[31mred\\u202e and\n  new\n") and "\x1b" not in out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("show input_01", 5, "Error: There is no input `input_01`.\nDid you mean `input_001`?\n"),
        ("list --persona novce_user", 5, "Error: There is no persona `novce_user`.\nDid you mean `novice_user`?\n"),
        (
            "list --file generatd.yaml",
            5,
            "Error: There is no file `generatd.yaml`.\nDid you mean `inputs/generated.yaml`?\n",
        ),
    ],
)
def test_a_wrong_name_leads_to_a_right_one(inputs: Path, arguments: str, code: int, message: str) -> None:
    """Not found is exit 5, and the nearest is named."""
    assert run(["inputs", *arguments.split()], inputs) == (code, "", message)


def test_broken_yaml_is_told_with_its_place(inputs: Path) -> None:
    """A file that cannot be read is exit 2 with file and line, and no traceback."""
    write_files(inputs, {"inputs/torn.yaml": 'inputs:\n  - "open\n'})
    code, out, err = run(["inputs", "list"], inputs)
    assert (code, out) == (2, "")
    assert err.startswith("Error: inputs/torn.yaml:2: ") and "Traceback" not in err


def test_unknown_keys_are_told_beside_the_result(inputs: Path) -> None:
    """A misspelt key is a notice on stderr; the result is there all the same."""
    write_files(inputs, {"inputs/odd.yaml": "inputs:\n  - {text: hi, persna: bob}\n"})
    code, out, err = run(["inputs", "list", "--json", "--file", "odd.yaml"], inputs)
    assert code == 0 and json.loads(out)[0]["text"] == "hi"
    assert err == "note: inputs/odd.yaml:2: unknown key `persna`; did you mean `persona`?\n"
