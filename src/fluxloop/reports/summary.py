"""A run for the terminal, as plain rows, and for programs, as `summary.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fluxloop.schema.result import Result, RunSummary

SHOWN_FAILURES = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a persona or a topic, and how its inputs fared."""

    name: str
    total: int
    passed: int
    failed: int
    errors: int
    other: int
    """Inconclusive and skipped."""

    @property
    def rate(self) -> float:
        """The share that passed, 0 to 1."""
        return self.passed / self.total if self.total else 0.0


def render_summary_json(summary: RunSummary) -> str:
    """`summary.json`."""
    return summary.model_dump_json(indent=2) + "\n"


def outcome_rows(counts: Mapping[str, Mapping[str, int]]) -> list[Row]:
    """Rows from `by_persona` or `by_topic`, in their order."""
    return [_row(name, group) for name, group in counts.items()]


def headline(summary: RunSummary) -> str:
    """`41 of 50 passed, 7 failed, 2 errors in 3.2 s`."""
    parts = [f"{summary.passed} of {summary.total} passed"]
    parts += [f"{count} {word}" for count, word in _counts(summary) if count]
    cut = "" if summary.complete else " (interrupted)"
    return f"{', '.join(parts)} in {duration(summary.seconds)}{cut}"


def failure_lines(results: Sequence[Result], limit: int = SHOWN_FAILURES) -> list[str]:
    """One line a result that did not pass: `input_014 (novice_user): contains: refund: the last reply has no …`."""
    bad = [result for result in results if result.outcome in {"failed", "error", "inconclusive"}]
    lines = [f"{label(result)}: {reason(result)}" for result in bad[:limit]]
    return [*lines, f"… and {len(bad) - limit} more"] if len(bad) > limit else lines


def label(result: Result) -> str:
    """`input_014 [2] (novice_user)`; the iteration is left out for the first."""
    again = f" [{result.iteration}]" if result.iteration > 1 else ""
    return f"{result.input_id}{again}{f' ({result.persona})' if result.persona else ''}"


def reason(result: Result) -> str:
    """Why it did not pass, in one line; empty when it did."""
    if result.error is not None:
        return " ".join(result.error.split())
    return "; ".join(f"{item.check}: {item.why}" for item in result.checks if item.verdict != "pass")


def duration(seconds: float) -> str:
    """`850 ms`, `3.2 s`, `4 min 5 s`."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def percent(passed: int, total: int) -> str:
    """`92%`; 100% only when all passed, 0% only when none did."""
    if not total:
        return "–"
    rounded = round(100 * passed / total)
    return f"{rounded if passed in {0, total} else min(99, max(1, rounded))}%"


def _row(name: str, group: Mapping[str, int]) -> Row:
    return Row(
        name=name,
        total=sum(group.values()),
        passed=group.get("passed", 0),
        failed=group.get("failed", 0),
        errors=group.get("error", 0),
        other=group.get("inconclusive", 0) + group.get("skipped", 0),
    )


def _counts(summary: RunSummary) -> list[tuple[int, str]]:
    return [
        (summary.failed, "failed"),
        (summary.errors, "error" if summary.errors == 1 else "errors"),
        (summary.inconclusive, "inconclusive"),
        (summary.skipped, "skipped"),
    ]
