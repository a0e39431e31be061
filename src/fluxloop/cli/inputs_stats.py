"""`fluxloop inputs stats`: a set of inputs in numbers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from fluxloop.cli.console import note, say, say_json, say_table
from fluxloop.cli.inputs_findings import counted
from fluxloop.cli.inputs_select import Asked, select_options
from fluxloop.cli.inputs_view import none_found
from fluxloop.cli.opening import open_project
from fluxloop.curation.statistics import Figure, Mix, Statistics, describe_inputs

NUMBERS = {"length_cv", "distinct_2", "gzip_ratio"}
"""Figures that are no shares."""
FEW = "Repetition is measured from 100 messages on."


@click.command()
@select_options("personas", "topics", "statuses", "sources", "tags")
@click.option("--json", "as_json", is_flag=True, help="A JSON object on stdout.")
@click.pass_context
def stats(ctx: click.Context, asked: Asked, as_json: bool) -> None:
    """Count inputs, and measure how their texts look beside messages that people typed.

    The targets are those of a mix of personas: a single persona may well lie outside of some.
    """
    opened = open_project(ctx)
    everything = opened.inputs()
    found = asked.among(everything, opened)
    numbers = describe_inputs([stored.input for stored in found], opened.settings())
    opened.tell()
    if as_json:
        say_json(json_of_statistics(numbers))
    elif found:
        _say_statistics(numbers)
    else:
        note(none_found(len(everything)))


def json_of_statistics(numbers: Statistics) -> dict[str, Any]:
    """The numbers with always the same keys. Shares are 0-1; a bound that is not there is null."""
    figures = [
        {
            "name": figure.name,
            "label": figure.band.label,
            "value": round(figure.value, 4),
            "least": figure.band.least,
            "most": figure.band.most,
            "inside": figure.inside,
        }
        for figure in numbers.figures
    ]
    return asdict(numbers) | {"figures": figures}


def _say_statistics(numbers: Statistics) -> None:
    say(f"{counted(numbers.total, 'input')}: {_list(numbers.by_source)}; {_list(numbers.by_status)}")
    say(_mix(numbers.mix))
    say()
    say_table(("persona", "inputs"), [(name or "-", count) for name, count in numbers.by_persona.items()])
    say()
    say_table(("topic", "inputs"), [(name or "-", count) for name, count in numbers.by_topic.items()])
    if numbers.figures:
        say()
        say_table(("how the texts look", "value", "target", ""), map(_row, numbers.figures))
        say()
    beside = f"repetition measured on {numbers.sample} of them." if numbers.sample else FEW
    say(f"{counted(numbers.messages, 'message')}; {beside[0].lower()}{beside[1:]}")


def _row(figure: Figure) -> tuple[str, ...]:
    return figure.band.label, _shown(figure.name, figure.value), _target(figure), "✅" if figure.inside else "⚠"


def _shown(name: str, value: float) -> str:
    return f"{value:.2f}" if name in NUMBERS else f"{100 * value:.1f} %"


def _target(figure: Figure) -> str:
    """`10-30 %`, `≤ 5 %`, `≥ 0.65`, or `0 %` where nothing at all is wanted."""
    unit, scale = ("", 1) if figure.name in NUMBERS else (" %", 100)
    least, most = (None if bound is None else f"{bound * scale:g}" for bound in (figure.band.least, figure.band.most))
    if least is not None and most is not None:
        return f"{least}-{most}{unit}"
    if most is None:
        return f"≥ {least}{unit}"
    return f"{'' if most == '0' else '≤ '}{most}{unit}"


def _mix(mix: Mix) -> str:
    wanted = "" if mix.wanted is None else f"; the settings ask for {100 * mix.wanted:.0f} %"
    return f"{100 * mix.synthetic:.0f} % of what is not rejected is synthetic{wanted}"


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
