"""The OpenAI way of saying things: completions, streams, errors, limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.server.calls import Answer, Call, Fault
from tests.server.counting import Meter, Spent

FINISHES = {"stop": "stop", "length": "length", "filtered": "content_filter", "refused": "stop"}


def most_tokens(call: Call) -> int | None:
    """The bound the client has set."""
    bound = call.body.get("max_completion_tokens", call.body.get("max_tokens"))
    return None if bound is None else int(bound)


def is_cacheable(call: Call) -> bool:
    """Everything long is."""
    return True


def completion(call: Call, answer: Answer, spent: Spent) -> dict[str, Any]:
    """A chat completion."""
    message = {"role": "assistant", "content": answer.text, "refusal": answer.refusal or None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": FINISHES[answer.finish]}
    return {
        "id": f"chatcmpl-{call.number:012d}",
        "object": "chat.completion",
        "created": 1_790_000_000 + call.number,
        "model": call.body["model"],
        "choices": [choice],
        "usage": usage(spent),
        "service_tier": "default",
        "system_fingerprint": "fp_wire",
    }


def usage(spent: Spent) -> dict[str, Any]:
    """The tokens of a call."""
    return {
        "prompt_tokens": spent.input,
        "completion_tokens": spent.output,
        "total_tokens": spent.input + spent.output,
        "prompt_tokens_details": {"cached_tokens": spent.cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": spent.thinking, "audio_tokens": 0},
    }


def stream(body: dict[str, Any], call: Call) -> tuple[bytes, ...]:
    """The same completion as server-sent events."""
    return tuple(_events(body, bool((call.body.get("stream_options") or {}).get("include_usage"))))


def _events(body: dict[str, Any], with_usage: bool) -> Iterator[bytes]:
    head = {key: body[key] for key in ("id", "created", "model", "system_fingerprint")}
    head["object"] = "chat.completion.chunk"
    choice = body["choices"][0]
    text = choice["message"]["content"] or ""
    deltas = [{"role": "assistant", "content": ""}]
    deltas += [{"content": text[start : start + 24]} for start in range(0, len(text), 24)]
    if choice["message"]["refusal"]:
        deltas.append({"refusal": choice["message"]["refusal"]})
    chunks = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]})
    if with_usage:
        chunks.append({"choices": [], "usage": body["usage"]})
    for chunk in chunks:
        yield b"data: " + json.dumps({**head, **chunk}).encode() + b"\n\n"
    yield b"data: [DONE]\n\n"


def error(fault: Fault, number: int) -> dict[str, Any]:
    """The body of an error."""
    said = {"message": fault.message, "type": fault.kind, "param": fault.param or None, "code": fault.code or None}
    return {"error": said}


def headers(meter: Meter, number: int) -> dict[str, str]:
    """The request's id and what is left of the limits."""
    requests, tokens = meter.requests, meter.tokens
    return {
        "x-request-id": f"req_{number:024x}",
        "openai-processing-ms": "12",
        "x-ratelimit-limit-requests": str(requests.per_minute),
        "x-ratelimit-limit-tokens": str(tokens.per_minute),
        "x-ratelimit-remaining-requests": str(max(0, requests.left)),
        "x-ratelimit-remaining-tokens": str(max(0, tokens.left)),
        "x-ratelimit-reset-requests": _span(requests.reset),
        "x-ratelimit-reset-tokens": _span(tokens.reset),
    }


def _span(seconds: float) -> str:
    """`20ms`, `1.5s`, `6m0s`, as the vendor writes it."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}m{rest:.0f}s" if minutes else f"{rest:.3g}s"
