"""What a server does not take is left out, said once, and remembered. FAILURES 28."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from wired import Connect, ask, make_prompt

from fluxloop.errors import ProviderError
from fluxloop.providers.quirks import THINKING_ROOM
from tests.server.faults import fault, refuses
from tests.server.script import Misdeed, Script
from tests.server.spoils import thoughtful
from tests.server.wire import WireServer

OPENAI = [
    refuses("temperature"),
    refuses("max_tokens"),
    refuses("response_format", "json_schema"),
    refuses("response_format"),
    refuses("reasoning_effort"),
]
ANTHROPIC = [refuses("temperature"), refuses("output_config"), refuses("cache_control")]


def bodies(server: WireServer) -> list[dict[str, Any]]:
    """What was sent, call by call."""
    return [call.body for call in server.calls]


def test_a_model_without_temperature_is_called_without(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """One refusal, one notice; the next call does not try it again."""
    wire_server.script = Script().always(refuses("temperature"))
    provider = connect(vendor)
    assert ask(provider)[0].text
    assert ask(provider)[0].text
    assert ["temperature" in body for body in bodies(wire_server)] == [True, False, False]
    assert sum("temperature" in notice for notice in provider.notices) == 1
    assert provider.model in provider.notices[0]


def test_a_thinking_model_of_openai_gets_its_bound_under_another_name(
    connect: Connect, wire_server: WireServer
) -> None:
    """`max_completion_tokens`, with room for the thinking that counts against it, and little of that asked for."""
    wire_server.script = Script().always(refuses("max_tokens"))
    provider = connect("openai")
    ask(provider)
    first, second = bodies(wire_server)
    assert first["max_tokens"] == 480
    assert "max_tokens" not in second
    assert second["max_completion_tokens"] == 480 + THINKING_ROOM
    assert second["reasoning_effort"] == "low"
    assert provider.notices == ["gpt-4o thinks before it writes: it is asked to think little, and gets room for it."]


def test_a_thinking_model_of_anthropic_shows_by_its_temperature(connect: Connect, wire_server: WireServer) -> None:
    """Its thinking models refuse the temperature: room is there before an answer is paid for and cut off."""
    wire_server.script = Script().always(refuses("temperature"))
    ask(connect("anthropic"))
    assert bodies(wire_server)[1]["max_tokens"] == 480 + THINKING_ROOM
    assert bodies(wire_server)[1]["output_config"]["effort"] == "low"


def test_a_model_that_is_seen_thinking_gets_room(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """It refused nothing, but its tokens show it."""
    wire_server.script = Script().always(thoughtful(200))
    provider = connect(vendor)
    first = ask(provider)[0]
    assert first.usage.output_tokens > 200
    ask(provider)
    name = "max_tokens"
    assert [body[name] for body in bodies(wire_server)] == [480, 480 + THINKING_ROOM]
    assert len(provider.notices) == 1


@pytest.mark.parametrize(
    ("refused", "formats"),
    [
        (["json_schema"], ["json_schema", "json_object"]),
        (["json_schema", "json_object"], ["json_schema", "json_object", None]),
    ],
)
def test_a_schema_is_given_up_step_by_step(
    refused: list[str], formats: list[str | None], connect: Connect, wire_server: WireServer
) -> None:
    """JSON by schema, then JSON, then the prompt alone."""
    wire_server.script = Script().always(refuses("response_format", *refused))
    ask(connect("openai"))
    assert [body.get("response_format", {}).get("type") for body in bodies(wire_server)] == formats


@pytest.mark.parametrize(
    "message",
    [
        "'response_format.type' must be 'text'",
        "This model does not support structured outputs.",
        "output_config.format: Extra inputs are not permitted",
        "json_schema is not supported by this backend",
    ],
)
def test_servers_refuse_schemas_in_many_words(
    message: str, vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """The parameter is known by the words, where the server names none."""

    def has_schema(call: Any) -> bool:
        told = call.body.get("response_format") or call.body.get("output_config") or {}
        return "json_schema" in str(told)

    refusal = fault(400, message)
    wire_server.script = Script().always(Misdeed("no schema", fault=refusal.fault, when=has_schema))
    assert ask(connect(vendor))[0].text


def test_a_model_without_system_prompts_gets_it_before_the_request(connect: Connect, wire_server: WireServer) -> None:
    """Some chat templates know users and assistants only."""

    def has_system(call: Any) -> bool:
        return bool(call.system)

    refusal = fault(400, "System role not supported").fault
    wire_server.script = Script().always(Misdeed("no system", fault=refusal, when=has_system))
    ask(connect("openai"))
    [message] = bodies(wire_server)[1]["messages"]
    assert message["role"] == "user"
    assert message["content"].startswith("You write JSON.\n\nWrite in English.")


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize(("vendor", "known"), [("openai", OPENAI), ("anthropic", ANTHROPIC)], indirect=["vendor"])
def test_any_refusals_together_still_end_in_an_answer(
    vendor: str, known: list[Misdeed], count: int, connect: Connect, wire_server: WireServer
) -> None:
    """Each is learned by one refusal, and none is tried twice."""
    for chosen in combinations(known, count):
        script = Script()
        for misdeed in chosen:
            script.always(misdeed)
        wire_server.script = script
        wire_server.calls.clear()
        assert ask(connect(vendor))[0].text
        assert len(wire_server.calls) <= 2 + len(known)


def test_calls_that_are_out_together_learn_together(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """All are refused at once; each is made once more, and the notice comes once."""
    wire_server.script = Script().always(refuses("temperature"))
    wire_server.latency = 0.05
    provider = connect(vendor)
    assert all(completion.text for completion in ask(provider, times=16))
    assert len(wire_server.calls) == 32
    assert sum("temperature" in notice for notice in provider.notices) == 1


def test_a_server_that_refuses_everything_is_believed(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """There is an end to asking otherwise."""
    words = "temperature, max_completion_tokens, response_format, effort, cache_control, the system role: nothing works"
    wire_server.script = Script().always(fault(400, words))
    with pytest.raises(ProviderError, match="nothing works"):
        ask(connect(vendor), make_prompt())
    assert len(wire_server.calls) < 12


def test_what_is_no_refusal_of_a_parameter_is_not_tried_again(
    vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """A 500 that speaks of the temperature is a server in trouble."""
    wire_server.script = Script().always(fault(500, "temperature of the machine room"))
    with pytest.raises(ProviderError):
        ask(connect(vendor))
    assert len(wire_server.calls) == 1
