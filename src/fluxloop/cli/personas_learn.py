"""`fluxloop personas update --from LOGS`: what real messages teach, shown as a diff before it is written."""

from __future__ import annotations

import click

from fluxloop.cli.console import counted, is_interactive, note, say, short_path, visible
from fluxloop.cli.opening import Opened
from fluxloop.curation.learning import Lesson, learn_personas
from fluxloop.store.logs import Logs
from fluxloop.store.persona_learned import plan_learned, write_learned
from fluxloop.store.persona_update import FileUpdate

NOT_MEASURED = (
    "Misspellings are not measured: without a dictionary of your product's words any figure would be a guess."
)
READ_FIRST = "Personal data was taken out by rules; read the examples before you share them."


def learn_from(opened: Opened, logs: Logs, persona_id: str | None, *, write: bool | None) -> None:
    """Measure, show the diff, and write it: if `write`, or if it is None and somebody there says yes."""
    shelf = opened.personas()
    lesson = learn_personas(logs.messages, shelf, persona_id)
    updates = [update for update in plan_learned(opened.project, shelf, lesson.learned) if update.changes]
    opened.tell()
    _say_lesson(opened, logs, lesson, updates)
    if not updates:
        say("✅ Nothing to update" if lesson.learned else "Nothing was learned")
    elif write is False:
        say(f"Would update {counted(len(updates), 'persona file')}")
    elif write or _agreed(len(updates)):
        with opened.locked():
            write_learned(updates)
        say(f"✅ Updated {counted(len(updates), 'persona file')}")
    else:
        say("Nothing was written; --yes writes it")


def read_as(logs: Logs) -> str:
    """Which messages were read, so that a wrong guess is seen."""
    column = f", column `{logs.column}`" if logs.column else ""
    passed = f"; {logs.passed_over} other rows passed over" if logs.passed_over else ""
    return visible(f"{counted(len(logs.messages), 'message')} of users in {short_path(logs.path)}{column}{passed}")


def _say_lesson(opened: Opened, logs: Logs, lesson: Lesson, updates: list[FileUpdate]) -> None:
    note(read_as(logs), quiet=opened.quiet)
    for left in lesson.left:
        note(f"{click.style('note:', fg='yellow')} {visible(left)}")
    for name, count in lesson.messages.items():
        note(f"{name}: measured on {count} messages", quiet=opened.quiet)
    for update in updates:
        if not update.path.exists():
            note(f"{short_path(update.path)} is new: the project's own version of the built-in persona")
        for line in update.diff.splitlines():
            say(visible(line))
    if updates:
        note(f"{NOT_MEASURED}\n{READ_FIRST}", quiet=opened.quiet)


def _agreed(files: int) -> bool:
    """Asked only where somebody can answer; the question goes to stderr."""
    return is_interactive() and click.confirm(f"Write {counted(files, 'file')}?", err=True)
