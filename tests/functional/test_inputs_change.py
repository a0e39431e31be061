"""`fluxloop inputs approve | reject | edit | add`: a change touches its own lines and no others."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import pytest

from .conftest import run, tree, write_files
from .terminal import Terminal

MINE = """\
# Hand-written. Do not sort!
inputs:
    -   text:  "wheres my stuff"   # the classic
        persona: novice_user
        status: pending     # till Bob has seen it

    # nobody reads the manual
    - "how do i start? 😅"
    - {text: 'it''s broken', persona: novce_user}
    -   id: talk
        conversation:
          - "This isn't working"    # calm
          - {turn: 2, input: 'I already tried that!'}
        persona: frustrated_user
"""
GENERATED = """\
generated_inputs:
  - id: input_001
    persona: novice_user
    text: "Wheres my stuff?!"
    source: synthetic
    status: pending
    metadata: {topic: delivery}
    origin: {provider: embedded, clean: "Where is my stuff?"}
  - id: input_002
    persona: novice_user
    text: "can i swap it for another size?"
    source: synthetic
    status: pending
    metadata: {topic: refunds}
"""
TYPE = f"{sys.executable} {Path(__file__).with_name('typist.py')} stuff parcel"
"""An editor that changes one word."""


@pytest.fixture
def inputs(project: Path) -> Path:
    """A person's file with comments and odd spaces, and a generated one that repeats an input of it."""
    write_files(project, {"inputs/mine.yaml": MINE, "inputs/generated.yaml": GENERATED})
    return project


def changed(path: Path, before: str) -> list[str]:
    """The lines that went and came, as `git diff` shows them."""
    lines = difflib.ndiff(before.splitlines(), path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line[0] in "+-"]


def files_of(project: Path) -> dict[str, bytes]:
    """The person's files: all but the lock and the like."""
    return {name: text for name, text in tree(project).items() if not name.startswith(".fluxloop")}


def test_approve_takes_what_passes_and_says_what_it_leaves(inputs: Path) -> None:
    """Bare: all pending ones that pass; only status lines change, comments stay; what is left comes with its why."""
    code, out, err = run(["inputs", "approve"], inputs)
    assert (code, err) == (0, "Look at them with `fluxloop inputs review`, or approve them by ID.\n")
    assert out == (
        "Approved 4 inputs.\n"
        "Left 2 pending inputs:\n"
        "  inputs/mine.yaml:3: mine#1: duplicate: says the same as input_001\n"
        "  inputs/mine.yaml:9: mine#3: unknown persona: there is no persona `novce_user`. Did you mean `novice_user`?\n"
    )
    assert changed(inputs / "inputs/generated.yaml", GENERATED) == [
        "-     status: pending",
        "+     status: approved",
        "-     status: pending",
        "+     status: approved",
    ]
    assert changed(inputs / "inputs/mine.yaml", MINE) == [
        '-     - "how do i start? 😅"',
        '+     - text: "how do i start? 😅"',
        '+       id: "mine#2"',
        "+       status: approved",
        "+         status: approved",
    ]


def test_approve_twice_changes_nothing_more(inputs: Path) -> None:
    """What is approved is approved: the second run writes nothing and says so."""
    run(["inputs", "approve"], inputs)
    before = files_of(inputs)
    code, out, _ = run(["inputs", "approve"], inputs)
    assert code == 0 and out.startswith("Nothing was pending that could be approved.\nLeft 2 pending inputs:\n")
    assert files_of(inputs) == before


def test_approve_a_file(inputs: Path) -> None:
    """Only those of the file; of two twins the first one is approved, whichever file is named."""
    code, out, _ = run(["inputs", "approve", "inputs/generated.yaml"], inputs)
    assert (code, out) == (0, "Approved 2 inputs.\n")
    assert (inputs / "inputs/mine.yaml").read_text(encoding="utf-8") == MINE


def test_approve_a_file_that_lies_elsewhere(inputs: Path) -> None:
    """A file outside inputs/ is approved when it is named, and is checked against the project's inputs."""
    write_files(inputs, {"tests/manual_inputs.yaml": 'inputs:\n  - "Wheres my stuff"\n  - "do you ship to Jersey?"\n'})
    code, out, _ = run(["inputs", "approve", "tests/manual_inputs.yaml"], inputs)
    assert code == 0 and out.startswith("Approved 1 input.\nLeft 1 pending input:\n  tests/manual_inputs.yaml:2: ")


