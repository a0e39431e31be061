"""`fluxloop personas`: the table of its commands, in the order one works. Nothing else is imported here."""

from __future__ import annotations

import click

from fluxloop.cli.lazy import LazyGroup

EPILOG = """\b
A persona of your own, from a built-in one:
  fluxloop personas list --pack ecommerce
  fluxloop personas create busy_parent --from mobile_user
  fluxloop personas edit busy_parent
  fluxloop personas validate
"""

COMMANDS = {
    "list": ("fluxloop.cli.personas_read:list_", "List the project's personas and the built-in ones."),
    "show": ("fluxloop.cli.personas_read:show", "Show one persona whole, with its style in numbers."),
    "create": ("fluxloop.cli.personas_change:create", "Write a new persona file, commented, or after another persona."),
    "edit": ("fluxloop.cli.personas_change:edit", "Open a persona's file in your editor; a built-in is copied first."),
    "validate": (
        "fluxloop.cli.personas_check:validate",
        "Check personas: keys, values, style bands, examples, topics.",
    ),
    "update": (
        "fluxloop.cli.personas_change:update",
        "Bring persona files to the current schema, or learn from real messages.",
    ),
    "discover": ("fluxloop.cli.personas_discover:discover", "Propose personas from real messages."),
}


@click.command("personas", cls=LazyGroup, lazy=COMMANDS, epilog=EPILOG)
def personas() -> None:
    """List, show, create and check personas."""
