"""The limiter, in virtual time."""

from __future__ import annotations

import asyncio
import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual import PROMPT, Server, now, run

from fluxloop.errors import AuthenticationFailed, PromptRefused, ProviderError, ProviderUnavailable, RateLimited
from fluxloop.providers.base import Completion, Prompt, RateLimits, Usage
from fluxloop.providers.limited import LimitedProvider


def limited(server: Server, **options: object) -> LimitedProvider:
    """A limiter on the virtual clock."""
    return LimitedProvider(server, rng=random.Random(1), clock=now, **options)


async def ask(provider: LimitedProvider, count: int) -> list[Completion | BaseException]:
    """So many calls at once, each with a prompt of its own."""
    prompts = [Prompt(system="", user=str(n), max_tokens=10) for n in range(count)]
    return await asyncio.gather(*map(provider.complete, prompts), return_exceptions=True)


def texts(answers: list[Completion | BaseException]) -> list[str]:
    """The answers' texts; an error shows itself."""
    return [answer.text if isinstance(answer, Completion) else repr(answer) for answer in answers]


def wanted(count: int) -> list[str]:
    """What a server answers."""
    return [f"answer to {n}" for n in range(count)]


@pytest.mark.parametrize(("calls", "concurrency", "seconds"), [(96, 16, 6), (100, 16, 7), (1000, 64, 16), (5, 16, 1)])
def test_nothing_is_lost_on_a_server_that_behaves(calls, concurrency, seconds):
    """The wall time is the least that the concurrency allows, and the concurrency is never passed."""

    async def main():
        server = Server()
        answers = await ask(limited(server, concurrency=concurrency), calls)
        return texts(answers), server.most_out, now()

    assert run(main()) == (wanted(calls), min(calls, concurrency), seconds)


def test_calls_start_in_the_order_they_were_asked_for():
    """First come, first served; one that was sent back goes before those that have not been out yet."""

    async def main():
        server = Server(lambda n: RateLimited("slow", retry_after=1) if n == 1 else None)
        await ask(limited(server, concurrency=4), 20)
        return [user for _, user in server.began]

    order = run(main())
    assert order[:4] == ["0", "1", "2", "3"]
    assert order[4] == "0"
    assert order[5:] == [str(n) for n in range(4, 20)]


def test_retry_after_holds_everybody():
    """After a 429 with Retry-After no call starts before that time is over, and it costs no attempts."""

    async def main():
        server = Server(lambda n: RateLimited("slow", retry_after=20) if n == 1 else None)
        provider = limited(server, concurrency=4, attempts=1)
        answers = await ask(provider, 12)
        return texts(answers), [at for at, _ in server.began], provider.deferred

    answers, began, deferred = run(main())
    assert answers == wanted(12)
    assert began[:4] == [0, 0, 0, 0]
    assert 21 <= began[4] <= 22.1
    assert deferred == 1


def test_the_window_is_halved_once_a_round_trip_and_grows_by_one_a_window():
    """Sixteen 429s of calls that were out together are one message, not sixteen; answers win the ground back."""

    async def main():
        server = Server(lambda n: RateLimited("slow") if n <= 16 else None)
        provider = limited(server, concurrency=16)
        windows = []

        async def watch():
            for _ in range(12):
                await asyncio.sleep(1)
                windows.append(provider.window)

        watching = asyncio.create_task(watch())
        answers = await ask(provider, 150)
        await watching
        return texts(answers), windows, server.most_out

    answers, windows, most = run(main())
    assert answers == wanted(150)
    assert windows[1] == 8
    assert all(later - earlier in (0, 1, 2) for earlier, later in pairwise(windows[2:]))
    assert windows[-1] > 12
    assert most == 16


def test_a_long_storm_of_429s_loses_nothing():
    """A server that lets three calls through at a time gets its calls answered all the same, each exactly once."""

    async def main():
        server = Server()
        server.behave = lambda _: RateLimited("too many") if server.out > 3 else None
        answers = await ask(limited(server, concurrency=32), 200)
        return texts(answers), now(), server.calls

    answers, seconds, calls = run(main())
    assert answers == wanted(200)
    assert calls < 400
    assert seconds < 200


