"""An agent that is a Python function: sync or async, whole or streamed, plain or a method of a class."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fluxloop.errors import AgentFailed
from fluxloop.runners.base import Message
from fluxloop.runners.blame import describe_error
from fluxloop.runners.exits import guard_exits
from fluxloop.runners.loading import LoadedTarget, load_target
from fluxloop.runners.replies import part_text, reply_text
from fluxloop.runners.stdout import route_stdout
from fluxloop.runners.threads import AgentLoop, start_thread
from fluxloop.schema.config import RunnerSection


def create(section: RunnerSection, project_root: Path) -> FunctionRunner:
    """The runner of `runner.target`."""
    return FunctionRunner(section.target or "", project_root)


class FunctionRunner:
    """Calls a function of a module in the project.

    A sync function runs in a daemon thread for each call; an async one on an event loop in a daemon thread. So no
    agent can block or end fluxloop, and a call that is cancelled is left behind without waiting. Until `aclose`, what
    agents print goes to standard error (`stdout.py` says how).
    """

    def __init__(self, target: str, project_root: Path) -> None:
        self.target = target
        self._root = project_root.resolve()
        self._loaded = load_target(target, self._root)
        self._async = is_async(self._loaded.function)
        self._instances: dict[str, Any] = {}
        self._running: set[object] = set()
        self._loop: AgentLoop | None = None
        self._loop_lock = threading.Lock()
        self._timed_out = False
        self._blocked_loops = 0
        self._stdout = route_stdout()
        self._exits = guard_exits()

    async def call(self, message: Message) -> str:
        """The agent's answer. Cancelled, it returns at once; a sync agent then goes on in its thread, unheard."""
        future = self._start(message)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            self._timed_out = True
            raise

    async def end_session(self, session_id: str) -> None:
        """Let go of the session's instance."""
        self._instances.pop(session_id, None)

    async def aclose(self) -> None:
        """Stop the agent's loop; give stdout and `os._exit` back unless an abandoned call could still use them."""
        if self._loop:
            await self._loop.aclose()
        if not self._running:
            self._stdout.restore()
            self._exits.restore()

    @property
    def notes(self) -> tuple[str, ...]:
        """Calls that could not be stopped, and blocked loops."""
        notes = []
        if self._running:
            count = len(self._running)
            notes.append(f"{count} {'call was' if count == 1 else 'calls were'} still running and had to be abandoned.")
        if self._blocked_loops:
            notes.append("The agent blocked its own event loop: an async function in it makes a blocking call.")
        return tuple(notes)

    def _start(self, message: Message) -> Future[str]:
        if self._async:
            return self._agent_loop().start(self._answer_async(message))
        try:
            return start_thread(lambda: self._answer(message))
        except RuntimeError as cause:
            raise AgentFailed(f"no thread could be started for this call ({cause})") from cause

    def _agent_loop(self) -> AgentLoop:
        """The loop for async agents; a fresh one when a call has timed out and the loop has been silent since."""
        with self._loop_lock:
            if self._loop and self._timed_out and self._loop.is_silent:
                self._blocked_loops += 1
                self._loop = None
            if self._loop is None:
                self._loop, self._timed_out = AgentLoop(), False
            return self._loop

    def _answer(self, message: Message) -> str:
        with self._watch():
            value = self._invoke(message)
            if inspect.isawaitable(value) or inspect.isasyncgen(value):
                return self._agent_loop().start(gather_async(value)).result()
            return gather_sync(value)

    async def _answer_async(self, message: Message) -> str:
        with self._watch():
            return await gather_async(self._invoke(message))

    def _invoke(self, message: Message) -> Any:
        loaded = self._loaded
        arguments = loaded.binding.arguments(message)
        if loaded.owner is None:
            return loaded.function(*arguments.args, **arguments.kwargs)
        return loaded.function(self._instance(loaded, message), *arguments.args, **arguments.kwargs)

    def _instance(self, loaded: LoadedTarget, message: Message) -> Any:
        """The session's own instance; turns of one session never overlap, so no lock is needed."""
        if message.session_id not in self._instances:
            assert loaded.owner is not None
            self._instances[message.session_id] = loaded.owner()
        return self._instances[message.session_id]

    @contextmanager
    def _watch(self) -> Iterator[None]:
        """Round the agent: whatever it raises, sys.exit included, is an AgentFailed, and the call is counted."""
        token = object()
        self._running.add(token)
        try:
            yield
        except BaseException as error:
            if isinstance(error, AgentFailed):
                raise
            if is_cancelled():
                raise asyncio.CancelledError from error
            raise AgentFailed(describe_error(error, self._root)) from error
        finally:
            self._running.discard(token)


def is_async(function: Callable[..., Any]) -> bool:
    """Whether calling it gives something to await; an object that is called counts by its `__call__`."""
    tests = (inspect.iscoroutinefunction, inspect.isasyncgenfunction)
    return any(test(item) for test in tests for item in (function, type(function).__call__))


def is_cancelled() -> bool:
    """Whether the code runs in a task that we have cancelled; what it raises then is not the agent's fault."""
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no event loop in this thread
        return False
    return task is not None and task.cancelling() > 0


def gather_sync(value: Any) -> str:
    """The text of an answer that is there, or of the parts a generator gives."""
    if inspect.isgenerator(value):
        return "".join(part_text(part) for part in value)
    return reply_text(value)


async def gather_async(value: Any) -> str:
    """The text of an answer still to be awaited, or of the parts an async generator gives."""
    if inspect.isawaitable(value):
        value = await value
    if isinstance(value, AsyncIterator):
        return "".join([part_text(part) async for part in value])
    return gather_sync(value)
