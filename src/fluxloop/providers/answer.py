"""The shape of an answer to a batch, as a JSON schema for vendors that can hold a model to one."""

from __future__ import annotations

from functools import cache
from typing import Any

from fluxloop.schema.plan import Batch

TEXT = {"text": {"type": "string"}}
TURNS = {"turns": {"type": "array", "items": {"type": "string"}}}


def answer_schema(batch: Batch) -> dict[str, Any]:
    """What the answer must look like.

    It depends on nothing that changes from call to call: a vendor compiles a schema when it first sees it.
    """
    lengths = {slot.turns > 1 for slot in batch.slots}
    return _schema(single=False in lengths, many=True in lengths, thought=batch.brief.chain_of_thought)


@cache
def _schema(*, single: bool, many: bool, thought: bool) -> dict[str, Any]:
    forms = [said for said, wanted in ((TEXT, single), (TURNS, many)) if wanted]
    entries = [_entry(said, thought) for said in forms]
    item = entries[0] if len(entries) == 1 else {"anyOf": entries}
    return _object({"inputs": {"type": "array", "items": item}})


def _entry(said: dict[str, Any], thought: bool) -> dict[str, Any]:
    """The thought stands before the text: a model writes in this order."""
    before: dict[str, Any] = {"slot": {"type": "integer"}}
    if thought:
        before["thought_process"] = {"type": "string"}
    return _object(before | said)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
