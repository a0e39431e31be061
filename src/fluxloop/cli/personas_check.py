"""`fluxloop personas validate`, and how findings on personas are told."""

from __future__ import annotations

import click

from fluxloop.cli.console import counted, say, say_json, short_path, visible
from fluxloop.cli.opening import open_project
from fluxloop.curation.persona_check import PersonaFinding, PersonaReport, check_personas


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--json", "as_json", is_flag=True, help="A JSON object on stdout.")
@click.pass_context
def validate(ctx: click.Context, ids: tuple[str, ...], as_json: bool) -> None:
    """Check personas: keys, values, style bands, examples, topics.

    Without an ID: the project's personas, or the built-in ones where it has none. Findings end with exit code 1; advice
    on what works but could be better does not.
    """
    opened = open_project(ctx)
    report = check_personas(opened.project, ids)
    if as_json:
        say_json({"checked": report.checked, "findings": [json_of(finding) for finding in report.findings]})
    else:
        say_report(report)
    ctx.exit(1 if report.mistakes else 0)


def say_report(report: PersonaReport) -> None:
    """Every finding as `file:line: persona: key: what`, then how many."""
    for finding in report.findings:
        message = f"advice: {finding.message}" if finding.advice else finding.message
        parts = (f"{short_path(finding.file)}:{finding.line}", finding.persona, finding.key, message)
        say(visible(": ".join(part for part in parts if part)))
    checked = counted(len(report.checked), "persona")
    if report.mistakes:
        say(f"❌ {counted(len(report.mistakes), 'finding')}; {checked} checked")
    else:
        say(f"✅ {checked} checked, no findings")


def json_of(finding: PersonaFinding) -> dict[str, object]:
    """A finding with always the same keys; `persona` is null where the file could not be read that far."""
    return {
        "file": short_path(finding.file),
        "line": finding.line,
        "persona": finding.persona or None,
        "key": finding.key or None,
        "message": finding.message,
        "advice": finding.advice,
    }
