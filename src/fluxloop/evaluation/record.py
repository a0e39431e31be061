"""A test run with its folder: every result on disk the moment it is there, the reports at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fluxloop.evaluation.events import OnEvent, ignore
from fluxloop.evaluation.run import TestRun, TestSettings, checks_by_input, run_tests
from fluxloop.evaluation.summary import show_settings, summarise
from fluxloop.reports.html import render_html
from fluxloop.reports.junit import render_junit
from fluxloop.reports.summary import render_summary_json
from fluxloop.runners.base import Runner
from fluxloop.schema.bundle import Bundle
from fluxloop.schema.input import Input
from fluxloop.schema.result import Result, RunSummary
from fluxloop.store.atomic import write_text
from fluxloop.store.emit import emit_mapping
from fluxloop.store.results import ResultFolder


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run that is over, complete or not, with everything written."""

    folder: Path
    summary: RunSummary
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Copies:
    """Where reports are wanted besides the run's own folder."""

    junit: Path | None = None
    html: Path | None = None


async def record_run(
    inputs: Sequence[Input],
    runner: Runner,
    settings: TestSettings,
    results_dir: Path,
    *,
    bundle: Bundle | None = None,
    copies: Copies | None = None,
    on_event: OnEvent = ignore,
) -> RecordedRun:
    """Run the inputs and keep the run under `results_dir`.

    The folder has `results.jsonl` (written as results come), `config.yaml`, `summary.json`, `junit.xml` and
    `report.html`. A cancelled run is kept the same way, with `summary.complete` False.
    """
    checks_by_input(inputs, settings)  # a mistake in them must not leave an empty folder behind
    folder = ResultFolder.create(results_dir, datetime.now().astimezone())
    source = {"bundle": bundle.name, "content_hash": bundle.content_hash} if bundle else {}
    folder.write("config.yaml", emit_mapping({"target": runner.target, **source, **show_settings(settings)}))
    run = await run_tests(inputs, runner, settings, sink=folder.append, on_event=on_event)
    summary = summarise(run, settings, name=folder.name, **source)
    write_reports(folder, summary, run, copies or Copies())
    return RecordedRun(folder.path, summary, run.results)


def write_reports(folder: ResultFolder, summary: RunSummary, run: TestRun, copies: Copies) -> None:
    """The three reports into the run's folder, and where else they are wanted."""
    junit, html = render_junit(summary, run.results), render_html(summary, run.results)
    folder.write("summary.json", render_summary_json(summary))
    folder.write("junit.xml", junit)
    folder.write("report.html", html)
    for path, text in ((copies.junit, junit), (copies.html, html)):
        if path is not None:
            write_text(path, text)
