"""The same question is not asked twice: answers are kept by everything that they depend on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from copy import copy
from hashlib import sha256
from typing import Protocol

from fluxloop.errors import ProviderError
from fluxloop.providers.base import Completion, Prompt, Provider
from fluxloop.providers.wrapper import Wrapper


class Storage(Protocol):
    """Where answers are kept. It may forget, and it never fails: what it cannot keep is asked again."""

    def get(self, key: str) -> str | None:
        """What was put under a key."""

    def put(self, key: str, value: str) -> None:
        """Keep a value."""


class CachingProvider(Wrapper):
    """Asks only what is not in the storage; identical prompts that are asked at once are one call.

    Kept are whole answers that somebody could use: not what was cut off, refused or unreadable. It stands outermost, so
    that a hit costs no place in a queue, and it is no use round a writer in code, which reads more than the prompt.
    """

    def __init__(
        self,
        inner: Provider,
        storage: Storage,
        *,
        base_url: str = "",
        is_usable: Callable[[Prompt, str], bool] = lambda _, text: bool(text.strip()),
    ) -> None:
        """`is_usable` tells whether candidates can be read from an answer."""
        super().__init__(inner)
        self.hits = 0
        self._storage, self._base_url, self._is_usable = storage, base_url, is_usable
        self._asked: dict[str, asyncio.Future[Completion]] = {}

    async def complete(self, prompt: Prompt) -> Completion:
        """The answer that is kept, or that somebody else is just asking for, or a new one."""
        key = self.key(prompt)
        kept = self._kept(key)
        while kept is None:
            asked = self._asked.get(key)
            if asked is None or asked.get_loop() is not asyncio.get_running_loop():
                return await self._ask(key, prompt)
            kept = await _answer_of(asked)
        self.hits += 1
        return kept

    def key(self, prompt: Prompt) -> str:
        """The name of an answer: a digest of all that it depends on."""
        parts = [self.name, self.model, self._base_url, prompt.temperature, prompt.max_tokens]
        text = json.dumps([*parts, prompt.system, prompt.user], ensure_ascii=True)
        return sha256(text.encode()).hexdigest()

    async def _ask(self, key: str, prompt: Prompt) -> Completion:
        asked = self._asked[key] = asyncio.get_running_loop().create_future()
        try:
            completion = await self.inner.complete(prompt)
            asked.set_result(completion)
        except ProviderError as error:
            asked.set_exception(error)
            asked.exception()  # heard, also when nobody waits for it
            raise
        finally:
            asked.cancel()  # without an answer or an error: whoever waits for it asks again
            if self._asked.get(key) is asked:
                del self._asked[key]
        if completion.finish == "stop" and self._is_usable(prompt, completion.text):
            self._storage.put(key, json.dumps({"text": completion.text, "model": completion.model}))
        return completion

    def _kept(self, key: str) -> Completion | None:
        value = self._storage.get(key)
        if value is None:
            return None
        try:
            data = json.loads(value)
            return Completion(str(data["text"]), str(data["model"]), source="cache")
        except (ValueError, KeyError, TypeError):
            return None  # of another version, or damaged: asked again


async def _answer_of(asked: asyncio.Future[Completion]) -> Completion | None:
    """Another's answer, at no cost, or its error; None when that one was cancelled."""
    await asyncio.wait([asked])
    if asked.cancelled():
        return None
    error = asked.exception()
    if error is not None:
        raise copy(error) from error
    answer = asked.result()
    return Completion(answer.text, answer.model, finish=answer.finish, source="cache")
