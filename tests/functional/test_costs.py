"""`fluxloop costs` and `fluxloop cache`, as commands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from fluxloop.cli.money import dollars, spent
from fluxloop.schema.call import Call
from fluxloop.store.cache import CompletionCache
from fluxloop.store.ledger import Ledger
from fluxloop.store.project import find_project

from .conftest import run, tree

CALL = Call(
    at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC), provider="openai", model="gpt-4o", seconds=1.0, cost=Decimal("0.0512")
)


def keep_books(project: Path) -> None:
    """Two runs: one whose price is known, and one with a call that was cut off."""
    books = Ledger(find_project(project), "gen_20261123_080000")
    books.record(replace(CALL, input_tokens=1200, output_tokens=900))
    books.record(replace(CALL, outcome="RateLimited", cost=Decimal(0)))
    books.finish(20)
    books = Ledger(find_project(project), "gen_20261123_090000")
    books.record(replace(CALL, at=CALL.at.replace(hour=9), cost=Decimal("0.2")))
    books.record(replace(CALL, outcome="cancelled", cost=None))
    books.close()


def test_costs_lists_runs_with_a_total(project: Path) -> None:
    """Newest first; a run that died has no inputs yet, and what is not priced makes the sum a least one."""
    keep_books(project)
    code, out, err = run(["costs"], project, {"TZ": "UTC"})
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "run                  started           provider  model   calls  failed  tokens  inputs  cost",
        "gen_20261123_090000  2026-11-23 09:00  openai    gpt-4o  2      1       0       -       at least $0.20",
        "gen_20261123_080000  2026-11-23 08:00  openai    gpt-4o  2      1       2,100   20      $0.0512",
        "Total: at least $0.25 for 4 calls in 2 runs",
    ]  # fmt: skip


def test_costs_as_json_are_exact(project: Path) -> None:
    """Dollars as text, so that no digit is lost; calls without a price are counted beside them."""
    keep_books(project)
    data = json.loads(run(["costs", "--json"], project)[1])
    assert [one["run"] for one in data["runs"]] == ["gen_20261123_090000", "gen_20261123_080000"]
    assert (data["total"]["cost_usd"], data["total"]["unpriced_calls"], data["total"]["inputs"]) == ("0.2512", 1, 20)
    assert data["runs"][0]["inputs"] is None


def test_without_calls_nothing_was_spent(project: Path) -> None:
    """It says so, exits with 0, and makes no file."""
    before = tree(project)
    assert run(["costs"], project)[0] == 0
    assert json.loads(run(["costs", "--json"], project)[1])["runs"] == []
    assert "empty" in run(["cache", "info"], project)[1]
    assert run(["cache", "clear"], project)[1] == "0 answers forgotten\n"
    assert tree(project) == before


def test_the_cache_is_shown_and_cleared(project: Path) -> None:
    """How many, how large, how old; and after clearing nothing."""
    cache = CompletionCache(find_project(project))
    for number in range(12):
        cache.put(str(number), "x" * 5000)
    cache.close()
    out = run(["cache", "info"], project)[1]
    assert out.startswith("12 answers, ")
    assert out.splitlines()[1] == ".fluxloop/cache/completions.sqlite"
    data = json.loads(run(["cache", "info", "--json"], project)[1])
    assert (data["entries"], data["bytes"] > 60_000) == (12, True)
    assert run(["cache", "clear"], project)[1] == "12 answers forgotten\n"
    assert json.loads(run(["cache", "info", "--json"], project)[1])["entries"] == 0


def test_a_damaged_cache_is_told_and_replaced(project: Path) -> None:
    """No traceback, exit 0, one line on stderr."""
    path = CompletionCache(find_project(project)).path
    path.parent.mkdir(parents=True)
    path.write_text("nonsense " * 1000)
    code, out, err = run(["cache", "info"], project)
    assert (code, len(err.splitlines())) == (0, 1)
    assert "was damaged" in err
    assert "empty" in out


@pytest.mark.parametrize(
    ("cost", "text"),
    [("0", "$0.00"), ("0.00001", "under $0.0001"), ("0.0042", "$0.0042"), ("0.15", "$0.15"), ("1234.5", "$1,234.50")],
)
def test_dollars_are_readable(cost: str, text: str) -> None:
    """Small sums keep their digits, large ones their commas."""
    assert dollars(Decimal(cost)) == text


def test_unknown_is_never_zero() -> None:
    """With no priced call it is unknown; with some it is a least sum."""
    assert dollars(None) == "unknown"
    assert spent(Decimal(0), 3) == "unknown"
    assert spent(Decimal("0.5"), 3) == "at least $0.50"
    assert spent(Decimal(0), 0) == "$0.00"
