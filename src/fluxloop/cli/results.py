"""`fluxloop results`: the table of its commands. Nothing else is imported here."""

from __future__ import annotations

import click

from fluxloop.cli.lazy import LazyGroup

COMMANDS = {
    "list": ("fluxloop.cli.results_read:list_", "List test runs, newest first."),
    "show": ("fluxloop.cli.results_read:show", "Show a run, or what became of one input in it."),
}


@click.command("results", cls=LazyGroup, lazy=COMMANDS)
def results() -> None:
    """Look at test runs."""
