"""How findings on inputs are told."""

from __future__ import annotations

from typing import Any

from fluxloop.cli.console import say, short_path, visible
from fluxloop.cli.inputs_view import place_of
from fluxloop.curation.validate import InputFinding, Report


def line_of(each: InputFinding) -> str:
    """`file:line: id: what: why`."""
    return visible(f"{place_of(each.stored)}: {each.stored.input.id}: {each.finding.what}: {each.finding.why}")


def say_report(report: Report) -> None:
    """The lines of the report with their marks, then every finding, then how many inputs were checked."""
    for line in report.lines:
        say(f"{'❌' if line.findings else '✅'} {line.title}")
    if report.findings:
        say()
    for each in report.findings:
        say(line_of(each))
    say()
    say(f"{counted(report.checked, 'input')} checked, {counted(len(report.findings), 'finding')}")


def json_of_report(report: Report) -> dict[str, Any]:
    """A report with always the same keys; `findings` in the order of the inputs."""
    return {
        "checked": report.checked,
        "passed": not report.findings,
        "lines": [{"title": line.title, "passed": not line.findings} for line in report.lines],
        "findings": list(map(json_of_finding, report.findings)),
    }


def json_of_finding(each: InputFinding) -> dict[str, Any]:
    """A finding with always the same keys; `twin` is null unless it is about a duplicate."""
    return {
        "file": short_path(each.stored.file),
        "line": each.stored.line,
        "id": each.stored.input.id,
        "filter": each.finding.filter,
        "what": each.finding.what,
        "why": each.finding.why,
        "twin": each.finding.twin or None,
    }


def counted(number: int, what: str) -> str:
    """`1 input`, `2 inputs`, `no inputs`."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
