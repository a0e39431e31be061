"""What the terminal shows of a run, as plain data."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from report_samples import ALL, BROKEN, FAILED, PASSED

from fluxloop.reports.summary import Row, duration, failure_lines, headline, outcome_rows, render_summary_json
from fluxloop.schema.result import Result, RunSummary


def test_the_headline_says_all_in_a_line(summary_of: Callable[..., RunSummary]) -> None:
    """What passed of how many, what did not, how long it took, and whether the run came to its end."""
    assert headline(summary_of(ALL)) == "1 of 4 passed, 1 failed, 1 error, 1 inconclusive in 3.2 s"
    assert headline(summary_of([PASSED], complete=False)) == "1 of 1 passed in 3.2 s (interrupted)"


def test_rows_count_by_group(summary_of: Callable[..., RunSummary]) -> None:
    """One row a persona, with its pass rate."""
    rows = outcome_rows(summary_of(ALL).by_persona)
    assert rows[0] == Row("novice_user", total=2, passed=1, failed=1, errors=0, other=0)
    assert [(row.name, row.rate) for row in rows] == [("novice_user", 0.5), ("expert_user", 0), ("(none)", 0)]


def test_failures_are_one_line_each() -> None:
    """Id, iteration, persona and reason; the rest is counted."""
    assert failure_lines([PASSED, FAILED, BROKEN, BROKEN], limit=2) == [
        "input_002 [2] (novice_user): contains: yes: the last reply has no “yes”; "
        "regex: \\d: the last reply does not match: “Still no.”",
        "input_003 (expert_user): agent.py:7: KeyError: 'x'",
        "… and 1 more",
    ]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0.0 ms"), (0.0012, "1.2 ms"), (0.25, "250 ms"), (0.9999, "1.0 s"), (59.96, "1 min 0 s"), (245, "4 min 5 s")],
)
def test_durations_are_read_at_a_glance(seconds: float, shown: str) -> None:
    """The unit fits the size, and nothing is rounded to 1000 ms or 60 s."""
    assert duration(seconds) == shown


def test_the_summary_file_reads_back(summary_of: Callable[..., RunSummary]) -> None:
    """summary.json is the summary, whole."""
    summary = summary_of(ALL, notes=("grüße 😀",))
    text = render_summary_json(summary)
    assert RunSummary.model_validate(json.loads(text)) == summary
    assert "grüße 😀" in text


def test_an_empty_run_can_be_told(summary_of: Callable[..., RunSummary]) -> None:
    """No results are no reason to fail."""
    empty: list[Result] = []
    assert headline(summary_of(empty)) == "0 of 0 passed in 3.2 s"
    assert failure_lines(empty) == []
