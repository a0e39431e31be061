"""A file's values together with the place of each: one tree of nodes, from YAML or from JSON.

The tree is built from parser events with a stack of its own, so a file that is nested a hundred thousand levels deep is
an error message and not a crash, and 10,000 inputs take under a second.
"""

from __future__ import annotations

import gc
import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from yaml._yaml import CParser

from fluxloop.errors import ConfigError
from fluxloop.store.wording import broken_yaml

MAX_DEPTH = 200
_TEXT_TAGS = {"!", "tag:yaml.org,2002:str"}
_CORE_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "map", "seq")}
_CONSTANTS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INT = re.compile(r"[-+]?[0-9]{1,300}|0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300}")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = "\x85\u2028\u2029"
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


@dataclass(slots=True, eq=False)
class Node:
    """One value of a file: `start` and `end` are offsets into its text, `line` is 1-based, `column` 0-based."""

    data: Any
    start: int
    end: int
    line: int
    column: int
    style: str
    """Of a scalar: `"`, `'`, `|`, `>`, or nothing for plain. Of a collection: `{` `[` in flow, `:` `-` in block."""
    literal: str | None = None
    """A scalar as the person wrote it: `007`, `1e3`, `no`."""
    keys: list[Node] = field(default_factory=list)
    values: list[Node] = field(default_factory=list)
    alias: bool = False
    """Stands elsewhere: this is only a `*name` that leads to it."""

    def child(self, step: str | int) -> Node | None:
        """The value under a key or at an index, or None."""
        if isinstance(step, int):
            return self.values[step] if self.style in ("-", "[") and -1 < step < len(self.values) else None
        for key, value in zip(self.keys, self.values, strict=False):
            if key.literal == step:
                return value
        return None

    def key(self, step: str) -> Node | None:
        """The node of the key itself."""
        return next((key for key in self.keys if key.literal == step), None)


def resolve_plain(text: str) -> Any:
    """An unquoted scalar by the YAML 1.2 core schema: `no`, `on` and `2024-01-01` stay text."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INT.fullmatch(text):
        return int(text, 0 if text[:2] in ("0o", "0x") else 10)
    if _FLOAT.fullmatch(text):
        number = float(re.sub(r"\.(inf|nan)", r"\1", text.lower()))
        return text if math.isinf(number) and text[-1].isdigit() else number
    return text


@contextmanager
def paused_gc() -> Iterator[None]:
    """No garbage collection while very many objects are made that all stay: it would double the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Tree:
    """Collects nodes as they open and close."""

    def __init__(self, file: Path | str) -> None:
        self.file = file
        self.root: Node | None = None
        self.open: list[Node] = []

    def add(self, node: Node) -> None:
        """Hang a node under the collection that is open."""
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if parent.style in (":", "{") and len(parent.keys) == len(parent.values):
            if node.literal is None:
                raise self.error("a list or a mapping cannot be a key", node.line)
            parent.keys.append(node)
        else:
            parent.values.append(node)

    def enter(self, node: Node) -> None:
        """Open a collection."""
        self.add(node)
        self.open.append(node)
        if len(self.open) > MAX_DEPTH:
            raise self.error(f"nested more than {MAX_DEPTH} levels deep", node.line)

    def leave(self, end: int) -> Node:
        """Close the collection that is open, and build its value."""
        node = self.open.pop()
        node.end = end
        if node.style in ("-", "["):
            node.data = [value.data for value in node.values]
        else:
            node.data = self._mapping(node)
        return node

    def error(self, what: str, line: int, hint: str = "") -> ConfigError:
        """A mistake in this file."""
        return ConfigError(what, hint, file=self.file, line=line)

    def _mapping(self, node: Node) -> dict[str, Any]:
        data = {str(key.literal): value.data for key, value in zip(node.keys, node.values, strict=True)}
        if len(data) < len(node.keys):
            raise self._twice(node)
        merge = node.key("<<") if "<<" in data else None
        return self._merge(node, data) if merge and not merge.style else data

    def _merge(self, node: Node, data: dict[str, Any]) -> dict[str, Any]:
        """`<<: *defaults`, as people use it with anchors: the mapping's own keys win."""
        given = data.pop("<<")
        parts = given if isinstance(given, list) else [given]
        if not all(isinstance(part, dict) for part in parts):
            raise self.error("`<<` takes a mapping", node.line, "Write `<<: *anchor` of a mapping, or quote the key.")
        merged: dict[str, Any] = {}
        for part in reversed(parts):
            merged |= part
        return merged | data

    def _twice(self, node: Node) -> ConfigError:
        first: dict[str | None, int] = {}
        for key in node.keys:
            if key.literal in first:
                what = f"the key `{key.literal}` stands here and on line {first[key.literal]}"
                return self.error(what, key.line, "Keep one of the two.")
            first[key.literal] = key.line
        raise AssertionError("only called with a repeated key")


