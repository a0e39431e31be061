"""How commands speak: results on stdout, progress and notices on stderr, colour only on a terminal."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from fluxloop.schema.finding import Notice


def say(text: str = "") -> None:
    """A line of the result."""
    click.echo(text)


def note(text: str, *, quiet: bool = False) -> None:
    """A line beside the result, on stderr."""
    if not quiet:
        click.echo(text, err=True)


def say_json(data: Any) -> None:
    """The result as JSON alone, readable, Unicode as it is."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def show_notices(notices: Iterable[Notice], *, quiet: bool = False) -> None:
    """What a reader should know of the files: unknown keys and the like, each with its place."""
    for notice in notices:
        note(
            f"{click.style('note:', fg='yellow')} {short_path(notice.file)}:{notice.line}: {notice.message}",
            quiet=quiet,
        )


def say_table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, wrap: str = "") -> None:
    """A table for people: fitted to the terminal; into a pipe one line a row, nothing cut off."""
    cells = [[visible(str(cell)) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _draw_table(headers, cells, wrap)
    else:
        _align_table([list(headers), *cells])


def _draw_table(headers: Sequence[str], cells: Sequence[Sequence[str]], wrap: str) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold" if header == wrap else "ellipsis", no_wrap=header != wrap)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console(highlight=False).print(table)


def _align_table(lines: Sequence[Sequence[str]]) -> None:
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def visible(text: str) -> str:
    """Text safe for a terminal: control characters and escape sequences shown, not obeyed; newlines as ⏎."""
    text = text.replace("\n", " ⏎ ").replace("\t", " ")
    return "".join(char if char.isprintable() or _is_harmless(char) else _escape(char) for char in text)


def _escape(char: str) -> str:
    """`\\x1b` and `\\u200f`, as YAML and Python write them."""
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_harmless(char: str) -> bool:
    """Spaces of every script, and the joiners of Persian words and emoji; nothing that turns the line about."""
    return char in "\u200c\u200d\ufe0f" or unicodedata.category(char) == "Zs"


def short_path(path: Path | str) -> str:
    """A path as seen from the working directory, when it lies below it."""
    try:
        return str(Path(path).resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def is_interactive() -> bool:
    """Whether somebody is there to answer a question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def counted(number: int, what: str) -> str:
    """`1 input`, `2 inputs`."""
    return f"{number} {what}{'' if number == 1 else 's'}"
