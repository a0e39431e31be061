"""From a file's plain values to a record: unknown keys reported, forms forgiven, all mistakes told at once."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError

from fluxloop.errors import ConfigError, place
from fluxloop.schema.finding import Notice
from fluxloop.schema.record import Record
from fluxloop.store.documents import Document, Step
from fluxloop.store.wording import shown

R = TypeVar("R", bound=Record)
Path_ = tuple[Step, ...]

_MUST = {
    "missing": "is missing",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be a mapping of keys",
    "model_type": "must be a mapping of keys",
    "literal_error": "must be {expected}",
    "greater_than_equal": "must be at least {ge:g}",
    "greater_than": "must be more than {gt:g}",
    "less_than_equal": "must be at most {le:g}",
    "less_than": "must be less than {lt:g}",
    "string_too_short": "must not be empty",
    "finite_number": "must be a finite number",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file, with its place."""

    line: int
    key: str
    cause: str

    def __str__(self) -> str:
        return f"{self.key}: {self.cause}" if self.key else self.cause


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field takes, as far as forgiving a form depends on it."""

    record: type[Record] | None
    """The record that stands in it, alone, in a list, or under names of one's own."""
    many: bool
    """A list is meant."""
    named: bool
    """A mapping of records is meant whose keys are names of one's own."""
    text: bool
    """Text is meant: a number written there is kept as it was typed."""
    nullable: bool
    loose: bool
    """A list of anything: a mapping there is read as one item a key."""


@dataclass(slots=True)
class Reading:
    """What is needed on the way down through one record's values."""

    document: Document
    at: Path_
    notices: list[Notice]
    places: Mapping[Path_, Path_] = field(default_factory=dict)
    """Where a value stands in the file, when it was moved while its form was put right."""

    def whereabouts(self, path: Path_) -> Path_:
        """The path in the file of a path in the record."""
        for cut in range(len(path), 0, -1):
            if path[:cut] in self.places:
                return (*self.at, *self.places[path[:cut]], *path[cut:])
        return (*self.at, *path)

    def line(self, path: Path_) -> int:
        """The line of a path in the record."""
        return self.document.line(*self.whereabouts(path))


def read_record(
    model: type[R],
    data: Any,
    document: Document,
    at: tuple[Step, ...],
    notices: list[Notice],
    places: Mapping[Path_, Path_] | None = None,
) -> R:
    """One record from the values at `at`; unknown keys become notices, all mistakes one ConfigError."""
    problems: list[Problem] = []
    record = check_record(model, data, Reading(document, at, notices, places or {}), problems)
    if record is None:
        raise all_problems(problems, document)
    return record


def check_record(model: type[R], data: Any, reading: Reading, problems: list[Problem]) -> R | None:
    """As `read_record`, but the mistakes are added to `problems`, so that a whole file can be told at once."""
    if not isinstance(data, dict):
        what = f"must be a mapping of keys, not {describe(data)}"
        problems.append(Problem(reading.line(()), dotted(reading.at), what))
        return None
    tidy = _tidy(model, data, reading, ())
    try:
        return model.model_validate(tidy)
    except ValidationError as error:
        problems.extend(_problems(error, tidy, reading))
        return None


def all_problems(problems: Sequence[Problem], document: Document) -> ConfigError:
    """Every mistake of one file in one error, each with its place."""
    file = shown(document.path)
    ordered = sorted(problems, key=lambda problem: problem.line)
    first, rest = ordered[0], [f"{place(file, problem.line)}{problem}" for problem in ordered[1:]]
    return ConfigError("\n".join([str(first), *rest]), file=file, line=first.line, key=first.key)


def dotted(path: Sequence[Step]) -> str:
    """`generation.few_shot_examples[2]`, as people name a place."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def describe(value: Any) -> str:
    """A wrong value, named shortly."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (dict, list, tuple)):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value)
    return f"`{text[:40]}…`" if len(text) > 40 else f"`{text}`"


@lru_cache(maxsize=64)
def shapes(model: type[Record]) -> dict[str, Shape]:
    """The fields of a record and what each takes."""
    return {name: _shape(info.annotation) for name, info in model.model_fields.items()}


def _shape(annotation: Any) -> Shape:
    options = _options(annotation)
    many = [option for option in options if get_origin(option) in (tuple, list)]
    inner = [arg for option in many for arg in get_args(option) if arg is not Ellipsis] or options
    named = [record for option in options if get_origin(option) is dict for record in _records(get_args(option)[1:])]
    records = named or _records(inner)
    return Shape(
        record=records[0] if records else None,
        many=bool(many),
        named=bool(named),
        text=str in inner,
        nullable=type(None) in options,
        loose=bool(many) and Any in inner,
    )


def _records(options: Iterable[Any]) -> list[type[Record]]:
    return [option for option in options if isinstance(option, type) and issubclass(option, Record)]


