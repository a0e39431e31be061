"""Books, budget, limiter and cache round the real SDKs, against a server that misbehaves."""

from __future__ import annotations

import asyncio
import random
import time
from decimal import Decimal

import pytest
from wired import make_prompt

from fluxloop.errors import AuthenticationFailed, BudgetSpent
from fluxloop.providers.base import Completion
from fluxloop.providers.budget import BudgetProvider
from fluxloop.providers.caching import CachingProvider
from fluxloop.providers.ledger import LedgerProvider
from fluxloop.providers.limited import LimitedProvider
from fluxloop.providers.prices import prices_for
from fluxloop.schema.config import ModelPrice
from tests.server import faults
from tests.server.script import Script

DOLLAR_EACH = ModelPrice(input=1, output=1)


@pytest.fixture
def ask(connect, vendor):
    """Ask so many different prompts at once through the whole stack; returns the answers and the books."""

    def go(count, max_cost="1000", concurrency=16, storage=None):
        bare = connect(vendor)
        price = prices_for({bare.model: DOLLAR_EACH}, bare.base_url)
        books = []
        limited = LimitedProvider(
            BudgetProvider(LedgerProvider(bare, books.append, price), Decimal(max_cost), price),
            concurrency=concurrency,
            rng=random.Random(1),
        )
        stack = CachingProvider(limited, storage) if storage is not None else limited

        async def main():
            prompts = [make_prompt(system=f"You write JSON. Run {number}.") for number in range(count)]
            try:
                return await asyncio.gather(*map(stack.complete, prompts), return_exceptions=True)
            finally:
                await stack.aclose()

        return asyncio.run(main()), books

    return go


def kinds(answers):
    """Their types."""
    return {type(answer) for answer in answers}


def test_no_call_is_lost_and_every_one_is_in_the_books(ask, wire_server):
    """429s with and without Retry-After, 500s and cut connections: all answered, and the sum is right to the digit."""
    wire_server.script = (
        Script(seed=3)
        .on(4, faults.rate_limited(retry_after=1))
        .on(range(8, 12), faults.rate_limited())
        .every(9, faults.server_error(500))
        .on({25, 31}, faults.cut("body"))
    )
    answers, books = ask(40)
    assert kinds(answers) == {Completion}
    assert len(books) == wire_server.count
    assert sum(call.outcome == "ok" for call in books) == 40
    tokens = sum(answer.usage.input_tokens + answer.usage.output_tokens for answer in answers)
    assert sum(call.cost for call in books if call.cost is not None) == Decimal(tokens) / 1_000_000
    assert {call.outcome for call in books if call.cost is None} == {"ProviderUnavailable"}


def test_the_servers_own_concurrency_is_found(ask, wire_server):
    """A server that takes three at a time is not asked five times over."""
    wire_server.meter._most = 3
    wire_server.latency = 0.05
    answers, books = ask(60)
    assert kinds(answers) == {Completion}
    assert len(books) < 60 * 1.6


def test_known_limits_cost_no_429(ask, wire_server):
    """What stands in the headers is kept to."""
    wire_server.meter.requests = type(wire_server.meter.requests)(600)
    wire_server.meter.requests.take(560)
    wire_server.latency = 0.05
    started = time.monotonic()
    answers, books = ask(60)
    assert kinds(answers) == {Completion}
    assert [call.outcome for call in books] == ["ok"] * 60
    assert time.monotonic() - started > 1.5


def test_a_refused_key_is_asked_for_once(ask, wire_server):
    """Not once for every call that waits."""
    wire_server.script = Script().always(faults.wrong_key())
    wire_server.latency = 0.05
    answers, books = ask(200, concurrency=4)
    assert kinds(answers) == {AuthenticationFailed}
    assert len(books) <= 4
    assert {call.cost for call in books} == {Decimal(0)}


def test_the_budget_holds_on_the_wire(ask):
    """What was answered stays under the limit, and the rest is told."""
    answers, books = ask(100, max_cost="0.01")
    assert kinds(answers) == {Completion, BudgetSpent}
    spent = sum(call.cost for call in books)
    assert Decimal("0.007") < spent <= Decimal("0.01")


def test_a_second_run_costs_nothing(ask, wire_server):
    """With the cache, what was answered is not asked again; a text that came is the text that stays."""

    class Shelf(dict):
        put = dict.__setitem__

    shelf = Shelf()
    first, _ = ask(10, storage=shelf)
    calls = wire_server.count
    second, books = ask(10, storage=shelf)
    assert (wire_server.count, books) == (calls, [])
    assert [answer.text for answer in second] == [answer.text for answer in first]
