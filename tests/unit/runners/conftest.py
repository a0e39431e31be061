"""Real agents: modules written into a project folder."""

from __future__ import annotations

import asyncio
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fluxloop.runners.base import Message
from fluxloop.runners.function import FunctionRunner

Ask = Callable[..., str]


@pytest.fixture(autouse=True)
def clean_imports() -> Iterator[None]:
    """Each test leaves the interpreter's import path and standard output as they were."""
    path, stdout = list(sys.path), sys.stdout
    yield
    sys.path[:], sys.stdout = path, stdout


@pytest.fixture
def write_agent(tmp_path: Path) -> Callable[..., Path]:
    """Write a module into the project; gives the project's folder."""

    def write(code: str, name: str = "agent.py") -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(code), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def ask(write_agent: Callable[..., Path]) -> Ask:
    """Write an agent, send it one message, give its answer."""

    def send(code: str, target: str = "agent:answer", message: Message | None = None) -> str:
        runner = FunctionRunner(target, write_agent(code))

        async def once() -> str:
            try:
                return await asyncio.wait_for(runner.call(message or Message("hi")), 5)
            finally:
                await runner.aclose()

        return asyncio.run(once())

    return send
