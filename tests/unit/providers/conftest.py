"""The wire server, and providers that talk to it."""

from __future__ import annotations

from typing import Any

import pytest
from wired import KEY, Connect, url_for

from fluxloop.providers.registry import create_provider
from fluxloop.providers.vendor import VendorProvider
from fluxloop.schema.config import Settings
from tests.server.fixtures import wire_server
from tests.server.wire import WireServer

__all__ = ["wire_server"]


@pytest.fixture(params=["openai", "anthropic"])
def vendor(request: pytest.FixtureRequest) -> str:
    """Both vendors."""
    return str(request.param)


@pytest.fixture
def connect(wire_server: WireServer) -> Connect:
    """A provider that talks to the server, with a key unless told otherwise."""

    def make(vendor: str, key: str = KEY, **settings: Any) -> VendorProvider:
        environ = {"OPENAI_API_KEY": key, "ANTHROPIC_API_KEY": key}
        chosen = Settings(provider=vendor, **({"base_url": url_for(wire_server, vendor)} | settings))
        provider = create_provider(chosen, environ)
        assert isinstance(provider, VendorProvider)
        return provider

    return make
