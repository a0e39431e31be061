"""The shapes inputs are written in, put into the one shape the record takes, with the place each value came from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fluxloop.errors import ConfigError, nearest
from fluxloop.schema.finding import Notice
from fluxloop.schema.input import Input
from fluxloop.store.documents import Document, Step
from fluxloop.store.records import unknown_key

Path_ = tuple[Step, ...]
LISTS = {"generated_inputs": "synthetic", "inputs": "manual", "multi_turn_inputs": "synthetic"}
"""The keys a list of inputs may stand under, and the source of inputs that do not say theirs."""
_ITEM_SIGNS = {"text", "input", "conversation", "turns", "generated_text"}
_TEXT_KEYS = ("text", "input", "generated_text", "message")
_TURN_KEYS = ("input", "text", "message", "content", "generated_text")
_CSV_METADATA = ("topic", "complexity", "tone")


@dataclass(frozen=True, slots=True)
class Entry:
    """One input as it stands in a file."""

    at: Path_
    data: Any
    source: str


@dataclass(slots=True)
class Shaped:
    """One input in the shape of the record. `places` leads from a field to where it stands under the entry."""

    data: Any
    places: dict[Path_, Path_] = field(default_factory=dict)


def entries(document: Document, notices: list[Notice]) -> list[Entry]:
    """Every input in a document, in the order of the file."""
    data = document.data
    if data is None:
        return []
    if isinstance(data, list):
        return [Entry((index,), item, "manual") for index, item in enumerate(data)]
    if not isinstance(data, dict):
        hint = "Start with `inputs:` and a list."
        raise document.error("this is one text and no list of inputs", hint)
    found = [entry for key in data if key in LISTS for entry in _listed(document, key)]
    rest = {key: value for key, value in data.items() if key not in LISTS}
    if rest.keys() & _ITEM_SIGNS:
        return [Entry((), rest, "synthetic" if isinstance(rest.get("input"), dict) else "manual"), *found]
    for key in rest:
        if key != "$schema":
            notices.append(Notice(document.path, document.line(key), unknown_key(key, [*LISTS, *sorted(_ITEM_SIGNS)])))
    return found


def shape(entry: Entry, document: Document) -> Shaped:
    """One entry in the record's shape. A text that YAML takes for a number stays what was typed."""
    if not isinstance(entry.data, dict):
        return _bare(entry, document)
    shaped = Shaped({}, {})
    for key, value in entry.data.items():
        _take(shaped, key, value)
    _settle_text(shaped, entry, document)
    if isinstance(shaped.data.get("conversation"), list):
        shaped.data["conversation"] = list(_turns(shaped, entry, document))
    for name in ("source", "status"):
        if isinstance(shaped.data.get(name), str):
            shaped.data[name] = shaped.data[name].strip().casefold()
    if shaped.data.get("source") is None:
        shaped.data["source"] = entry.source
    return shaped


def shape_row(entry: Entry, document: Document) -> Shaped:
    """One row of a CSV: cells are text, empty ones say nothing, and columns that are no field go to the metadata."""
    row: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    for column, cell in entry.data.items():
        name = field_of(column)
        if name in Input.model_fields or name in ("input", "message", "persona_id"):
            if cell != "" or name in _TEXT_KEYS:
                row[name] = _cell(name, cell)
        elif cell != "" and name:
            metadata[name] = cell
    text = next((row.pop(key) for key in _TEXT_KEYS if key in row), None)
    if text is not None and not (text == "" and "conversation" in row):
        row["text"] = text
    if metadata:
        given = row.get("metadata")
        row["metadata"] = metadata | (given if isinstance(given, dict) else {})
    return shape(Entry(entry.at, row, entry.source), document)


def field_of(column: str) -> str:
    """The field a CSV column means: `Text` is `text`; any other name is left as it is."""
    folded = column.casefold().replace(" ", "_")
    return folded if folded in {*Input.model_fields, *_TEXT_KEYS, *_CSV_METADATA, "persona_id"} else column


def check_columns(document: Document, notices: list[Notice]) -> None:
    """A CSV needs a column of texts; a column that looks like a misspelt field is told."""
    if not document.data:
        return
    columns = [field_of(column) for column in document.data[0]]
    if not set(columns) & {*_TEXT_KEYS, "conversation"}:
        raise document.error("no column is called `text`", "Name the column that holds the messages `text`.")
    for name in columns:
        near = nearest(name, Input.model_fields)
        if near and name not in {*Input.model_fields, *_TEXT_KEYS, *_CSV_METADATA, "persona_id"}:
            what = f"unknown column `{name}` is kept as metadata; did you mean `{near}`?"
            notices.append(Notice(document.path, 1, what))


