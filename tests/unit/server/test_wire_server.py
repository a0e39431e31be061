"""The server that other tests lean on keeps its own promises. The vendors' SDKs are its judges."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from anthropic import AsyncAnthropic
from openai import APIStatusError, AsyncOpenAI, RateLimitError

from fluxloop.filters.similarity import Twins
from tests.server import faults, spoils
from tests.server.counting import Meter
from tests.server.fixtures import wire_server
from tests.server.script import Misdeed, Script
from tests.server.wire import WireServer
from tests.server.writer import Asked, Writer

__all__ = ["wire_server"]

PROMPT = "Write in English. Every message has 1 to 300 characters.\n\nSlots:\n" + "\n".join(
    f"{number}. billing; question, simple, neutral; about {number + 3} words" for number in range(1, 6)
)
BODY = {"messages": [{"role": "user", "content": PROMPT}], "max_tokens": 800}
CHAT = {"model": "gpt-4o", **BODY}
MESSAGE = {"model": "claude-haiku-4-5", **BODY}


def with_openai(server: WireServer, work: Callable[[AsyncOpenAI], Coroutine[Any, Any, Any]]) -> Any:
    """Do something with OpenAI's SDK."""

    async def go() -> Any:
        async with AsyncOpenAI(api_key="k", base_url=server.openai_url, max_retries=0) as client:
            return await work(client)

    return asyncio.run(go())


def with_anthropic(server: WireServer, work: Callable[[AsyncAnthropic], Coroutine[Any, Any, Any]]) -> Any:
    """Do something with Anthropic's SDK."""

    async def go() -> Any:
        async with AsyncAnthropic(api_key="k", base_url=server.anthropic_url, max_retries=0) as client:
            return await work(client)

    return asyncio.run(go())


def text_of(server: WireServer) -> str:
    """The text of one plain answer."""

    async def call(client: AsyncOpenAI) -> str:
        done = await client.chat.completions.create(**CHAT)  # type: ignore[call-overload]
        return str(done.choices[0].message.content)

    return str(with_openai(server, call))


def test_it_starts_at_once() -> None:
    """A test must not wait for its server."""
    started = time.perf_counter()
    with WireServer():
        assert time.perf_counter() - started < 0.5


def test_it_writes_for_the_slots_it_finds(wire_server: WireServer) -> None:
    """Each slot once, about as long as asked."""
    entries = json.loads(text_of(wire_server))["inputs"]
    assert [entry["slot"] for entry in entries] == [1, 2, 3, 4, 5]
    assert all(5 <= len(entry["text"].split()) <= 11 for entry in entries)


def test_it_never_writes_the_same_twice() -> None:
    """A hundred thousand different texts of a length that users write."""
    writer = Writer()
    asked = Asked(1, 8, 1, "", "en", 500)
    assert len({writer.write(asked)[0] for _ in range(100_000)}) == 100_000


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "pt", "ru", "ja"])
def test_no_two_texts_are_near_duplicates(language: str) -> None:
    """What a well-behaved model writes is not dropped."""
    writer, twins = Writer(seed=3), Twins(0.3)
    for number in range(1500):
        text = writer.write(Asked(number, 4 + number % 25, 1, "", language, 500))[0]
        assert twins.find(text) is None
        twins.add(str(number), text)


def test_a_stream_says_what_an_answer_says(wire_server: WireServer) -> None:
    """Both vendors' streams are understood by their SDKs, and hold whole answers and tokens."""

    async def chat(client: AsyncOpenAI) -> tuple[str, int]:
        text, tokens = "", 0
        options = {"stream": True, "stream_options": {"include_usage": True}}
        async for chunk in await client.chat.completions.create(**CHAT, **options):  # type: ignore[call-overload]
            text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
            tokens = chunk.usage.completion_tokens if chunk.usage else tokens
        return text, tokens

    async def message(client: AsyncAnthropic) -> tuple[str, int]:
        async with client.messages.stream(**MESSAGE) as stream:  # type: ignore[arg-type]
            final = await stream.get_final_message()
        return final.content[0].text, final.usage.output_tokens  # type: ignore[union-attr]

    for text, tokens in (with_openai(wire_server, chat), with_anthropic(wire_server, message)):
        assert len(json.loads(text)["inputs"]) == 5
        assert tokens > 30


def test_a_batch_of_openai(wire_server: WireServer) -> None:
    """Upload, submit, poll, fetch; what failed stands in a file of its own, the order is another."""
    wire_server.script = Script().on(2, faults.server_error())
    wire_server.batches.seconds = 0.2

    async def run(client: AsyncOpenAI) -> Any:
        lines = [
            {"custom_id": f"c{n}", "method": "POST", "url": "/v1/chat/completions", "body": CHAT} for n in range(3)
        ]
        content = "\n".join(json.dumps(line) for line in lines).encode()
        file = await client.files.create(file=("batch.jsonl", content), purpose="batch")
        batch = await client.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
        assert batch.status == "in_progress"
        await asyncio.sleep(0.25)
        done = await client.batches.retrieve(batch.id)
        assert done.output_file_id
        assert done.error_file_id
        good, bad = [await client.files.content(name) for name in (done.output_file_id, done.error_file_id)]
        return done, good.text, bad.text, [listed.id async for listed in client.batches.list()]

    done, good, bad, listed = with_openai(wire_server, run)
    assert (done.status, done.request_counts.completed, done.request_counts.failed) == ("completed", 2, 1)
    bodies = {line["custom_id"]: line["response"]["body"] for line in map(json.loads, good.splitlines())}
    assert list(bodies) == ["c2", "c0"]
    assert json.loads(bodies["c0"]["choices"][0]["message"]["content"])["inputs"]
    assert json.loads(bad)["custom_id"] == "c1"
    assert listed == [done.id]


