"""`fluxloop costs`: what runs took, from the ledger."""

from __future__ import annotations

from typing import Any

import click

from fluxloop.cli.console import note, say, say_json, say_table
from fluxloop.cli.money import spent
from fluxloop.cli.opening import open_project
from fluxloop.store.ledger import RunCost, read_runs, sum_up

HEADERS = ("run", "started", "provider", "model", "calls", "failed", "tokens", "inputs", "cost")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Runs and total as JSON on stdout, dollars as text.")
@click.pass_context
def costs(ctx: click.Context, as_json: bool) -> None:
    """List what runs have cost, newest first, with every call that was made, retries and failed ones too.

    A price that nobody knows is said to be unknown. Your own prices go under `generation.prices` in a settings file.
    """
    opened = open_project(ctx)
    runs = read_runs(opened.project)[::-1]
    if as_json:
        say_json({"runs": [_data(run) for run in runs], "total": _data(sum_up(runs[::-1]))})
    elif runs:
        _say_runs(runs)
    else:
        note("Nothing has been spent yet: only calls to a model cost anything.", quiet=opened.quiet)


def _say_runs(runs: list[RunCost]) -> None:
    total = sum_up(runs)
    say_table(HEADERS, map(_row, runs))
    plural = "" if len(runs) == 1 else "s"
    say(f"Total: {spent(total.cost, total.unpriced)} for {total.calls:,} calls in {len(runs)} run{plural}")


def _row(run: RunCost) -> tuple[str, ...]:
    started = run.started.astimezone().strftime("%Y-%m-%d %H:%M") if run.started else "-"
    numbers = (run.calls, run.failed, run.input_tokens + run.output_tokens)
    counted = (f"{number:,}" for number in numbers)
    kept = "-" if run.kept is None else f"{run.kept:,}"
    names = (", ".join(run.providers) or "-", ", ".join(run.models) or "-")
    return run.run, started, *names, *counted, kept, spent(run.cost, run.unpriced)


def _data(run: RunCost) -> dict[str, Any]:
    return {
        "run": run.run,
        "started": run.started.isoformat() if run.started else None,
        "providers": run.providers,
        "models": run.models,
        "calls": run.calls,
        "failed": run.failed,
        "input_tokens": run.input_tokens,
        "output_tokens": run.output_tokens,
        "inputs": run.kept,
        "cost_usd": format(run.cost, "f"),
        "unpriced_calls": run.unpriced,
    }