def test_patience_ends():
    """When nothing at all comes through for ten minutes, everybody gets the server's last word, and soon."""

    async def main():
        server = Server(lambda _: RateLimited("Too many requests.", "Ask for more."))
        answers = await ask(limited(server), 100)
        return answers, now(), server.calls

    answers, seconds, calls = run(main())
    assert {type(answer) for answer in answers} == {RateLimited}
    assert "Nothing has come through for" in str(answers[0])
    assert answers[0].hint == "Ask for more."
    assert 500 < seconds < 700
    assert calls < 100


def test_a_wait_longer_than_patience_is_not_begun():
    """`Retry-After: 3600` is told at once instead of after an hour."""

    async def main():
        answers = await ask(limited(Server(lambda _: RateLimited("Daily limit.", retry_after=3600))), 5)
        return answers, now()

    answers, seconds = run(main())
    assert {type(answer) for answer in answers} == {RateLimited}
    assert seconds == 1


def test_server_errors_are_tried_again():
    """5xx, timeouts and cut connections cost attempts; with the attempts used up the error is raised."""

    async def main(failures):
        server = Server(lambda n: ProviderUnavailable("503") if n <= failures else None)
        provider = limited(server, attempts=6)
        answers = await ask(provider, 1)
        return texts(answers)[0], server.calls, provider.retried

    assert run(main(5)) == ("answer to 0", 6, 5)
    text, calls, retried = run(main(6))
    assert (calls, retried) == (6, 5)
    assert "ProviderUnavailable" in text


def test_a_server_in_trouble_may_say_when_to_come_again():
    """503 with Retry-After is not asked sooner; more than patience allows is not waited for."""

    async def main(seconds):
        server = Server({1: ProviderUnavailable("503", retry_after=seconds)}.get)
        return texts(await ask(limited(server), 1))[0], now()

    assert run(main(25)) == ("answer to 0", 27)
    assert run(main(3600)) == ("ProviderUnavailable('503')", 1)


def test_a_server_that_is_gone_is_not_asked_for_every_call():
    """Once a call has used up its attempts and nobody was answered meanwhile, those that wait fail with it."""

    async def main():
        server = Server(lambda _: ProviderUnavailable("connection refused"), latency=0.01)
        answers = await ask(limited(server, concurrency=4), 1000)
        return answers, server.calls, now()

    answers, calls, seconds = run(main())
    assert {type(answer) for answer in answers} == {ProviderUnavailable}
    assert calls <= 4 * 6
    assert seconds < 60


@pytest.mark.parametrize(("error", "most"), [(AuthenticationFailed("bad key"), 16), (ProviderError("no model"), 18)])
def test_what_fails_for_all_is_not_tried_for_all(error, most):
    """A refused key and three like failures before any answer stop everything that waits."""

    async def main():
        server = Server(lambda n: type(error)(error.message))
        provider = limited(server, concurrency=16)
        answers = await ask(provider, 500)
        late = await ask(provider, 1)
        return answers + late, server.calls

    answers, calls = run(main())
    assert {type(answer) for answer in answers} == {type(error)}
    assert calls <= most


def test_one_bad_prompt_does_not_stop_the_others():
    """A refusal, or an error after others were answered, is that call's own."""

    async def main():
        bad = {2: PromptRefused("no"), 30: ProviderError("too long"), 31: ProviderError("too long")}
        bad[32] = ProviderError("too long")
        answers = await ask(limited(Server(bad.get), concurrency=8), 40)
        return [type(answer) for answer in answers]

    kinds = run(main())
    assert kinds.count(Completion) == 36
    assert kinds.count(PromptRefused) == 1
    assert kinds.count(ProviderError) == 3


