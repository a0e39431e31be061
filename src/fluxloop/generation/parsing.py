"""From a model's answer to candidates. Any text gives candidates or CompletionUnreadable, never another error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fluxloop.errors import CompletionUnreadable
from fluxloop.generation.reading import Entries, readings
from fluxloop.schema.plan import Candidate, Slot

TEXTS = (
    "text", "generated_text", "input", "message", "content", "question", "query", "user_input", "user_message",
    "utterance", "user", "prompt",
)  # fmt: skip
TURNS = ("turns", "conversation", "messages", "text", "inputs")
ABOUT = frozenset({"persona", "persona_id", "topic", "tone", "thought_process", "language", "intent", "complexity"})
NUMBERS = ("slot", "slot_id", "slot_number", "line")
"""Keys that can only be meant as ours."""
OTHER_NUMBERS = ("id", "index", "number", "no", "n")
LAST_DIGITS = re.compile(r"(\d{1,15})\D*\Z")
SURROGATES = re.compile("[\ud800-\udfff]")
LISTED_SHARE = 0.5
"""A list without JSON must answer so many of the slots: a refusal gives its reasons as a list, too."""


def parse_completion(text: str, slots: Sequence[Slot], *, cut: bool = False) -> dict[int, list[Candidate]]:
    """The candidates of each slot, by the slot's index, the model's order kept.

    A slot is known by the number we gave it. Where an answer has no such numbers, its entries are taken in order;
    an entry with a number of nobody is left out. `cut`: the answer broke off. Raises CompletionUnreadable when nothing
    fits.
    """
    best: dict[int, list[Candidate]] = {}
    for entries in readings(text, cut=cut):
        found = _found(entries, slots)
        best = found if len(found) > len(best) else best
        if len(best) == len(slots):
            break
    if not best:
        raise CompletionUnreadable("No input could be read from the model's answer.", f"It began: {text[:120]!r}")
    return best


def _found(entries: Entries, slots: Sequence[Slot]) -> dict[int, list[Candidate]]:
    found: dict[int, list[Candidate]] = {}
    for entry, slot in _matched(entries, slots):
        if candidates := _candidates(entry, slot):
            found.setdefault(slot.index, []).extend(candidates)
    listed = any(isinstance(entry, Mapping) and ("line" in entry or "bullet" in entry) for entry in entries)
    return {} if listed and len(found) < max(1, len(slots) * LISTED_SHARE) else found


def _matched(entries: Entries, slots: Sequence[Slot]) -> Iterator[tuple[Any, Slot]]:
    """Each entry with the slot it is for."""
    by_index = {slot.index: slot for slot in slots}
    numbers = _numbers(entries, by_index)
    stated = [number for number in numbers if number is not None]
    if _in_order(stated, by_index, len(entries)):
        yield from zip(entries, slots, strict=False)
        return
    for entry, number in zip(entries, numbers, strict=True):
        if number in by_index:
            yield entry, by_index[number]


def _in_order(stated: list[int], known: Mapping[int, Slot], entries: int) -> bool:
    """Whether the order of the entries says more than their numbers: there are none, or the model has counted anew."""
    if not stated:
        return True
    if known.keys() >= set(stated):
        return False
    start = stated[0]
    counted_anew = start in (0, 1) and stated == list(range(start, start + len(stated)))
    return (counted_anew and len(stated) == entries) or (not known.keys() & set(stated) and entries == len(known))


def _numbers(entries: Entries, known: Mapping[int, Slot]) -> list[int | None]:
    ours = [_number(entry, NUMBERS) for entry in entries]
    if any(number is not None for number in ours):
        return ours
    others = [_number(entry, OTHER_NUMBERS) for entry in entries]
    stated = {number for number in others if number is not None}
    return others if stated and stated <= known.keys() else [None] * len(entries)


def _number(entry: Any, keys: Sequence[str]) -> int | None:
    if not isinstance(entry, Mapping):
        return None
    value = next((entry[key] for key in keys if entry.get(key) is not None), None)
    if isinstance(value, str):
        digits = LAST_DIGITS.search(value)
        return int(digits.group(1)) if digits else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    return int(value) if is_number and value is not None else None


def _candidates(entry: Any, slot: Slot) -> list[Candidate]:
    if isinstance(entry, str):
        entry = {"text": entry}
    if not isinstance(entry, Mapping):
        return []
    versions = entry.get("candidates")
    if not isinstance(versions, list):
        versions = [_said(entry, slot)]
    thought = entry.get("thought_process") or _inner_thought(entry)
    texts = (_turns(version, slot) for version in versions)
    return [Candidate(slot, turns, thought=_clean(str(thought)) if thought else "") for turns in texts if turns]


def _said(entry: Mapping[str, Any], slot: Slot) -> Any:
    """What an entry says: under a name we know, else the only text in it."""
    if slot.turns > 1:
        several = next((entry[key] for key in TURNS if isinstance(entry.get(key), list)), None)
        if several is not None:
            return several
    known = next((entry[key] for key in (*TEXTS, "turns") if entry.get(key)), None)
    if known is not None:
        return known
    texts = [value for key, value in entry.items() if isinstance(value, str) and key not in ABOUT]
    return texts[0] if len(texts) == 1 and not LAST_DIGITS.fullmatch(texts[0]) else None


def _inner_thought(entry: Mapping[str, Any]) -> Any:
    inner = entry.get("input")
    return inner.get("thought_process") if isinstance(inner, Mapping) else None


def _turns(version: Any, slot: Slot) -> tuple[str, ...]:
    """The messages of one candidate; a conversation cut to the turns that were asked for."""
    if isinstance(version, Mapping):
        version = _said(version, slot)
    if isinstance(version, str):
        text = _clean(version)
        return (text,) if text and slot.turns == 1 else ()
    if not isinstance(version, list):
        return ()
    turns = [turn.get("input") or turn.get("text") if isinstance(turn, Mapping) else turn for turn in version]
    said = tuple(text for turn in turns if isinstance(turn, str) and (text := _clean(turn)))
    return said[: slot.turns] if len(said) > 1 or slot.turns == 1 else ()


def _clean(text: str) -> str:
    """Only white space round it goes, and halves of signs, which no file can hold."""
    return SURROGATES.sub("", text).strip()
