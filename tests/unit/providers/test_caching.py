"""The same question is not asked twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from virtual import PROMPT, Server, now, run

from fluxloop.errors import PromptRefused
from fluxloop.providers.base import Completion, Prompt
from fluxloop.providers.caching import CachingProvider


class Shelf(dict):
    """A storage in memory."""

    put = dict.__setitem__


def test_an_answer_is_asked_for_once():
    """The second time it comes from the storage, says so, and costs nothing."""

    async def main():
        server, shelf = Server(), Shelf()
        first = await CachingProvider(server, shelf).complete(PROMPT)
        cached = CachingProvider(server, shelf)
        second = await cached.complete(PROMPT)
        return first, second, server.calls, cached.hits

    first, second, calls, hits = run(main())
    assert (calls, hits) == (1, 1)
    assert (second.text, second.model, second.source) == (first.text, first.model, "cache")
    assert (first.source, second.usage.output_tokens) == ("call", 0)


@pytest.mark.parametrize(
    "other",
    [
        replace(PROMPT, system="Write!"),
        replace(PROMPT, user="Two."),
        replace(PROMPT, temperature=0.8),
        replace(PROMPT, max_tokens=11),
        Prompt(system="Write.One.", user="", max_tokens=10),
    ],
)
def test_whatever_an_answer_depends_on_is_in_its_key(other):
    """System, user and parameters; where one part ends and the next begins matters too."""
    cached = CachingProvider(Server(), Shelf())
    assert cached.key(other) != cached.key(PROMPT)


def test_provider_model_and_server_are_in_the_key():
    """The same model elsewhere is not the same model."""
    others = [Server(), Server(), Server()]
    others[0].model, others[1].name = "fake-2", "other"
    keys = {CachingProvider(server, Shelf()).key(PROMPT) for server in others}
    assert len(keys | {CachingProvider(Server(), Shelf(), base_url="http://localhost").key(PROMPT)}) == 4


@pytest.mark.parametrize(
    "bad", [Completion("cut of", finish="length"), Completion("no", finish="refused"), Completion(" ")]
)
def test_what_nobody_can_use_is_not_kept(bad):
    """Cut off, refused, or unreadable by the reader's own judgement."""

    async def main(server, **options):
        shelf = Shelf()
        await CachingProvider(server, shelf, **options).complete(PROMPT)
        return shelf

    assert run(main(Server(lambda _: bad))) == {}
    assert run(main(Server(), is_usable=lambda prompt, text: prompt.user not in text)) == {}


def test_identical_prompts_at_once_are_one_call():
    """Whoever asks while another is asking waits for that answer; one who gives up takes nobody along."""

    async def main(cancel):
        server = Server()
        cached = CachingProvider(server, Shelf())
        tasks = [asyncio.create_task(cached.complete(PROMPT)) for _ in range(5)]
        await asyncio.sleep(0.5)
        for number in cancel:
            tasks[number].cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        return [getattr(end, "source", None) for end in ended], server.calls, now()

    assert run(main([])) == (["call", *["cache"] * 4], 1, 1)
    assert run(main([1])) == (["call", None, *["cache"] * 3], 1, 1)
    assert run(main([0])) == ([None, "call", *["cache"] * 3], 2, 1.5)


def test_identical_prompts_that_fail_fail_together():
    """A refused prompt is not paid for five times; the next one to ask tries anew."""

    async def main():
        server = Server({1: PromptRefused("no")}.get)
        cached = CachingProvider(server, Shelf())
        ended = await asyncio.gather(*(cached.complete(PROMPT) for _ in range(5)), return_exceptions=True)
        return {type(end) for end in ended}, server.calls, (await cached.complete(PROMPT)).source

    assert run(main()) == ({PromptRefused}, 1, "call")


@given(st.text() | st.just('{"text": 1}') | st.just("[]"))
def test_a_damaged_entry_is_no_entry(value):
    """Whatever stands in the storage, an answer comes."""

    async def main():
        shelf = Shelf()
        cached = CachingProvider(Server(), shelf)
        shelf[cached.key(PROMPT)] = value
        return (await cached.complete(PROMPT)).text

    assert run(main()) == "answer to One."
