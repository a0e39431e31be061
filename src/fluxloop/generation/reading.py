"""What a model's answer holds, in whatever form it came: readings of the text, each a list of entries."""

from __future__ import annotations

import ast
import html
import json
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import json_repair
from pydantic_core import from_json

THOUGHTS = re.compile(r"\A(?:\s*<(think|thinking|thought|reasoning)>.*?(?:</\1>|\Z))+", re.DOTALL | re.IGNORECASE)
THOUGHTS_END = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
FENCE = re.compile(r"^[ \t]*```[ \t]*\w*[ \t]*\n(.*?)(?:^[ \t]*```|\Z)", re.DOTALL | re.MULTILINE)
NUMBERED = re.compile(r"^\s*(?:[-*]\s+)?(?:\*\*)?#?(\d{1,9})(?:[.):]|\s+-)(?:\*\*)?\s+(\S.*)$", re.MULTILINE)
BULLET = re.compile(r"^\s*[-*•]\s+(\S.*)$", re.MULTILINE)
LEAKED = re.compile(r"""["'][\s,]*[}\]]+\s*$""")
"""The end of a text that took the end of its object in: the quotes were beyond repair."""
NUMBER = re.compile(r"\s*#?(?:slot[ _]?)?[0-9]{1,9}\s*", re.IGNORECASE)
WRAPS = (('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"), ("'", "'"))
LISTS = ("inputs", "generated_inputs", "messages", "items", "results", "data")
ENTRY_KEYS = frozenset({"slot", "text", "turns", "candidates", "input", "message", "generated_text"})
TRIES = 400
"""Brackets at which an answer is tried to be read, before it is given up: no answer that holds inputs has so many."""
DEPTH = 3
NEAR_END = 6
"""Signs: the longest that a cut-off `\\u0041` or `false` is."""
_DECODER = json.JSONDecoder(strict=False)

Entries = list[Any]


def readings(text: str, *, cut: bool = False) -> Iterator[Entries]:
    """The entries of an answer, the most trustworthy reading first; `cut`: its end is known to be missing.

    What is whole is taken to the letter. Only what is no JSON at all is repaired, and then never its cut-off end.
    """
    plain = _plain(text)
    yield _whole_values(plain)
    yield _strings_of_a_cut_list(plain)
    if not _is_start_of_json(plain):
        yield from _repaired(plain, cut=cut)
    if not plain.startswith(("{", "[")):
        yield _listed(plain)


def _plain(text: str) -> str:
    """Without thoughts before the answer; entities decoded when the whole answer is escaped, and only then."""
    stripped = THOUGHTS.sub("", text, count=1).strip()
    ended = THOUGHTS_END.search(stripped)
    if ended and not stripped.startswith(("{", "[", "`")):
        stripped = stripped[ended.end() :].strip()
    if '"' not in stripped and ("&quot;" in stripped or "&#34;" in stripped):
        return html.unescape(stripped)
    return stripped


def entries_in(data: Any, depth: int = DEPTH) -> Entries:
    """The entries of a value: a list's items, the list in a map, a map of numbers to texts, or the map itself."""
    if isinstance(data, list):
        return data[0] if len(data) == 1 and isinstance(data[0], list) else data
    if not isinstance(data, Mapping):
        return []
    if any(key in ENTRY_KEYS and not _holds_entries(data[key]) for key in data):
        return [data]
    if data and all(NUMBER.fullmatch(str(key)) for key in data):
        return [_with_number(str(key), value) for key, value in data.items()]
    inside = [data[key] for key in LISTS if key in data] or list(data.values())
    held = [value for value in inside if isinstance(value, list)] or inside
    found = (entries_in(value, depth - 1) for value in held if depth and isinstance(value, list | Mapping))
    return max(found, key=len, default=[])


def _holds_entries(value: Any) -> bool:
    """Whether it is a list of maps, as only the list of all entries is."""
    return isinstance(value, list) and any(isinstance(item, Mapping) and "slot" in item for item in value)


def _with_number(key: str, value: Any) -> Any:
    number = int(key.casefold().strip("# slot_"))
    if isinstance(value, Mapping):
        return {**value, "slot": number}
    return {"slot": number, "turns" if isinstance(value, list) else "text": value}


def _whole_values(text: str) -> Entries:
    """Every JSON value that is whole, wherever it stands. Inside of one that is not, only maps are entries."""
    found: Entries = []
    start, broken, tries = _bracket(text, 0), False, 0
    while start >= 0 and tries < TRIES:
        tries += 1
        try:
            value, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            broken, start = True, _bracket(text, start + 1)
            continue
        entries = entries_in(value)
        if (not broken or isinstance(value, Mapping)) and any(isinstance(entry, str | Mapping) for entry in entries):
            found += entries
        start = _bracket(text, end)
    return found


def _bracket(text: str, start: int) -> int:
    places = [place for place in (text.find("{", start), text.find("[", start)) if place >= 0]
    return min(places, default=-1)


def _partial(text: str) -> Any:
    """The value at the first bracket as far as it goes; raises ValueError when it is no JSON so far."""
    start = _bracket(text, 0)
    return from_json(text[start:], allow_partial=True) if start >= 0 else None


def _strings_of_a_cut_list(text: str) -> Entries:
    """A list of texts that breaks off: the last one is left out by the reader, for nothing ends it."""
    try:
        data = _partial(text)
    except ValueError:
        return []
    entries = data if isinstance(data, list) else entries_in(data)
    return [entry for entry in entries if isinstance(entry, str)]


def _is_start_of_json(text: str) -> bool:
    """Whether nothing is wrong but, perhaps, that the end is missing: then what is whole has been read already."""
    start = _bracket(text, 0)
    try:
        _DECODER.raw_decode(text, max(start, 0))
    except json.JSONDecodeError as error:
        return start >= 0 and (error.msg.startswith("Unterminated string") or error.pos >= len(text) - NEAR_END)
    except RecursionError:
        return True  # no repair makes sense of that
    return True


def _repaired(text: str, *, cut: bool) -> Iterator[Entries]:
    """What is nearly JSON: as Python writes it, and as good as it gets."""
    region = _region(text)
    if region is None or region.count("{") + region.count("[") > TRIES * 5:
        return
    is_cut = cut or region[-1] not in "}]"
    for read in (_as_python, _as_repaired):
        entries = entries_in(read(region))
        yield [entry for entry in (entries[:-1] if is_cut else entries) if not _has_leaked(entry)]


def _region(text: str) -> str | None:
    fenced = FENCE.search(text)
    inside = fenced.group(1).strip() if fenced else text
    start = _bracket(inside, 0)
    if start < 0:
        return None
    end = max(inside.rfind("}"), inside.rfind("]")) + 1
    tail = inside[end:].strip()
    is_prose = bool(tail) and not any(mark in tail for mark in "\"'{[:")
    return inside[start:end] if end > start and (not tail or is_prose) else inside[start:]


def _as_python(text: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a backslash that Python does not know is no matter of ours
        return _tried(lambda: ast.literal_eval(text))


def _as_repaired(text: str) -> Any:
    return _tried(lambda: json_repair.loads(text))


def _tried(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError, LookupError):
        return None


def _has_leaked(entry: Any) -> bool:
    texts = entry.values() if isinstance(entry, Mapping) else [entry]
    return any(isinstance(text, str) and LEAKED.search(text) for text in texts)


def _listed(text: str) -> Entries:
    """No JSON: a numbered list with a line each, or one with bullets."""
    numbered = [{"line": int(number), "text": _unwrapped(said)} for number, said in NUMBERED.findall(text)]
    return numbered or [{"bullet": True, "text": _unwrapped(said)} for said in BULLET.findall(text)]


def _unwrapped(said: str) -> str:
    """A text without the quotes that a list puts round all of it."""
    said = said.strip().removeprefix("**").removesuffix("**").strip()
    for left, right in WRAPS:
        inner = said[1:-1]
        if len(said) > 2 and said.startswith(left) and said.endswith(right) and left not in inner:
            return inner
    return said
