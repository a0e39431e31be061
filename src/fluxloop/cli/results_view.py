"""How a test run looks: as a row, as a card, as a transcript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from fluxloop.cli.console import say, say_table, short_path, visible
from fluxloop.reports.summary import duration, failure_lines, headline, label, outcome_rows, reason
from fluxloop.schema.result import Exchange, Result, RunSummary

COLOURS = {"passed": "green", "failed": "red", "error": "red", "inconclusive": "yellow", "skipped": "yellow"}
FILES = ("report.html", "junit.xml", "results.jsonl")


def run_row(run: RunSummary) -> tuple[str, ...]:
    """A run as a row of `list`."""
    passed = f"{run.passed}/{run.total}" + ("" if run.complete else " (stopped)")
    took = duration(run.seconds) if run.seconds else "-"
    return run.run, run.bundle or "-", passed, str(run.failed), str(run.errors), took, run.target or "-"


def run_card(run: RunSummary, results: Sequence[Result], folder: Path) -> None:
    """A run: its numbers, by persona and topic, what did not pass, and where its files are."""
    say(f"{click.style(run.run, bold=True)} · {headline(run)}")
    facts = (("target", run.target), ("bundle", run.bundle), ("started", run.started))
    say("\n".join(f"  {name:<9}{visible(value)}" for name, value in facts if value))
    for name, counts in (("persona", run.by_persona), ("topic", run.by_topic)):
        rows = [(row.name, row.total, row.passed, row.failed, row.errors) for row in outcome_rows(counts)]
        if rows:
            say()
            say_table((name, "total", "passed", "failed", "errors"), rows)
    _say_lines([visible(line) for line in failure_lines(results)])
    _say_lines([f"note: {visible(line)}" for line in run.notes])
    _say_lines([short_path(folder / name) for name in FILES if (folder / name).exists()])


def transcript(results: Sequence[Result]) -> Iterator[str]:
    """What was said, and what the checks say of it, for each iteration of one input."""
    for result in results:
        outcome = click.style(result.outcome, fg=COLOURS[result.outcome], bold=True)
        topic = f" · {visible(result.topic)}" if result.topic else ""
        yield f"{visible(label(result))} · {outcome}{topic} · {duration(result.seconds)}"
        for exchange in result.exchanges:
            yield from _exchange(exchange)
        if result.error is not None:
            yield f"  error  {visible(reason(result))}"
        for check in result.checks:
            sign = {"pass": "✅", "fail": "❌"}.get(check.verdict, "❔")
            yield f"  {sign} {visible(check.check)}" + (f": {visible(check.why)}" if check.why else "")


def _exchange(exchange: Exchange) -> Iterator[str]:
    yield from _speech("user", exchange.input)
    if exchange.reply is None:
        yield "  agent  (no reply)"
    else:
        yield from _speech("agent", exchange.reply)


def _speech(who: str, text: str) -> Iterator[str]:
    """A message with its lines below one another; control characters are shown, not obeyed."""
    for index, line in enumerate(text.split("\n") if text else ["(empty)"]):
        yield f"  {'' if index else who:<5}  {visible(line)}".rstrip()


def _say_lines(lines: Sequence[str]) -> None:
    """A paragraph of its own, if there is anything to say."""
    if lines:
        say("\n" + "\n".join(f"  {line}" for line in lines))
