"""`fluxloop inputs approve | reject | edit | add`: what is decided stands in its file, and changes no other line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from fluxloop.cli.console import note, say, short_path, visible
from fluxloop.cli.editor import at_terminal, edit_texts
from fluxloop.cli.inputs_findings import counted, line_of
from fluxloop.cli.inputs_select import STATUSES, files_and_ids, read_for
from fluxloop.cli.inputs_view import place_of
from fluxloop.cli.opening import Opened, open_project
from fluxloop.curation import review
from fluxloop.curation.adding import free_id, manual_input
from fluxloop.curation.approving import Approval, plan_approval
from fluxloop.curation.searching import find_input, find_inputs
from fluxloop.curation.validate import InputFinding
from fluxloop.errors import UsageError
from fluxloop.schema.input import texts_of
from fluxloop.store.documents import READ_SUFFIXES
from fluxloop.store.inputs import StoredInput, append_inputs, edit_inputs
from fluxloop.store.personas import find_persona

MANUAL_FILE = Path("inputs/manual.yaml")
APPROVE_EPILOG = """\b
Examples:
  fluxloop inputs approve                      all pending ones that pass validation
  fluxloop inputs approve inputs/review.yaml   those of this file
  fluxloop inputs approve input_007 input_012  these, whatever validation says
"""
EDIT_EPILOG = """\b
Examples:
  fluxloop inputs edit input_007 --text "where is my order??"
  fluxloop inputs edit input_012 --turn 2 --text "I tried that"
  EDITOR=nano fluxloop inputs edit input_007
"""
ADD_EPILOG = """\b
Examples:
  fluxloop inputs add --text "What if I have 10,000,000 users?" --importance critical
  fluxloop inputs add --persona novice_user --text "it broke" --text "still broken"
"""


@click.command(epilog=APPROVE_EPILOG)
@click.argument("names", metavar="[FILE | ID]...", nargs=-1)
@click.pass_context
def approve(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Approve pending inputs that pass validation, and say which are left and why.

    Inputs named by ID are approved even when validation finds something against them, and it is said what.
    """
    opened = open_project(ctx)
    files, ids = files_and_ids(opened, names)
    with opened.locked():
        everything, chosen = read_for(opened, files)
        chosen = chosen if files or not ids else []
        named = find_inputs(everything, ids)
        approval = plan_approval(everything, chosen, named, opened.settings(), opened.personas())
        edit_inputs(approval.changes)
    opened.tell()
    _say_approved(approval)
    _say_left(approval.left, opened.quiet)


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--reason", metavar="R", help="Why; kept beside the input.")
@click.pass_context
def reject(ctx: click.Context, ids: tuple[str, ...], reason: str | None) -> None:
    """Reject inputs: they stay in their file, but reach no bundle and no test."""
    opened = open_project(ctx)
    with opened.locked():
        chosen = find_inputs(opened.inputs(), ids)
        edit_inputs([(stored, review.reject(stored, reason)) for stored in chosen])
    opened.tell()
    for stored in chosen:
        say(visible(f"Rejected {stored.input.id} ({place_of(stored)})."))


@click.command(epilog=EDIT_EPILOG)
@click.argument("input_id", metavar="ID")
@click.option("--text", "texts", multiple=True, metavar="T", help="The new text; repeat it for each turn.")
@click.option("--turn", type=click.IntRange(min=1), metavar="N", help="Which turn of a conversation --text replaces.")
@click.option("--status", type=STATUSES, help="The new status.")
@click.pass_context
def edit(ctx: click.Context, input_id: str, texts: tuple[str, ...], turn: int | None, status: str | None) -> None:
    """Change the text or the status of one input.

    Without an option your editor opens on the text. The text as it was generated stays beside it.
    """
    opened = open_project(ctx)
    stored = find_input(opened.inputs(), input_id)
    changes = _changes(stored, texts, turn, status)
    with opened.locked():
        edit_inputs([(stored, changes)])
    opened.tell()
    say(f"Edited {input_id} ({place_of(stored)})." if changes else f"Nothing changed in {input_id}.")


