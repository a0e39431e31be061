"""Real agents in a project folder, and the runs that call them."""

from __future__ import annotations

import asyncio
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from fluxloop.evaluation.run import TestRun, TestSettings, run_tests
from fluxloop.runners.function import FunctionRunner
from fluxloop.schema.input import Input

Test = Callable[..., TestRun]


@pytest.fixture(autouse=True)
def clean_imports() -> Iterator[None]:
    """Each test leaves the interpreter's import path and standard output as they were."""
    path, stdout = list(sys.path), sys.stdout
    yield
    sys.path[:], sys.stdout = path, stdout


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., FunctionRunner]:
    """Write an agent and make its runner."""

    def runner(code: str, target: str = "agent:answer") -> FunctionRunner:
        (tmp_path / "agent.py").write_text(textwrap.dedent(code), encoding="utf-8")
        return FunctionRunner(target, tmp_path)

    return runner


@pytest.fixture
def run(load: Callable[..., FunctionRunner]) -> Test:
    """Write an agent and run texts or inputs against it."""

    def go(code: str, items: Sequence[str | Input], settings: TestSettings | None = None, **more: Any) -> TestRun:
        return asyncio.run(run_tests(inputs_of(items), load(code), settings or TestSettings(timeout=5), **more))

    return go


def inputs_of(items: Sequence[str | Input]) -> list[Input]:
    """Texts become inputs `i1`, `i2`, ..."""
    numbered = enumerate(items, start=1)
    return [Input(id=f"i{number}", text=item) if isinstance(item, str) else item for number, item in numbered]
