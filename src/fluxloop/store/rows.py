"""Files with one input a row: JSON lines and CSV. An edit rewrites the rows it must and no other."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fluxloop.schema.input import Input
from fluxloop.store.documents import csv_delimiter
from fluxloop.store.emit import plain_input
from fluxloop.store.shapes import field_of
from fluxloop.store.spans import ITEM_KEY, REMOVE, Edit, set_values

_JSON_CELLS = ("conversation", "checks", "metadata", "origin")
_NEW_TABLE = ("id", "persona", "text", "source", "status", "topic")


def append_json_lines(text: str, inputs: Iterable[Input]) -> str:
    """The text with one line more for each input."""
    gap = "" if not text or text.endswith("\n") else "\n"
    return text + gap + "".join(json_line(plain_input(item)) for item in inputs)


def json_line(values: Any) -> str:
    """A value as one line of JSON, in readable characters; a lone surrogate is escaped, for no file can hold it."""
    written = json.dumps(values, ensure_ascii=False)
    if not written.isascii():
        written = "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in written)
    return written + "\n"


def edit_json_lines(text: str, edits: Mapping[int, Sequence[Edit]]) -> str:
    """`edits` go to the row's number among those that are not empty; their paths start inside the row."""
    lines = text.split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    for row, some in edits.items():
        lines[filled[row]] = _edit_line(lines[filled[row]], some)
    return "\n".join(lines)


def _edit_line(line: str, edits: Sequence[Edit]) -> str:
    data = json.loads(line)
    if isinstance(data, dict):
        return set_values(line, edits, Path("row.json"))
    values = {ITEM_KEY: data} | {str(path[0]): value for path, value in edits if value is not REMOVE}
    return json_line(values).removesuffix("\n")


@dataclass
class Row:
    """A record of a CSV with its own text; one that holds nothing is an empty line."""

    raw: str
    cells: list[str]

    @property
    def line_end(self) -> str:
        """How this record's line ends; nothing for a last one that does not."""
        return self.raw[len(self.raw.rstrip("\r\n")) :] if self.cells else self.raw


class Table:
    """A CSV whose rows are kept as they stand until one is edited."""

    def __init__(self, text: str) -> None:
        self.delimiter = csv_delimiter(text)
        self.rows = list(_rows(text, self.delimiter))
        self.filled = [row for row in self.rows if row.cells]
        if not self.filled:
            self.rows = self.filled = [Row(self.delimiter.join(_NEW_TABLE) + "\n", list(_NEW_TABLE))]
        self.header = self.filled[0]

    def text(self) -> str:
        """The whole file."""
        return "".join(row.raw for row in self.rows)

    def edit(self, row: int, values: Mapping[str, Any]) -> None:
        """Set fields of the row of that number (the header and empty lines do not count)."""
        cells = self._cells(values)
        target = self.filled[row + 1]
        target.cells += [""] * (len(self.header.cells) - len(target.cells))
        for index, cell in cells.items():
            target.cells[index] = cell
        target.raw = self._written(target.cells) + target.line_end

    def append(self, values: Mapping[str, Any]) -> None:
        """One row more at the end."""
        cells = self._cells(values)
        end = self.header.line_end or "\n"
        if self.rows[-1].raw and not self.rows[-1].raw.endswith(("\n", "\r")):
            self.rows[-1].raw += end
        line = [cells.get(index, "") for index in range(len(self.header.cells))]
        self.rows.append(Row(self._written(line) + end, line))

    def _cells(self, values: Mapping[str, Any]) -> dict[int, str]:
        """Values by column; columns that are missing are added to every row."""
        fields = {field_of(name): index for index, name in enumerate(self.header.cells)}
        flat = dict(values)
        metadata = dict(flat.pop("metadata", {}))
        for name in [name for name in metadata if name in fields]:
            flat[name] = metadata.pop(name)
        if metadata:
            flat["metadata"] = metadata
        for name in flat:
            if self._column(name, fields) is None:
                fields[name] = self._add_column(name)
        return {int(self._column(name, fields) or 0): _cell(name, value) for name, value in flat.items()}

    def _column(self, name: str, fields: Mapping[str, int]) -> int | None:
        aliases = {"text": ("text", "input", "generated_text", "message"), "persona": ("persona", "persona_id")}
        return next((fields[alias] for alias in aliases.get(name, (name,)) if alias in fields), None)

    def _add_column(self, name: str) -> int:
        width = len(self.header.cells)
        for row in self.rows:
            if not row.cells:
                continue
            end = row.line_end
            new = name if row is self.header else ""
            missing = self.delimiter * (width - len(row.cells))
            row.raw = row.raw.removesuffix(end) + missing + self.delimiter + new + end
            row.cells += [""] * (width - len(row.cells)) + [new]
        return width

    def _written(self, cells: Sequence[str]) -> str:
        return self.delimiter.join(_quoted(cell, self.delimiter) for cell in cells)


def _rows(text: str, delimiter: str) -> Iterable[Row]:
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    start = 0
    for cells in reader:
        yield Row("".join(lines[start : reader.line_num]), cells)
        start = reader.line_num


def _quoted(cell: str, delimiter: str) -> str:
    special = any(char in cell for char in (delimiter, '"', "\r", "\n")) or cell != cell.strip()
    return '"' + cell.replace('"', '""') + '"' if special else cell


def _cell(name: str, value: Any) -> str:
    if value is REMOVE or value is None:
        return ""
    if name in _JSON_CELLS:
        return json_line(value).removesuffix("\n")
    return "; ".join(value) if isinstance(value, (list, tuple)) else str(value)
