"""Talking to the agent: the user's messages one after another, in one session."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from fluxloop.errors import RunnerError
from fluxloop.runners.base import Message, Runner
from fluxloop.schema.input import Input, texts_of
from fluxloop.schema.result import Exchange


@dataclass(frozen=True, slots=True)
class Conversation:
    """How a conversation went."""

    exchanges: tuple[Exchange, ...]
    error: str | None = None
    """Why it broke off at the last exchange, whose reply is then None."""


async def converse(item: Input, session_id: str, runner: Runner, timeout: float) -> Conversation:
    """Send the input's own turns in order. An agent that breaks ends its conversation and nothing else."""
    exchanges: list[Exchange] = []
    texts = texts_of(item)
    for turn, text in enumerate(texts, start=1):
        message = Message(text, session_id, turn, item.persona, item.id, tuple(exchanges))
        exchange, error = await exchange_one(message, runner, timeout)
        exchanges.append(exchange)
        if error is not None:
            return Conversation(tuple(exchanges), error if len(texts) == 1 else f"turn {turn}: {error}")
    return Conversation(tuple(exchanges))


async def exchange_one(message: Message, runner: Runner, timeout: float) -> tuple[Exchange, str | None]:
    """One message and its answer; the second value says why there is none."""
    reply, error = None, None
    began = time.perf_counter()
    try:
        async with asyncio.timeout(timeout):
            reply = storable(await runner.call(message))
    except TimeoutError:
        error = f"timed out after {timeout:g} s"
    except RunnerError as failure:
        error = storable(failure.message)
    return Exchange(input=message.text, reply=reply, seconds=time.perf_counter() - began), error


def storable(text: str) -> str:
    """Text that can be written to a file: halves of surrogate pairs are joined, and lone ones replaced."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
