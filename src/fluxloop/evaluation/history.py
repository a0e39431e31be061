"""Looking back at test runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fluxloop.errors import NotFound
from fluxloop.evaluation.summary import count_by, count_outcomes
from fluxloop.schema.result import Result, RunSummary
from fluxloop.store.results import list_runs, read_results, read_summary


def summarise_past(folder: Path) -> RunSummary:
    """The numbers of a run; for one that was killed, those of the results it got to."""
    return read_summary(folder) or _counted(folder)


def summarise_all(root: Path) -> list[RunSummary]:
    """The numbers of every run under `root`, newest first."""
    return [summarise_past(folder) for folder in reversed(list_runs(root))]


def results_of(results: Sequence[Result], input_id: str) -> list[Result]:
    """Every iteration of one input, else NotFound that names the nearest."""
    found = [result for result in results if result.input_id == input_id]
    if not found:
        raise NotFound("result of input", input_id, dict.fromkeys(result.input_id for result in results))
    return sorted(found, key=lambda result: result.iteration)


def _counted(folder: Path) -> RunSummary:
    results = read_results(folder)
    counts = count_outcomes(results)
    return RunSummary(
        run=folder.name,
        target="",
        started="",
        seconds=0,
        total=len(results),
        passed=counts["passed"],
        failed=counts["failed"],
        errors=counts["error"],
        inconclusive=counts["inconclusive"],
        skipped=counts["skipped"],
        complete=False,
        by_persona=count_by(results, lambda result: result.persona),
        by_topic=count_by(results, lambda result: result.topic),
        notes=("The run was stopped before it could write its summary.",),
    )