def test_a_known_limit_is_not_run_into():
    """With 60 requests a minute in the headers, no 61st is sent within a minute."""

    async def main():
        server = Server(latency=0.1)
        bucket = {"left": 60.0, "at": 0.0}

        def behave(_):
            bucket["left"] = min(60.0, bucket["left"] + now() - bucket["at"])
            bucket["at"] = now()
            if bucket["left"] < 1:
                return RateLimited("60 a minute", retry_after=1)
            bucket["left"] -= 1
            limits = RateLimits(requests_per_minute=60, requests_left=int(bucket["left"]))
            return Completion("ok", usage=Usage(10, 5), limits=limits)

        server.behave = behave
        provider = limited(server, concurrency=8)
        answers = await ask(provider, 180)
        return provider.deferred, {type(answer) for answer in answers}, now()

    deferred, kinds, seconds = run(main())
    assert kinds == {Completion}
    assert deferred == 0
    assert 119 < seconds < 140


def test_a_token_limit_is_kept_and_a_call_larger_than_it_still_goes():
    """Tokens are followed like requests; what no bucket could ever hold waits for a full one, not for ever."""

    async def main():
        limits = RateLimits(tokens_per_minute=1000, tokens_left=0)
        server = Server(lambda n: Completion("ok", usage=Usage(500, 500), limits=limits if n == 1 else None))
        provider = limited(server, concurrency=1)
        await provider.complete(Prompt("", "", max_tokens=1000))
        await provider.complete(Prompt("", "", max_tokens=5000))
        return now()

    assert run(main()) == pytest.approx(62, abs=0.1)


@given(
    errors=st.lists(st.sampled_from(["ok", "ok", "429", "429s", "503", "refused"]), max_size=60),
    count=st.integers(1, 40),
    concurrency=st.integers(1, 20),
    cancelled=st.sets(st.integers(0, 39), max_size=10),
    after=st.floats(0, 5),
)
@settings(max_examples=150, deadline=None)
def test_every_call_ends_and_no_slot_is_lost(errors, count, concurrency, cancelled, after):
    """Whatever a server does and whoever is cancelled when: each call ends once, and all slots are free afterwards."""
    made = {
        "429": lambda: RateLimited("slow"),
        "429s": lambda: RateLimited("slow", retry_after=2),
        "503": lambda: ProviderUnavailable("503"),
        "refused": lambda: PromptRefused("no"),
    }

    async def main():
        server = Server(lambda n: made.get(errors[n - 1], lambda: None)() if n <= len(errors) else None)
        provider = limited(server, concurrency=concurrency, attempts=100)
        tasks = [asyncio.create_task(provider.complete(PROMPT)) for _ in range(count)]
        await asyncio.sleep(after)
        for number in cancelled & set(range(count)):
            tasks[number].cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert server.most_out <= concurrency
        assert server.out == 0
        server.behave = lambda _: None
        again = await asyncio.gather(*(provider.complete(PROMPT) for _ in range(concurrency)))
        assert len(again) == concurrency
        return [type(end) for end in ended]

    kinds = run(main())
    assert len(kinds) == count
    assert set(kinds) <= {Completion, PromptRefused, asyncio.CancelledError}
    assert kinds.count(asyncio.CancelledError) <= len(cancelled)


def test_one_limiter_serves_two_event_loops_after_one_another():
    """What was going on in a loop that was ended does not hold up the next one."""
    server = Server(lambda n: RateLimited("slow", retry_after=5) if n == 1 else None)
    provider = limited(server, concurrency=2)

    async def leave_early():
        await asyncio.wait_for(provider.complete(PROMPT), 2)

    with pytest.raises(TimeoutError):
        run(leave_early())
    assert [type(answer) for answer in run(ask(provider, 5))] == [Completion] * 5


def test_the_limiter_itself_costs_little():
    """Well under 50 µs of CPU a call, waiting in the queue included."""

    class Instant(Server):
        async def complete(self, prompt):
            await asyncio.sleep(0)
            return Completion("x")

    async def main(provider):
        started = time.process_time()
        await asyncio.gather(*(provider.complete(PROMPT) for _ in range(20_000)))
        return (time.process_time() - started) / 20_000

    bare = asyncio.run(main(Instant()))
    limited_ = asyncio.run(main(LimitedProvider(Instant(), concurrency=64)))
    print(f"{(limited_ - bare) * 1e6:.0f} µs a call")
    assert limited_ - bare < 50e-6
