"""A run in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, get_args

from fluxloop.evaluation.run import TestRun, TestSettings
from fluxloop.schema.result import Outcome, Result, RunSummary, Verdict

NONE = "(none)"
"""Stands for results without a persona or a topic."""


def summarise(
    run: TestRun, settings: TestSettings, *, name: str, bundle: str | None = None, content_hash: str | None = None
) -> RunSummary:
    """Count a run's results; `name` is that of its folder."""
    counts = count_outcomes(run.results)
    return RunSummary(
        run=name,
        target=run.target,
        bundle=bundle,
        content_hash=content_hash,
        started=run.started.isoformat(timespec="seconds"),
        seconds=round(run.seconds, 3),
        total=len(run.results),
        passed=counts["passed"],
        failed=counts["failed"],
        errors=counts["error"],
        inconclusive=counts["inconclusive"],
        skipped=counts["skipped"],
        complete=run.complete,
        latency=measure_latency(run.results),
        by_persona=count_by(run.results, lambda result: result.persona),
        by_topic=count_by(run.results, lambda result: result.topic),
        checks=count_checks(run.results),
        notes=run.notes,
        settings=show_settings(settings),
    )


def count_outcomes(results: Iterable[Result]) -> dict[str, int]:
    """How many of each outcome, those that never happened too."""
    counts: dict[str, int] = dict.fromkeys(get_args(Outcome), 0)
    for result in results:
        counts[result.outcome] += 1
    return counts


def count_by(results: Sequence[Result], key: Callable[[Result], str | None]) -> dict[str, dict[str, int]]:
    """Outcome counts by persona or topic, in the order they first appear."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(key(result) or NONE, []).append(result)
    return {name: count_outcomes(group) for name, group in groups.items()}


def count_checks(results: Iterable[Result]) -> dict[str, dict[str, int]]:
    """Verdict counts by check."""
    counts: dict[str, dict[str, int]] = {}
    for result in results:
        for outcome in result.checks:
            verdicts = counts.setdefault(outcome.check, dict.fromkeys(get_args(Verdict), 0))
            verdicts[outcome.verdict] += 1
    return counts


def measure_latency(results: Iterable[Result]) -> dict[str, float]:
    """Seconds per reply: mean, p50, p95, max; empty when there was no reply."""
    replies = [item.seconds for result in results for item in result.exchanges if item.reply is not None]
    if not replies:
        return {}
    ordered = sorted(replies)
    numbers = {
        "mean": sum(ordered) / len(ordered),
        "p50": percentile(ordered, 50),
        "p95": percentile(ordered, 95),
        "max": ordered[-1],
    }
    return {name: round(value, 6) for name, value in numbers.items()}


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The least value that at least `percent` per cent of the values do not exceed (nearest rank).

    It is always a value that was measured, also for a handful: the p95 of three replies is the slowest.
    """
    rank = -(-percent * len(ordered) // 100)
    return ordered[max(rank, 1) - 1]


def show_settings(settings: TestSettings) -> dict[str, Any]:
    """The settings as they stand in the summary."""
    return {
        "iterations": settings.iterations,
        "parallel": settings.parallel,
        "timeout": settings.timeout,
        "checks": list(settings.checks),
    }
