"""A file read with the line of everything in it: YAML, JSON, JSON lines or CSV, told apart by the suffix."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from fluxloop.errors import ConfigError, NotFound, StoreError
from fluxloop.store.nodes import Node, parse_yaml, scan_json
from fluxloop.store.wording import shown

Step = str | int
READ_SUFFIXES = (".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv")
ROW_SUFFIXES = (".jsonl", ".ndjson", ".csv", ".tsv")


class Marks(Protocol):
    """Where things stand in a file."""

    def line(self, path: Sequence[Step]) -> int:
        """The 1-based line of what is at `path`, or of the nearest thing around it."""

    def literal(self, path: Sequence[Step]) -> str | None:
        """The scalar at `path` as it was typed; None where there is none, or the format has typed values."""


@dataclass
class Document:
    """One file: its values, where they stand, and its text as it is."""

    path: Path
    data: Any
    marks: Marks
    text: str

    @property
    def root(self) -> Node | None:
        """The tree of the values, for YAML and JSON."""
        return getattr(self.marks, "root", None)

    def line(self, *path: Step) -> int:
        """The 1-based line of a node, or of its nearest ancestor."""
        return self.marks.line(path)

    def literal(self, *path: Step) -> str | None:
        """A scalar as the person typed it (`007`, `no`), where the format leaves that open."""
        return self.marks.literal(path)

    def error(self, message: str, hint: str = "", *, at: Sequence[Step] = (), key: str = "") -> ConfigError:
        """A mistake at a place in this file."""
        return ConfigError(message, hint, file=shown(self.path), line=self.line(*at), key=key)


@dataclass
class TreeMarks:
    """Places of a YAML file."""

    root: Node | None

    def line(self, path: Sequence[Step]) -> int:
        node, line = self.root, 1
        for step in path:
            if node is None:
                return line
            key = node.key(step) if isinstance(step, str) else None
            node = node.child(step)
            line = key.line if key else node.line if node else line
        return line

    def literal(self, path: Sequence[Step]) -> str | None:
        node = self.root
        for step in path:
            node = node.child(step) if node else None
        return node.literal if node else None


@dataclass
class JsonMarks:
    """Places of a JSON file, looked for only when one is asked."""

    text: str
    path: Path

    @cached_property
    def _tree(self) -> TreeMarks:
        return TreeMarks(scan_json(self.text, shown(self.path)))

    @property
    def root(self) -> Node | None:
        """The tree of the values."""
        return self._tree.root

    def line(self, path: Sequence[Step]) -> int:
        return self._tree.line(path) if path else 1

    def literal(self, path: Sequence[Step]) -> str | None:
        """JSON types its scalars: only a number is worth asking for, and comes as it was typed."""
        found = self._tree.literal(path)
        return None if found in ("null", None) else found


@dataclass
class RowMarks:
    """Places of a file that has one record a row: the line each record starts on."""

    lines: list[int]

    def line(self, path: Sequence[Step]) -> int:
        index = path[0] if path else 0
        return self.lines[index] if isinstance(index, int) and index < len(self.lines) else 1

    def literal(self, path: Sequence[Step]) -> str | None:  # noqa: ARG002 (rows have typed values, or only text)
        return None


def read_document(path: Path) -> Document:
    """Read a file by its suffix; one that is not known is tried as YAML. A byte order mark is passed over."""
    text = read_text(path).removeprefix("\ufeff")
    return parse_document(path, text)


def parse_document(path: Path, text: str) -> Document:
    """The values and places of a text that stands, or shall stand, in `path`."""
    suffix = path.suffix.lower()
    if suffix == ".json":
        return Document(path, _load_json(path, text), JsonMarks(text, path), text)
    if suffix in (".jsonl", ".ndjson"):
        return _parse_json_lines(path, text)
    if suffix in (".csv", ".tsv"):
        return _parse_csv(path, text)
    root = parse_yaml(text, shown(path))
    return Document(path, root.data if root else None, TreeMarks(root), text)


def read_text(path: Path) -> str:
    """The text of a file with its line ends as they are."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise NotFound("file", shown(path), hint="Check the path.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        hint = "Save the file as UTF-8."
        raise ConfigError("this is no UTF-8 text", hint, file=shown(path), line=line) from error
    except OSError as error:
        raise StoreError(f"{shown(path)}: cannot be read: {error.strerror}", "Check its permissions.") from error


def _load_json(path: Path, text: str, first_line: int = 1) -> Any:
    """JSON with its mistakes placed; None for an empty text."""
    if not text.strip():
        return None
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        what = f"this is no JSON: {error.msg[0].lower()}{error.msg[1:]} (column {error.colno})"
        raise ConfigError(what, "Check commas and quotes round here.", file=shown(path), line=line) from error
    except _RefusedError as error:
        scan_json(text, shown(path))  # names both lines of a repeated key
        raise ConfigError(str(error), file=shown(path), line=first_line) from error
    except (RecursionError, ValueError) as error:
        raise ConfigError("nested too deeply, or a number too long", file=shown(path), line=first_line) from error


class _RefusedError(Exception):
    """JSON that `json` takes and we do not."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise _RefusedError("a key stands twice in one object")
    return data


def _no_constant(name: str) -> Any:
    raise _RefusedError(f"`{name}` is no JSON value")


def _parse_json_lines(path: Path, text: str) -> Document:
    """One value a line; every broken line is told. Only a newline ends a line: U+2028 may stand in a text."""
    rows: list[Any] = []
    lines: list[int] = []
    broken: list[ConfigError] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            rows.append(_load_json(path, line, number))
            lines.append(number)
        except ConfigError as error:
            broken.append(error)
    if broken:
        told = ConfigError("\n".join(error.message for error in broken[:20]), "Each line must be one whole JSON value.")
        told.file, told.line = shown(path), broken[0].line
        raise told
    return Document(path, rows, RowMarks(lines), text)


def csv_delimiter(text: str) -> str:
    """Comma, semicolon (as spreadsheets in half of Europe write) or tab: whichever the header uses most."""
    header = text.split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _parse_csv(path: Path, text: str) -> Document:
    """One mapping a row, keyed by the header; empty cells and surplus ones are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=csv_delimiter(text), strict=True)
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    header: list[str] = []
    start = 1
    try:
        for cells in reader:
            if not header:
                header = [cell.strip() for cell in cells]
            elif cells:
                rows.append(_csv_row(path, header, cells, start))
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        hint = "Check the quotes: a cell opened with one must end with one."
        raise ConfigError(f"this is no CSV: {error}", hint, file=shown(path), line=start) from error
    return Document(path, rows, RowMarks(lines), text)


def _csv_row(path: Path, header: list[str], cells: list[str], line: int) -> dict[str, str]:
    if len(cells) > len(header) and any(cells[len(header) :]):
        what = f"{len(cells)} cells under {len(header)} columns"
        raise ConfigError(what, "Put quotes round a text that holds the delimiter.", file=shown(path), line=line)
    return dict(zip(header, cells, strict=False))
