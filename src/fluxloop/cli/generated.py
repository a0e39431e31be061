"""How a plan and a generation are told."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from fluxloop.cli.console import note, say, say_json, say_table, short_path
from fluxloop.generation.coverage import PlanSummary
from fluxloop.generation.generate import Outcome
from fluxloop.generation.session import Generated


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
                "calls": generated.outcome.calls,
                "inputs": [item.model_dump(mode="json", exclude_defaults=True) for item in generated.inputs],
            }
        )
        return
    for persona, count in made.items():
        say(f"  {persona:24} {count:>6}")
    if generated.inputs:
        first, last = generated.inputs[0].id, generated.inputs[-1].id
        say(f"  {first} to {last} in {short_path(generated.output)}")
    mark = "⚠️ " if generated.outcome.missing() else "✅"
    plural = "" if len(made) == 1 else "s"
    say(f"{mark} Generated {len(generated.inputs)} inputs from {len(made)} persona{plural}")


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
