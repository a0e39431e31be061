"""Misdeeds of the wire: errors, silence and cut connections, in the words the vendors use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.server.calls import Call, Fault
from tests.server.http import Cut
from tests.server.script import Misdeed

PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body></html>"


def fault(status: int, message: str, kind: str = "invalid_request_error", **more: str) -> Misdeed:
    """Any error."""
    return Misdeed(f"status {status}", fault=Fault(status, kind, message, **more))  # type: ignore[arg-type]


def rate_limited(
    *, retry_after: float | None = None, ms: int | None = None, date: float | None = None, message: str = ""
) -> Misdeed:
    """429: with Retry-After in seconds, in milliseconds, as a date so many seconds ahead, or without."""
    headers = {}
    if retry_after is not None:
        headers["retry-after"] = f"{retry_after:g}"
    if ms is not None:
        headers["retry-after-ms"] = str(ms)
    if date is not None:
        headers["retry-after"] = format_datetime(datetime.now(UTC) + timedelta(seconds=date), usegmt=True)
    said = message or "Rate limit reached for requests."
    return Misdeed("429", fault=Fault(429, "rate_limit_error", said, "rate_limit_exceeded", headers=headers))


def quota_spent() -> Misdeed:
    """429 that waiting does not help: nothing is left on the account."""
    said = "You exceeded your current quota, please check your plan and billing details."
    return Misdeed("quota", fault=Fault(429, "insufficient_quota", said, "insufficient_quota"))


def no_credit() -> Misdeed:
    """The other vendor's way of saying so."""
    return fault(400, "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.")


def server_error(status: int = 500, retry_after: float | None = None) -> Misdeed:
    """500, 503 and their like."""
    headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
    return Misdeed(str(status), fault=Fault(status, "api_error", "The server had an error.", headers=headers))


def bad_gateway() -> Misdeed:
    """502 with a page of HTML, from a proxy."""
    return Misdeed("502", fault=Fault(502, "api_error", "", page=PAGE))


def overloaded() -> Misdeed:
    """529."""
    return Misdeed("529", fault=Fault(529, "overloaded_error", "Overloaded"))


def wrong_key(echo: bool = False) -> Misdeed:
    """401; some servers say the whole key again."""
    said = "Incorrect API key provided: {key}." if echo else "Incorrect API key provided: sk-t***key."
    return Misdeed("401", fault=Fault(401, "authentication_error", said, "invalid_api_key"))


def forbidden() -> Misdeed:
    """403."""
    return Misdeed("403", fault=Fault(403, "permission_error", "Your key may not use this model.", "forbidden"))


def unknown_model() -> Misdeed:
    """404."""
    said = "The model `{model}` does not exist or you do not have access to it."
    return Misdeed("404", fault=Fault(404, "not_found_error", said, "model_not_found"))


MESSAGES = {
    "temperature": "Unsupported value: 'temperature' does not support {value} with this model. Only the default (1) "
    "value is supported.",
    "max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' "
    "instead.",
    "response_format": "Invalid parameter: 'response_format' of type '{value}' is not supported with this model.",
    "output_config": "output_config.format: structured outputs are not supported by this model.",
    "reasoning_effort": "Unsupported parameter: 'reasoning_effort' is not supported with this model.",
    "cache_control": "system.0.cache_control: Extra inputs are not permitted",
}


def refuses(param: str, *values: str) -> Misdeed:
    """400 for a parameter, as long as it is sent (for `response_format`: sent with one of these types)."""

    def is_sent(call: Call) -> bool:
        value = _sent(call, param)
        return value is not None and (not values or value in values)

    said = MESSAGES.get(param, f"Unsupported parameter: '{param}' is not supported with this model.")
    refusal = Fault(400, "invalid_request_error", said, "unsupported_parameter", param)
    return Misdeed(f"no {param}", fault=refusal, when=is_sent)


def _sent(call: Call, param: str) -> str | None:
    """The value of a parameter in a call, as it is named in a message."""
    if param == "cache_control":
        system = call.body.get("system")
        return "cache_control" if isinstance(system, list) and "cache_control" in system[0] else None
    value = call.body.get(param)
    if param == "output_config":
        value = (value or {}).get("format")
    if isinstance(value, dict):
        return str(value.get("type"))
    return None if value is None else str(value)


def slow(seconds: float) -> Misdeed:
    """An answer, but late."""
    return Misdeed("slow", delay=seconds)


def silent() -> Misdeed:
    """No answer at all: the client must give up by itself."""
    return Misdeed("silent", delay=3600)


def expired() -> Misdeed:
    """Of an item in a batch: the vendor did not come to it within a day."""
    return Misdeed("expired", fault=Fault(0, "expired", ""))


def cut(where: Cut = "before") -> Misdeed:
    """The connection breaks: `before` a word, in the `headers`, in the `body`."""
    return Misdeed(f"cut {where}", cut=where)
