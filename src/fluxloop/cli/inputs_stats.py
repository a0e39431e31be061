"""`fluxloop inputs stats`: a set of inputs in numbers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from fluxloop.cli.console import note, say_json
from fluxloop.cli.inputs_select import Asked, select_options
from fluxloop.cli.inputs_stats_view import say_statistics
from fluxloop.cli.inputs_view import none_found
from fluxloop.cli.opening import Opened, open_project
from fluxloop.cli.personas_learn import read_as
from fluxloop.curation.beside import HIGHEST, Beside
from fluxloop.curation.portraits import Portrait
from fluxloop.curation.statistics import Statistics, Wanted, describe_inputs
from fluxloop.errors import UsageError
from fluxloop.schema.config import Settings
from fluxloop.store.logs import Logs, read_logs
from fluxloop.style.apart import Apart


@click.command()
@select_options("personas", "topics", "statuses", "sources", "tags")
@click.option(
    "--reference", "logs", type=click.Path(path_type=Path), metavar="LOGS", help="Real messages, to stand beside them."
)
@click.option("--column", metavar="C", help="The column of LOGS that holds the messages.  [default: by its name]")
@click.option("--json", "as_json", is_flag=True, help="A JSON object on stdout.")
@click.pass_context
def stats(ctx: click.Context, asked: Asked, logs: Path | None, column: str | None, as_json: bool) -> None:
    """Count inputs, and measure how their texts look beside messages that people typed.

    The targets are those of a mix of personas; each persona alone is held against its own bands. With --reference, your
    own logs (CSV, JSON, JSON lines, or a message a line) stand beside the inputs, and a classifier that sees only the
    surface says how well it tells the two apart.
    """
    opened = open_project(ctx)
    reference = _reference(opened, logs, column)
    everything = opened.inputs()
    found = asked.among(everything, opened)
    numbers = describe_inputs(
        [stored.input for stored in found],
        opened.settings(),
        opened.personas(),
        _wanted(asked, opened.settings()),
        reference.messages if reference else (),
    )
    opened.tell()
    if as_json:
        say_json(json_of_statistics(numbers))
    elif found:
        say_statistics(numbers)
    else:
        note(none_found(len(everything)))


def json_of_statistics(numbers: Statistics) -> dict[str, Any]:
    """The numbers with always the same keys. Shares are 0-1; a bound or a figure that is not there is null."""
    figures = [
        {
            "name": figure.name,
            "label": figure.band.label,
            "value": round(figure.value, 4),
            "least": figure.band.least,
            "most": figure.band.most,
            "inside": figure.inside,
            "reference": None if figure.reference is None else round(figure.reference, 4),
        }
        for figure in numbers.figures
    ]
    return asdict(numbers) | {
        "figures": figures,
        "personas": list(map(_json_of_portrait, numbers.personas)),
        "reference": _json_of_beside(numbers.reference) if numbers.reference else None,
    }


def _reference(opened: Opened, logs: Path | None, column: str | None) -> Logs | None:
    if logs is None:
        if column:
            raise UsageError("--column belongs to --reference.", "Name the log: --reference LOGS.")
        return None
    read = read_logs(logs, column)
    note(read_as(read), quiet=opened.quiet)
    return read


def _wanted(asked: Asked, settings: Settings) -> Wanted:
    """Whom and what the coverage is about: those asked for, else those of the settings."""
    query = asked.query
    personas = query.personas or tuple(share.id for share in settings.personas)
    return Wanted(tuple(personas), tuple(query.topics or settings.topics))


def _json_of_portrait(portrait: Portrait) -> dict[str, Any]:
    figures = [
        {
            "name": trace.name,
            "value": round(trace.value, 4),
            "expected": None if trace.expected is None else round(trace.expected, 4),
            "inside": trace.inside,
        }
        for trace in portrait.figures
    ]
    distinct = None if portrait.distinct_2 is None else round(portrait.distinct_2, 4)
    return asdict(portrait) | {"figures": figures, "distinct_2": distinct}


def _json_of_beside(beside: Beside) -> dict[str, Any]:
    return {
        "messages": beside.messages,
        "auc": _json_of_auc(beside.apart),
        "real_against_real": _json_of_auc(beside.real),
        "most": HIGHEST,
        "inside": beside.inside,
    }


def _json_of_auc(found: Apart | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"auc": round(found.auc, 4), "error": round(found.error, 4), "messages_a_side": found.size}
