"""`fluxloop inputs review`: one input at a time, one key a decision, each decision in its file at once."""

from __future__ import annotations

from collections.abc import Sequence

import click

from fluxloop.cli.console import note, say, say_table
from fluxloop.cli.editor import at_terminal
from fluxloop.cli.inputs_select import Asked, named_file, read_for, select_options
from fluxloop.cli.inputs_view import NONE_YET, row_of
from fluxloop.cli.opening import open_project
from fluxloop.cli.review_desk import Desk
from fluxloop.store.inputs import StoredInput

EPILOG = """\b
Keys: a approve, r reject, e edit, s skip, u undo, q quit.
"""
HOW_TO_DECIDE = """\
Decide one at a time in a terminal with `fluxloop inputs review`, or:
  fluxloop inputs approve                       all that pass validation
  fluxloop inputs approve {id}
  fluxloop inputs reject {id} --reason "..."\
"""


@click.command(epilog=EPILOG)
@click.argument("file", required=False)
@select_options("personas", "topics", "statuses")
@click.pass_context
def review(ctx: click.Context, asked: Asked, file: str | None) -> None:
    """Go through pending inputs one at a time: approve, reject, edit or skip.

    Each decision is written at once: quit at any time, and go on later where you left off. `--status rejected` looks
    at those again. Without a terminal, what is pending is listed.
    """
    opened = open_project(ctx)
    everything, in_files = read_for(opened, [named_file(opened, file)] if file else [])
    waiting = asked.or_pending().among(in_files, opened)
    opened.tell()
    if waiting and at_terminal():
        Desk(opened, waiting, everything).work()
    else:
        _say_waiting(waiting, bool(everything))


def _say_waiting(waiting: Sequence[StoredInput], any_inputs: bool) -> None:
    if not waiting:
        note("Nothing to review." if any_inputs else NONE_YET)
        return
    say_table(("id", "persona", "status", "topic", "text"), map(row_of, waiting), wrap="text")
    say(f"{len(waiting)} to review.")
    say(HOW_TO_DECIDE.format(id=waiting[0].input.id))
