"""Letting a person edit a text: in their editor, else on a line of the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence

import click

from fluxloop.cli.console import note
from fluxloop.curation.script import as_script, from_script

EDITORS = ("sensible-editor", "vim", "nano", "vi")
"""What is started when neither VISUAL nor EDITOR is set."""


def at_terminal() -> bool:
    """Whether there is somebody to show a text to and take keys from."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def edit_texts(texts: Sequence[str]) -> tuple[str, ...] | None:
    """The texts as the person leaves them; None when nothing was changed."""
    new = _in_editor(texts) if _has_editor() else _on_lines(texts)
    return new if new and new != tuple(texts) else None


def _has_editor() -> bool:
    return any(os.environ.get(name) for name in ("VISUAL", "EDITOR")) or any(map(shutil.which, EDITORS))


def _in_editor(texts: Sequence[str]) -> tuple[str, ...] | None:
    try:
        script = click.edit(as_script(texts), extension=".txt")
    except click.ClickException as error:
        note(f"The editor cannot be used: {error.message}")
        return _on_lines(texts)
    return None if script is None else from_script(script, texts)


def _on_lines(texts: Sequence[str]) -> tuple[str, ...] | None:
    """Each text on a line of its own, the old one there to be changed. A text of several lines needs an editor."""
    new = []
    for text in texts:
        if "\n" in text:
            note("This text has several lines: set EDITOR to edit it.")
            return None
        new.append(_line(text))
    return tuple(new)


def _line(text: str) -> str:
    import readline

    readline.set_startup_hook(lambda: readline.insert_text(text))
    try:
        return input("New text: ")
    except (EOFError, KeyboardInterrupt):
        click.echo()
        return text
    finally:
        readline.set_startup_hook(None)