def _listed(document: Document, key: str) -> Iterator[Entry]:
    items = document.data[key]
    if items is None:
        return
    if isinstance(items, dict) and items.keys() <= {"synthetic", "manual"}:
        hint = "Put it in configs/input.yaml."
        raise document.error("a mix of synthetic and manual is a setting, no list of inputs", hint, at=(key,), key=key)
    if not isinstance(items, list):
        raise document.error(f"`{key}` must be a list", "Start each input with `- `.", at=(key,), key=key)
    for index, item in enumerate(items):
        yield Entry((key, index), item, LISTS[key])


def _bare(entry: Entry, document: Document) -> Shaped:
    """An item that is its text and nothing else."""
    if isinstance(entry.data, list):
        raise _no_text(document, entry, "an input must be a text or a mapping of keys, not a list")
    text = document.literal(*entry.at) if not isinstance(entry.data, str) else entry.data
    if entry.data is None and text is None:
        raise _no_text(document, entry, "an input must be a text or a mapping of keys, not nothing")
    return Shaped({"text": _typed(entry.data, text), "source": entry.source}, {("text",): ()})


def _take(shaped: Shaped, key: str, value: Any) -> None:
    """One key of an item, under its field's name."""
    if key == "input" and isinstance(value, dict):
        for inner, part in value.items():
            name = "text" if inner in _TEXT_KEYS else inner
            _keep(shaped, name, part, ("input", inner))
    elif key in ("turns", "conversation") or (key == "input" and isinstance(value, list)):
        _keep(shaped, "conversation", value, (key,))
    elif key in _TEXT_KEYS:
        _keep(shaped, "text", value, (key,))
    elif key == "persona_id":
        _keep(shaped, "persona", value, (key,))
    else:
        _keep(shaped, key, value, (key,))


def _keep(shaped: Shaped, name: str, value: Any, place: Path_) -> None:
    """The first that is given under a name holds; a second one keeps its own key, and so is reported as unknown."""
    if shaped.data.get(name) is not None:
        name = str(place[-1])
    shaped.data[name] = value
    shaped.places[(name,)] = place


def _settle_text(shaped: Shaped, entry: Entry, document: Document) -> None:
    """A text of `42`, `null` or nothing at all is a text; an input without any is told."""
    data = shaped.data
    if "text" in data and not isinstance(data["text"], (str, list, dict)):
        literal = document.literal(*entry.at, *shaped.places[("text",)])
        gone = data["text"] is None and (literal is None or "conversation" in data)
        data["text"] = None if gone else _typed(data["text"], literal)
    if data.get("text") is None and not data.get("conversation"):
        raise _no_text(document, entry, "an input needs a `text` or a `conversation`")


def _turns(shaped: Shaped, entry: Entry, document: Document) -> Iterator[Any]:
    """Turns as texts or as mappings, numbered when they are not."""
    base = shaped.places[("conversation",)]
    for index, turn in enumerate(shaped.data["conversation"]):
        place = (*base, index)
        if isinstance(turn, dict):
            key = next((key for key in _TURN_KEYS if key in turn), None)
            rest = {name: value for name, value in turn.items() if name != key}
            literal = document.literal(*entry.at, *place, key) if key else None
            text = {"input": _typed(turn[key], literal)} if key else {}
            shaped.places[("conversation", index, "input")] = (*place, key) if key else place
            yield {"turn": index + 1} | rest | text
        else:
            shaped.places[("conversation", index, "input")] = place
            yield {"turn": index + 1, "input": _typed(turn, document.literal(*entry.at, *place))}
        shaped.places[("conversation", index)] = place


def _typed(value: Any, literal: str | None) -> Any:
    """A scalar as the text that was typed."""
    if isinstance(value, (str, dict, list)):
        return value
    if literal is not None:
        return literal
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _cell(name: str, cell: str) -> Any:
    """Tags are parted by `;`; a conversation, checks, metadata and origin stand in a cell as JSON."""
    if name == "tags":
        return [tag.strip() for tag in cell.split(";") if tag.strip()]
    if name in ("conversation", "checks", "metadata", "origin"):
        try:
            return json.loads(cell)
        except ValueError:
            return cell
    return cell


def _no_text(document: Document, entry: Entry, what: str) -> ConfigError:
    hint = 'Write `- text: "..."`; a text that holds `: ` needs quotes.'
    return document.error(what, hint, at=entry.at, key="text")
