"""What servers say of time, in every form that is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.providers.anthropic import AnthropicWire
from fluxloop.providers.base import RateLimits
from fluxloop.providers.headers import retry_after, span_seconds
from fluxloop.providers.openai import OpenAIWire

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6m0s", 360.0),
        ("1.5s", 1.5),
        ("20ms", 0.02),
        ("1h2m3s", 3723.0),
        ("0s", 0.0),
        ("2m59.5s", 179.5),
        ("", None),
        ("soon", None),
        ("12", None),
    ],
)
def test_a_span(text: str, seconds: float | None) -> None:
    """As OpenAI writes it."""
    assert span_seconds(text) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "x", "retry-after": "2"}, 2.0),
        ({"retry-after": format_datetime(NOW + timedelta(seconds=40), usegmt=True)}, 40.0),
        ({"retry-after": format_datetime(NOW - timedelta(seconds=40), usegmt=True)}, 0.0),
        ({"retry-after": "2026-11-23T12:01:00Z"}, 60.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "after lunch"}, None),
    ],
)
def test_when_to_come_again(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds from now, never less than none."""
    assert retry_after(headers, now=NOW) == seconds


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=80))
def test_no_header_and_no_message_breaks_the_reading(ms: str, after: str, message: str) -> None:
    """Any text gives a span of time or nothing."""
    seconds = retry_after({"retry-after-ms": ms, "retry-after": after}, message)
    assert seconds is None or seconds >= 0


def test_the_limits_of_openai() -> None:
    """Requests and tokens, and when both are full again."""
    headers = {
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-limit-tokens": "30000",
        "x-ratelimit-remaining-requests": "499",
        "x-ratelimit-remaining-tokens": "28000",
        "x-ratelimit-reset-requests": "120ms",
        "x-ratelimit-reset-tokens": "4s",
    }
    assert OpenAIWire().limits(headers) == RateLimits(500, 30_000, 499, 28_000, 4.0)


def test_requests_that_are_counted_by_the_day_are_no_pace() -> None:
    """10,000 a day are not 10,000 a minute: known by the hours until they are back."""
    headers = {
        "x-ratelimit-limit-requests": "10000",
        "x-ratelimit-limit-tokens": "60000",
        "x-ratelimit-remaining-requests": "200",
        "x-ratelimit-remaining-tokens": "60000",
        "x-ratelimit-reset-requests": "23h31m12s",
        "x-ratelimit-reset-tokens": "0s",
    }
    limits = OpenAIWire().limits(headers)
    assert limits is not None
    assert (limits.requests_per_minute, limits.requests_left, limits.tokens_per_minute) == (None, None, 60_000)


def test_the_limits_of_anthropic() -> None:
    """Of its token limits the one that binds."""
    later = (datetime.now(UTC) + timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = {
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "49",
        "anthropic-ratelimit-requests-reset": later,
        "anthropic-ratelimit-tokens-limit": "40000",
        "anthropic-ratelimit-tokens-remaining": "39000",
        "anthropic-ratelimit-tokens-reset": later,
        "anthropic-ratelimit-input-tokens-limit": "50000",
    }
    limits = AnthropicWire().limits(headers)
    assert limits is not None
    assert (limits.requests_per_minute, limits.requests_left) == (50, 49)
    assert (limits.tokens_per_minute, limits.tokens_left) == (40_000, 39_000)
    assert limits.reset_seconds is not None
    assert 25 < limits.reset_seconds <= 30


@pytest.mark.parametrize("wire", [OpenAIWire(), AnthropicWire()])
def test_a_server_that_says_nothing_has_no_known_limits(wire: OpenAIWire | AnthropicWire) -> None:
    """Most servers of one's own."""
    assert wire.limits({}) is None
