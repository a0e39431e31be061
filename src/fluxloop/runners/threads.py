"""Where an agent's code runs: never on our own event loop, and never in a thread that could keep the process alive."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

TICK = 0.1
"""Seconds between two signs of life of an agent loop."""

SILENT_AFTER = 0.5
"""Seconds without a sign of life, after which a loop on which a call has timed out counts as blocked."""

LAST_WORDS = 0.5
"""Seconds that cancelled calls get to clean up when the run ends."""


def start_thread(work: Callable[[], str]) -> Future[str]:
    """Run `work` in a daemon thread of its own.

    Not a thread pool: the interpreter waits for a pool's threads at its end, so that one hanging agent would keep the
    process from ending.
    """
    future: Future[str] = Future()
    threading.Thread(target=_fulfil, args=(future, work), name="agent call", daemon=True).start()
    return future


def _fulfil(future: Future[str], work: Callable[[], str]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:  # a thread hands everything to the one who waits for it
        future.set_exception(error)


class AgentLoop:
    """An event loop in a daemon thread, shared by all calls, since clients that agents keep are bound to one loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._closing = False
        self._alive_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="agent loop", daemon=True)
        self._thread.start()

    def start(self, work: Coroutine[Any, Any, str]) -> Future[str]:
        """Run `work` on the loop; cancelling the future cancels the work."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    @property
    def is_silent(self) -> bool:
        """Whether something has blocked the loop for a while, as a blocking call in an async function does."""
        return time.monotonic() - self._alive_at > SILENT_AFTER

    async def aclose(self) -> None:
        """Cancel what still runs and give it a moment; a blocked loop is left behind in its daemon thread."""
        self._closing = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        deadline = time.monotonic() + 2 * LAST_WORDS
        while self._thread.is_alive() and time.monotonic() < deadline:
            await asyncio.sleep(0.005)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.call_soon(self._tick)
        while not self._closing:
            self._serve()
        while not self._loop.run_until_complete(self._cancel_all()):
            self._serve()  # a deaf agent goes on here, unheard; taking its loop away would only make it noisy
        self._loop.close()

    def _serve(self) -> None:
        try:
            self._loop.run_forever()
        except (SystemExit, KeyboardInterrupt):
            return  # raised by a task that the agent has started itself; the other calls go on

    def _tick(self) -> None:
        self._alive_at = time.monotonic()
        self._loop.call_later(TICK, self._tick)

    async def _cancel_all(self) -> bool:
        """Whether every task has ended."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=LAST_WORDS)
        return all(task.done() for task in tasks)