def parse_yaml(text: str, file: Path | str) -> Node | None:
    """The one document of a YAML text; None when there is nothing but comments."""
    bad = _UNPRINTABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        what = f"the character U+{ord(bad.group()):04X} may not stand in YAML"
        raise ConfigError(what, f'Write it as "\\u{ord(bad.group()):04x}" in double quotes.', file=file, line=line)
    shielded, restore = _shield(text)
    tree = Tree(file)
    try:
        with paused_gc():
            _build(tree, CParser(shielded), restore)
    except yaml.YAMLError as error:
        what, hint, line = broken_yaml(error, text)
        raise ConfigError(what, hint, file=file, line=line) from error
    return tree.root


def _shield(text: str) -> tuple[str, dict[int, str]]:
    """Hide U+0085, U+2028 and U+2029 behind characters the text does not use: libyaml would break lines there."""
    if not any(mark in text for mark in _BREAKS):
        return text, {}
    spare = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)
    hide = {ord(mark): next(spare) for mark in _BREAKS}
    return text.translate(hide), {ord(stand_in): chr(mark) for mark, stand_in in hide.items()}


def _build(tree: Tree, parser: CParser, restore: dict[int, str]) -> None:
    anchors: dict[str, Node | None] = {}
    names: list[str | None] = []
    event: Any
    for event in _events(parser, tree):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            node = _scalar(tree, event, restore)
            tree.add(node)
            if event.anchor:
                anchors[event.anchor] = node
        elif kind is yaml.AliasEvent:
            tree.add(_alias(tree, event, anchors))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            tree.enter(_collection(tree, event))
            names.append(event.anchor)
        else:
            done = tree.leave(event.end_mark.index)
            name = names.pop()
            if name:
                anchors[name] = done


def _events(parser: CParser, tree: Tree) -> Iterator[Any]:
    """The events of the one document."""
    documents = 0
    event: Any = parser.get_event()
    while event is not None and type(event) is not yaml.StreamEndEvent:
        if type(event) is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                hint = "Put each document in a file of its own."
                raise tree.error("a second document starts here", getattr(event.start_mark, "line", 0) + 1, hint)
        elif type(event) not in (yaml.StreamStartEvent, yaml.DocumentEndEvent):
            yield event
        event = parser.get_event()


def _scalar(tree: Tree, event: Any, restore: dict[int, str]) -> Node:
    text: str = event.value.translate(restore) if restore else event.value
    mark, tag, style = event.start_mark, event.tag, event.style or ""
    if tag is not None and tag not in _TEXT_TAGS and tag not in _CORE_TAGS:
        raise tree.error(f"the tag `{tag}` means nothing here", mark.line + 1, "Take it out, or quote the text.")
    plain = tag in _CORE_TAGS or (tag is None and not style)
    data = resolve_plain(text) if plain else text
    return Node(data, mark.index, event.end_mark.index, mark.line + 1, mark.column, style, text)


def _collection(tree: Tree, event: Any) -> Node:
    mark = event.start_mark
    if event.tag is not None and event.tag != "!" and event.tag not in _CORE_TAGS:
        raise tree.error(f"the tag `{event.tag}` means nothing here", mark.line + 1, "Take it out.")
    styles = ":{" if type(event) is yaml.MappingStartEvent else "-["
    return Node(None, mark.index, 0, mark.line + 1, mark.column, styles[bool(event.flow_style)])


def _alias(tree: Tree, event: Any, anchors: dict[str, Node | None]) -> Node:
    node = anchors.get(event.anchor)
    if node is None:
        hint = "A text that starts with `*` needs quotes."
        raise tree.error(f"`*{event.anchor}` names nothing above", event.start_mark.line + 1, hint)
    mark = event.start_mark
    start, end = mark.index, event.end_mark.index
    return replace(node, start=start, end=end, line=mark.line + 1, column=mark.column, alias=True)


def scan_json(text: str, file: Path | str) -> Node | None:
    """The places of a JSON text that `json` has already accepted."""
    with paused_gc():
        return _scan(text, Tree(file))


def _scan(text: str, tree: Tree) -> Node | None:
    line, last, line_start = 1, 0, 0
    for token in _JSON_TOKEN.finditer(text):
        start, word = token.start(), token.group()
        breaks = text.count("\n", last, start)
        if breaks:
            line, line_start = line + breaks, text.rindex("\n", last, start) + 1
        last = start
        if word in "[{":
            tree.enter(Node(None, start, 0, line, start - line_start, word))
        elif word in "]}":
            tree.leave(token.end())
        elif word not in ",:":
            tree.add(_json_scalar(word, start, token.end(), line, start - line_start))
    return tree.root


def _json_scalar(word: str, start: int, end: int, line: int, column: int) -> Node:
    quoted = word.startswith('"')
    data = word[1:-1] if quoted and "\\" not in word else json.loads(word)
    return Node(data, start, end, line, column, '"' if quoted else "", data if quoted else word)