def _options(annotation: Any) -> list[Any]:
    union = get_origin(annotation) in (Union, types.UnionType)
    return list(get_args(annotation)) if union else [annotation]


def _tidy(model: type[Record], data: dict[str, Any], reading: Reading, path: Path_) -> dict[str, Any]:
    """The known keys, each in the form its field takes; a notice for every other key."""
    known = shapes(model)
    tidy: dict[str, Any] = {}
    for name, value in data.items():
        shape = known.get(name)
        if shape is None:
            message = _unknown(name, model)
            reading.notices.append(Notice(reading.document.path, reading.line((*path, name)), message))
        elif value is not None or shape.nullable:
            tidy[name] = _form(shape, value, reading, (*path, name))
    return tidy


def _form(shape: Shape, value: Any, reading: Reading, path: Path_) -> Any:
    """One value in the form its field takes: a lone value becomes a list where one is meant, a number text."""
    if shape.many and not isinstance(value, (list, tuple, dict)):
        value = [] if value in (None, "") else [_literal(value, reading, path) if shape.text else value]
    elif shape.loose and isinstance(value, dict):
        value = [{key: part} for key, part in value.items()]
    if shape.record is not None and shape.named and isinstance(value, dict):
        return {name: _nested(shape.record, part, reading, (*path, name)) for name, part in value.items()}
    if shape.record is not None:
        return _nested(shape.record, value, reading, path)
    if shape.text and isinstance(value, list):
        return [_literal(part, reading, (*path, index)) for index, part in enumerate(value)]
    return _literal(value, reading, path) if shape.text else value


def _nested(record: type[Record], value: Any, reading: Reading, path: Path_) -> Any:
    if isinstance(value, dict):
        return _tidy(record, value, reading, path)
    if isinstance(value, (list, tuple)):
        return [_nested(record, part, reading, (*path, index)) for index, part in enumerate(value)]
    return value


def _literal(value: Any, reading: Reading, path: Path_) -> Any:
    """A number or `true` where text is meant: the characters the person typed."""
    if isinstance(value, (bool, int, float)):
        typed = reading.document.literal(*reading.whereabouts(path))
        return typed if typed is not None else str(value).lower() if isinstance(value, bool) else str(value)
    return value


def _unknown(name: str, model: type[Record]) -> str:
    return unknown_key(name, _names(model))


def unknown_key(name: str, known: Sequence[str]) -> str:
    """What to say of a key nobody asked for: the known one it resembles, or the section it belongs to."""
    ends = {key.rsplit(".", 1)[-1]: key for key in reversed(known)}
    close = get_close_matches(name.casefold(), ends, n=1, cutoff=0.66)
    return f"unknown key `{name}`; did you mean `{ends[close[0]]}`?" if close else f"unknown key `{name}` is not used"


@lru_cache(maxsize=64)
def _names(model: type[Record]) -> tuple[str, ...]:
    """The keys a record knows, and as `section.key` those of the records in it."""
    names = list(model.model_fields)
    for section, shape in shapes(model).items():
        if shape.record is not None and not (shape.many or shape.named):
            names += [f"{section}.{name}" for name in shape.record.model_fields]
    return tuple(names)


def _problems(error: ValidationError, tidy: dict[str, Any], reading: Reading) -> list[Problem]:
    """pydantic's errors in plain words; those of one value's alternatives are joined by `or`."""
    causes: dict[Path_, list[str]] = {}
    for item in error.errors(include_url=False):
        path = _followed(tidy, item["loc"], missing=item["type"] == "missing")
        cause = _MUST.get(item["type"], f"is wrong: {item['msg']}").format(**item.get("ctx", {}))
        causes.setdefault(path, [])
        if cause not in causes[path]:
            causes[path].append(cause)
    return [_problem(path, found, tidy, reading) for path, found in causes.items()]


def _problem(path: Path_, causes: list[str], tidy: dict[str, Any], reading: Reading) -> Problem:
    cause = " or ".join([causes[0], *(cause.removeprefix("must be ") for cause in causes[1:])])
    if cause.startswith("must be"):
        value: Any = tidy
        for step in path:
            value = value[step]
        cause += f", not {describe(value)}"
    where = reading.whereabouts(path)
    return Problem(reading.document.line(*where), dotted(path), cause)


def _followed(tidy: Any, loc: tuple[Step, ...], *, missing: bool) -> Path_:
    """As much of pydantic's location as leads through the data: it adds the names of union branches."""
    path: list[Step] = []
    value = tidy
    for step in loc:
        listed = isinstance(value, (list, tuple)) and isinstance(step, int)
        if not listed and not (isinstance(value, dict) and step in value):
            break
        path.append(step)
        value = value[step]
    return (*path, loc[-1]) if missing else tuple(path)
