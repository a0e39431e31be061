"""From a model's answer to candidates. Any text gives candidates or CompletionUnreadable, never another error."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import from_json

from fluxloop.errors import CompletionUnreadable
from fluxloop.schema.plan import Candidate, Slot

FENCE = re.compile(r"```(?:\w+)?\s*\n?(.*?)(?:```|\Z)", re.DOTALL)
THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
LISTS = ("inputs", "generated_inputs", "messages", "items", "results", "data")
TEXTS = ("text", "input", "message", "generated_text", "content", "question")


def parse_completion(text: str, slots: Sequence[Slot]) -> dict[int, list[Candidate]]:
    """The candidates of each slot, by the slot's index, the model's order kept.

    A slot is known by the number we gave it. Where an answer has no such numbers, its entries are taken in order;
    an entry with a number of nobody is left out. Raises CompletionUnreadable when nothing fits.
    """
    entries = _entries(text)
    by_index = {slot.index: slot for slot in slots}
    numbered = any(_number(entry) in by_index for entry in entries)
    found: dict[int, list[Candidate]] = {}
    for position, entry in enumerate(entries):
        slot = by_index.get(_number(entry) or -1) if numbered else (slots[position] if position < len(slots) else None)
        candidates = _candidates(entry, slot) if slot else []
        if slot and candidates:
            found.setdefault(slot.index, []).extend(candidates)
    if not found:
        raise CompletionUnreadable("No input could be read from the model's answer.", f"It began: {text[:120]!r}")
    return found


def _entries(text: str) -> list[Any]:
    stripped = THINKING.sub("", text).strip()
    fenced = FENCE.search(stripped)
    data = _json_in(fenced.group(1) if fenced else stripped)
    if isinstance(data, Mapping):
        inside = next((data[key] for key in LISTS if isinstance(data.get(key), list)), None)
        data = inside if inside is not None else [data]
    return data if isinstance(data, list) else []


def _json_in(text: str) -> Any:
    """The first JSON value in a text; a cut-off one as far as it is whole."""
    starts = [place for place in (text.find("{"), text.find("[")) if place >= 0]
    if not starts:
        return None
    for end in (len(text), max(text.rfind("}"), text.rfind("]")) + 1):
        try:
            return from_json(text[min(starts) : end], allow_partial=True)
        except ValueError:
            continue
    return None


def _number(entry: Any) -> int | None:
    value = entry.get("slot") if isinstance(entry, Mapping) else None
    if isinstance(value, str) and value.strip().isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _candidates(entry: Any, slot: Slot) -> list[Candidate]:
    if isinstance(entry, str):
        entry = {"text": entry}
    if not isinstance(entry, Mapping):
        return []
    thought = entry.get("thought_process")
    versions = entry.get("candidates")
    if not isinstance(versions, list):
        versions = [entry.get("turns") or next((entry[key] for key in TEXTS if entry.get(key)), None)]
    texts = (_turns(version, slot) for version in versions)
    return [Candidate(slot, turns, thought=str(thought).strip() if thought else "") for turns in texts if turns]


def _turns(version: Any, slot: Slot) -> tuple[str, ...]:
    """The messages of one candidate; a conversation cut to the turns that were asked for."""
    if isinstance(version, Mapping):
        version = next((version[key] for key in TEXTS if version.get(key)), None)
    if isinstance(version, str):
        return (version.strip(),) if version.strip() and slot.turns == 1 else ()
    if not isinstance(version, list):
        return ()
    turns = [turn.get("input") or turn.get("text") if isinstance(turn, Mapping) else turn for turn in version]
    said = tuple(turn.strip() for turn in turns if isinstance(turn, str) and turn.strip())
    return said[: slot.turns] if len(said) > 1 else ()
