"""The gate before a server: how many calls may be out at once, when the next may start, and whose turn it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from heapq import heappop, heappush
from itertools import count

from fluxloop.providers.base import RateLimits
from fluxloop.providers.pace import Pace

TOO_SOON = 1e-3
"""Seconds: the timer is only set anew when it would be late by more than this."""

Sleep = Callable[[float], Awaitable[object]]
Clock = Callable[[], float]
Waiter = asyncio.Future[None]


class GateClosed(Exception):
    """Nobody is let through any more. Never leaves the room of the providers."""


class Gate:
    """Lets calls through in the order of their tickets.

    The window says how many may be out at once: it is halved when the server says that it is too many, and grows by one
    with every window of answers. A call that comes back keeps its ticket, and so its place before all that came later.
    """

    def __init__(self, size: int, sleep: Sleep, clock: Clock) -> None:
        self.window = float(size)
        self.out = 0
        """How many calls are on their way."""
        self._size = size
        self._sleep, self._clock = sleep, clock
        self._pace = Pace()
        self._tickets = count()
        self._begun = 0
        self._begun_at_cut = 0
        self._not_before = 0.0
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: list[tuple[int, float, Waiter]] = []
        self._timer: asyncio.Task[None] | None = None
        self._timer_at = 0.0

    def ticket(self) -> int:
        """A place in the queue."""
        return next(self._tickets)

    async def enter(self, ticket: int, tokens: float) -> int:
        """Wait for one's turn; returns the number of this start. Whoever entered has to leave. Raises GateClosed."""
        self._settle_in()
        if self._closed:
            raise GateClosed
        if self._waiting or not self._is_open(tokens):
            await self._wait(ticket, tokens)
        else:
            self._start(tokens)
        self._begun += 1
        return self._begun

    def leave(self, tokens: float) -> None:
        """A call is back, with whatever result."""
        self.out -= 1
        self._pace.end(tokens)
        self._pump()

    def grow(self) -> None:
        """The server has answered: by one a window, up to the size."""
        self.window = min(self._size, self.window + 1 / self.window)

    def cut(self, begun: int) -> bool:
        """The server has too many calls: half the window, once for all that were out together. False for the others."""
        if begun <= self._begun_at_cut:
            return False
        self._begun_at_cut = self._begun
        self.window = max(1.0, self.window / 2)
        return True

    def hold(self, seconds: float) -> float:
        """Nobody starts for so long; returns how long the wait is now, which another may have made longer."""
        now = self._clock()
        self._not_before = max(self._not_before, now + seconds)
        return self._not_before - now

    def learn(self, limits: RateLimits | None, tokens: float, used: float) -> None:
        """What the answer to a call of `tokens` says of the limits; in truth it took as many as were `used`."""
        self._pace.learn(limits, tokens, used, self._clock())

    def close(self) -> None:
        """Everybody who waits, and whoever comes, gets GateClosed."""
        self._closed = True
        for _, _, waiter in self._waiting:
            if not waiter.done():
                waiter.set_exception(GateClosed())
        self._waiting.clear()

    async def _wait(self, ticket: int, tokens: float) -> None:
        waiter = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (ticket, tokens, waiter))
        self._pump()
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self.leave(tokens)  # cancelled after its turn had come: the next one takes it
            else:
                self._pump()
            raise

    def _pump(self) -> None:
        """Let through whoever may start now, and see to it that the next one is looked at in time."""
        while self._waiting:
            _, tokens, waiter = self._waiting[0]
            if not waiter.done():
                if not self._is_open(tokens):
                    break
                self._start(tokens)
                waiter.set_result(None)
            heappop(self._waiting)
        self._set_timer()

    def _is_open(self, tokens: float) -> bool:
        return self.out < int(self.window) and self._delay(tokens) <= 0

    def _delay(self, tokens: float) -> float:
        now = self._clock()
        return max(self._not_before - now, self._pace.wait(tokens, now))

    def _start(self, tokens: float) -> None:
        self.out += 1
        self._pace.start(tokens, self._clock())

    def _set_timer(self) -> None:
        """For the time the first in turn may start; with the window full, the next to leave sees to it."""
        when = None
        if self._waiting and self.out < int(self.window):
            when = self._clock() + self._delay(self._waiting[0][1])
        if self._timer is not None and (when is None or when < self._timer_at - TOO_SOON):
            self._timer.cancel()
            self._timer = None
        if self._timer is None and when is not None:
            self._timer_at = when
            self._timer = asyncio.get_running_loop().create_task(self._wake(when))

    async def _wake(self, when: float) -> None:
        try:
            await self._sleep(max(0.0, when - self._clock()))
        finally:
            if self._timer is asyncio.current_task():
                self._timer = None
        self._pump()

    def _settle_in(self) -> None:
        """Whoever waited in an event loop that is gone waits no more."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._timer, self._pace, self.out = loop, None, Pace(), 0
            self._waiting.clear()
