"""A server's own limits, followed on this side, so that a limit that is known is not run into."""

from __future__ import annotations

from fluxloop.providers.base import RateLimits

ROUNDING = 1e-6
"""Seconds and tokens are floats: a bucket that is short by less than this is full enough."""


class Bucket:
    """So much a minute, refilled steadily, as both vendors keep theirs."""

    def __init__(self, per_minute: float, now: float) -> None:
        self.per_minute = per_minute
        self._level = per_minute
        self._now = now

    def wait(self, amount: float, now: float) -> float:
        """Seconds until `amount` may be taken. More than the bucket holds may be taken when it is full."""
        short = min(amount, self.per_minute) - self._refilled(now)
        return short / self.per_minute * 60 if short > ROUNDING else 0.0

    def take(self, amount: float, now: float) -> None:
        """Use up some; a negative amount is given back."""
        self._level = min(self._refilled(now) - amount, self.per_minute)

    def follow(self, per_minute: float | None, left: float | None, out: float, now: float) -> None:
        """Believe the server where it knows of less than we do: others may use the same account.

        What is on its way (`out`) may not be taken off in what the server says is left; so it is taken off here.
        """
        level = self._refilled(now)
        self.per_minute = per_minute or self.per_minute
        self._level = level if left is None else min(level, left - out)

    def _refilled(self, now: float) -> float:
        self._level = min(self.per_minute, self._level + (now - self._now) * self.per_minute / 60)
        self._now = now
        return self._level


class Pace:
    """When the next call may start, by the requests and the tokens a server lets through in a minute."""

    def __init__(self) -> None:
        self._requests: Bucket | None = None
        self._tokens: Bucket | None = None
        self._calls_out = 0
        self._tokens_out = 0.0

    def wait(self, tokens: float, now: float) -> float:
        """Seconds until a call of so many tokens may start; nothing while no limit is known."""
        requests = self._requests.wait(1, now) if self._requests else 0.0
        return max(requests, self._tokens.wait(tokens, now) if self._tokens else 0.0)

    def start(self, tokens: float, now: float) -> None:
        """A call of about so many tokens starts."""
        self._calls_out += 1
        self._tokens_out += tokens
        if self._requests:
            self._requests.take(1, now)
        if self._tokens:
            self._tokens.take(tokens, now)

    def end(self, tokens: float) -> None:
        """It is back."""
        self._calls_out -= 1
        self._tokens_out -= tokens

    def learn(self, limits: RateLimits | None, tokens: float, used: float, now: float) -> None:
        """What the answer to a call of `tokens` says of the limits; in truth it took as many as were `used`."""
        if self._tokens:
            self._tokens.take(used - tokens, now)
        if limits is None:
            return
        self._requests = _open(self._requests, limits.requests_per_minute, now)
        self._tokens = _open(self._tokens, limits.tokens_per_minute, now)
        if self._requests:
            self._requests.follow(limits.requests_per_minute, limits.requests_left, self._calls_out - 1, now)
        if self._tokens:
            self._tokens.follow(limits.tokens_per_minute, limits.tokens_left, self._tokens_out - tokens, now)


def _open(bucket: Bucket | None, per_minute: int | None, now: float) -> Bucket | None:
    return bucket or (Bucket(per_minute, now) if per_minute else None)
