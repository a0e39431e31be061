"""Runs to report on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from fluxloop.evaluation.run import TestRun, TestSettings
from fluxloop.evaluation.summary import summarise
from fluxloop.schema.result import Result, RunSummary

Summarise = Callable[[Sequence[Result]], RunSummary]


@pytest.fixture(scope="session")
def summary_of() -> Summarise:
    """The summary of a run that had these results."""

    def build(results: Sequence[Result], complete: bool = True, notes: tuple[str, ...] = ()) -> RunSummary:
        started = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
        run = TestRun("agent:answer", tuple(results), started, 3.25, complete, notes)
        return summarise(
            run, TestSettings(), name="run_20261123_073000", bundle="regression_v1", content_hash="sha256:1"
        )

    return build
