"""What a run may cost: a call that might cost more than is left is not sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal

from fluxloop.errors import BudgetSpent, ProviderError, UsageError
from fluxloop.providers.base import Completion, Prompt, Provider, Usage
from fluxloop.providers.prices import PriceOf, answer_in, cost_of, is_lost
from fluxloop.providers.wrapper import Wrapper

BYTES_PER_TOKEN = 2
"""Less than any language takes with any vendor: English has about four, Japanese and Russian at least three."""
OVERHEAD = 300
"""Tokens that a vendor adds to a prompt: roles, the schema of the answer."""


def upper_usage(prompt: Prompt) -> Usage:
    """More tokens than the call will take."""
    size = len(prompt.system.encode()) + len(prompt.user.encode())
    return Usage(input_tokens=size // BYTES_PER_TOKEN + OVERHEAD, output_tokens=prompt.max_tokens)


def require_price(provider: Provider, price: PriceOf) -> None:
    """Stop before anything is sent when nobody could say what it costs."""
    if price(provider.name, provider.model, Usage(1000, 1000)) is None:
        own = f"generation: {{prices: {{{provider.model}: {{input: 0.15, output: 0.60}}}}}}"
        raise UsageError(
            f"--max-cost: the price of `{provider.model}` ({provider.name}) is not known.",
            f"Give it per million tokens in configs/input.yaml, `{own}`, or leave --max-cost away.",
        )


class BudgetProvider(Wrapper):
    """Sends a call only when what is spent, what the calls on their way may cost, and this one stay within `max_cost`.

    While only the calls on their way stand against it, a call waits for them: most cost less than they might.
    """

    def __init__(
        self,
        inner: Provider,
        max_cost: Decimal,
        price: PriceOf,
        *,
        upper: Callable[[Prompt], Usage] = upper_usage,
        spent: Decimal = Decimal(0),
    ) -> None:
        """`spent` is what the run cost before, when it is taken up again."""
        super().__init__(inner)
        self.max_cost = max_cost
        self.spent = spent
        self._price, self._upper = price, upper
        self._reserved = Decimal(0)
        self._waiting: list[asyncio.Future[None]] = []

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt. Raises BudgetSpent when it might cost too much."""
        most = self._price(self.name, self.model, self._upper(prompt)) or Decimal(0)
        await self._reserve(most)
        cost: Decimal | None = None  # unless an answer tells better, all of it
        try:
            completion = await self.inner.complete(prompt)
            cost = self._cost_of(completion)
            return completion
        except ProviderError as error:
            cost = self._cost_of(answer_in(error)) if not is_lost(error) else None
            raise
        finally:
            self._settle(most, most if cost is None else cost)

    def _cost_of(self, completion: Completion | None) -> Decimal | None:
        if completion is None:
            return Decimal(0)
        return cost_of(self._price, self.name, self.model, completion.model, completion.usage)

    async def _reserve(self, most: Decimal) -> None:
        while self.spent + self._reserved + most > self.max_cost:
            if self.spent + most > self.max_cost:
                raise BudgetSpent(
                    f"The next call might pass --max-cost ${self.max_cost}: ${self.spent:.4f} is spent.",
                    "What was made is kept. Raise --max-cost to go on.",
                )
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            await waiter
        self._reserved += most

    def _settle(self, most: Decimal, cost: Decimal) -> None:
        self._reserved -= most
        self.spent += cost
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)
