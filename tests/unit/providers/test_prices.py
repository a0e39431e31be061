"""What a call costs."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.providers.base import Usage
from fluxloop.providers.prices import cost_of, price_of, price_table, price_table_date, prices_for
from fluxloop.schema.config import ModelPrice

MILLION_EACH = Usage(input_tokens=1_000_000, output_tokens=1_000_000)
OWN = {"my-model": ModelPrice(input=0.15, output=0.6), "free": ModelPrice(input=0, output=0)}
TOKENS = st.integers(0, 10**6)


@pytest.mark.parametrize(
    ("provider", "model", "base_url", "price"),
    [
        ("openai", "gpt-4o-mini", None, "0.75"),
        ("openai", "gpt-4o-mini", "https://api.openai.com/v1", "0.75"),
        ("anthropic", "claude-3-haiku", None, "1.5"),
        ("openai", "gpt-4o-mini", "http://localhost:8000/v1", None),
        ("openai", "openai/gpt-4o-mini", "https://openrouter.ai/api/v1", "0.75"),
        ("openai", "my-model", "http://localhost:8000/v1", "0.75"),
        ("openai", "free", "http://localhost:8000/v1", "0"),
        ("openai", "llama-of-nobody", None, None),
        ("somebody", "gpt-4o", None, None),
        ("embedded", "persona-grammar", None, "0"),
        ("scripted", "script", None, "0"),
    ],
)
def test_a_price_is_known_or_unknown_and_never_guessed(provider, model, base_url, price):
    """Own prices first, then the vendor's by its address; another server's price for the same model is unknown."""
    found = price_of(provider, model, MILLION_EACH, OWN, base_url)
    assert found == (Decimal(price) if price is not None else None)


def test_uncounted_tokens_have_no_price():
    """A server that counts no tokens costs we do not know what, unless its own price is nothing."""
    assert price_of("openai", "gpt-4o", Usage(), {}) is None
    assert price_of("openai", "my-model", Usage(), OWN) is None
    assert price_of("openai", "free", Usage(), OWN) == 0
    assert price_of("openai", "gpt-4o", Usage(input_tokens=1, cached_tokens=5), {}) is None


def test_tokens_from_the_vendors_cache_have_their_own_price():
    """Cached prompt tokens are part of the prompt and are priced once, by the vendor's rate or by one's own."""
    cached = Usage(input_tokens=1_000_000, cached_tokens=1_000_000)
    assert price_of("openai", "gpt-4o-mini", cached, {}) == Decimal("0.075")
    assert price_of("x", "m", cached, {"m": ModelPrice(input=2, output=9, cached=0.5)}) == Decimal("0.5")
    assert price_of("x", "m", cached, {"m": ModelPrice(input=2, output=9)}) == 2


@given(TOKENS, TOKENS, st.integers(0, 100), st.integers(0, 100))
def test_own_prices_are_exact(input_tokens, output_tokens, in_cents, out_cents):
    """Decimal all the way: cents per million stay cents per million."""
    own = {"m": ModelPrice(input=in_cents / 100, output=out_cents / 100)}
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    exact = Decimal(input_tokens * in_cents + output_tokens * out_cents) / 100_000_000
    cost = price_of("x", "m", usage, own)
    assert cost == exact or (cost is None and not (input_tokens or output_tokens))


def test_the_asked_name_is_priced_before_the_answered_one():
    """`gpt-4o` is asked for and `gpt-4o-2024-08-06` answers: an own price for `gpt-4o` holds; else either will do."""
    price = prices_for({"alias": ModelPrice(input=1, output=1)})
    assert cost_of(price, "openai", "alias", "gpt-4o-mini", MILLION_EACH) == 2
    assert cost_of(price, "openai", "deployment-7", "gpt-4o-mini", MILLION_EACH) == Decimal("0.75")
    assert cost_of(price, "openai", "deployment-7", "", MILLION_EACH) is None


def test_the_table_has_a_name_and_a_date():
    """An estimate can say what it rests on; a price that is announced for later does not make the table newer."""
    day = date.fromisoformat(price_table_date())
    assert date(2026, 1, 1) < day <= date.today()
    assert date.fromisoformat(price_table_date(date(2026, 10, 13))) < date(2026, 10, 14)
    assert price_table().startswith("genai-prices 0.")


QUIET = """
import socket, sys, threading
def no(*_, **__): raise AssertionError("network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = no
from fluxloop.providers.base import Usage
from fluxloop.providers.prices import price_of, price_table_date
assert price_of("embedded", "x", Usage(), {}) == 0
assert "genai_prices" not in sys.modules
assert price_of("openai", "gpt-4o", Usage(1000, 1000), {}) > 0
assert price_table_date()
assert threading.active_count() == 1
"""


def test_prices_are_looked_up_offline():
    """No connection, no thread that would make one later, and no table loaded for a provider that costs nothing."""
    subprocess.run([sys.executable, "-c", QUIET], check=True)
