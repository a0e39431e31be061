"""`fluxloop inputs review` in a real terminal: one key a decision, each decision in its file at once."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from .conftest import run, write_files
from .terminal import Terminal

KEYS = "[q]uit"
FILE = """\
# for review
inputs:
  - {id: one, text: "wheres my stuff", persona: novice_user, metadata: {topic: delivery, situation: parcel is late}}
  - id: two     # a long talk
    conversation:
      - {turn: 1, input: "it broke 😤"}
      - {turn: 2, input: "שלום \\e[31m"}
  - id: three
    text: "Wheres my stuff?"
    persona: frustrated_user
  - {id: four, text: "done already", status: approved}
"""
LISTED = """\
id     persona          status   topic     text
one    novice_user      pending  delivery  wheres my stuff
two    -                pending  -         it broke 😤 (+1)
three  frustrated_user  pending  -         Wheres my stuff?
3 to review.
Decide one at a time in a terminal with `fluxloop inputs review`, or:
  fluxloop inputs approve                       all that pass validation
  fluxloop inputs approve one
  fluxloop inputs reject one --reason "..."
"""
EDITOR = f"{sys.executable} {Path(__file__).with_name('typist.py')}"


@pytest.fixture
def inputs(project: Path) -> Path:
    """A project with three pending inputs, the third of which repeats the first."""
    write_files(project, {"inputs/some.yaml": FILE})
    return project


def text(project: Path) -> str:
    """The person's file as it stands."""
    return (project / "inputs/some.yaml").read_text(encoding="utf-8")


def start(project: Path, *options: str, editor: str = "true") -> Terminal:
    """A review whose first input is on the screen."""
    return Terminal(["inputs", "review", *options], project, {"EDITOR": editor})


def press(terminal: Terminal, key: str) -> str:
    """Press a key once the keys are offered; gives what stood above them."""
    shown = terminal.wait_for(KEYS)
    terminal.press(key)
    return shown


def test_every_decision_is_written_at_once(inputs: Path) -> None:
    """Approve, reject with a reason, skip and quit: only these inputs' lines change, what is left is told."""
    terminal = start(inputs)
    first = press(terminal, "a")
    assert "1/3  one  inputs/some.yaml:3\nnovice_user · delivery · manual\nsituation: parcel is late\n" in first
    second = press(terminal, "r")
    assert "✅ one approved" in second and "2/3  two  inputs/some.yaml:4" in second
    assert "turn 1\n  it broke 😤\nturn 2\n  שלום \\x1b[31m\n" in second
    terminal.wait_for("Reason (Enter for none): ")
    terminal.press('too "odd"\r')
    third = press(terminal, "s")
    assert "❌ two rejected" in third and "⚠ duplicate: says the same as one" in third
    assert "Skipped before." in press(terminal, "q")
    assert terminal.end() == 0
    assert "2 inputs decided, 1 left. `fluxloop inputs review` goes on." in terminal.seen
    assert text(inputs) == FILE.replace("late}}", "late}, status: approved}").replace(
        '\\e[31m"}\n', '\\e[31m"}\n    status: rejected\n    reason: "too \\"odd\\""\n'
    )


def test_a_killed_terminal_loses_nothing_and_the_next_goes_on(inputs: Path) -> None:
    """What was decided before the end is in the file; the next review starts with what is still pending."""
    terminal = start(inputs)
    press(terminal, "a")
    terminal.wait_for("2/3  two")
    terminal.kill()
    assert "status: approved}\n  - id: two" in text(inputs)
    again = start(inputs)
    assert "1/2  two" in press(again, "q")
    assert again.end() == 0 and "no inputs decided, 2 left." in again.seen


def test_undo_takes_back_the_last_step(inputs: Path) -> None:
    """Also in the file, and as often as there are steps; with none left it says so. What is pending again says so."""
    terminal = start(inputs)
    press(terminal, "u")
    assert "There is nothing to undo." in press(terminal, "a")
    press(terminal, "a")
    assert "3/3  three" in press(terminal, "u")
    assert "Undone: two" in press(terminal, "u")
    assert "Undone: one" in press(terminal, "r")
    terminal.wait_for("Reason")
    terminal.press("\r")
    press(terminal, "q")
    assert terminal.end() == 0
    assert text(inputs) == FILE.replace("late}}", "late}, status: rejected}").replace(
        '\\e[31m"}\n', '\\e[31m"}\n    status: pending\n'
    )


