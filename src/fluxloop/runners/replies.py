"""What an agent returned, as the text that a user would see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fluxloop.errors import AgentFailed

TEXT_KEYS = ("text", "content", "output", "answer")
"""Where the answer stands in a dict, or in an object such as a chat library's message; the first that is there."""

_ABSENT = object()


def reply_text(value: Any) -> str:
    """Text as it is, the text inside of a dict or message, anything else as JSON. AgentFailed when there is none."""
    if value is None:
        raise AgentFailed("the agent returned nothing (None)")
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", errors="replace")
    inner = _text_inside(value)
    return _as_json(value) if inner is _ABSENT else reply_text(inner)


def part_text(part: Any) -> str:
    """One part of a streamed answer; a part without text, such as a closing one, adds nothing."""
    inner = _text_inside(part)
    if part is None or inner is None or (inner is _ABSENT and isinstance(part, Mapping)):
        return ""
    return reply_text(part)


def _text_inside(value: Any) -> Any:
    if isinstance(value, Mapping):
        return next((value[key] for key in TEXT_KEYS if key in value), _ABSENT)
    held = (getattr(value, key, _ABSENT) for key in TEXT_KEYS)
    return next((item for item in held if isinstance(item, str)), _ABSENT)


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as cause:
        kind = type(value).__name__
        raise AgentFailed(f"the agent returned a `{kind}`, which is neither text nor JSON ({cause})") from cause