def test_approve_by_id_overrules_validation(inputs: Path) -> None:
    """A person who names an input decides; the findings are told all the same, a rejected one comes back."""
    run(["inputs", "reject", "mine#3", "--reason", "typo"], inputs)
    code, out, err = run(["inputs", "approve", "mine#1", "mine#3"], inputs)
    assert (code, err) == (0, "")
    assert out.startswith("Approved 2 inputs.\nApproved by name, although:\n  inputs/mine.yaml:3: mine#1: duplicate: ")
    assert "typo" not in (inputs / "inputs/mine.yaml").read_text(encoding="utf-8")
    assert changed(inputs / "inputs/generated.yaml", GENERATED) == []


def test_reject_keeps_the_reason(inputs: Path) -> None:
    """The reason stands beside the input, whatever characters it has; without one none is written."""
    reason = 'says: "no" # it\'s tame 😴'
    code, out, err = run(["inputs", "reject", "input_001", "talk", "--reason", reason], inputs)
    assert (code, out, err) == (
        0,
        "Rejected input_001 (inputs/generated.yaml:2).\nRejected talk (inputs/mine.yaml:10).\n",
        "",
    )
    assert f"reason      {reason}\n" in run(["inputs", "show", "talk"], inputs)[1]
    run(["inputs", "reject", "input_002"], inputs)
    assert changed(inputs / "inputs/generated.yaml", GENERATED) == [
        "-     status: pending",
        "+     status: rejected",
        '+     reason: "says: \\"no\\" # it\'s tame 😴"',
        "-     status: pending",
        "+     status: rejected",
    ]


def test_edit_changes_the_text_and_keeps_the_clean_one(inputs: Path) -> None:
    """A new text stands in the old one's place; the text before roughening stays, and the input counts as edited."""
    code, out, _ = run(["inputs", "edit", "input_001", "--text", 'where\'s "it"\n🙃'], inputs)
    assert (code, out) == (0, "Edited input_001 (inputs/generated.yaml:2).\n")
    assert changed(inputs / "inputs/generated.yaml", GENERATED) == [
        '-     text: "Wheres my stuff?!"',
        '+     text: "where\'s \\"it\\"\\n🙃"',
        '-     origin: {provider: embedded, clean: "Where is my stuff?"}',
        '+     origin: {provider: embedded, clean: "Where is my stuff?", edited: true}',
    ]


def test_edit_one_turn(inputs: Path) -> None:
    """The other turns keep their comments and quotes."""
    assert run(["inputs", "edit", "talk", "--turn", "1", "--text", "It broke"], inputs)[0] == 0
    assert changed(inputs / "inputs/mine.yaml", MINE) == [
        '-           - "This isn\'t working"    # calm',
        '+           - "It broke"    # calm',
    ]


def test_edit_the_status_alone(inputs: Path) -> None:
    """`--status` moves an input without asking for a text, and the same again changes nothing."""
    assert run(["inputs", "edit", "mine#1", "--status", "approved"], inputs)[0] == 0
    text = (inputs / "inputs/mine.yaml").read_text(encoding="utf-8")
    assert "        status: approved     # till Bob has seen it\n" in text
    assert run(["inputs", "edit", "mine#1", "--status", "approved"], inputs) == (0, "Nothing changed in mine#1.\n", "")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("approve input_01", 5, "There is no input `input_01`.\nDid you mean `input_001`?"),
        ("approve generatd.yaml", 5, "There is no file `generatd.yaml`.\nDid you mean `inputs/generated.yaml`?"),
        ("reject input_001 input_999", 5, "There is no input `input_999`.\nDid you mean `input_002`?"),
        ("edit input_001", 2, "There is nothing to change, and no terminal to edit in.\nGive --text or --status."),
        ("edit input_001 --turn 2 --text x", 2, "input_001 has no turn 2.\nIt has 1 turn."),
        ("edit talk --turn 2", 2, "--turn needs one --text: the new text of that turn."),
        (
            "edit talk --text x",
            2,
            "talk is a conversation of 2 turns, and one text was given.\n"
            "Say which with --turn N, or give --text once for each turn.",
        ),
        ("add --text x --persona novce_user", 5, "There is no persona `novce_user`.\nDid you mean `novice_user`?"),
        (
            "add --text x --file inputs/notes.txt",
            2,
            "Inputs cannot be kept in `inputs/notes.txt`.\nUse a name that ends in .yaml, .json, .jsonl or .csv.",
        ),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(inputs: Path, arguments: str, code: int, message: str) -> None:
    """What cannot be done is told with what to do instead, and every file stays as it was."""
    files = files_of(inputs)
    found = run(["inputs", *arguments.split()], inputs)
    assert found[:2] == (code, "") and message in found[2] and "Traceback" not in found[2]
    assert files_of(inputs) == files