@click.command(epilog=ADD_EPILOG)
@click.option("--text", "texts", multiple=True, required=True, metavar="T", help="What the user types; repeat it.")
@click.option("--persona", metavar="P", help="Who writes it.")
@click.option("--topic", metavar="T", help="What it is about.")
@click.option("--importance", metavar="I", help="`critical`: always in a bundle.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="A label of your own; repeatable.")
@click.option("--file", type=click.Path(path_type=Path), metavar="F", help=f"Where to.  [default: {MANUAL_FILE}]")
@click.option("--pending", is_flag=True, help="Leave it to review; otherwise you, its author, have approved it.")
@click.pass_context
def add(ctx: click.Context, /, texts: tuple[str, ...], persona: str | None, file: Path | None, **fields: Any) -> None:
    """Add an input of your own, as a message or a conversation. It is approved: you wrote it."""
    opened = open_project(ctx)
    path = _target(opened, file)
    if persona:
        find_persona(opened.personas(), persona)
    with opened.locked():
        known, _ = read_for(opened, [path] if path.exists() else [])
        item = manual_input(free_id(opened.project, known), texts, persona=persona, **fields)
        append_inputs(path, [item])
    opened.tell()
    say(f"Added {item.id} to {short_path(path)} ({item.status}).")
    if not path.resolve().is_relative_to(opened.project.inputs_dir.resolve()):
        note("It lies outside inputs/, where commands see it only when its file is named.", quiet=opened.quiet)


def _say_approved(approval: Approval) -> None:
    number = len(approval.changes)
    say(f"Approved {counted(number, 'input')}." if number else "Nothing was pending that could be approved.")
    if approval.despite:
        say("Approved by name, although:")
    for each in approval.despite:
        say(f"  {line_of(each)}")


def _say_left(findings: Sequence[InputFinding], quiet: bool) -> None:
    if not findings:
        return
    say(f"Left {counted(len({each.stored.input.id for each in findings}), 'pending input')}:")
    for each in findings:
        say(f"  {line_of(each)}")
    note("Look at them with `fluxloop inputs review`, or approve them by ID.", quiet=quiet)


def _changes(stored: StoredInput, texts: Sequence[str], turn: int | None, status: str | None) -> review.Changes:
    """What `edit` was asked to change; what is the same already drops out."""
    changes: review.Changes = {}
    new = _new_texts(stored, texts, turn, ask=status is None)
    if new:
        changes |= review.edit(stored, new)
    if status:
        moves = {"approved": review.approve, "rejected": review.reject, "pending": review.reopen}
        changes |= moves[status](stored)
    return changes


def _new_texts(stored: StoredInput, texts: Sequence[str], turn: int | None, *, ask: bool) -> tuple[str, ...] | None:
    old = texts_of(stored.input)
    if turn is not None:
        return _with_turn(stored.input.id, old, texts, turn)
    if texts:
        if len(texts) == 1 < len(old):
            hint = "Say which with --turn N, or give --text once for each turn."
            raise UsageError(f"{stored.input.id} is a conversation of {len(old)} turns, and one text was given.", hint)
        return tuple(texts)
    if not ask:
        return None
    if not at_terminal():
        raise UsageError("There is nothing to change, and no terminal to edit in.", "Give --text or --status.")
    return edit_texts(old)


def _with_turn(input_id: str, old: tuple[str, ...], texts: Sequence[str], turn: int) -> tuple[str, ...]:
    if len(texts) != 1:
        raise UsageError("--turn needs one --text: the new text of that turn.")
    if turn > len(old):
        raise UsageError(f"{input_id} has no turn {turn}.", f"It has {counted(len(old), 'turn')}.")
    return (*old[: turn - 1], texts[0], *old[turn:])


def _target(opened: Opened, file: Path | None) -> Path:
    """`--file` as seen from here; the default lies in the project."""
    path = file or opened.project.root / MANUAL_FILE
    if path.suffix.lower() not in READ_SUFFIXES:
        raise UsageError(f"Inputs cannot be kept in `{path}`.", "Use a name that ends in .yaml, .json, .jsonl or .csv.")
    return path.resolve()
