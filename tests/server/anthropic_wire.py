"""The Anthropic way of saying things: messages, streams, errors, limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.server.calls import Answer, Call, Fault
from tests.server.counting import Meter, Spent

FINISHES = {"stop": "end_turn", "length": "max_tokens", "filtered": "refusal", "refused": "refusal"}
KINDS = {"insufficient_quota": "rate_limit_error"}


def most_tokens(call: Call) -> int | None:
    """The bound the client has set."""
    return int(call.body["max_tokens"])


def is_cacheable(call: Call) -> bool:
    """Only what the client marks."""
    system = call.body.get("system")
    return isinstance(system, list) and any("cache_control" in block for block in system)


def completion(call: Call, answer: Answer, spent: Spent) -> dict[str, Any]:
    """A message."""
    content: list[dict[str, Any]] = []
    if answer.thinking:
        content.append({"type": "thinking", "thinking": "Who writes, and why?", "signature": "c2ln"})
    if answer.text is not None:
        content.append({"type": "text", "text": answer.text})
    refused = answer.finish in ("refused", "filtered")
    details = {"type": "refusal", "category": None, "explanation": answer.refusal or None} if refused else None
    return {
        "id": f"msg_{call.number:022d}",
        "type": "message",
        "role": "assistant",
        "model": call.body["model"],
        "content": content,
        "stop_reason": FINISHES[answer.finish],
        "stop_sequence": None,
        "stop_details": details,
        "usage": usage(spent),
    }


def usage(spent: Spent) -> dict[str, Any]:
    """The tokens of a call; those of the cache stand apart."""
    told: dict[str, Any] = {
        "input_tokens": spent.input - spent.cached - spent.cache_write,
        "cache_creation_input_tokens": spent.cache_write,
        "cache_read_input_tokens": spent.cached,
        "output_tokens": spent.output,
        "service_tier": "standard",
    }
    if spent.thinking:
        told["output_tokens_details"] = {"thinking_tokens": spent.thinking}
    return told


def stream(body: dict[str, Any], call: Call) -> tuple[bytes, ...]:
    """The same message as server-sent events."""
    return tuple(b"event: %s\ndata: %s\n\n" % (e["type"].encode(), json.dumps(e).encode()) for e in _events(body))


def _events(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    start = {**body, "content": [], "stop_reason": None, "usage": {**body["usage"], "output_tokens": 1}}
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(body["content"]):
        kind = block["type"]
        text = block[kind]
        yield {"type": "content_block_start", "index": index, "content_block": {"type": kind, kind: ""}}
        for place in range(0, len(text), 24):
            delta = {"type": f"{kind}_delta", kind: text[place : place + 24]}
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": body["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": body["usage"]["output_tokens"]}}
    yield {"type": "message_stop"}


def error(fault: Fault, number: int) -> dict[str, Any]:
    """The body of an error."""
    said = {"type": KINDS.get(fault.kind, fault.kind), "message": fault.message}
    return {"type": "error", "error": said, "request_id": f"req_{number:024x}"}


def headers(meter: Meter, number: int) -> dict[str, str]:
    """The request's id and what is left of the limits."""
    told = {"request-id": f"req_{number:024x}", "anthropic-organization-id": "org_wire"}
    for name, bucket in (("requests", meter.requests), ("tokens", meter.tokens)):
        reset = datetime.now(UTC) + timedelta(seconds=bucket.reset)
        told[f"anthropic-ratelimit-{name}-limit"] = str(bucket.per_minute)
        told[f"anthropic-ratelimit-{name}-remaining"] = str(max(0, bucket.left))
        told[f"anthropic-ratelimit-{name}-reset"] = reset.strftime("%Y-%m-%dT%H:%M:%SZ")
    return told
