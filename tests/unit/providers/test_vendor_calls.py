"""What is sent to a vendor, and what is read from its answer. The SDKs talk to a real server."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator
from wired import KEY, Connect, ask, make_prompt

from fluxloop.providers.base import Completion, Prompt
from tests.server.counting import Meter
from tests.server.faults import server_error
from tests.server.script import Script
from tests.server.spoils import truncated
from tests.server.wire import WireServer


def test_a_call_is_answered_with_everything_the_vendor_counts(
    vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """Text, model, tokens and limits come back as one completion."""
    provider = connect(vendor)
    wire_server.meter = Meter(requests=500, tokens=30_000, concurrency=None)
    [completion] = ask(provider)
    assert [entry["slot"] for entry in json.loads(completion.text)["inputs"]] == [1, 2, 3]
    assert completion.model == provider.model
    assert completion.finish == "stop"
    assert completion.usage.input_tokens > 20
    assert completion.usage.output_tokens > 30
    limits = completion.limits
    assert limits is not None
    assert (limits.requests_per_minute, limits.tokens_per_minute) == (500, 30_000)
    assert (limits.requests_left, limits.reset_seconds) != (None, None)


def test_the_call_is_plain(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """One call, no stream, the temperature and the bound as asked, the key where the vendor looks for it."""
    ask(connect(vendor))
    [call] = wire_server.calls
    assert not call.body.get("stream")
    assert (call.body["temperature"], call.body["max_tokens"]) == (0.7, 480)
    assert call.key == KEY
    assert (call.system, call.slots) == ("You write JSON.", [1, 2, 3])


def test_a_failed_call_is_not_made_again_beneath_us(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """The limiter must see each failure: the SDK's own retries are off."""
    wire_server.script = Script().always(server_error())
    with pytest.raises(Exception, match="500"):
        ask(connect(vendor))
    assert len(wire_server.calls) == 1


@pytest.mark.parametrize(("turns", "thought"), [(1, False), (1, True), (3, False), (3, True)])
def test_the_answer_is_held_to_its_shape(
    turns: int, thought: bool, vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """The schema that is sent is strict, takes the answer as the prompt describes it, and nothing else."""
    [completion] = ask(connect(vendor), make_prompt(turns=turns, thought=thought))
    body = wire_server.calls[0].body
    if vendor == "openai":
        form = body["response_format"]["json_schema"]
        assert form["strict"] is True
        schema = form["schema"]
    else:
        schema = body["output_config"]["format"]["schema"]
    checker = Draft202012Validator(schema)
    answer = json.loads(completion.text)
    checker.validate(answer)
    entry = answer["inputs"][0]
    assert list(entry) == ["slot", *(["thought_process"] if thought else []), "text" if turns == 1 else "turns"]
    assert not checker.is_valid({"inputs": [{**entry, "note": "x"}]})


def test_the_schema_is_the_same_for_every_batch(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """A vendor compiles a schema when it first sees it, which takes long: slots must not be in it."""
    ask(connect(vendor), make_prompt(2))
    ask(connect(vendor), make_prompt(9))
    key = "response_format" if vendor == "openai" else "output_config"
    first, second = (call.body[key] for call in wire_server.calls)
    assert first == second


def test_a_free_prompt_is_answered_freely(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """Without a batch there is no shape to hold to; an empty system prompt is not sent."""
    wire_server.reply_with = lambda _: "Yes."
    [completion] = ask(connect(vendor), Prompt("", "Is it good?"))
    assert completion.text == "Yes."
    body = wire_server.calls[0].body
    assert not {"response_format", "output_config", "system"} & set(body)
    assert [message["role"] for message in body["messages"]] == ["user"]


def test_an_answer_that_was_cut_off_says_so(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """Its last item may not be whole."""
    wire_server.script = Script().always(truncated())
    assert ask(connect(vendor))[0].finish == "length"


def test_tokens_from_the_vendors_cache_are_counted(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """All tokens of the prompt are input tokens; those from the cache, and written to it, are named besides."""
    prompt = make_prompt(system="You write JSON, and this is said at length. " * 150)
    provider = connect(vendor)
    first, second = ask(provider, prompt)[0].usage, ask(provider, prompt)[0].usage
    assert first.input_tokens == second.input_tokens > 1024
    assert first.cached_tokens == 0
    assert 1024 <= second.cached_tokens < second.input_tokens
    if vendor == "anthropic":
        assert wire_server.calls[0].body["system"][0]["cache_control"] == {"type": "ephemeral"}
        assert first.cache_write_tokens == second.cached_tokens


def test_a_server_of_ones_own_needs_no_key(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """Ollama, vLLM and their like take any key; the SDKs do not start without one."""
    assert ask(connect(vendor, key=""))[0].text
    assert wire_server.calls[0].key == "none"


def test_a_base_url_with_or_without_v1_is_right_for_anthropic(connect: Connect, wire_server: WireServer) -> None:
    """Its SDK adds `/v1`, OpenAI's does not: people write both."""
    for url in (wire_server.anthropic_url, f"{wire_server.anthropic_url}/", wire_server.openai_url):
        assert ask(connect("anthropic", base_url=url))[0].text


def test_a_query_in_the_base_url_goes_with_every_call(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """Some clouds want the version of their interface there."""
    ask(connect(vendor, base_url=f"{wire_server.openai_url}?api-version=2026-01-01"))
    assert wire_server.calls[0].query == "api-version=2026-01-01"


def test_one_provider_serves_one_event_loop_after_another(
    vendor: str, connect: Connect, wire_server: WireServer, capfd: pytest.CaptureFixture[str]
) -> None:
    """`asyncio.run` twice, as in a notebook; nothing complains about the loop that ended, closed or not."""
    provider = connect(vendor)

    async def twice() -> list[Completion]:
        return list(await asyncio.gather(provider.complete(make_prompt()), provider.complete(make_prompt())))

    assert all(completion.text for _ in range(3) for completion in asyncio.run(twice()))
    asyncio.run(provider.aclose())
    assert len(wire_server.calls) == 6
    assert capfd.readouterr().err == ""


def test_calls_share_their_connections_and_do_not_wait_for_each_other(
    vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """How many are out at once is for the limiter to say."""
    wire_server.latency = 0.3
    assert len(ask(connect(vendor), times=40)) == 40
    assert wire_server.high_water == 40


@pytest.mark.parametrize("name", ["openai", "anthropic"])
def test_the_sdk_is_imported_by_the_first_call_only(name: str) -> None:
    """It takes half a second, which `--help` and the embedded writer must not pay."""
    code = (
        "import sys\nfrom fluxloop.providers.registry import create_provider\n"
        "from fluxloop.schema.config import Settings\n"
        f"create_provider(Settings(provider={name!r}), {{'OPENAI_API_KEY': 'k', 'ANTHROPIC_API_KEY': 'k'}})\n"
        "print(sorted({'openai', 'anthropic', 'httpx2'} & set(sys.modules)))"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
