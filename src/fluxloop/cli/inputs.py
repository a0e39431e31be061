"""`fluxloop inputs`: the table of its commands, in the order one works. Nothing else is imported here."""

from __future__ import annotations

import click

from fluxloop.cli.lazy import LazyGroup

EPILOG = """\b
A round of work:
  fluxloop inputs generate --personas novice_user:60,expert_user:40 --count 100
  fluxloop inputs validate
  fluxloop inputs review
  fluxloop inputs approve
"""

COMMANDS = {
    "plan": ("fluxloop.cli.inputs_make:plan", "Show who will write about what, before any text."),
    "generate": ("fluxloop.cli.inputs_make:generate", "Write inputs in the voices of personas."),
    "list": ("fluxloop.cli.inputs_read:list_", "List inputs."),
    "show": ("fluxloop.cli.inputs_read:show", "Show one input whole, with where it came from."),
    "validate": ("fluxloop.cli.inputs_check:validate", "Check inputs: duplicates, length, persona, offence, language."),
    "review": ("fluxloop.cli.inputs_review:review", "Go through pending inputs one at a time."),
    "approve": ("fluxloop.cli.inputs_change:approve", "Approve pending inputs that pass validation."),
    "reject": ("fluxloop.cli.inputs_change:reject", "Reject inputs, with a reason."),
    "edit": ("fluxloop.cli.inputs_change:edit", "Change the text or the status of one input."),
    "add": ("fluxloop.cli.inputs_change:add", "Add an input of your own."),
    "stats": ("fluxloop.cli.inputs_stats:stats", "Count inputs and measure how real they look."),
}


@click.command("inputs", cls=LazyGroup, lazy=COMMANDS, epilog=EPILOG)
def inputs() -> None:
    """Plan, generate, review and validate inputs."""
