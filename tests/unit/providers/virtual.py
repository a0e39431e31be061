"""Virtual time: an event loop whose clock jumps over every wait. And a server that lives in it."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fluxloop.providers.base import Completion, Prompt, Usage

T = TypeVar("T")
PROMPT = Prompt(system="Write.", user="One.", max_tokens=10)


class JumpingLoop(asyncio.SelectorEventLoop):
    """Where nothing is ready, the clock jumps to the next timer instead of waiting for it."""

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())
        self.now = 0.0

    def time(self) -> float:
        """Virtual seconds."""
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0].when())
        super()._run_once()


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run in virtual time."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main)


def now() -> float:
    """The virtual time."""
    return asyncio.get_running_loop().time()


class Server:
    """A provider that answers after `latency`, or with what `behave` raises or returns for the k-th call (from 1)."""

    name, model = "fake", "fake-1"

    def __init__(self, behave: Callable[[int], object] = lambda _: None, latency: float = 1.0) -> None:
        self.behave, self.latency = behave, latency
        self.calls = self.out = self.most_out = 0
        self.began: list[tuple[float, str]] = []

    def writes(self, language: str) -> bool:
        """Everything."""
        return True

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer, late or badly as told."""
        self.calls += 1
        number = self.calls
        self.began.append((now(), prompt.user))
        self.out += 1
        self.most_out = max(self.most_out, self.out)
        try:
            told = self.behave(number)
            await asyncio.sleep(self.latency)
        finally:
            self.out -= 1
        if isinstance(told, Exception):
            raise told
        if isinstance(told, Completion):
            return told
        return Completion(f"answer to {prompt.user}", self.model, Usage(10, 5))
