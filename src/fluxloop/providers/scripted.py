"""Replies from a file or a function: for tests, docs and replay."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from fluxloop.errors import ProviderUnavailable, StoreError, UsageError
from fluxloop.providers.base import Completion, Prompt
from fluxloop.schema.config import Settings

REPLIES_VARIABLE = "FLUXLOOP_SCRIPT"


class ScriptedProvider:
    """Answers each prompt with the next reply, or with what a function makes of the prompt."""

    name = "scripted"

    def __init__(self, replies: Iterable[str] | Callable[[Prompt], str], model: str = "script") -> None:
        self.model = model
        self._answer = replies if callable(replies) else _next_of(replies)

    def writes(self, language: str) -> bool:
        """A script is in whatever language it is in."""
        return bool(language)

    async def complete(self, prompt: Prompt) -> Completion:
        """The next scripted reply; ProviderUnavailable when the script has ended."""
        return Completion(text=self._answer(prompt), model=self.model)


def _next_of(replies: Iterable[str]) -> Callable[[Prompt], str]:
    remaining = iter(replies)

    def answer(_: Prompt) -> str:
        try:
            return next(remaining)
        except StopIteration:
            raise ProviderUnavailable(
                "The scripted provider has no reply left.", "Add replies, or ask for fewer inputs."
            ) from None

    return answer


def create(settings: Settings) -> ScriptedProvider:
    """Replies from the file named by FLUXLOOP_SCRIPT, one reply a block, blocks parted by a line of `---`."""
    path = os.environ.get(REPLIES_VARIABLE)
    if not path:
        raise UsageError(
            f"The provider `scripted` reads its replies from the file named by {REPLIES_VARIABLE}, and it is not set.",
            f"export {REPLIES_VARIABLE}=replies.txt",
        )
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as cause:
        raise StoreError(f"{path}: cannot be read: {cause.strerror}") from cause
    blocks = [block.strip("\n") for block in f"\n{text}\n".split("\n---\n")]
    return ScriptedProvider([block for block in blocks if block.strip()], settings.model or "script")
