"""What the tests of generation share: personas, a brief, a sieve, and a run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from fluxloop.filters.registry import create_filters
from fluxloop.filters.similarity import Twins
from fluxloop.generation.generate import generate
from fluxloop.generation.outcome import Options, Outcome
from fluxloop.generation.plan import Planner, create_planner
from fluxloop.generation.sieve import Sieve
from fluxloop.providers.base import Provider
from fluxloop.schema.config import Settings
from fluxloop.schema.plan import Brief
from fluxloop.store.personas import builtin_personas

Make = Callable[..., Planner]


@pytest.fixture
def make_planner() -> Make:
    """A planner for built-in personas."""

    def make(
        *names: str,
        topics: tuple[str, ...] = ("billing",),
        seed: str = "1",
        max_turns: int = 1,
        **brief: object,
    ) -> Planner:
        shelf = builtin_personas()
        personas = {name: shelf[name] for name in names}
        return create_planner(personas, Settings(topics=topics), Brief(**brief), seed=seed, max_turns=max_turns)  # type: ignore[arg-type]

    return make


@pytest.fixture
def run() -> Callable[..., Outcome]:
    """Generate against a provider, with the real filters."""

    def go(planner: Planner, quotas: dict[str, int], provider: Provider, **options: object) -> Outcome:
        personas = {name: writer.persona for name, writer in planner.writers.items()}
        sieve = Sieve(create_filters(Settings()), Twins(0.3), personas)
        return asyncio.run(generate(planner, quotas, provider, sieve, Options(**options)))  # type: ignore[arg-type]

    return go
