"""A batch to ask the wire server for, and how it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fluxloop.providers.base import Completion, Prompt
from fluxloop.providers.vendor import VendorProvider
from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Batch, Brief, Slot, StyleTarget
from tests.server.wire import WireServer

KEY = "sk-test-0123456789abcdef"
STYLE = StyleTarget(
    words=9,
    sentences=1,
    lower_start=True,
    end_mark=False,
    polite=False,
    emoji=False,
    casual=0.2,
    abbreviations=False,
    misspellings=0.0,
    shouting=False,
    excess=False,
)


def make_prompt(slots: int = 3, *, turns: int = 1, thought: bool = False, system: str = "You write JSON.") -> Prompt:
    """A prompt for a batch, in the words the server listens for."""
    planned = tuple(
        Slot(number, "ada", "billing", "", "question", "simple", "neutral", "en", STYLE, turns=turns)
        for number in range(1, slots + 1)
    )
    listed = "\n".join(f"{slot.index}. billing; about 9 words; {turns} turns" for slot in planned)
    batch = Batch(Persona(persona_id="ada"), planned, Brief(chain_of_thought=thought))
    if thought:
        system += ' Put before each text a "thought_process".'
    return Prompt(system, f"Write in English.\n\nSlots:\n{listed}", batch, max_tokens=160 * slots)


Connect = Callable[..., VendorProvider]


def url_for(server: WireServer, vendor: str) -> str:
    """The server's base URL in the vendor's convention."""
    return server.openai_url if vendor == "openai" else server.anthropic_url


def ask(provider: VendorProvider, prompt: Prompt | None = None, times: int = 1) -> list[Completion]:
    """Ask so many times at once, and close."""

    async def go() -> list[Completion]:
        try:
            calls: list[Coroutine[Any, Any, Completion]] = [
                provider.complete(prompt or make_prompt()) for _ in range(times)
            ]
            return list(await asyncio.gather(*calls))
        finally:
            await provider.aclose()

    return asyncio.run(go())
