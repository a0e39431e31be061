"""`fluxloop cache`: the table of its commands. Nothing else is imported here."""

from __future__ import annotations

import click

from fluxloop.cli.lazy import LazyGroup

COMMANDS = {
    "info": ("fluxloop.cli.cache_keep:info", "Show how much is in it."),
    "clear": ("fluxloop.cli.cache_keep:clear", "Forget all of it."),
}


@click.command("cache", cls=LazyGroup, lazy=COMMANDS)
def cache() -> None:
    """Look after the answers that `caching: true` keeps."""
