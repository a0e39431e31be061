"""`fluxloop inputs validate`."""

from __future__ import annotations

from pathlib import Path

import click

from fluxloop.cli.console import say_json
from fluxloop.cli.inputs_findings import json_of_report, say_report
from fluxloop.cli.inputs_select import named_file, read_for
from fluxloop.cli.opening import open_project
from fluxloop.curation.checking import validate_among

EPILOG = """\b
Examples:
  fluxloop inputs validate
  fluxloop inputs validate inputs/review.yaml --json
"""


@click.command(epilog=EPILOG)
@click.argument("names", metavar="[FILE]...", nargs=-1)
@click.option("--config", type=click.Path(path_type=Path), metavar="F", help="Settings.  [default: configs/input.yaml]")
@click.option("--json", "as_json", is_flag=True, help="A JSON object on stdout.")
@click.pass_context
def validate(ctx: click.Context, names: tuple[str, ...], config: Path | None, as_json: bool) -> None:
    """Check inputs with the filters that generation uses: duplicates, length, persona, offence, language.

    A FILE is checked against all other inputs too. Rejected inputs are not checked. Findings end with exit code 1.
    """
    opened = open_project(ctx)
    everything, chosen = read_for(opened, [named_file(opened, name) for name in names])
    report = validate_among(everything, chosen, opened.settings(config=config), opened.personas())
    opened.tell()
    if as_json:
        say_json(json_of_report(report))
    else:
        say_report(report)
    ctx.exit(1 if report.findings else 0)
