"""Canonical YAML, written straight as text: the same values give the same bytes, and every text comes back as it was.

Texts stand in double quotes on one line, with emoji and every script readable; only what YAML cannot hold is escaped.
(libyaml's own emitter would write 😅 as `\\U0001F605`, and takes forty times as long.)
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fluxloop.schema.input import Input, Turn

_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
_RESERVED = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_BLOCK_UNSAFE = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FIELDS = (
    "id", "persona", "text", "conversation", "thought_process", "source", "status", "reason", "importance", "tags",
    "expected", "checks", "metadata", "origin",
)  # fmt: skip
_ALWAYS = ("id", "source", "status")
_NAMES = ("id", "persona", "source", "status", "importance")


def quote(text: str) -> str:
    """A text in double quotes on one line, for YAML. A lone surrogate, which no file can hold, becomes U+FFFD."""
    written = json.dumps(text, ensure_ascii=False)
    return written if written.isascii() and "\x7f" not in written else _ESCAPED.sub(_escape, written)


def scalar(value: Any) -> str:
    """A value on one line: bare where no reader could take it for anything else, collections in flow style."""
    if isinstance(value, str):
        return value if is_plain(value) else quote(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {scalar(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (list, tuple, set, frozenset)):
        parts = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return "[" + ", ".join(scalar(part) for part in parts) + "]"
    return quote(str(value))


def is_plain(text: str) -> bool:
    """Whether a text can stand without quotes, in block and flow style, for a YAML 1.1 and a YAML 1.2 reader."""
    return bool(_PLAIN.fullmatch(text)) and text.casefold() not in _RESERVED


def block_text(text: str, indent: str) -> str | None:
    """A text as a `|` block with its lines under `indent`; None where a block would not bring it back as it is."""
    body = text[:-1] if text.endswith("\n") else text
    lines = body.split("\n")
    unsafe = _BLOCK_UNSAFE.search(text) or not lines[0] or lines[0][0] == " " or not lines[-1]
    if unsafe or any(line.endswith(" ") for line in lines):
        return None
    head = "|" if text.endswith("\n") else "|-"
    return "\n".join([head, *(indent + line if line else "" for line in lines)])


def plain_input(item: Input) -> dict[str, Any]:
    """An input as plain values in canonical order, without what is empty or default. `source` and `status` always."""
    values: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(item, name)
        if name == "text":
            keep = value is not None
        else:
            keep = name in _ALWAYS or value not in (None, (), {}, "")
        if keep:
            values[name] = [turn.model_dump() for turn in value] if name == "conversation" else value
    return values


def emit_inputs(inputs: Iterable[Input]) -> str:
    """The items of an input list, indented by two, with a line break after each; nothing for no inputs."""
    return "".join(_item(item) for item in inputs)


def emit_mapping(data: Mapping[str, Any]) -> str:
    """Any mapping as block YAML, for personas, bundles and settings."""
    return "".join(_entry(key, value, "") for key, value in data.items())


def emit_list(parts: Sequence[Any], indent: str = "  ") -> str:
    """Any list as block YAML, each item at `indent`."""
    return "".join(_list_item(part, indent) for part in parts)


def _item(item: Input) -> str:
    """One input; written out by hand because ten thousand of them are written at once."""
    lines = []
    for name, value in plain_input(item).items():
        if name in _NAMES:
            lines.append(f"{name}: {scalar(value)}\n")
        elif name == "conversation":
            lines.append("conversation:\n" + "".join(_turn(turn) for turn in item.conversation))
        elif name == "thought_process":
            lines.append(f"{name}: {block_text(value, '      ') or quote(value)}\n")
        elif isinstance(value, str):
            lines.append(f"{name}: {quote(value)}\n")
        else:
            lines.append(f"{name}: {scalar(value)}\n")
    return "  - " + "    ".join(lines)


def _turn(turn: Turn) -> str:
    return f"      - {{turn: {turn.turn}, input: {quote(turn.input)}}}\n"


def _entry(key: str, value: Any, indent: str) -> str:
    head = f"{indent}{scalar(str(key))}:"
    if isinstance(value, Mapping) and value:
        return head + "\n" + "".join(_entry(inner, part, indent + "  ") for inner, part in value.items())
    if isinstance(value, (list, tuple)) and value:
        return head + "\n" + emit_list(value, indent + "  ")
    return f"{head} {_leaf(value, indent + '  ')}\n"


def _list_item(part: Any, indent: str) -> str:
    if isinstance(part, Mapping) and part:
        inner = indent + "  "
        return f"{indent}- " + "".join(_entry(key, value, inner) for key, value in part.items()).removeprefix(inner)
    return f"{indent}- {_leaf(part, indent + '  ')}\n"


def _leaf(value: Any, indent: str) -> str:
    if isinstance(value, str) and "\n" in value:
        return block_text(value, indent) or quote(value)
    return scalar(value)


def _float(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return "\ufffd" if "\ud800" <= char <= "\udfff" else f"\\u{ord(char):04x}"
