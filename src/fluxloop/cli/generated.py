"""How a plan and a generation are told."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import click

from fluxloop.cli.console import note, say, say_json, say_table, short_path
from fluxloop.cli.money import dollars, spent
from fluxloop.errors import FluxloopError
from fluxloop.generation.coverage import PlanSummary
from fluxloop.generation.estimate import Estimate
from fluxloop.generation.outcome import Outcome
from fluxloop.generation.session import Generated, require_complete
from fluxloop.generation.stack import Spent
from fluxloop.providers.base import Provider
from fluxloop.providers.prices import price_table_date


def describe(summary: PlanSummary) -> dict[str, Any]:
    """A plan as `--json` shows it."""
    return asdict(summary)


def say_plan(summary: PlanSummary) -> None:
    """Persona x topic, then what the slots are made of, then what they cover."""
    topics = list(dict.fromkeys(topic for row in summary.cells.values() for topic in row))
    rows = [
        [persona, *(row.get(topic, 0) for topic in topics), sum(row.values())] for persona, row in summary.cells.items()
    ]
    say_table(["persona", *topics, "total"], rows)
    for name in ("intent", "complexity", "tone"):
        values = ", ".join(f"{value} {count}" for value, count in summary.dimensions[name].items())
        say(f"{name + ':':12} {values}")
    low, middle, high = summary.words
    say(f"{'length:':12} median {middle} words, most between {low} and {high}")
    if summary.mentions:
        say(f"{'names:':12} {', '.join(f'{term} {count}' for term, count in summary.mentions.items())}")
    cells = sum(len(row) for row in summary.cells.values())
    share = summary.pairs_covered / summary.pairs_possible if summary.pairs_possible else 1
    say(
        f"{'coverage:':12} {cells} cells, {summary.situations} different situations, "
        f"{summary.pairs_covered} of {summary.pairs_possible} pairs of values ({share:.0%})"
    )
    say(f"{summary.total} inputs planned")


def say_dry_run(
    summary: PlanSummary, estimate: Estimate, provider: Provider, *, paid: bool, batch: bool, as_json: bool
) -> None:
    """The plan, what it would take, and what it would cost; an unknown price is said, never shown as $0."""
    table = price_table_date() if paid else ""
    if as_json:
        cost = {name: None if value is None else float(value) for name, value in _costs(estimate).items()}
        told = {"provider": provider.name, "model": provider.model, "price_table": table or None, "batch": batch}
        say_json(describe(summary) | told | {"estimate": asdict(estimate) | cost})
        return
    say_plan(summary)
    say(f"Provider: {provider.name} ({provider.model}). Nothing has been sent or written.")
    if not paid:
        say("Estimated cost: $0.00 (the embedded writer calls no model)")
        return
    sent = " in one batch, answered within a day" if batch else ""
    say(f"{estimate.calls} calls{sent}, about {estimate.input_tokens:,} tokens in and {estimate.output_tokens:,} out")
    if estimate.cost is None:
        say(f"Estimated cost: unknown: nobody has told a price of `{provider.model}` there; see `generation.prices`")
        return
    low, high = dollars(estimate.low), dollars(estimate.high)
    half = "half price as a batch; " if batch else ""
    say(f"Estimated cost: {dollars(estimate.cost)} ({low} to {high}; {half}prices as of {table})")


def say_generated(generated: Generated, *, as_json: bool, chosen: bool, quiet: bool) -> None:
    """What was made, who wrote it, what is missing; ends with the exit code that says so."""
    for line in generated.notices:
        note(f"note: {line}", quiet=quiet)
    say_summary(generated, as_json=as_json)
    embedded_notice(generated, chosen=chosen, quiet=quiet)
    if generated.outcome.interrupted and generated.outcome.missing():
        hint = "fluxloop inputs generate --resume" if generated.resumable else "the same command once more"
        for batch in generated.waiting:
            note(f"The batch {batch} goes on at the vendor; --resume fetches it.")
        note(f"Interrupted; what is done is kept. Go on with: {hint}")
        raise click.exceptions.Exit(130)
    try:
        require_complete(generated)
    except FluxloopError:
        say_shortfall(generated.outcome)
        raise


def _costs(estimate: Estimate) -> dict[str, Decimal | None]:
    return {"cost": estimate.cost, "low": estimate.low, "high": estimate.high}


def _spent_line(taken: Spent) -> str:
    calls = f"{taken.calls} call{'' if taken.calls == 1 else 's'}"
    return f"{calls}, cost {spent(taken.dollars, taken.unpriced)}"


def say_summary(generated: Generated, *, as_json: bool) -> None:
    """What was made; the last line is the one people look for."""
    made = Counter(item.persona or "" for item in generated.inputs)
    if as_json:
        say_json(
            {
                "generated": len(generated.inputs),
                "file": short_path(generated.output),
                "personas": dict(made),
                "missing": generated.outcome.missing(),
                "rejected": {persona: dict(reasons) for persona, reasons in generated.outcome.rejected.items()},
                "calls": generated.spent.calls,
                "cost_usd": None if generated.spent.unpriced else float(generated.spent.dollars),
                "earlier": generated.earlier,
                "resumable": generated.resumable,
                "waiting": list(generated.waiting),
                "inputs": [item.model_dump(mode="json", exclude_defaults=True) for item in generated.inputs],
            }
        )
        return
    for persona, count in made.items():
        say(f"  {persona:24} {count:>6}")
    if generated.spent.calls:
        say(f"  {_spent_line(generated.spent)}")
    if generated.inputs:
        first, last = generated.inputs[0].id, generated.inputs[-1].id
        say(f"  {first} to {last} in {short_path(generated.output)}")
    mark = "⚠️ " if generated.outcome.missing() else "✅"
    plural = "" if len(made) == 1 else "s"
    before = f" ({generated.earlier} more in the interrupted run)" if generated.earlier else ""
    say(f"{mark} Generated {len(generated.inputs)} inputs from {len(made)} persona{plural}{before}")


def embedded_notice(generated: Generated, *, chosen: bool, quiet: bool) -> None:
    """The embedded writer names itself, and says how to get better text."""
    if not any(item.origin.get("provider") == "embedded" for item in generated.inputs):
        return
    advice = "" if chosen else " Set OPENAI_API_KEY or ANTHROPIC_API_KEY for that, or --provider."
    note(
        f"Written by the embedded grammar: fine for a start, CI and demos; a model writes better.{advice}", quiet=quiet
    )


def say_shortfall(outcome: Outcome) -> None:
    """Who is short and why, on stderr."""
    missing = outcome.missing()
    for persona, quota in outcome.quotas.items():
        if persona in missing:
            reasons = outcome.rejected.get(persona, Counter()).most_common(4)
            why = ", ".join(f"{reason} {count}" for reason, count in reasons) or "nothing was written"
            note(f"  {persona:24} {quota - missing[persona]:>6} of {quota:<6} not kept: {why}")
