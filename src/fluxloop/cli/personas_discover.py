"""`fluxloop personas discover`: personas proposed from real messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from fluxloop.cli.console import counted, note, say, say_json, short_path, visible
from fluxloop.cli.opening import Opened, open_project
from fluxloop.cli.personas_learn import NOT_MEASURED, READ_FIRST, read_as
from fluxloop.cli.personas_view import bands_card
from fluxloop.curation.discovering import Proposal, discover_personas
from fluxloop.errors import UsageError
from fluxloop.store.logs import read_logs
from fluxloop.store.persona_file import create_persona
from fluxloop.style.bands import bands_of
from fluxloop.style.languages import NAMES, language_code

EPILOG = """\b
Examples:
  fluxloop personas discover --from chats.csv
  fluxloop personas discover --from chats.jsonl --column request.text --count 4 --yes
"""
ALONE = (
    "The log names no users, so each message stands for itself: groups are ways of typing more than kinds of people."
)


@click.command(epilog=EPILOG)
@click.option("--from", "logs", type=click.Path(path_type=Path), required=True, metavar="LOGS", help="Real messages.")
@click.option("--column", metavar="C", help="The column that holds the messages.  [default: by its name]")
@click.option(
    "--count", type=click.IntRange(1, 50), metavar="N", help="How many.  [default: as many as part users well]"
)
@click.option("--language", default="english", show_default=True, metavar="NAME", help="What the messages are in.")
@click.option("--yes", is_flag=True, help="Write them to personas/; never over a persona that is there.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@click.pass_context
def discover(
    ctx: click.Context,
    logs: Path,
    column: str | None,
    count: int | None,
    language: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Propose personas from real messages (CSV, JSON, JSON lines, or a message a line).

    Users who type alike and about the same become one persona, with their measured style and some of their messages,
    personal data taken out. The same log gives the same personas. Nothing is written without --yes.
    """
    opened = open_project(ctx)
    read = read_logs(logs, column)
    found = discover_personas(read.messages, count, set(opened.personas()), _code(language))
    opened.tell()
    note(read_as(read), quiet=opened.quiet)
    if as_json:
        say_json([json_of(proposal) for proposal in found])
    else:
        _say_proposals(found)
    _write(opened, found, yes, as_json)


def json_of(proposal: Proposal) -> dict[str, Any]:
    """A proposal with always the same keys."""
    return {
        "persona": proposal.persona.model_dump(mode="json"),
        "messages": proposal.messages,
        "share": round(proposal.share, 4),
        "writers": proposal.writers or None,
        "words": proposal.words,
        "traits": [asdict(trait) for trait in proposal.traits],
    }


def _code(language: str) -> str:
    code = language_code(language)
    if code not in NAMES:
        raise UsageError(f"No language is called `{language}`.", f"Known: {', '.join(NAMES.values())}.")
    return code


def _say_proposals(found: Sequence[Proposal]) -> None:
    for proposal in found:
        for line in _card(proposal):
            say(line)
        say()


def _card(proposal: Proposal) -> Iterator[str]:
    persona = proposal.persona
    users = f" of {counted(proposal.writers, 'user')}" if proposal.writers else ""
    head = f"{counted(proposal.messages, 'message')}{users}, {proposal.share:.0%}"
    yield f"{click.style(persona.persona_id, bold=True)} · {head}"
    yield f"  {visible(persona.description)}"
    yield from (f"  “{visible(text)}”" for text in persona.example_inputs[:4])
    yield from bands_card(bands_of(persona))


def _write(opened: Opened, found: Sequence[Proposal], yes: bool, as_json: bool) -> None:
    """Write the files if asked to, and say what is done and what comes next."""
    tell = note if as_json else say
    if not any(proposal.writers for proposal in found):
        note(ALONE, quiet=opened.quiet)
    note(f"{NOT_MEASURED}\n{READ_FIRST}", quiet=opened.quiet)
    if not yes:
        tell(f"{counted(len(found), 'persona')} proposed; --yes writes them to personas/")
        return
    with opened.locked():
        paths = [create_persona(opened.project, one.persona.persona_id, one.persona) for one in found]
    tell(f"✅ Wrote {', '.join(map(short_path, paths))}")
    tell("Next: read them, give them names and goals, then `fluxloop personas validate`")