def test_a_broken_file_stops_a_change_before_anything_is_written(inputs: Path) -> None:
    """One file that cannot be read is exit 2 with its place, and the others stay as they were."""
    write_files(inputs, {"inputs/torn.yaml": "inputs:\n  - text: a: b\n"})
    code, out, err = run(["inputs", "approve"], inputs)
    assert (code, out) == (2, "") and err.startswith("Error: inputs/torn.yaml:2: ")
    assert (inputs / "inputs/generated.yaml").read_text(encoding="utf-8") == GENERATED


def test_a_place_that_cannot_be_written_is_told(inputs: Path) -> None:
    """A folder where a file should be, or a file where a folder should be, is exit 1 with the path and the cause."""
    write_files(inputs, {"blocked": "I am a file\n"})
    code, out, err = run(["inputs", "add", "--text", "x", "--file", "blocked/some.yaml"], inputs)
    assert (code, out) == (1, "") and "blocked/some.yaml: cannot be written: " in err and "Traceback" not in err


def test_add_appends_to_the_persons_list(inputs: Path) -> None:
    """A new input comes last in the list, with the next free id, approved by its author; nothing else changes."""
    arguments = ["inputs", "add", "--text", "What if I have 10,000,000 users?", "--importance", "critical"]
    code, out, err = run([*arguments, "--file", "inputs/mine.yaml"], inputs)
    assert (code, out, err) == (0, "Added input_003 to inputs/mine.yaml (approved).\n", "")
    text = (inputs / "inputs/mine.yaml").read_text(encoding="utf-8")
    assert text.startswith(MINE)
    assert [line.split() for line in text[len(MINE) :].splitlines()] == [
        ["-", "id:", "input_003"],
        ["text:", '"What', "if", "I", "have", "10,000,000", 'users?"'],
        ["source:", "manual"],
        ["status:", "approved"],
        ["importance:", "critical"],
    ]


def test_add_makes_the_file_where_there_is_none(tmp_path: Path) -> None:
    """The first own input works in any folder: `inputs:` in inputs/manual.yaml; several texts are a conversation."""
    arguments = ["inputs", "add", "--text", "it broke", "--text", "hello??", "--persona", "novice_user", "--pending"]
    assert run(arguments, tmp_path)[:2] == (0, "Added input_001 to inputs/manual.yaml (pending).\n")
    assert (tmp_path / "inputs/manual.yaml").read_text(encoding="utf-8") == (
        "# yaml-language-server: $schema=../.fluxloop/schemas/inputs.json\n"
        "inputs:\n"
        "  - id: input_001\n"
        "    persona: novice_user\n"
        "    conversation:\n"
        '      - {turn: 1, input: "it broke"}\n'
        '      - {turn: 2, input: "hello??"}\n'
        "    source: manual\n"
        "    status: pending\n"
    )


def test_add_says_when_commands_will_not_see_it(inputs: Path) -> None:
    """A file outside inputs/ is written when asked for, with a word about it; JSON lines are written as such."""
    code, _, err = run(["inputs", "add", "--text", "=cmd()", "--file", "elsewhere/some.jsonl"], inputs)
    assert (code, err) == (0, "It lies outside inputs/, where commands see it only when its file is named.\n")
    assert (inputs / "elsewhere/some.jsonl").read_text(encoding="utf-8") == (
        '{"id": "input_003", "text": "=cmd()", "source": "manual", "status": "approved"}\n'
    )


def test_edit_opens_an_editor_on_a_terminal(inputs: Path) -> None:
    """With neither --text nor --status the editor opens on the text, and what it leaves is written."""
    terminal = Terminal(["inputs", "edit", "mine#1"], inputs, {"EDITOR": TYPE})
    assert terminal.end() == 0
    assert "Edited mine#1 (inputs/mine.yaml:3)." in terminal.seen
    assert '    -   text:  "wheres my parcel"   # the classic\n' in (inputs / "inputs/mine.yaml").read_text(
        encoding="utf-8"
    )


def test_an_editor_that_changes_nothing_writes_nothing(inputs: Path) -> None:
    """Leaving the editor as one came is no edit."""
    terminal = Terminal(["inputs", "edit", "talk"], inputs, {"EDITOR": "true"})
    assert terminal.end() == 0 and "Nothing changed in talk." in terminal.seen
    assert (inputs / "inputs/mine.yaml").read_text(encoding="utf-8") == MINE


def test_without_an_editor_the_text_is_edited_on_a_line(inputs: Path) -> None:
    """Where no editor is found, the old text stands on a line to be changed."""
    terminal = Terminal(["inputs", "edit", "input_002"], inputs, {"PATH": str(inputs / "none")})
    terminal.wait_for("another size?")
    terminal.press(" thx\r")
    assert terminal.end() == 0
    assert '    text: "can i swap it for another size? thx"\n' in (inputs / "inputs/generated.yaml").read_text(
        encoding="utf-8"
    )
