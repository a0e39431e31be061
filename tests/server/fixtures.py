"""`from tests.server.fixtures import wire_server` in a conftest, and tests have a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.wire import WireServer


@pytest.fixture
def wire_server() -> Iterator[WireServer]:
    """A well-behaved server; give it a `script`, a `latency` or a `reply_with` to make it otherwise."""
    with WireServer() as server:
        yield server
