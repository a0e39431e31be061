"""From a changed field of an input to the edit of its file: under the key, and in the shape, the person used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fluxloop.errors import ConfigError, StoreError
from fluxloop.schema.input import Input, Turn
from fluxloop.store.documents import ROW_SUFFIXES, Document, Step, parse_document
from fluxloop.store.rows import Table, edit_json_lines
from fluxloop.store.shapes import Entry, Shaped
from fluxloop.store.spans import REMOVE, Edit, edit_document
from fluxloop.store.stored import StoredInput, inputs_at, inputs_of, is_table, shaped_entry
from fluxloop.store.wording import shown

Path_ = tuple[Step, ...]
Changes = Sequence[tuple[StoredInput, Mapping[str, Any]]]


def edited_text(path: Path, text: str, changes: Changes) -> str:
    """The text of a file with the fields of some of its inputs set; checked by reading it again."""
    body = text.removeprefix("\ufeff")
    document = parse_document(path, body)
    standing = inputs_at(document, [stored.path for stored, _ in changes])
    for stored, _ in changes:
        _check_unchanged(stored, standing.get(stored.path))
    new = _edited_document(document, changes)
    _check_result(new, changes)
    return text[: len(text) - len(body)] + new.text


def _edited_document(document: Document, changes: Changes) -> Document:
    path = document.path
    if is_table(path):
        return parse_document(path, _edit_table(document.text, changes))
    if path.suffix.lower() in ROW_SUFFIXES:
        rows = {_row(item): _inside(_edits(item, some, document)) for item, some in changes}
        return parse_document(path, edit_json_lines(document.text, rows))
    return edit_document(document, [edit for item, some in changes for edit in _edits(item, some, document)])


def _check_unchanged(stored: StoredInput, now: Input | None) -> None:
    """The input is still where it was read, as it was read."""
    then = stored.input if stored.has_id else stored.input.model_copy(update={"id": ""})
    if now != then:
        what = f"{shown(stored.file)}:{stored.line}: {stored.input.id} has changed since it was read"
        raise StoreError(what, "Somebody else wrote to the file: try again.")


def _check_result(document: Document, changes: Changes) -> None:
    try:
        found = inputs_at(document, [stored.path for stored, _ in changes])
        if any("id" in some for _, some in changes):
            inputs_of(document, [])
    except ConfigError as error:
        raise StoreError(f"{error.message}, after the edit", "Nothing was changed. Check the new values.") from error
    for stored, some in changes:
        blank = {name: Input.model_fields[name].get_default(call_default_factory=True) for name in some}
        meant = blank | {name: value for name, value in some.items() if value is not None}
        now = found.get(stored.path)
        if now is None or any(getattr(now, name) != _tupled(value) for name, value in meant.items()):
            what = f"{shown(stored.file)}:{stored.line}: {stored.input.id} cannot be edited as it stands"
            raise StoreError(what, "Edit it by hand; nothing was changed.")


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _edits(stored: StoredInput, changes: Mapping[str, Any], document: Document) -> list[Edit]:
    """The changes of one input as edits of its document; an id that was only derived is written along."""
    data = document.data
    for step in stored.path:
        data = data[step]
    if stored.path == ():
        data = {key: value for key, value in data.items() if not isinstance(value, list) or key in _OWN}
    shaped = shaped_entry(Entry(stored.path, data, stored.input.source), document)
    given = {} if stored.has_id else {"id": stored.input.id}
    edits: list[Edit] = []
    for name, value in {**given, **changes}.items():
        edits += _field_edits(stored, shaped, name, value)
    return edits


_OWN = {*Input.model_fields, "turns"}


def _field_edits(stored: StoredInput, shaped: Shaped, name: str, value: Any) -> list[Edit]:
    place = shaped.places.get((name,)) or (name,)
    at = (*stored.path, *place)
    if value is None or value == ():
        return [(at, REMOVE)] if (name,) in shaped.places else []
    if name == "conversation":
        return _turn_edits(stored, shaped, at, value)
    before = shaped.data.get(name)
    if name in ("metadata", "origin") and isinstance(before, dict) and before:
        gone: list[Edit] = [((*at, key), REMOVE) for key in before if key not in value]
        return gone + [((*at, key), part) for key, part in value.items() if key not in before or before[key] != part]
    return [(at, list(value) if isinstance(value, tuple) else value)]


def _turn_edits(stored: StoredInput, shaped: Shaped, at: Path_, turns: Sequence[Turn]) -> list[Edit]:
    """Turn by turn where their number stays, else the conversation as a whole."""
    before = stored.input.conversation
    if len(before) != len(turns):
        return [(at, [turn.model_dump() for turn in turns])]
    changed = [index for index in range(len(turns)) if turns[index].input != before[index].input]
    return [((*stored.path, *shaped.places[("conversation", index, "input")]), turns[index].input) for index in changed]


def _row(stored: StoredInput) -> int:
    row = stored.path[0]
    assert isinstance(row, int)
    return row


def _inside(edits: Sequence[Edit]) -> list[Edit]:
    """Edits of a row, their paths starting in it."""
    return [(path[1:], value) for path, value in edits]


def _edit_table(text: str, changes: Changes) -> str:
    table = Table(text)
    for stored, some in changes:
        given = {} if stored.has_id else {"id": stored.input.id}
        table.edit(_row(stored), {**given, **{name: _plain(value) for name, value in some.items()}})
    return table.text()


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [part.model_dump() if isinstance(part, Turn) else part for part in value]
    return value
