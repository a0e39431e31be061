"""The provider of a run with all that is wrapped round it: books, budget, limiter, cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from fluxloop.errors import CompletionUnreadable
from fluxloop.generation.parsing import parse_completion
from fluxloop.providers.base import Completion, Prompt, Provider
from fluxloop.providers.batching import BatchingProvider, JobState, waits
from fluxloop.providers.budget import BudgetProvider, require_price
from fluxloop.providers.caching import CachingProvider
from fluxloop.providers.ledger import LedgerProvider
from fluxloop.providers.limited import LimitedProvider
from fluxloop.providers.prices import PriceOf, half, prices_for
from fluxloop.providers.registry import create_batches
from fluxloop.providers.resubmitting import ResubmittingProvider
from fluxloop.schema.config import Settings
from fluxloop.store.batches import JobBook
from fluxloop.store.cache import CompletionCache
from fluxloop.store.ledger import Ledger, read_run
from fluxloop.store.project import Project

FREE = frozenset({"embedded"})
"""Providers that call nobody: nothing to count, limit, cache, or take up again."""


@dataclass(slots=True)
class Spent:
    """What a run has cost so far."""

    calls: int
    dollars: Decimal
    unpriced: int
    """Calls that cost nobody knows what; then `dollars` is only the least it can be."""


@dataclass(slots=True)
class Stack:
    """A provider ready for a run."""

    provider: Provider
    ledger: LedgerProvider | None = None
    books: Ledger | None = None
    cache: CompletionCache | None = None
    batching: BatchingProvider | None = None
    jobs: JobBook | None = None
    budget: BudgetProvider | None = None

    @property
    def spent(self) -> Spent:
        """What has been spent."""
        if self.ledger is None:
            return Spent(0, Decimal(0), 0)
        return Spent(self.ledger.calls, self.ledger.spent, self.ledger.unpriced)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Batches at the vendor whose answers have not been fetched."""
        return tuple(self.batching.waiting) if self.batching else ()

    def enter(self, answer: Completion, outcome: str = "ok") -> None:
        """Enter an answer to what was asked before this process began."""
        cost = self.ledger.enter(answer, outcome) if self.ledger else None
        if self.budget is not None:
            self.budget.spent += cost or 0

    async def aclose(self, kept: int) -> None:
        """Close connections and files, and enter in the books how many inputs came of it."""
        close = getattr(self.provider, "aclose", None)
        if close is not None:
            await close()
        if self.books is not None:
            self.books.finish(kept)
        if self.cache is not None:
            self.cache.close()
        if self.jobs is not None:
            self.jobs.close()


def is_free(provider: Provider) -> bool:
    """Whether a provider costs nothing and answers at once."""
    return provider.name in FREE


def is_readable(prompt: Prompt, text: str) -> bool:
    """Whether an answer is worth keeping in the cache: candidates can be read from it."""
    try:
        return prompt.batch is not None and bool(parse_completion(text, prompt.batch.slots))
    except CompletionUnreadable:
        return False


def prices_of(settings: Settings, provider: Provider) -> PriceOf:
    """Own prices over the table's; another server than the vendor's has no price in the table."""
    return prices_for(settings.prices, getattr(provider, "base_url", settings.base_url))


async def require_batches(bare: Provider) -> None:
    """Raise UsageError when the vendor, or the server that is asked in its place, takes no batches."""
    client = create_batches(bare)
    try:
        await client.require()
    finally:
        await client.aclose()


def build_stack(
    bare: Provider,
    project: Project,
    settings: Settings,
    run: str,
    *,
    concurrency: int,
    max_cost: Decimal | None = None,
    on_pause: Callable[[float], None] = lambda _: None,
    notify: Callable[[str], None] = lambda _: None,
) -> Stack:
    """Vendor → books → budget → limiter → cache, from the inside out.

    Raises UsageError when there is a budget and the model's price is not known.
    """
    if is_free(bare):
        return Stack(bare)
    price = prices_of(settings, bare)
    if max_cost is not None:
        require_price(bare, price)
    books = Ledger(project, run)
    ledger = LedgerProvider(bare, books.record, price)
    provider: Provider = ledger
    if max_cost is not None:
        provider = BudgetProvider(provider, max_cost, price, spent=read_run(project, run).cost)
    provider = LimitedProvider(provider, concurrency=concurrency, on_pause=on_pause)
    provider, cache = _cached(provider, bare, project, settings, notify)
    return Stack(provider, ledger, books, cache)


def build_batch_stack(
    bare: Provider,
    project: Project,
    settings: Settings,
    run: str,
    *,
    max_cost: Decimal | None = None,
    on_state: Callable[[JobState], None] = lambda _: None,
    notify: Callable[[str], None] = lambda _: None,
) -> Stack:
    """The vendor's batches → books at half the price → what failed, once more → budget → cache.

    Raises UsageError when the vendor has no batches, or when there is a budget and the model's price is not known.
    """
    client, price = create_batches(bare), half(prices_of(settings, bare))
    if max_cost is not None:
        require_price(bare, price)
    books, jobs = Ledger(project, run), JobBook(project, run)
    batching = BatchingProvider(client, jobs, poll=partial(waits, settings.batch_poll), on_state=on_state)
    ledger = LedgerProvider(batching, books.record, price, outlive=True)
    provider: Provider = ResubmittingProvider(ledger)
    budget = None
    if max_cost is not None:
        provider = budget = BudgetProvider(provider, max_cost, price, spent=read_run(project, run).cost)
    provider, cache = _cached(provider, bare, project, settings, notify)
    return Stack(provider, ledger, books, cache, batching, jobs, budget)


def _cached(
    provider: Provider, bare: Provider, project: Project, settings: Settings, notify: Callable[[str], None]
) -> tuple[Provider, CompletionCache | None]:
    """With the cache outermost, when there is to be one."""
    if not settings.caching:
        return provider, None
    cache = CompletionCache(project, notify)
    address = getattr(bare, "base_url", None) or ""
    return CachingProvider(provider, cache, base_url=address, is_usable=is_readable), cache
