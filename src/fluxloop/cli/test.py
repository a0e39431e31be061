"""`fluxloop test`: run inputs against the agent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from fluxloop.cli.console import is_interactive, note, say, say_json, say_table, short_path, visible
from fluxloop.cli.opening import Opened, open_project
from fluxloop.cli.progress import test_progress
from fluxloop.errors import TestsFailed, UsageError
from fluxloop.evaluation.session import Chosen, Tested, choose_inputs, copy_report, narrow, run_inputs, run_settings
from fluxloop.reports.summary import failure_lines, headline, outcome_rows, percent
from fluxloop.runners.registry import create_runner
from fluxloop.schema.config import RunnerSection, Settings
from fluxloop.schema.result import RunSummary


@click.command()
@click.option("--bundle", metavar="NAME", help="The bundle to run.  [default: the newest; else all approved inputs]")
@click.option("--persona", metavar="ID", help="Only this persona's inputs.")
@click.option("--input", "ids", multiple=True, metavar="ID", help="Only this input; may be repeated.")
@click.option("--iterations", type=click.IntRange(1), metavar="N", help="Run each input N times.  [default: 1]")
@click.option("--parallel", type=click.IntRange(1), metavar="N", help="How many at once.  [default: 4]")
@click.option(
    "--timeout", type=click.FloatRange(0, min_open=True), metavar="S", help="Seconds a reply may take.  [default: 30]"
)
@click.option("--target", metavar="MODULE:FUNCTION", help="The agent.  [default: runner.target in fluxloop.yaml]")
@click.option("--junit", type=click.Path(path_type=Path), metavar="FILE", help="Write the JUnit report here too.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write the HTML report here too.")
@click.option("--output-dir", type=click.Path(path_type=Path), metavar="DIR", help="[default: results/]")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON on stdout.")
@click.pass_context
def test(ctx: click.Context, /, as_json: bool, **flags: Any) -> None:
    """Run inputs against your agent. Exit code 0: all passed; 10: some did not.

    \b
    fluxloop test --bundle regression_v1
    fluxloop test --persona frustrated_user --parallel 8 --timeout 10
    """
    opened = open_project(ctx)
    settings = _settings(opened, flags)
    chosen = narrow(
        choose_inputs(opened.project, settings.bundle, opened.notices), persona=flags["persona"], ids=flags["ids"]
    )
    opened.tell()
    _agree(chosen, flags["yes"])
    tested = _run(opened, settings, chosen, flags["output_dir"] or opened.project.results_dir)
    for name, to in (("junit.xml", flags["junit"]), ("report.html", flags["html"])):
        if to:
            copy_report(tested, name, to)
    say_json(tested.summary.model_dump(mode="json")) if as_json else _say(tested)
    _end(tested)


def _settings(opened: Opened, flags: dict[str, Any]) -> Settings:
    names = ("bundle", "iterations", "parallel", "timeout")
    settings = opened.settings({name: flags[name] for name in names if flags[name] is not None})
    if not flags["target"]:
        return settings
    from dataclasses import replace

    return replace(settings, runner=RunnerSection(target=flags["target"]))


def _agree(chosen: Chosen, yes: bool) -> None:
    """Unapproved inputs say little about an agent: warned of everywhere, asked about on a terminal."""
    if not chosen.unapproved:
        return
    note("warning: none of these inputs is approved; look at them first: fluxloop inputs review")
    if not yes and is_interactive() and not click.confirm("Run them all the same?", default=True, err=True):
        raise UsageError("Nothing was run.", "fluxloop inputs review, then fluxloop test")


def _run(opened: Opened, settings: Settings, chosen: Chosen, results_dir: Path) -> Tested:
    runner = create_runner(settings.runner, opened.project.root)
    with test_progress(quiet=opened.quiet) as show:
        return asyncio.run(run_inputs(chosen, runner, run_settings(settings), results_dir, show))


def _say(tested: Tested) -> None:
    summary = tested.summary
    if summary.bundle:
        say(f"Bundle {summary.bundle} ({(summary.content_hash or '')[:12]}) against {summary.target}")
    for title, counts in (("persona", summary.by_persona), ("topic", summary.by_topic)):
        rows = [
            (row.name, row.total, row.passed, row.failed, row.errors, percent(row.passed, row.total))
            for row in outcome_rows(counts)
        ]
        say_table([title, "inputs", "passed", "failed", "errors", "rate"], rows)
    for line in failure_lines(tested.results):
        say(f"  {visible(line)}")
    for line in summary.notes:
        say(f"  note: {line}")
    say(f"Report: {short_path(tested.folder / 'report.html')}")
    say(f"{_sign(summary)} {headline(summary)}")


def _sign(summary: RunSummary) -> str:
    """An interrupted run without a failure has not passed: nobody knows what the rest would have done."""
    if summary.passed != summary.total:
        return "❌"
    return "✅" if summary.complete else "⚠️ "


def _end(tested: Tested) -> None:
    summary = tested.summary
    if not summary.complete:
        note("Interrupted; what was done is in the results folder.")
        raise click.exceptions.Exit(130)
    if summary.passed != summary.total:
        raise click.exceptions.Exit(TestsFailed.exit_code)
