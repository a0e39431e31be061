"""Which providers there are, and how one is made from the settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points

from fluxloop.errors import AuthenticationFailed, NotFound, UsageError
from fluxloop.providers.base import Provider
from fluxloop.schema.config import Settings

BUILT_IN = {
    "embedded": "fluxloop.providers.embedded.provider",
    "scripted": "fluxloop.providers.scripted",
}
"""Name to module; each module has `create(settings) -> Provider`."""

KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
"""The environment variable that holds each vendor's key."""

DEFAULT_MODELS = {
    "openai": "gpt-4o",
    "anthropic": "claude-haiku-4-5",
    "embedded": "persona-grammar",
    "scripted": "script",
}

MODEL_PREFIXES = {
    "claude": "anthropic",
    "gpt-": "openai",
    "chatgpt": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4": "openai",
}
"""From which a provider is inferred when only a model is given."""


def known_providers() -> list[str]:
    """Every name that `--provider` takes, built in or installed."""
    return sorted({*BUILT_IN, *KEYS, *(point.name for point in entry_points(group="fluxloop.providers"))})


def choose_provider(settings: Settings, environ: Mapping[str, str] = os.environ) -> str:
    """The provider's name: chosen, inferred from the model, or by the keys at hand; `embedded` when there are none."""
    if settings.provider:
        return settings.provider
    inferred = infer_provider(settings.model)
    if inferred:
        return inferred
    if settings.base_url:
        return "openai"
    available = [name for name, key in KEYS.items() if environ.get(key) and name in BUILT_IN]
    return available[0] if available else "embedded"


def infer_provider(model: str | None) -> str | None:
    """`claude-3-haiku` → anthropic, `gpt-4o` → openai; None when the name tells nothing."""
    if not model:
        return None
    for prefix, provider in MODEL_PREFIXES.items():
        if model.casefold().startswith(prefix):
            return provider
    return None


def create_provider(settings: Settings, environ: Mapping[str, str] = os.environ) -> Provider:
    """The provider the settings ask for.

    Raises NotFound for an unknown name, AuthenticationFailed when its key is missing, UsageError when it cannot be had.
    """
    name = choose_provider(settings, environ)
    require_key(name, settings, environ)
    module = BUILT_IN.get(name)
    if module:
        return import_module(module).create(settings)  # type: ignore[no-any-return]
    for point in entry_points(group="fluxloop.providers"):
        if point.name == name:
            return point.load()(settings)  # type: ignore[no-any-return]
    if name in KEYS:
        raise UsageError(
            f"The provider `{name}` is not part of this version yet.", "Use `--provider embedded`: no key, no network."
        )
    raise NotFound("provider", name, known_providers())


def require_key(name: str, settings: Settings, environ: Mapping[str, str]) -> None:
    """Stop before any work when the vendor's key is not set. A server of one's own (`base_url`) may need none."""
    variable = KEYS.get(name)
    if not variable or settings.base_url or environ.get(variable):
        return
    raise AuthenticationFailed(
        f"The provider `{name}` needs the environment variable {variable}, and it is not set.",
        f"export {variable}=...  or use `--provider embedded`, which needs no key.",
    )