def test_a_batch_of_anthropic(wire_server: WireServer) -> None:
    """Submit, poll, fetch."""
    wire_server.script = Script().on(1, faults.overloaded())

    async def run(client: AsyncAnthropic) -> Any:
        requests: Any = [{"custom_id": f"c{n}", "params": MESSAGE} for n in range(3)]
        batch = await client.messages.batches.create(requests=requests)
        done = await client.messages.batches.retrieve(batch.id)
        results = [line async for line in await client.messages.batches.results(batch.id)]
        return done, {line.custom_id: line.result for line in results}

    done, results = with_anthropic(wire_server, run)
    assert (done.processing_status, done.request_counts.succeeded) == ("ended", 2)
    assert {name: result.type for name, result in results.items()} == {
        "c2": "errored",
        "c1": "succeeded",
        "c0": "succeeded",
    }
    assert json.loads(results["c0"].message.content[0].text)["inputs"]


@pytest.mark.parametrize(
    "limit", [{"concurrency": 3}, {"requests": 3}, {"tokens": 3 * 1100}], ids=lambda limit: next(iter(limit))
)
def test_a_limit_is_kept(limit: dict[str, int], wire_server: WireServer) -> None:
    """Of eight calls at once three come through, the others are told so."""
    wire_server.meter = Meter(**({"concurrency": None, "requests": None, "tokens": None} | limit))  # type: ignore[arg-type]
    wire_server.latency = 0.1

    async def run(client: AsyncOpenAI) -> list[Any]:
        calls = [client.chat.completions.create(**CHAT) for _ in range(8)]  # type: ignore[call-overload]
        return await asyncio.gather(*calls, return_exceptions=True)

    results = with_openai(wire_server, run)
    refused = [result for result in results if isinstance(result, RateLimitError)]
    assert len(refused) == 5
    assert wire_server.high_water == 8


def test_a_script_is_followed(wire_server: WireServer) -> None:
    """On the k-th call, on every n-th, the first so many; the first rule that is due is done."""
    script = Script().on({2, 4}, faults.server_error()).every(3, faults.server_error(503))
    wire_server.script = script.always(faults.server_error(502), times=1)
    for _ in range(6):
        try:
            text_of(wire_server)
        except APIStatusError:
            continue
    assert [call.status for call in wire_server.calls] == [502, 500, 503, 500, 200, 503]


def test_chance_is_the_same_for_the_same_seed() -> None:
    """A run that failed can be run again."""
    numbers = []
    for seed in (1, 1, 2):
        script = Script(seed).sometimes(0.3, faults.server_error())
        with WireServer(script=script) as server:
            for _ in range(20):
                try:
                    text_of(server)
                except APIStatusError:
                    continue
            numbers.append([call.number for call in server.calls if call.status == 500])
    assert numbers[0] == numbers[1] != numbers[2]
    assert numbers[0]


SPOILS = [
    (spoils.fenced(), "```json\n"),
    (spoils.prose(), "Sure!"),
    (spoils.thinking(), "<think>"),
    (spoils.json_lines(), '{"slot": 1'),
    (spoils.bare_list(), "[{"),
    (spoils.numbered_list(), "1. My"),
    (spoils.wrong_keys(), '{"user_messages"'),
    (spoils.trailing_commas(), '{"inputs"'),
    (spoils.single_quotes(), "{'inputs'"),
    (spoils.html_entities(), "{&quot;inputs"),
    (spoils.integers(), '{"inputs": [0, 1'),
    (spoils.truncated(), '{"inputs"'),
    (spoils.fewer(), '{"inputs"'),
    (spoils.more(), '{"inputs"'),
    (spoils.duplicates(), '{"inputs"'),
    (spoils.wrong_language(), '{"inputs"'),
    (spoils.unknown_persona(), '{"inputs": [{"persona"'),
    (spoils.empty(), ""),
    (spoils.null_content(), "None"),
]


@pytest.mark.parametrize(("misdeed", "begins"), SPOILS, ids=lambda value: getattr(value, "name", ""))
def test_a_spoilt_answer_is_spoilt_as_its_name_says(misdeed: Misdeed, begins: str, wire_server: WireServer) -> None:
    """Each is what it is called, and unlike a good answer."""
    wire_server.script = Script().always(misdeed)
    text = text_of(wire_server)
    assert text.startswith(begins)
    good = False
    try:
        entries = json.loads(text)["inputs"]
        good = [entry["slot"] for entry in entries] == [1, 2, 3, 4, 5]
    except (ValueError, TypeError, KeyError):
        pass
    assert good == (misdeed.name in ("duplicates", "wrong language", "unknown persona"))


def test_it_runs_as_a_process_of_its_own() -> None:
    """For benchmarks: it says where it is, serves, and says what it did."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "tests.server", "--latency", "0.01"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[0]

        async def call() -> Any:
            async with AsyncOpenAI(api_key="k", base_url=address, max_retries=0) as client:
                return await client.chat.completions.create(**CHAT)  # type: ignore[call-overload]

        assert asyncio.run(call()).choices[0].message.content
        process.terminate()
        assert process.stdout.readline().startswith("calls 1,")
