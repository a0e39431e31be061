"""Single changes to a text that keep everything round them: a value replaced, a key added, an item appended."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fluxloop.store.emit import block_text, quote, scalar
from fluxloop.store.nodes import Node, resolve_plain

Patch = tuple[int, int, str]
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
_BLOCK_HEAD = re.compile(r"([|>][^\s#]*)([^\S\n]+#[^\r\n]*)?")
_BARE = re.compile(r"[^\W\d_][^:#,\[\]{}\"'`\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]*")
_RESERVED = {"yes", "no", "on", "off", "y", "n"}


def apply(text: str, patches: Sequence[Patch]) -> str:
    """The text with every patch in it. They must not overlap; of several at one place the first given comes first."""
    parts = []
    done = 0
    for start, end, new in sorted(patches, key=lambda patch: patch[0]):
        if start < done:
            raise ValueError("two edits meet in one place")
        parts += [text[done:start], new]
        done = end
    return "".join([*parts, text[done:]])


@dataclass(frozen=True)
class Page:
    """The text that is edited."""

    text: str
    strict: bool
    """JSON: every text and key is quoted."""

    @property
    def newline(self) -> str:
        """How the text's lines end."""
        first = self.text.find("\n")
        return "\r\n" if first > 0 and self.text[first - 1] == "\r" else "\n"

    def end(self, node: Node) -> int:
        """Where a node really ends: the parser counts the comments and empty lines after a block to it."""
        if node.alias or node.style in ("{", "["):
            return node.end
        if node.values:
            return self.end(node.values[-1])
        if node.style in ("|", ">"):
            head = _BLOCK_HEAD.search(self.text, node.start, node.end)
            return node.end if head and "+" in head.group(1) else self._block_end(node)
        return node.end

    def replace(self, key: Node | None, node: Node, value: Any) -> list[Patch]:
        """Another value in place of a node's; a text keeps the kind of quotes it had."""
        if node.literal is None and node.style in (":", "-") and not node.alias and key is not None:
            colon = self.text.index(":", key.end)
            return [(colon + 1, self.end(node), " " + self._flow(value))]
        start, comment = node.start, ""
        if not node.alias:
            properties = _PROPERTIES.match(self.text, node.start, node.end)
            start = properties.end() if properties and node.literal is not None else node.start
        written = self._written(value, node, key)
        end = self.end(node)
        if node.style in ("|", ">") and not node.alias:
            end = self._block_end(node)
            head = _BLOCK_HEAD.match(self.text, start)
            comment = head.group(2) or "" if head else ""
            first, *rest = written.split("\n")
            written = self.newline.join([first + comment, *rest])
        gap = " " if start == node.end and self.text[start - 1 : start] in (":", "-") else ""
        return [(start, end, gap + written)]

    def add_keys(self, node: Node, values: Mapping[str, Any]) -> list[Patch]:
        """New keys at the end of a mapping, in its own style."""
        if node.style == ":":
            indent = " " * node.keys[0].column
            return [
                self._lines(
                    self.end(node), [f"{indent}{scalar(key)}: {scalar(value)}" for key, value in values.items()]
                )
            ]
        if self.text[node.start : node.start + 1] != "{" and "{" not in self.text[node.start : node.end]:
            raise ValueError(f"the pair on line {node.line} has no braces: put `{{` and `}}` round it")
        quoted = self.strict or bool(node.keys and node.keys[0].style == '"')
        pairs = [self._pair(key, value, quoted) for key, value in values.items()]
        if not node.keys:
            inside = self.text.index("{", node.start) + 1
            return [(inside, inside, ", ".join(pairs))]
        last, gap = self.end(node.values[-1]), self._gap(node, [key.start for key in node.keys])
        comma = re.match(r"\s*,", self.text[last : node.end])
        if comma:
            return [(last + comma.end(), last + comma.end(), " " + ", ".join(pairs))]
        return [(last, last, gap + gap.join(pairs))]

    def add_block(self, node: Node, block: str) -> list[Patch]:
        """Keys with all that stands under them, as `emit_mapping` writes them, at the end of a block mapping."""
        indent = " " * node.keys[0].column
        lines = [indent + line if line else "" for line in block.removesuffix("\n").split("\n")]
        return [self._lines(self.end(node), lines)]

    def remove(self, node: Node, name: str) -> list[Patch]:
        """Take a key and its value out of a mapping."""
        index = next(at for at, key in enumerate(node.keys) if key.literal == name)
        key, end = node.keys[index], self.end(node.values[index])
        follows = node.keys[index + 1].start if index + 1 < len(node.keys) else None
        if node.style == "{":
            if follows is not None:
                return [(key.start, follows, "")]
            return [(self.end(node.values[index - 1]) if index else key.start, end, "")]
        if len(node.keys) == 1:
            return [(node.start, end, "{}")]
        line = self.text.rfind("\n", 0, key.start) + 1
        if self.text[line : key.start].strip(" ") and follows is not None:
            return [(key.start, follows, "")]
        stop = self._line_end(end)
        after = self.text.find("\n", stop) + 1
        if after:
            return [(line, end if self._at_line_start(end) else after, "")]
        return [(line - len(self.newline), stop, "")]

    def wrap(self, parent: Node, item: Node, key: str, text: str | None, more: Mapping[str, Any]) -> list[Patch]:
        """A plain item becomes a mapping: its text, as it stands, under `key`, then `more`."""
        raw = self.text[item.start : item.end]
        if text is not None:
            raw = self._written(text, item, None) if item.style not in ("|", ">") else quote(text)
        elif item.style in ("|", ">") or "\n" in raw or item.alias or raw[:1] in ("&", "!"):
            raw = quote(str(item.data))
        if parent.style == "[":
            quoted = self.strict or item.style == '"'
            head = f"{quote(key)}: {raw}" if self.strict else f"{key}: {raw}"
            pairs = [head, *(self._pair(name, value, quoted and self.strict) for name, value in more.items())]
            return [(item.start, item.end, "{" + ", ".join(pairs) + "}")]
        empty = item.start == item.end
        indent = " " * (parent.column + 2 if empty else item.column)
        head = f"{' ' if empty else ''}{key}:{' ' if raw else ''}{raw}"
        lines = [f"{indent}{scalar(name)}: {scalar(value)}" for name, value in more.items()]
        end = self.end(item)
        return [(item.start, end, head), *([self._lines(end, lines)] if lines else [])]

    def append(self, node: Node, block: str, items: Sequence[Any], indent: int) -> list[Patch]:
        """More items at the end of a list, in its own style."""
        if node.style == "-":
            return [self._lines(self.end(node), self._indented(block, indent))]
        column = node.values[0].column if node.values else 0
        gap = self._gap(node, [value.start for value in node.values])
        written = [self._flow_item(item, column if "\n" in gap else None) for item in items]
        if not node.values:
            inside = self.text.index("[", node.start) + 1
            return [(inside, inside, ", ".join(written))]
        last = self.end(node.values[-1])
        return [(last, last, gap + gap.join(written))]

    def fill(self, key: Node, node: Node, block: str, indent: int) -> list[Patch]:
        """A block list where nothing, or `[]`, stood; a comment on the line stays."""
        colon = self.text.index(":", key.end) + 1
        return [(colon, max(colon, node.end), ""), self._lines(max(colon, node.end), self._indented(block, indent))]

    def with_new_list(self, key: str, block: str, items: Sequence[Any]) -> str:
        """The text with a new top-level list at its end."""
        newline = self.newline
        if self.strict:
            return json.dumps({key: items}, ensure_ascii=False, indent=2) + newline
        gap = "" if not self.text or self.text.endswith("\n") else newline
        lines = [f"{scalar(key)}:", *self._indented(block, 2)]
        return self.text + gap + newline.join(lines) + newline

    def _written(self, value: Any, node: Node, key: Node | None) -> str:
        """A value in the style of the scalar it takes the place of."""
        if not isinstance(value, str) or self.strict or node.style in (":", "-", "{", "["):
            return self._flow(value)
        if node.style == "'" and "\n" not in value and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        if node.style in ("|", ">") and not node.alias:
            return block_text(value, self._block_indent(node, key)) or quote(value)
        return value if node.style == "" and _is_bare(value) else quote(value)

    def _block_end(self, node: Node) -> int:
        """The end of a block text's last line, without the empty lines after it."""
        return node.start + len(self.text[node.start : node.end].rstrip("\r\n"))

    def _block_indent(self, node: Node, key: Node | None) -> str:
        """The indentation of a block's lines."""
        body = self.text[node.start : node.end].split("\n")[1:]
        found = next((line for line in body if line.strip()), "")
        spaces = len(found) - len(found.lstrip(" "))
        return " " * (spaces or (key.column + 2 if key else node.column))

    def _flow(self, value: Any) -> str:
        return _json(value) if self.strict else scalar(value)

    def _flow_item(self, item: Any, column: int | None) -> str:
        if not self.strict:
            return scalar(item)
        return _json(item, 2).replace("\n", "\n" + " " * column) if column is not None else _json(item)

    def _pair(self, key: str, value: Any, quoted: bool) -> str:
        if not quoted:
            return f"{scalar(key)}: {scalar(value)}"
        return f"{quote(key)}: {_json(value) if self.strict else scalar(value)}"

    def _gap(self, node: Node, starts: Sequence[int]) -> str:
        """What parts two entries of a flow collection here: `, `, or a comma and a new line."""
        if len(starts) > 1:
            gap = self.text[self.end(node.values[0]) : starts[1]]
            return gap if re.fullmatch(r",\s*", gap) else ", "
        before = self.text[node.start + 1 : starts[0]] if starts else ""
        return "," + before if before.isspace() and "\n" in before else ", "

    def _lines(self, position: int, lines: Sequence[str]) -> Patch:
        """Whole lines after the line of a position."""
        if self._at_line_start(position):
            return position, position, "".join(line + self.newline for line in lines)
        stop = self._line_end(position)
        return stop, stop, "".join(self.newline + line for line in lines)

    def _at_line_start(self, position: int) -> bool:
        return position > 0 and self.text[position - 1] == "\n"

    def _line_end(self, position: int) -> int:
        stop = self.text.find("\n", position)
        if stop < 0:
            return len(self.text)
        return stop - 1 if stop > position and self.text[stop - 1] == "\r" else stop

    def _indented(self, block: str, indent: int) -> list[str]:
        """The lines of emitted items, moved from their indentation of two to another."""
        return [" " * indent + line[2:] if line else "" for line in block.removesuffix("\n").split("\n")]


def _is_bare(text: str) -> bool:
    """A text a person would leave without quotes, and every reader takes for text."""
    plain = bool(_BARE.fullmatch(text)) and not text.endswith(" ") and text.isprintable()
    return plain and isinstance(resolve_plain(text), str) and text.casefold() not in _RESERVED


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
