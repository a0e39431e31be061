"""`fluxloop inputs list | show`: looking at inputs, changing nothing."""

from __future__ import annotations

from collections.abc import Sequence

import click

from fluxloop.cli.console import note, say, say_json, say_table
from fluxloop.cli.inputs_select import Asked, named_file, select_options
from fluxloop.cli.inputs_view import card_of, json_of, none_found, row_of
from fluxloop.cli.opening import open_project
from fluxloop.curation.searching import find_input
from fluxloop.store.inputs import StoredInput

LIMIT = 50

LIST_EPILOG = """\b
Examples:
  fluxloop inputs list --persona novice_user --status pending
  fluxloop inputs list --json | jq -r '.[].text'
"""


@click.command("list", epilog=LIST_EPILOG)
@select_options()
@click.option("--file", metavar="F", help="Only of this file; default: every file in inputs/.")
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="N", help="Most rows; 0 for all. Default 50, with --json all."
)
@click.option("--json", "as_json", is_flag=True, help="A JSON list on stdout.")
@click.pass_context
def list_(ctx: click.Context, asked: Asked, file: str | None, limit: int | None, as_json: bool) -> None:
    """List inputs."""
    opened = open_project(ctx)
    everything = opened.inputs(named_file(opened, file) if file else None)
    found = asked.among(everything, opened)
    opened.tell()
    if as_json:
        say_json([json_of(stored) for stored in found[: limit or None]])
    else:
        _say_list(everything, found, LIMIT if limit is None else limit)


@click.command()
@click.argument("input_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="A JSON object on stdout.")
@click.pass_context
def show(ctx: click.Context, input_id: str, as_json: bool) -> None:
    """Show one input whole, with where it came from."""
    opened = open_project(ctx)
    stored = find_input(opened.inputs(), input_id)
    opened.tell()
    if as_json:
        say_json(json_of(stored, whole=True))
    else:
        say("\n".join(card_of(stored)))


def _say_list(everything: Sequence[StoredInput], found: Sequence[StoredInput], limit: int) -> None:
    if not found:
        note(none_found(len(everything)))
        return
    rows = found[: limit or None]
    say_table(("id", "persona", "status", "topic", "text"), map(row_of, rows), wrap="text")
    if len(rows) < len(found):
        say(f"{len(rows)} of {len(found)} inputs (limit; --limit 0 shows all)")
    else:
        say(f"{len(found)} of {len(everything)} inputs")
