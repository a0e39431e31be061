"""`fluxloop bundles`: the table of its commands, in the order one works. Nothing else is imported here."""

from __future__ import annotations

import click

from fluxloop.cli.lazy import LazyGroup

EPILOG = """\b
Freeze what was approved, and test with it:
  fluxloop bundles create --name regression_v1
  fluxloop bundles verify
  fluxloop test --bundle regression_v1
"""

COMMANDS = {
    "create": (
        "fluxloop.cli.bundles_change:create",
        "Freeze inputs, with their text and their personas, into a bundle.",
    ),
    "list": ("fluxloop.cli.bundles_read:list_", "List bundles."),
    "show": ("fluxloop.cli.bundles_read:show", "Show one bundle and its inputs."),
    "verify": ("fluxloop.cli.bundles_read:verify", "Check that bundles are what was frozen."),
    "diff": ("fluxloop.cli.bundles_read:diff", "Show what sets two bundles apart."),
    "delete": ("fluxloop.cli.bundles_change:delete", "Delete bundles."),
}


@click.command("bundles", cls=LazyGroup, lazy=COMMANDS, epilog=EPILOG)
def bundles() -> None:
    """Freeze inputs into bundles."""
