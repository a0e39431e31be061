"""Anthropic, and every server that speaks its wire: payload out, completion in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from fluxloop.providers.answer import answer_schema
from fluxloop.providers.base import Completion, Finish, Prompt, RateLimits, Usage
from fluxloop.providers.headers import longest, seconds_until, whole
from fluxloop.providers.quirks import THINKING_ROOM, Quirks
from fluxloop.providers.vendor import VendorProvider
from fluxloop.providers.wire import Wire
from fluxloop.schema.config import Settings

FINISHES: dict[str, Finish] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "refused",
}


class AnthropicWire(Wire):
    """Messages."""

    name = "anthropic"
    label = "Anthropic"
    home = "https://api.anthropic.com"
    thinking_signs = frozenset({"no_temperature"})
    base_error = "AnthropicError"

    def payload(self, prompt: Prompt, model: str, quirks: Quirks) -> dict[str, Any]:
        """The body of the call."""
        thinks = "thinks" in quirks
        body: dict[str, Any] = {
            "model": model,
            "max_tokens": prompt.max_tokens + (THINKING_ROOM if thinks else 0),
            "messages": [{"role": "user", "content": prompt.user}],
        }
        if prompt.system:
            body["system"] = _system(prompt.system, quirks)
        if "no_temperature" not in quirks:
            body["temperature"] = prompt.temperature
        output: dict[str, Any] = {}
        if prompt.batch is not None and "no_schema" not in quirks:
            output["format"] = {"type": "json_schema", "schema": answer_schema(prompt.batch)}
        if thinks and "no_effort" not in quirks:
            output["effort"] = "low"
        if output:
            body["output_config"] = output
        return body

    def completion(self, body: Mapping[str, Any], limits: RateLimits | None) -> Completion:
        """What was answered."""
        finish = FINISHES.get(str(body.get("stop_reason")), "stop")
        text = "".join(block["text"] for block in body["content"] if block["type"] == "text")
        if finish == "refused":
            text = text or str((body.get("stop_details") or {}).get("explanation") or "")
        return Completion(text, str(body.get("model") or ""), _usage(body.get("usage") or {}), finish, limits)

    def has_thought(self, body: Mapping[str, Any]) -> bool:
        """Whether tokens went into thinking."""
        return any(block["type"] in ("thinking", "redacted_thinking") for block in body["content"])

    def limits(self, headers: Mapping[str, str]) -> RateLimits | None:
        """`anthropic-ratelimit-*`; of its several token limits the vendor names the one that binds."""
        requests, tokens = "anthropic-ratelimit-requests", "anthropic-ratelimit-tokens"
        if f"{requests}-limit" not in headers and f"{tokens}-limit" not in headers:
            return None
        resets = [headers.get(f"{what}-reset") for what in (requests, tokens)]
        return RateLimits(
            requests_per_minute=whole(headers.get(f"{requests}-limit")),
            tokens_per_minute=whole(headers.get(f"{tokens}-limit")),
            requests_left=whole(headers.get(f"{requests}-remaining")),
            tokens_left=whole(headers.get(f"{tokens}-remaining")),
            reset_seconds=longest(seconds_until(reset) for reset in resets if reset),
        )

    def client(self, sdk: Any, **options: Any) -> Any:
        """The SDK's client. It puts `/v1` before its paths itself."""
        address = options.pop("base_url").rstrip("/").removesuffix("/v1")
        return sdk.AsyncAnthropic(base_url=address, **options)

    def endpoint(self, client: Any) -> Any:
        """Where the calls go."""
        return client.messages.with_raw_response

    async def send(self, endpoint: Any, body: dict[str, Any], timeout: Any) -> Any:
        """One call; returns the HTTP response. The SDK has no argument for the temperature any more."""
        extra = {key: value for key, value in body.items() if key == "temperature"}
        known = {key: value for key, value in body.items() if key not in extra}
        return (await endpoint.create(**known, extra_body=extra or None, timeout=timeout)).http_response


def create(settings: Settings, environ: Mapping[str, str] = os.environ) -> VendorProvider:
    """The provider, with the key and the address from the settings and the environment. Nothing is sent yet."""
    return VendorProvider(AnthropicWire(), settings, environ)


def _system(text: str, quirks: Quirks) -> str | list[dict[str, Any]]:
    """Marked for the vendor's prompt cache, which takes it when it is long enough."""
    if "no_cache_marks" in quirks:
        return text
    return [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]


def _usage(told: Mapping[str, Any]) -> Usage:
    """The vendor counts the tokens of its cache apart from the others."""
    read, written = (int(told.get(f"cache_{what}_input_tokens") or 0) for what in ("read", "creation"))
    return Usage(
        input_tokens=int(told.get("input_tokens") or 0) + read + written,
        output_tokens=int(told.get("output_tokens") or 0),
        cached_tokens=read,
        cache_write_tokens=written,
    )
