"""`fluxloop personas create | edit | update`: persona files written and changed."""

from __future__ import annotations

import os
from pathlib import Path

import click

from fluxloop.cli.console import counted, is_interactive, note, say, short_path
from fluxloop.cli.opening import Opened, open_project
from fluxloop.cli.personas_check import say_report
from fluxloop.cli.personas_learn import learn_from
from fluxloop.curation.persona_check import check_file
from fluxloop.errors import UsageError
from fluxloop.store.logs import read_logs
from fluxloop.store.persona_file import create_persona
from fluxloop.store.persona_update import FileUpdate, plan_updates, write_updates
from fluxloop.store.personas import builtin_ids, find_persona, persona_files

CREATE_EPILOG = """\b
Examples:
  fluxloop personas create warehouse_worker
  fluxloop personas create busy_parent --from mobile_user
"""


@click.command(epilog=CREATE_EPILOG)
@click.argument("persona_id", metavar="ID")
@click.option("--from", "source", metavar="ID", help="The persona to start from; default: a commented example.")
@click.pass_context
def create(ctx: click.Context, persona_id: str, source: str | None) -> None:
    """Write personas/ID.yaml: commented, or after another persona. An existing one is never overwritten.

    With the ID of a built-in persona, the project gets its own version of it.
    """
    opened = open_project(ctx)
    model = find_persona(opened.personas(), source) if source else None
    path = create_persona(opened.project, persona_id, model)
    opened.tell()
    say(f"✅ Wrote {short_path(path)}{_after(persona_id, source)}")
    say(f"Next: `fluxloop personas edit {persona_id}`, then `fluxloop personas validate {persona_id}`")


@click.command()
@click.argument("persona_id", metavar="ID")
@click.pass_context
def edit(ctx: click.Context, persona_id: str) -> None:
    """Open a persona's file in $EDITOR; a built-in is copied into the project first. It is validated afterwards.

    Without a terminal or an editor, the path of the file is printed.
    """
    opened = open_project(ctx)
    path = _own_file(opened, persona_id)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor or not is_interactive():
        say(short_path(path))
        return
    click.edit(filename=str(path), editor=editor)
    report = check_file(path)
    say_report(report)
    ctx.exit(1 if report.findings else 0)


UPDATE_EPILOG = """\b
Examples:
  fluxloop personas update --dry-run
  fluxloop personas update --from chats.csv --persona mobile_user
  fluxloop personas update --from labelled.jsonl --column request.text --yes
"""


@click.command(epilog=UPDATE_EPILOG)
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--from", "logs", type=click.Path(path_type=Path), metavar="LOGS", help="Learn from real messages.")
@click.option("--column", metavar="C", help="The column of LOGS that holds the messages.  [default: by its name]")
@click.option("--persona", "persona_id", metavar="ID", help="Whose messages these are, where LOGS does not say so.")
@click.option("--yes", is_flag=True, help="Write what was learned without asking.")
@click.pass_context
def update(
    ctx: click.Context, dry_run: bool, logs: Path | None, column: str | None, persona_id: str | None, yes: bool
) -> None:
    """Bring the project's persona files to the current schema: old key names, ids that were only implied.

    With --from, learn from real messages (CSV, JSON, JSON lines, or a message a line): how long, how neat, how polite
    they are goes into each persona's `style:`, some of them, without personal data, into its `example_inputs`. A column
    `persona` says whose a message is, else --persona does. Nothing is written unless you say yes, or --yes.

    Shows each change as a diff. Comments, order and formatting stay; what needs a person is said.
    """
    opened = open_project(ctx)
    if logs is not None:
        learn_from(opened, read_logs(logs, column), persona_id, write=False if dry_run else True if yes else None)
        return
    if column or persona_id:
        raise UsageError("--column and --persona belong to --from.", "Name the log: --from LOGS.")
    files = persona_files(opened.project)
    updates = _update(opened, dry_run) if files else []
    _say_updates(updates, len(files), dry_run)


def _update(opened: Opened, dry_run: bool) -> list[FileUpdate]:
    if dry_run:
        return plan_updates(opened.project)
    with opened.locked():
        updates = plan_updates(opened.project)
        write_updates(updates)
    return updates


def _own_file(opened: Opened, persona_id: str) -> Path:
    """The project's file of a persona; a built-in one gets a copy there."""
    shelf = opened.personas()
    persona = find_persona(shelf, persona_id)
    opened.tell()
    if persona_id in shelf.files:
        return shelf.files[persona_id]
    path = create_persona(opened.project, persona_id, persona)
    note(f"Copied the built-in persona to {short_path(path)}; the project uses this one now.", quiet=opened.quiet)
    return path


def _after(persona_id: str, source: str | None) -> str:
    if source:
        return f", after {source}"
    return ", the project's own version of the built-in persona" if persona_id in builtin_ids() else ""


def _say_updates(updates: list[FileUpdate], files: int, dry_run: bool) -> None:
    for change in updates:
        click.echo(change.diff, nl=False)
        for left in change.left:
            note(f"{short_path(change.path)}: {left}")
    changed = [change for change in updates if change.changes]
    if not files:
        say("No persona files in this project; the built-in ones are always current.")
    elif not changed:
        say(f"✅ {counted(files, 'persona file')} checked, nothing to update")
    else:
        say(f"{'Would update' if dry_run else '✅ Updated'} {len(changed)} of {files} persona files")
