"""From a document to its inputs, each with the place it stands in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from fluxloop.errors import ConfigError
from fluxloop.schema.finding import Notice
from fluxloop.schema.input import Input
from fluxloop.store.documents import Document, Step
from fluxloop.store.nodes import paused_gc
from fluxloop.store.records import Problem, Reading, all_problems, check_record
from fluxloop.store.shapes import Entry, Shaped, check_columns, entries, shape, shape_row
from fluxloop.store.wording import shown


@dataclass(frozen=True)
class StoredInput:
    """An input and the place it stands in. One without an id in the file is shown as `manual#3`."""

    input: Input
    file: Path
    line: int
    path: tuple[Step, ...]
    has_id: bool = True
    """False when the id is derived from file and position, and is written only when the input is edited."""


def inputs_of(document: Document, notices: list[Notice]) -> list[StoredInput]:
    """The inputs of a document. All its mistakes come in one error."""
    if is_table(document.path):
        check_columns(document, notices)
    stored: list[StoredInput] = []
    problems: list[Problem] = []
    with paused_gc():
        for entry in entries(document, notices):
            item = _input(entry, document, notices, problems)
            if item is not None:
                stored.append(StoredInput(item, document.path, document.line(*entry.at), entry.at))
    if problems:
        raise all_problems(problems, document)
    named = _named(stored, document.path.stem)
    refuse_twins(named)
    return named


def inputs_at(document: Document, paths: Iterable[tuple[Step, ...]]) -> dict[tuple[Step, ...], Input]:
    """The inputs at some places of a document, without an id where none is written; mistakes come in one error."""
    wanted = set(paths)
    found: dict[tuple[Step, ...], Input] = {}
    problems: list[Problem] = []
    for entry in entries(document, []):
        item = _input(entry, document, [], problems) if entry.at in wanted else None
        if item is not None:
            found[entry.at] = item
    if problems:
        raise all_problems(problems, document)
    return found


def is_table(path: Path) -> bool:
    """CSV, whose rows are read by column."""
    return path.suffix.lower() in (".csv", ".tsv")


def shaped_entry(entry: Entry, document: Document) -> Shaped:
    """One entry in the record's shape."""
    return shape_row(entry, document) if is_table(document.path) else shape(entry, document)


def with_file_name(item: StoredInput, file_name: str) -> StoredInput:
    """A derived id that two files would share says the whole file name: `manual.csv#3`."""
    if item.has_id:
        return item
    return _with_id(item, f"{file_name}#{item.input.id.removeprefix(f'{item.file.stem}#')}")


def refuse_twins(stored: Iterable[StoredInput]) -> None:
    """An id that stands twice is an error that names both places."""
    seen: dict[str, StoredInput] = {}
    for item in stored:
        first = seen.setdefault(item.input.id, item)
        if first is not item:
            what = f"the id `{item.input.id}` stands here and in {shown(first.file)}:{first.line}"
            raise ConfigError(what, "Give one of them another id.", file=shown(item.file), line=item.line, key="id")


def _input(entry: Entry, document: Document, notices: list[Notice], problems: list[Problem]) -> Input | None:
    try:
        shaped = shaped_entry(entry, document)
    except ConfigError as error:
        what = error.message.removeprefix(f"{error.file}:{error.line}: ")
        problems.append(Problem(error.line or 1, "", f"{what}. {error.hint}"))
        return None
    return check_record(Input, shaped.data, Reading(document, entry.at, notices, shaped.places), problems)


def _named(stored: Iterable[StoredInput], stem: str) -> list[StoredInput]:
    """Inputs without an id are named by file and position; a name that is taken gives way to the next free one."""
    items = list(stored)
    taken = {item.input.id for item in items}
    spare = len(items)
    named = []
    for position, item in enumerate(items, start=1):
        name = f"{stem}#{position}"
        while not item.input.id and name in taken:
            spare += 1
            name = f"{stem}#{spare}"
        named.append(item if item.input.id else _with_id(item, name))
        taken.add(named[-1].input.id)
    return named


def _with_id(item: StoredInput, name: str) -> StoredInput:
    return replace(item, input=item.input.model_copy(update={"id": name}), has_id=False)
