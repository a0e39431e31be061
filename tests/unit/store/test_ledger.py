"""The books of a project."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from fluxloop.schema.call import Call
from fluxloop.store.ledger import Ledger, ledger_path, read_run, read_runs, sum_up
from fluxloop.store.project import find_project

CALL = Call(
    at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    provider="openai",
    model="gpt-4o",
    seconds=1.23456,
    cost=Decimal("0.00123"),
    input_tokens=100,
    output_tokens=50,
)


@pytest.fixture
def project(tmp_path):
    """An empty folder."""
    return find_project(tmp_path)


def test_a_run_is_the_sum_of_its_lines(project):
    """Calls, failures, tokens and dollars to the last digit; what is not priced is counted and not guessed."""
    books = Ledger(project, "gen_1")
    for _ in range(3):
        books.record(CALL)
    books.record(replace(CALL, outcome="RateLimited", cost=Decimal(0), input_tokens=0, output_tokens=0))
    books.record(replace(CALL, model="gpt-4o-mini", cost=None))
    assert read_run(project, "gen_1").kept is None
    books.finish(42)
    run = read_run(project, "gen_1")
    assert (run.calls, run.failed, run.unpriced, run.kept) == (5, 1, 1, 42)
    assert (run.input_tokens, run.output_tokens) == (400, 200)
    assert run.cost == Decimal("0.00369")
    assert run.models == ["gpt-4o", "gpt-4o-mini"]
    assert run.providers == ["openai"]
    assert run.started == CALL.at


def test_runs_come_in_order_and_sum_up(project):
    """A run that was taken up again is one run, and has kept what all its parts have."""
    for run, kept in (("a", 10), ("b", 20), ("a", 5)):
        books = Ledger(project, run)
        books.record(CALL)
        books.finish(kept)
    runs = read_runs(project)
    assert [(run.run, run.calls, run.kept) for run in runs] == [("a", 2, 15), ("b", 1, 20)]
    total = sum_up(runs)
    assert (total.calls, total.kept, total.cost) == (3, 35, Decimal("0.00369"))


def test_without_books_there_are_no_runs(project):
    """Nothing is made by looking."""
    assert read_runs(project) == []
    assert read_run(project, "a").calls == 0
    assert not project.private_dir.exists()


def test_a_cut_line_is_passed_over_and_costs_only_itself(project):
    """As when a run was killed; the next run's lines begin on a line of their own."""
    books = Ledger(project, "a")
    books.record(CALL)
    books.record(CALL)
    books.close()
    path = ledger_path(project)
    path.write_bytes(path.read_bytes()[:-10])
    assert read_run(project, "a").calls == 1
    again = Ledger(project, "b")
    again.record(CALL)
    assert [(run.run, run.calls) for run in read_runs(project)] == [("a", 1), ("b", 1)]


def test_tiny_costs_are_written_as_people_read_them(project):
    """No exponents, no rounding."""
    Ledger(project, "a").record(replace(CALL, cost=Decimal("1E-9")))
    assert '"cost":"0.000000001"' in ledger_path(project).read_text()
    assert read_run(project, "a").cost == Decimal("0.000000001")


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_ledger import CALL
from fluxloop.store.ledger import Ledger
from fluxloop.store.project import find_project
books = Ledger(find_project(Path(sys.argv[1])), sys.argv[2])
for _ in range(500):
    books.record(CALL)
"""


def test_two_runs_write_at_once(tmp_path, project):
    """No line is torn by another."""
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen([*command, run, here]) for run in ("a", "b", "c")]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert {run.run: run.calls for run in read_runs(project)} == {"a": 500, "b": 500, "c": 500}
