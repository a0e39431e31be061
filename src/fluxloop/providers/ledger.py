"""Every call that reached the wire, told to whoever keeps the books."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from fluxloop.errors import BatchUnfinished, ProviderError
from fluxloop.providers.base import Completion, Prompt, Provider, Usage
from fluxloop.providers.gate import Clock
from fluxloop.providers.prices import PriceOf, answer_in, cost_of, is_lost
from fluxloop.providers.wrapper import Wrapper
from fluxloop.schema.call import Call

NOTHING = Completion("")


class LedgerProvider(Wrapper):
    """Tells of each call, with its price: the answered, the failed and the cancelled.

    It stands next to the vendor, inside whatever tries again, so that a second try is a second call.
    """

    def __init__(
        self,
        inner: Provider,
        record: Callable[[Call], None],
        price: PriceOf,
        *,
        outlive: bool = False,
        clock: Clock = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`outlive`: a call that nobody waits for any more goes on at the vendor, and is entered by who fetches it."""
        super().__init__(inner)
        self.calls = 0
        self.spent = Decimal(0)
        """Dollars, as far as they are known."""
        self.unpriced = 0
        """How many calls cost nobody knows what."""
        self._tell, self._price = record, price
        self._clock, self._now, self._outlive = clock, now, outlive

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt, and tell of it."""
        at, started = self._now(), self._clock()
        try:
            completion = await self.inner.complete(prompt)
        except BatchUnfinished:
            raise  # the call goes on without us
        except ProviderError as error:
            answer = answer_in(error)
            lost = self._cost_of_loss() if is_lost(error) else Decimal(0)
            self._record(
                at, started, type(error).__name__, self._cost_of(answer) if answer else lost, answer or NOTHING
            )
            raise
        except asyncio.CancelledError:
            if not self._outlive:
                self._record(at, started, "cancelled", self._cost_of_loss())
            raise
        self._record(at, started, "ok", self._cost_of(completion), completion)
        return completion

    def enter(self, answer: Completion, outcome: str = "ok") -> Decimal | None:
        """Tell of a call that was made earlier and answered now; what it cost."""
        cost = self._cost_of(answer)
        self._record(self._now(), self._clock(), outcome, cost, answer)
        return cost

    def _cost_of(self, completion: Completion) -> Decimal | None:
        return cost_of(self._price, self.name, self.model, completion.model, completion.usage)

    def _cost_of_loss(self) -> Decimal | None:
        """Of a call that was begun and never counted: unknown, unless nothing here costs anything."""
        return None if self._price(self.name, self.model, Usage(1, 1)) != 0 else Decimal(0)

    def _record(
        self, at: datetime, started: float, outcome: str, cost: Decimal | None, completion: Completion = NOTHING
    ) -> None:
        self.calls += 1
        self.spent += cost or 0
        self.unpriced += cost is None
        usage = completion.usage
        call = Call(
            at=at,
            provider=self.name,
            model=completion.model or self.model,
            seconds=self._clock() - started,
            outcome=outcome,
            cost=cost,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cached_tokens=usage.cached_tokens,
            cache_write_tokens=usage.cache_write_tokens,
        )
        self._tell(call)
