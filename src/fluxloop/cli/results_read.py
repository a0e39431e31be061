"""`fluxloop results list | show`."""

from __future__ import annotations

from pathlib import Path

import click

from fluxloop.cli.console import note, say, say_json, say_table
from fluxloop.cli.opening import open_project
from fluxloop.cli.results_view import run_card, run_row, transcript
from fluxloop.evaluation.history import results_of, summarise_all, summarise_past
from fluxloop.store.project import Project
from fluxloop.store.results import find_run, list_runs, read_results

SHOW_EPILOG = """\b
Examples:
  fluxloop results show                                    the newest run
  fluxloop results show input_014                          one input in the newest run
  fluxloop results show run_20261123_101500 input_014      one input in that run
"""


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON list on stdout.")
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """List test runs, newest first."""
    opened = open_project(ctx)
    runs = summarise_all(opened.project.results_dir)
    if as_json:
        say_json([run.model_dump(mode="json") for run in runs])
    elif runs:
        say_table(("run", "bundle", "passed", "failed", "errors", "took", "target"), map(run_row, runs))
    else:
        note("No test runs yet: `fluxloop test` makes one.", quiet=opened.quiet)


@click.command(epilog=SHOW_EPILOG)
@click.argument("run", metavar="[RUN]", required=False)
@click.argument("input_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout: the run with its results, or one input's.")
@click.pass_context
def show(ctx: click.Context, run: str | None, input_id: str | None, as_json: bool) -> None:
    """Show a run (default: the newest), or what became of one input in it, with the whole conversation."""
    folder, input_id = _asked(open_project(ctx).project, run, input_id)
    found = read_results(folder)
    if input_id is not None:
        found = results_of(found, input_id)
        say_json([one.model_dump(mode="json") for one in found]) if as_json else say("\n".join(transcript(found)))
        return
    summary = summarise_past(folder)
    if as_json:
        say_json(summary.model_dump(mode="json") | {"results": [one.model_dump(mode="json") for one in found]})
    else:
        run_card(summary, found, folder)


def _asked(project: Project, run: str | None, input_id: str | None) -> tuple[Path, str | None]:
    """The run's folder and the input; one word that names no run is an input of the newest one."""
    names = {path.name for path in list_runs(project.results_dir)}
    if run == "latest":
        run = None
    elif run and not input_id and run not in names and names and not run.startswith("run_"):
        run, input_id = None, run
    return find_run(project.results_dir, run), input_id
