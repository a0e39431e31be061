"""Every call that reached the wire is told of, and none is begun that the budget could not pay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual import PROMPT, Server, now, run

from fluxloop.errors import (
    AuthenticationFailed,
    BudgetSpent,
    PromptRefused,
    ProviderUnavailable,
    RateLimited,
    UsageError,
)
from fluxloop.providers.base import Completion, Prompt, Usage
from fluxloop.providers.budget import BudgetProvider, require_price, upper_usage
from fluxloop.providers.ledger import LedgerProvider
from fluxloop.providers.limited import LimitedProvider
from fluxloop.providers.prices import prices_for
from fluxloop.providers.scripted import ScriptedProvider
from fluxloop.schema.config import ModelPrice

PRICE = prices_for({"fake-1": ModelPrice(input=1000, output=2000)})
"""An answer of the fake server, 10 tokens in and 5 out, costs 2 cents."""
WHEN = datetime(2026, 11, 23, tzinfo=UTC)


def ledger(inner, told):
    """A ledger on the virtual clock."""
    return LedgerProvider(inner, told.append, PRICE, clock=now, now=lambda: WHEN)


def test_retries_and_failures_are_in_the_books():
    """Inside the limiter each try is a call of its own, with its outcome, its time and its price."""
    told = []
    misbehave = {1: RateLimited("slow"), 2: ProviderUnavailable("503"), 3: ProviderUnavailable("timeout", sent=True)}

    async def main():
        limited = LimitedProvider(ledger(Server(misbehave.get, 2.0), told), clock=now)
        return await limited.complete(PROMPT)

    assert run(main()).text == "answer to One."
    assert [(call.outcome, call.cost) for call in told] == [
        ("RateLimited", Decimal(0)),
        ("ProviderUnavailable", Decimal(0)),
        ("ProviderUnavailable", None),
        ("ok", Decimal("0.02")),
    ]
    last = told[-1]
    assert (last.at, last.provider, last.model, last.input_tokens, last.output_tokens) == (
        WHEN,
        "fake",
        "fake-1",
        10,
        5,
    )
    assert last.seconds == pytest.approx(2)


def test_what_was_cancelled_or_refused_costs_nobody_knows_what():
    """It reached the wire and may be billed: unknown, not nothing. A writer on this machine still costs nothing.

    A refusal that counts its tokens has a price; a prompt that a filter stopped before the model is not billed.
    """
    told = []

    async def main():
        answer = Completion("I cannot", "fake-1", Usage(10, 5), finish="refused")
        server = Server({1: PromptRefused("no", completion=answer), 2: PromptRefused("filter")}.get)
        provider = ledger(server, told)
        for _ in range(2):
            with pytest.raises(PromptRefused):
                await provider.complete(PROMPT)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(provider.complete(PROMPT), 0.5)
        with pytest.raises(ProviderUnavailable):
            await ledger(ScriptedProvider([]), told).complete(PROMPT)
        return provider

    provider = run(main())
    assert [(call.outcome, call.cost) for call in told] == [
        ("PromptRefused", Decimal("0.02")),
        ("PromptRefused", Decimal(0)),
        ("cancelled", None),
        ("ProviderUnavailable", Decimal(0)),
    ]
    assert told[0].output_tokens == 5
    assert (provider.calls, provider.spent, provider.unpriced) == (3, Decimal("0.02"), 1)


def test_what_failed_before_anything_was_sent_stays_an_error():
    """The ledger changes nothing of what a provider answers or raises."""
    told = []
    with pytest.raises(AuthenticationFailed, match="bad key"):
        run(ledger(Server(lambda _: AuthenticationFailed("bad key")), told).complete(PROMPT))
    assert [call.outcome for call in told] == ["AuthenticationFailed"]


def budget(inner, max_cost, **options):
    """A budget whose calls may take up to 10 tokens in and 10 out: 3 cents."""
    return BudgetProvider(inner, Decimal(max_cost), PRICE, upper=lambda _: Usage(10, 10), **options)


async def ask(provider, count):
    """So many calls at once."""
    return await asyncio.gather(*(provider.complete(PROMPT) for _ in range(count)), return_exceptions=True)


def test_the_budget_is_used_up_and_never_passed():
    """At 2 cents a call that might cost 3: for 10 cents there are four, for 3 cents one, for 2 none."""

    async def main(max_cost):
        server = Server()
        ended = await ask(budget(server, max_cost), 20)
        assert {type(end) for end in ended} <= {Completion, BudgetSpent}
        return server.calls

    assert [run(main(cost)) for cost in ("0.10", "0.03", "0.02", "0")] == [4, 1, 0, 0]


def test_a_call_waits_while_others_may_still_cost_less():
    """Ten calls that might cost 30 cents together are all made for 21: the later ones wait for the earlier."""

    async def main():
        server = Server()
        ended = await ask(budget(server, "0.21"), 10)
        return [type(end) for end in ended], server.most_out

    kinds, most = run(main())
    assert kinds == [Completion] * 10
    assert most == 7


@given(
    limit=st.integers(0, 40),
    outcomes=st.lists(st.sampled_from(["ok", "dear", "503", "refused", "lost", "uncounted"]), max_size=30),
    cancelled=st.sets(st.integers(0, 29), max_size=5),
)
@settings(max_examples=150, deadline=None)
def test_no_order_of_answers_passes_the_limit(limit, outcomes, cancelled):
    """Whatever comes back, what is or may be billed stays within the limit."""
    made = {
        "ok": lambda: None,
        "dear": lambda: Completion("x", "fake-1", Usage(10, 10)),
        "503": lambda: ProviderUnavailable("503"),
        "refused": lambda: PromptRefused("no", completion=Completion("no", "fake-1", Usage(10, 5))),
        "lost": lambda: ProviderUnavailable("timeout", sent=True),
        "uncounted": lambda: Completion("x", "fake-1"),
    }
    cents = {"ok": 2, "dear": 3, "503": 0, "refused": 2, "lost": 3, "uncounted": 3}

    async def main():
        server = Server(lambda n: made[outcomes[n - 1]]() if n <= len(outcomes) else None)
        provider = budget(server, Decimal(limit) / 100)
        tasks = [asyncio.create_task(provider.complete(PROMPT)) for _ in range(30)]
        await asyncio.sleep(0.5)
        for number in cancelled:
            tasks[number].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        billed = sum(cents[outcomes[n]] if n < len(outcomes) else 2 for n in range(server.calls))
        assert provider.spent * 100 <= limit
        assert cancelled or billed <= limit
        assert provider._reserved == 0

    run(main())


def test_a_run_that_is_taken_up_again_goes_on_counting():
    """What it cost before counts."""
    server = Server()
    with pytest.raises(BudgetSpent, match=r"\$0\.0800 is spent") as caught:
        run(budget(server, "0.10", spent=Decimal("0.08")).complete(PROMPT))
    assert server.calls == 0
    assert caught.value.exit_code == 11


def test_a_limit_needs_a_price():
    """With an unknown price nothing is sent: the error says where to write it."""
    with pytest.raises(UsageError, match="the price of `fake-1`") as caught:
        require_price(Server(), prices_for({}))
    assert "prices: {fake-1: {input: 0.15" in caught.value.hint
    require_price(Server(), PRICE)


@pytest.mark.parametrize(
    "text", ["How do I reset my password? " * 50, "パスワードを忘れました。" * 50, "Где мой заказ? " * 50]
)
def test_the_upper_estimate_lies_above_any_tokenizer(text):
    """At least one token for four letters of English, one and a half per two kana, one per two of Cyrillic."""
    prompt = Prompt(system="", user=text, max_tokens=700)
    least = len(text) / 4 if text.isascii() else len(text) * 0.75 if "パ" in text else len(text) / 2
    assert upper_usage(prompt).input_tokens > least
    assert upper_usage(prompt).output_tokens == 700
