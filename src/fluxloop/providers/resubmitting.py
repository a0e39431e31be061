"""A call that a batch could not answer goes into the next one."""

from __future__ import annotations

from fluxloop.errors import ProviderUnavailable, RateLimited
from fluxloop.providers.base import Completion, Prompt
from fluxloop.providers.wrapper import Wrapper

TRIES = 3
"""Batches a call may be in; each may take a day."""


class ResubmittingProvider(Wrapper):
    """Asks again for what failed at the vendor or has expired; nothing of that is billed.

    It stands outside the ledger, so that each try is an entry. When a server is asked live, the limiter tries again.
    """

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt, or raise what its last try ended with."""
        for _ in range(TRIES - 1):
            try:
                return await self.inner.complete(prompt)
            except (ProviderUnavailable, RateLimited):
                continue
        return await self.inner.complete(prompt)
