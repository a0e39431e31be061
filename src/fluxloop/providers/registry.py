"""Which providers there are, and how one is made from the settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points

from fluxloop.errors import AuthenticationFailed, NotFound, UsageError
from fluxloop.providers.base import Provider
from fluxloop.providers.batching import BatchClient
from fluxloop.schema.config import Settings
from fluxloop.schema.vendors import vendor_of

BUILT_IN = {
    "openai": "fluxloop.providers.openai",
    "anthropic": "fluxloop.providers.anthropic",
    "embedded": "fluxloop.providers.embedded.provider",
    "scripted": "fluxloop.providers.scripted",
}
"""Name to module; each module has `create(settings) -> Provider`, a vendor's `create(settings, environ)`."""

BATCHES = {"openai": "fluxloop.providers.openai_batch", "anthropic": "fluxloop.providers.anthropic_batch"}
"""Vendors that answer a batch at half the price; each module has `create(provider) -> BatchClient`."""

KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
"""The environment variable that holds each vendor's key. Of two keys the first vendor's is used."""

BASE_URLS = {"openai": "OPENAI_BASE_URL", "anthropic": "ANTHROPIC_BASE_URL"}
"""The environment variable that leads to another server, by its vendor's own convention."""

DEFAULT_MODELS = {
    "openai": "gpt-4o",
    "anthropic": "claude-haiku-4-5",
    "embedded": "persona-grammar",
    "scripted": "script",
}


def known_providers() -> list[str]:
    """Every name that `--provider` takes, built in or installed."""
    return sorted({*BUILT_IN, *KEYS, *(point.name for point in entry_points(group="fluxloop.providers"))})


def choose_provider(settings: Settings, environ: Mapping[str, str] = os.environ) -> str:
    """The provider's name: chosen, inferred from the model, or by the keys at hand; `embedded` when there are none."""
    if settings.provider:
        return settings.provider
    inferred = vendor_of(settings.model)
    if inferred:
        return inferred
    if settings.base_url:
        return "openai"
    available = [name for name, key in KEYS.items() if environ.get(key, "").strip()]
    return available[0] if available else "embedded"


def create_provider(settings: Settings, environ: Mapping[str, str] = os.environ) -> Provider:
    """The provider the settings ask for.

    Raises NotFound for an unknown name, AuthenticationFailed when its key is missing, UsageError for a base URL that is
    none. Nothing is imported of a vendor's SDK, and nothing is sent.
    """
    name = choose_provider(settings, environ)
    module = BUILT_IN.get(name)
    if module and name in KEYS:
        return import_module(module).create(settings, environ)  # type: ignore[no-any-return]
    if module:
        return import_module(module).create(settings)  # type: ignore[no-any-return]
    for point in entry_points(group="fluxloop.providers"):
        if point.name == name:
            return point.load()(settings)  # type: ignore[no-any-return]
    raise NotFound("provider", name, known_providers())


def create_batches(provider: Provider) -> BatchClient:
    """The batch endpoint of a provider's server. Raises UsageError when its vendor has none; sends nothing."""
    module = BATCHES.get(provider.name)
    if module is None:
        raise UsageError(
            f"--batch: the provider `{provider.name}` has no batch endpoint.",
            f"Leave --batch away, or choose --provider {' or '.join(BATCHES)}.",
        )
    return import_module(module).create(provider)  # type: ignore[no-any-return]


def require_key(name: str, settings: Settings, environ: Mapping[str, str]) -> None:
    """Stop before any work when the vendor's key is not set. A server of one's own (`base_url`) may need none."""
    variable = KEYS.get(name)
    if not variable or environ.get(variable, "").strip():
        return
    if settings.base_url or environ.get(BASE_URLS[name]):
        return
    raise AuthenticationFailed(
        f"The provider `{name}` needs the environment variable {variable}, and it is not set.",
        f"export {variable}=...  or use `--provider embedded`, which needs no key.",
    )
