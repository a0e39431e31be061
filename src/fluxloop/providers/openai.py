"""OpenAI, and every server that speaks its wire: payload out, completion in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from fluxloop.providers.answer import answer_schema
from fluxloop.providers.base import Completion, Finish, Prompt, RateLimits, Usage
from fluxloop.providers.headers import longest, span_seconds, whole
from fluxloop.providers.quirks import THINKING_ROOM, Quirks
from fluxloop.providers.vendor import VendorProvider
from fluxloop.providers.wire import Wire
from fluxloop.schema.config import Settings

A_MINUTE = 60.0


class OpenAIWire(Wire):
    """Chat completions."""

    name = "openai"
    label = "OpenAI"
    home = "https://api.openai.com/v1"
    thinking_signs = frozenset({"max_completion_tokens"})
    base_error = "OpenAIError"

    def payload(self, prompt: Prompt, model: str, quirks: Quirks) -> dict[str, Any]:
        """The body of the call."""
        thinks = "thinks" in quirks
        bound = "max_completion_tokens" if "max_completion_tokens" in quirks else "max_tokens"
        body: dict[str, Any] = {
            "model": model,
            "messages": _messages(prompt, quirks),
            bound: prompt.max_tokens + (THINKING_ROOM if thinks else 0),
        }
        if "no_temperature" not in quirks:
            body["temperature"] = prompt.temperature
        if thinks and "no_effort" not in quirks:
            body["reasoning_effort"] = "low"
        answer_format = _format(prompt, quirks)
        if answer_format:
            body["response_format"] = answer_format
        return body

    def completion(self, body: Mapping[str, Any], limits: RateLimits | None) -> Completion:
        """What was answered."""
        choice = body["choices"][0]
        message = choice["message"]
        refusal = message.get("refusal")
        finish = _finish(choice.get("finish_reason"), refused=bool(refusal))
        text = refusal or _text(message.get("content"))
        return Completion(text, str(body.get("model") or ""), _usage(body.get("usage") or {}), finish, limits)

    def has_thought(self, body: Mapping[str, Any]) -> bool:
        """Whether tokens went into thinking."""
        details = (body.get("usage") or {}).get("completion_tokens_details") or {}
        message = body["choices"][0]["message"]
        return any((details.get("reasoning_tokens"), message.get("reasoning_content"), message.get("reasoning")))

    def limits(self, headers: Mapping[str, str]) -> RateLimits | None:
        """`x-ratelimit-*`. Requests that are not back within a minute are counted by the day: left out."""
        names = {kind: f"x-ratelimit-{kind}" for kind in ("limit", "remaining", "reset")}
        if f"{names['limit']}-requests" not in headers and f"{names['limit']}-tokens" not in headers:
            return None
        resets = [span_seconds(headers.get(f"{names['reset']}-{what}", "")) for what in ("requests", "tokens")]
        by_the_day = (resets[0] or 0) > A_MINUTE
        return RateLimits(
            requests_per_minute=None if by_the_day else whole(headers.get(f"{names['limit']}-requests")),
            tokens_per_minute=whole(headers.get(f"{names['limit']}-tokens")),
            requests_left=None if by_the_day else whole(headers.get(f"{names['remaining']}-requests")),
            tokens_left=whole(headers.get(f"{names['remaining']}-tokens")),
            reset_seconds=longest(resets),
        )

    def client(self, sdk: Any, **options: Any) -> Any:
        """The SDK's client."""
        return sdk.AsyncOpenAI(**options)

    def endpoint(self, client: Any) -> Any:
        """Where the calls go."""
        return client.chat.completions.with_raw_response

    async def send(self, endpoint: Any, body: dict[str, Any], timeout: Any) -> Any:
        """One call; returns the HTTP response."""
        # As an extra part the schema goes out as it is; as an argument the SDK walks through it at each call, which
        # takes as long as half the call.
        extra = {name: body[name] for name in ("response_format",) if name in body}
        named = {name: value for name, value in body.items() if name not in extra}
        return (await endpoint.create(**named, extra_body=extra or None, timeout=timeout)).http_response


def create(settings: Settings, environ: Mapping[str, str] = os.environ) -> VendorProvider:
    """The provider, with the key and the address from the settings and the environment. Nothing is sent yet."""
    return VendorProvider(OpenAIWire(), settings, environ)


def _messages(prompt: Prompt, quirks: Quirks) -> list[dict[str, str]]:
    if not prompt.system:
        return [{"role": "user", "content": prompt.user}]
    if "no_system" in quirks:
        return [{"role": "user", "content": f"{prompt.system}\n\n{prompt.user}"}]
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]


def _format(prompt: Prompt, quirks: Quirks) -> dict[str, Any] | None:
    """How the answer is held to its shape; a prompt without a batch may be answered freely."""
    if prompt.batch is None or "no_json" in quirks:
        return None
    if "no_schema" in quirks:
        return {"type": "json_object"}
    schema = {"name": "inputs", "strict": True, "schema": answer_schema(prompt.batch)}
    return {"type": "json_schema", "json_schema": schema}


def _finish(reason: str | None, *, refused: bool) -> Finish:
    if refused or reason == "content_filter":
        return "refused"
    return "length" if reason == "length" else "stop"


def _text(content: Any) -> str:
    """Some servers answer in parts, of which only the text is meant."""
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content if part.get("type") == "text")
    return str(content or "")


def _usage(told: Mapping[str, Any]) -> Usage:
    details = told.get("prompt_tokens_details") or {}
    return Usage(
        input_tokens=int(told.get("prompt_tokens") or 0),
        output_tokens=int(told.get("completion_tokens") or 0),
        cached_tokens=int(details.get("cached_tokens") or 0),
        cache_write_tokens=int(details.get("cache_write_tokens") or 0),
    )
