"""What a call takes: its tokens, what of them came from the vendor's cache, and what the limits say of it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.server.calls import Answer, Call, Fault
from tests.server.limits import Bucket
from tests.server.tokens import count_tokens

CACHED_FROM = 1024
"""Tokens a system prompt must have before a vendor keeps it."""
PLENTY_OF_REQUESTS = 10_000_000
PLENTY_OF_TOKENS = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Spent:
    """The tokens of one call."""

    input: int
    output: int
    cached: int = 0
    cache_write: int = 0
    thinking: int = 0


class Meter:
    """The limits of one server, and its prompt cache."""

    def __init__(self, requests: int | None, tokens: int | None, concurrency: int | None) -> None:
        self.requests = Bucket(requests or PLENTY_OF_REQUESTS)
        self.tokens = Bucket(tokens or PLENTY_OF_TOKENS)
        self._most = concurrency
        self._seen: set[str] = set()

    def refuse(self, call: Call, in_flight: int, most_tokens: int | None) -> Fault | None:
        """429 when a limit is reached. The tokens that might be written count, as with the vendors."""
        if self._most is not None and in_flight > self._most:
            return _limited("concurrent requests", 0.0)
        wait = self.requests.take(1)
        if wait:
            return _limited("requests per min", wait)
        if self.tokens.per_minute == PLENTY_OF_TOKENS:
            return None
        wanted = count_tokens(call.system) + count_tokens(call.prompt) + (most_tokens or 1000)
        wait = self.tokens.take(wanted)
        return _limited("tokens per min", wait) if wait else None

    def spend(self, call: Call, answer: Answer, cacheable: bool) -> Spent:
        """What a call takes."""
        system = count_tokens(call.system)
        cached = written = 0
        if cacheable and system >= CACHED_FROM:
            key = call.body["model"] + call.system
            cached, written = (system, 0) if key in self._seen else (0, system)
            self._seen.add(key)
        total = system + count_tokens(call.prompt) + 11
        output = count_tokens(answer.text or answer.refusal or "") + answer.thinking + 1
        return Spent(total, output, cached, written, answer.thinking)


def _limited(what: str, wait: float) -> Fault:
    headers = {"retry-after": f"{max(1, round(wait))}", "retry-after-ms": str(round(wait * 1000))} if wait else {}
    message = f"Rate limit reached on {what}."
    return Fault(429, "rate_limit_error", message, "rate_limit_exceeded", headers=headers)
