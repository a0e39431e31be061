"""The books of a project: one line for every call that reached the wire, one for what a run kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from fluxloop.schema.call import Call
from fluxloop.store.lines import LineFile, read_lines
from fluxloop.store.project import Project, make_private_dir


@dataclass(slots=True)
class RunCost:
    """What one run, or several together, took."""

    run: str
    started: datetime | None = None
    providers: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    calls: int = 0
    failed: int = 0
    """Of the calls: those without an answer."""
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    """Dollars, as far as they are known."""
    unpriced: int = 0
    """Of the calls: those that cost nobody knows what."""
    kept: int | None = None
    """How many inputs came of it; None when the run has not ended, or not in order."""


class Ledger:
    """The part of the books that one run writes. Several runs may write at once."""

    def __init__(self, project: Project, run: str) -> None:
        make_private_dir(project.root)
        self._file = LineFile(ledger_path(project), shared=True)
        self._run = run

    def record(self, call: Call) -> None:
        """Enter a call."""
        self._file.append(
            {
                "run": self._run,
                "at": call.at.isoformat(timespec="milliseconds"),
                "provider": call.provider,
                "model": call.model,
                "outcome": call.outcome,
                "cost": None if call.cost is None else format(call.cost, "f"),
                "input_tokens": call.input_tokens,
                "output_tokens": call.output_tokens,
                "cached_tokens": call.cached_tokens,
                "cache_write_tokens": call.cache_write_tokens,
                "seconds": round(call.seconds, 3),
            }
        )

    def finish(self, kept: int) -> None:
        """Enter how many inputs the run has kept, and close the books."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._file.append({"run": self._run, "at": now, "kept": kept})
        self._file.close()

    def close(self) -> None:
        """Close the books of a run that has not ended in order."""
        self._file.close()


def ledger_path(project: Project) -> Path:
    """Where the books are."""
    return project.private_dir / "ledger.jsonl"


def read_runs(project: Project) -> list[RunCost]:
    """What each run took, in the order they began."""
    runs: dict[str, RunCost] = {}
    for line in read_lines(ledger_path(project)):
        name = str(line.get("run", ""))
        run = runs.get(name)
        if run is None:
            run = runs[name] = RunCost(name, started=_time(line.get("at")))
        _enter(run, line)
    return list(runs.values())


def read_run(project: Project, run: str) -> RunCost:
    """What one run took; nothing when it is not in the books."""
    return next((cost for cost in read_runs(project) if cost.run == run), RunCost(run))


def sum_up(runs: Iterable[RunCost]) -> RunCost:
    """All runs as one."""
    total = RunCost("total", kept=0)
    for run in runs:
        total.started = total.started or run.started
        _add_names(total.providers, run.providers)
        _add_names(total.models, run.models)
        total.calls += run.calls
        total.failed += run.failed
        total.input_tokens += run.input_tokens
        total.output_tokens += run.output_tokens
        total.cost += run.cost
        total.unpriced += run.unpriced
        total.kept = (total.kept or 0) + (run.kept or 0)
    return total


def _enter(run: RunCost, line: dict[str, Any]) -> None:
    """One line of the books; a run that was taken up again has several ends, and kept what all of them say."""
    if "kept" in line:
        run.kept = (run.kept or 0) + _whole(line["kept"])
        return
    _add_names(run.providers, [str(line.get("provider", ""))])
    _add_names(run.models, [str(line.get("model", ""))])
    run.calls += 1
    run.failed += line.get("outcome") != "ok"
    run.input_tokens += _whole(line.get("input_tokens"))
    run.output_tokens += _whole(line.get("output_tokens"))
    cost = _dollars(line.get("cost"))
    run.cost += cost or 0
    run.unpriced += cost is None


def _add_names(names: list[str], more: Iterable[str]) -> None:
    names += [name for name in more if name and name not in names]


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _dollars(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if value is not None else None
    except InvalidOperation:
        return None


def _time(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None
