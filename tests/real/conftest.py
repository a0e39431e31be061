"""A real model's server: llama.cpp with SmolLM2-135M. What it writes is poor; that it can be spoken to is tested."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .model_server import ModelServer, running, why_not


@pytest.fixture(scope="session")
def model_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    """One for all tests of a worker."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with running(tmp_path_factory.mktemp("model") / "server.log") as server:
        yield server


@pytest.fixture(params=["openai", "anthropic"])
def vendor(request: pytest.FixtureRequest) -> str:
    """Both vendors."""
    return str(request.param)
