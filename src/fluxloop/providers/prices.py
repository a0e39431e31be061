"""What a call costs, from one's own prices or the table that is installed. Nothing is ever looked up on the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from fluxloop.errors import PromptRefused, ProviderError, ProviderUnavailable
from fluxloop.providers.base import Completion, Usage
from fluxloop.schema.config import ModelPrice

PriceOf = Callable[[str, str, Usage], Decimal | None]
"""Provider, model and usage of one call to dollars; None when nobody knows."""

FREE = frozenset({"embedded", "scripted", "local"})
"""Providers that write on this machine."""
MILLION = Decimal(1_000_000)


def price_of(
    provider: str, model: str, usage: Usage, own: Mapping[str, ModelPrice], base_url: str | None = None
) -> Decimal | None:
    """The price of one call in dollars; None when nobody knows, which is never the same as 0.

    One's own price comes first. A server at `base_url` has the prices of the vendor whose address that is, and of
    nobody else: what another server with the same model asks is unknown.
    """
    if provider in FREE:
        return Decimal(0)
    if model in own:
        return _own_price(own[model], usage)
    if not usage.input_tokens and not usage.output_tokens:
        return None
    return _table_price(provider, model, usage, base_url)


def prices_for(own: Mapping[str, ModelPrice], base_url: str | None = None) -> PriceOf:
    """`price_of` for one run's settings, as the ledger and the budget take it."""
    return lambda provider, model, usage: price_of(provider, model, usage, own, base_url)


def half(price: PriceOf) -> PriceOf:
    """What both vendors ask for a call in a batch; one's own prices are halved as well."""

    def halved(provider: str, model: str, usage: Usage) -> Decimal | None:
        cost = price(provider, model, usage)
        return None if cost is None else cost / 2

    return halved


def cost_of(price: PriceOf, provider: str, asked: str, answered: str, usage: Usage) -> Decimal | None:
    """The price under the name the model was asked by, else under the one it answered by (`…-2024-08-06`)."""
    cost = price(provider, asked, usage)
    return price(provider, answered, usage) if cost is None and answered and answered != asked else cost


def answer_in(error: ProviderError) -> Completion | None:
    """The answer that a model gave in declining: its tokens are billed."""
    answer = error.completion if isinstance(error, PromptRefused) else None
    return answer if isinstance(answer, Completion) else None


def is_lost(error: ProviderError) -> bool:
    """Whether an answer may have been written, and billed, that never came here. Any other failure is not billed."""
    return isinstance(error, ProviderUnavailable) and error.sent


def load_table() -> None:
    """Read the table now: for a thread, while the first calls are out. It takes a quarter of a second."""
    from genai_prices.data_snapshot import get_snapshot

    get_snapshot()


def price_table() -> str:
    """Which table it is: `genai-prices 0.2.3`."""
    from genai_prices import __version__

    return f"genai-prices {__version__}"


def price_table_date(today: date | None = None) -> str:
    """The day of the newest price in the table that is in force: the table carries no date of its own."""
    days = [day for day in _start_dates() if day <= (today or date.today())]
    return max(days).isoformat() if days else "unknown"


def _own_price(price: ModelPrice, usage: Usage) -> Decimal | None:
    if not any((price.input, price.output, price.cached, price.cache_write)):
        return Decimal(0)
    if not usage.input_tokens and not usage.output_tokens:
        return None
    cached = price.input if price.cached is None else price.cached
    written = price.input if price.cache_write is None else price.cache_write
    plain = usage.input_tokens - usage.cached_tokens - usage.cache_write_tokens
    parts = ((plain, price.input), (usage.cached_tokens, cached), (usage.cache_write_tokens, written))
    parts += ((usage.output_tokens, price.output),)  # type: ignore[assignment]
    return sum((tokens * Decimal(str(each)) for tokens, each in parts), Decimal(0)) / MILLION


def _table_price(provider: str, model: str, usage: Usage, base_url: str | None) -> Decimal | None:
    import genai_prices

    counted = genai_prices.Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cached_tokens,
        cache_write_tokens=usage.cache_write_tokens,
    )
    try:
        if base_url:
            found = genai_prices.calc_price(counted, model, provider_api_url=base_url)
        else:
            found = genai_prices.calc_price(counted, model, provider_id=provider)
    except (LookupError, ValueError):
        return None  # no such vendor or model, or tokens that cannot be: nobody knows
    return found.total_price or None  # the table lists some models without any price


def _start_dates() -> Iterator[date]:
    from genai_prices.data_snapshot import get_snapshot

    for provider in get_snapshot().providers:
        for model in provider.models:
            priced = model.prices if isinstance(model.prices, list) else []
            for constraint in (entry.constraint for entry in (*priced, *(model.price_variants or ()))):
                day = getattr(constraint, "start_date", None)
                if isinstance(day, date):
                    yield day