def test_edit_shows_the_input_again_and_checks_the_new_text(inputs: Path) -> None:
    """An edit is no decision: the input comes again with what is found against its new text."""
    terminal = start(inputs, "--persona", "frustrated_user", editor=f"{EDITOR} stuff parcel")
    assert "⚠ duplicate" in press(terminal, "e")
    again = press(terminal, "a")
    assert "Wheres my parcel?" in again and "⚠" not in again
    assert terminal.end() == 0 and "1 input decided, none left." in terminal.seen
    assert text(inputs) == FILE.replace(
        'text: "Wheres my stuff?"\n    persona: frustrated_user\n',
        'text: "Wheres my parcel?"\n    persona: frustrated_user\n    status: approved\n',
    )


def test_a_conversation_is_edited_as_a_page(inputs: Path) -> None:
    """The turns stand under headings; only the turn that changed is written."""
    terminal = start(inputs, editor=f"{EDITOR} broke smokes")
    press(terminal, "s")
    press(terminal, "e")
    assert "it smokes 😤" in press(terminal, "q")
    assert terminal.end() == 0
    assert text(inputs) == FILE.replace("broke", "smokes")


def test_a_rejection_can_be_called_off(inputs: Path) -> None:
    """Ctrl-D at the reason goes back to the input; unknown keys do nothing."""
    terminal = start(inputs)
    press(terminal, "x")
    terminal.press("\x1b[A")
    time.sleep(0.2)  # an escape and the key after it must not arrive as one
    terminal.press("r")
    terminal.wait_for("Reason")
    terminal.press("\x04")
    assert "Not rejected." in press(terminal, "q")
    assert terminal.end() == 0 and text(inputs) == FILE


def test_ctrl_c_ends_with_130_and_what_was_decided_stays(inputs: Path) -> None:
    """Interrupted is 130, after the same closing line."""
    terminal = start(inputs)
    press(terminal, "a")
    press(terminal, "\x03")
    assert terminal.end() == 130
    assert "1 input decided, 2 left." in terminal.seen and "Traceback" not in terminal.seen
    assert "status: approved}\n  - id: two" in text(inputs)


def test_somebody_elses_change_is_not_written_over(inputs: Path) -> None:
    """An input that was changed in an editor meanwhile is left alone, and it is said what to do."""
    terminal = start(inputs)
    terminal.wait_for(KEYS)
    mine = FILE.replace("wheres my stuff", "where is it")
    write_files(inputs, {"inputs/some.yaml": mine})
    terminal.press("a")
    assert terminal.end() == 1
    assert "one has changed since it was read" in terminal.seen and "try again" in terminal.seen
    assert "no inputs decided, 3 left." in terminal.seen and text(inputs) == mine


def test_without_a_terminal_what_is_pending_is_listed(inputs: Path) -> None:
    """A pipe gets the list and the commands that decide; nothing is asked, nothing is written."""
    assert run(["inputs", "review"], inputs) == (0, LISTED, "")
    assert run(["inputs", "review", "--persona", "novice_user"], inputs)[1].splitlines()[2] == "1 to review."
    code, out, _ = run(["inputs", "review", "some.yaml", "--status", "approved"], inputs)
    assert code == 0 and out.splitlines()[1].split()[0] == "four"
    assert text(inputs) == FILE


def test_nothing_to_review(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing pending, and no inputs at all, are told apart, and are no mistakes."""
    assert run(["inputs", "review", "--topic", "billing"], inputs) == (0, "", "Nothing to review.\n")
    code, out, err = run(["inputs", "review"], tmp_path_factory.mktemp("empty"))
    assert (code, out) == (0, "") and err.startswith("No inputs yet.")
