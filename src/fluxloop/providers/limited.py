"""As fast as the server lets us, and no faster: a provider that waits, tries again, and knows when to stop."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from copy import copy

from fluxloop.errors import (
    AuthenticationFailed,
    BudgetSpent,
    PromptRefused,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from fluxloop.providers.base import Completion, Prompt, Provider
from fluxloop.providers.gate import Clock, Gate, GateClosed, Sleep
from fluxloop.providers.wrapper import Wrapper

BASE = 0.5
"""Seconds; each further try may wait twice as long as the one before,"""
CAP = 30.0
"""but never longer than this."""
SAME_FAILURES = 3
"""After so many first calls that all failed alike, the others need not be tried."""
PATIENT_STRIKES = 3
"""How often in a row a server may say `again at once` before it is asked more slowly than it says."""


class LimitedProvider(Wrapper):
    """Sends what the server can take, in the order it was asked for.

    - Too many requests (429): the call goes back to its place in the queue, everybody waits as long as the server says
      and half as many are sent at once. That costs a call none of its attempts; only when nothing at all has come
      through for `patience` seconds is RateLimited raised.
    - No answer, or a server error: tried again after a random wait, `attempts` times in all.
    - Any other error is raised at once. When the first calls all fail alike, or the server is gone, whoever waits gets
      that error without another call, and so does whoever comes later: a run that goes on needs a new limiter.
    """

    def __init__(
        self,
        inner: Provider,
        *,
        concurrency: int = 16,
        attempts: int = 6,
        patience: float = 600.0,
        rng: random.Random | None = None,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time.monotonic,
        on_pause: Callable[[float], None] = lambda _: None,
    ) -> None:
        """`on_pause` hears how many seconds everybody waits, each time the server asks for it."""
        super().__init__(inner)
        self.deferred = 0
        """How many calls were sent back with `too many requests`."""
        self.retried = 0
        """How many calls were made again after no answer or a server error."""
        self._attempts, self._patience = attempts, patience
        self._rng = rng or random.Random()
        self._sleep, self._clock, self._on_pause = sleep, clock, on_pause
        self._gate = Gate(concurrency, sleep, clock)
        self._answers = 0
        self._round_trip = BASE
        """How long an answer takes, but at most `BASE`: time enough for some of the calls to be done."""
        self._strikes = 0
        self._stuck_since: float | None = None
        self._failures: dict[type[ProviderError], int] = {}
        self._broken: ProviderError | None = None

    @property
    def window(self) -> int:
        """How many calls may be out at once, for now."""
        return int(self._gate.window)

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt, however often it takes."""
        ticket, tokens = self._gate.ticket(), _tokens_of(prompt)
        failed, answers = 0, self._answers
        while True:
            begun = await self._enter(ticket, tokens)
            sent = self._clock()
            try:
                completion = await self.inner.complete(prompt)
                self._learn(completion, tokens, self._clock() - sent)
                return completion
            except RateLimited as error:
                self._defer(error, begun)
            except ProviderUnavailable as error:
                failed += 1
                if failed >= self._attempts or (error.retry_after or 0) > self._patience:
                    self._give_up(error, for_all=answers == self._answers)
                    raise
                await self._back_off(failed, error.retry_after or 0)
            except ProviderError as error:
                self._count(error)
                raise
            finally:
                self._gate.leave(tokens)

    def stop(self) -> None:
        """No call is begun any more: those that are out are waited for, the others get an error."""
        self._give_up(ProviderError("Stopped before it was sent."), for_all=True)

    async def _enter(self, ticket: int, tokens: float) -> int:
        try:
            return await self._gate.enter(ticket, tokens)
        except GateClosed:
            assert self._broken is not None
            raise copy(self._broken) from self._broken

    async def _back_off(self, failed: int, least: float) -> None:
        """Wait in one's place in the window: a server in trouble gets fewer calls, not others instead."""
        self.retried += 1
        await self._sleep(max(least, self._rng.uniform(0, _backoff(failed))))

    def _learn(self, completion: Completion, tokens: float, seconds: float) -> None:
        self._round_trip = min(BASE, 0.8 * self._round_trip + 0.2 * seconds)
        self._answer()
        self._gate.grow()
        usage = completion.usage
        used = usage.input_tokens + usage.output_tokens
        self._gate.learn(completion.limits, tokens, used or tokens)

    def _answer(self) -> None:
        """The server does answer: whatever was wrong is over."""
        self._answers += 1
        self._strikes = 0
        self._stuck_since = None

    def _defer(self, error: RateLimited, begun: int) -> None:
        """Everybody waits; half as many go on. Raises when that has gone on for too long."""
        self.deferred += 1
        is_first = self._gate.cut(begun)
        self._strikes += is_first
        pause = self._gate.hold(self._pause(error.retry_after, is_first=is_first))
        now = self._clock()
        if self._stuck_since is None:
            self._stuck_since = now
        if now + pause - self._stuck_since > self._patience and self._gate.out == 1:
            stuck = _too_long(error, now - self._stuck_since, pause)
            self._give_up(stuck, for_all=True)
            raise stuck from error
        self._on_pause(pause)

    def _pause(self, retry_after: float | None, *, is_first: bool) -> float:
        """As long as the server says, and a little, so that not everybody comes back in the same moment."""
        if retry_after is None:
            longest = self._round_trip if self._strikes == 1 else _backoff(self._strikes)
            return longest * self._rng.uniform(0.5, 1) if is_first else 0.0
        slower = _backoff(self._strikes - PATIENT_STRIKES) if self._strikes > PATIENT_STRIKES else 0.0
        return max(retry_after, slower) + self._rng.uniform(0, min(1.0, retry_after / 10))

    def _count(self, error: ProviderError) -> None:
        """A refused key fails every call, three like failures before any answer most likely do too."""
        if isinstance(error, PromptRefused):
            self._answer()
        elif self._answers == 0 and not isinstance(error, BudgetSpent):
            kind = type(error)
            self._failures[kind] = self._failures.get(kind, 0) + 1
            alike = len(self._failures) == 1 and self._failures[kind] >= SAME_FAILURES
            self._give_up(error, for_all=alike or isinstance(error, AuthenticationFailed))

    def _give_up(self, error: ProviderError, *, for_all: bool) -> None:
        """The end for everybody when the server is gone; otherwise only this call has failed."""
        if for_all and self._broken is None:
            self._broken = error
            self._gate.close()


def _too_long(error: RateLimited, waited: float, more: float) -> RateLimited:
    what = f"{error.message} Nothing has come through for {waited:.0f} s, and it would be {more:.0f} s more."
    return RateLimited(what, error.hint or "Try again later.", retry_after=error.retry_after)


def _backoff(failed: int) -> float:
    return min(CAP, BASE * 2.0 ** min(failed - 1, 10))


def _tokens_of(prompt: Prompt) -> float:
    """About what a server holds against the limit when the call arrives."""
    return (len(prompt.system) + len(prompt.user)) / 4 + prompt.max_tokens
