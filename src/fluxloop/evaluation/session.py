"""A test run in a project: which inputs, run against the agent, into a results folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from fluxloop.errors import NotFound, StoreError
from fluxloop.evaluation.events import OnEvent, ignore
from fluxloop.evaluation.run import TestSettings, checks_by_input, run_tests
from fluxloop.evaluation.summary import summarise
from fluxloop.reports.html import render_html
from fluxloop.reports.junit import render_junit
from fluxloop.reports.summary import render_summary_json
from fluxloop.runners.base import Runner
from fluxloop.schema.config import Settings
from fluxloop.schema.finding import Notice
from fluxloop.schema.input import Input
from fluxloop.schema.result import Result, RunSummary
from fluxloop.store.atomic import write_text
from fluxloop.store.bundles import bundle_path, is_intact, newest_bundle, read_bundle
from fluxloop.store.emit import emit_mapping
from fluxloop.store.inputs import read_project_inputs
from fluxloop.store.project import Project
from fluxloop.store.results import ResultFolder
from fluxloop.store.wording import shown


@dataclass(frozen=True, slots=True)
class Chosen:
    """The inputs of a run, and where they are from."""

    inputs: tuple[Input, ...]
    bundle: str | None = None
    content_hash: str | None = None
    unapproved: bool = False
    """True when nobody has approved them: then the numbers say little, and that is told."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A run that has ended; its files are written."""

    summary: RunSummary
    results: tuple[Result, ...]
    folder: Path


def choose_inputs(project: Project, bundle: str | None, notices: list[Notice]) -> Chosen:
    """The named bundle; else the newest one; else the approved inputs; else, unapproved, the pending ones.

    Raises NotFound when there is nothing to run, StoreError for a bundle that is not what was frozen.
    """
    name = bundle or newest_bundle(project)
    if name:
        return _from_bundle(project, name, notices)
    stored = [item.input for item in read_project_inputs(project, notices)]
    approved = tuple(item for item in stored if item.status == "approved")
    if approved:
        return Chosen(approved)
    pending = tuple(item for item in stored if item.status == "pending")
    if not pending:
        raise NotFound("input to run", "inputs/", hint="Make some: fluxloop inputs generate --count 50")
    return Chosen(pending, unapproved=True)


def narrow(chosen: Chosen, *, persona: str | None = None, ids: Sequence[str] = ()) -> Chosen:
    """Only this persona's inputs, only these ids. Raises NotFound when that leaves nothing."""
    inputs = chosen.inputs
    if persona:
        inputs = tuple(item for item in inputs if item.persona == persona)
        if not inputs:
            known = sorted({item.persona for item in chosen.inputs if item.persona})
            raise NotFound("input by the persona", persona, known)
    for wanted in ids:
        if not any(item.id == wanted for item in inputs):
            raise NotFound("input", wanted, [item.id for item in inputs])
    if ids:
        inputs = tuple(item for item in inputs if item.id in ids)
    return replace(chosen, inputs=inputs)


def run_settings(settings: Settings) -> TestSettings:
    """How a run goes, out of all settings."""
    return TestSettings(
        iterations=settings.iterations, parallel=settings.parallel, timeout=settings.timeout, checks=settings.checks
    )


async def run_inputs(
    chosen: Chosen, runner: Runner, settings: TestSettings, results_dir: Path, on_event: OnEvent = ignore
) -> Tested:
    """Run the inputs and write the run's folder: results as they come, then summary, reports and settings.

    The folder is made before the first call, so that an unwritable place is told before anything is run.
    """
    checks_by_input(chosen.inputs, settings)  # a mistake in a check must not leave an empty folder behind
    folder = ResultFolder.create(results_dir, datetime.now())
    run = await run_tests(chosen.inputs, runner, settings, sink=folder.append, on_event=on_event)
    summary = summarise(run, settings, name=folder.name, bundle=chosen.bundle, content_hash=chosen.content_hash)
    folder.write("summary.json", render_summary_json(summary))
    folder.write("junit.xml", render_junit(summary, run.results))
    folder.write("report.html", render_html(summary, run.results))
    folder.write("config.yaml", emit_mapping({"target": summary.target, "bundle": chosen.bundle, **summary.settings}))
    return Tested(summary, run.results, folder.path)


def copy_report(tested: Tested, name: str, to: Path) -> None:
    """A report of the run at another place too: `--junit` and `--html`."""
    write_text(to, (tested.folder / name).read_text(encoding="utf-8"))


def _from_bundle(project: Project, name: str, notices: list[Notice]) -> Chosen:
    bundle = read_bundle(project, name, notices)
    if not is_intact(bundle):
        raise StoreError(
            f"{shown(bundle_path(project, name))}: the bundle `{name}` was changed after it was frozen.",
            "Take the change back, or freeze it anew under another name: fluxloop bundles create --name NEW",
        )
    if not bundle.inputs:
        raise NotFound("input in the bundle", name, hint="Freeze some: fluxloop bundles create --name NEW")
    return Chosen(bundle.inputs, bundle.name, bundle.content_hash)
