"""The providers, through the official SDKs, against a server that nobody here wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fluxloop.errors import AuthenticationFailed, CompletionUnreadable, ProviderError, ProviderUnavailable
from fluxloop.generation.parsing import parse_completion
from fluxloop.generation.prompting import build_prompt, system_part
from fluxloop.providers.base import Prompt
from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Batch, Brief, Slot, StyleTarget

from .model_server import MODEL, ModelServer, ask, running

pytestmark = pytest.mark.slow

STYLE = StyleTarget(
    words=9,
    sentences=1,
    lower_start=True,
    end_mark=False,
    polite=False,
    emoji=False,
    casual=0.2,
    abbreviations=False,
    misspellings=0.0,
    shouting=False,
    excess=False,
)
HELLO = Prompt("Be brief.", "Say hello.", max_tokens=60, temperature=0.0)
HI = Prompt("", "Hi", max_tokens=5)


def batch_prompt(max_tokens: int = 60) -> Prompt:
    """A batch of one, asked for in the product's own words."""
    slots = (Slot(1, "ada", "billing", "charged twice", "problem", "simple", "annoyed", "en", STYLE),)
    batch = Batch(Persona(persona_id="ada"), slots, Brief())
    system = system_part(batch.persona, batch.brief)
    return build_prompt(batch, system=system, existing=[], max_tokens=max_tokens, temperature=0.7)


def test_a_prompt_is_answered_and_counted(vendor: str, model_server: ModelServer) -> None:
    """Text, model, finish and tokens; a second time the prompt is in the server's cache and counts as much."""
    first, second = (ask(model_server.provider(vendor), HELLO)[0] for _ in range(2))
    assert "hello" in first.text.lower()
    assert (first.model, first.finish, first.source) == (MODEL, "stop", "call")
    assert 10 < first.usage.input_tokens == second.usage.input_tokens
    assert 3 < first.usage.output_tokens < HELLO.max_tokens
    assert 0 < second.usage.cached_tokens < second.usage.input_tokens


def test_an_answer_ends_where_its_bound_is(vendor: str, model_server: ModelServer) -> None:
    """What `max_tokens` cuts off says so."""
    [completion] = ask(model_server.provider(vendor), Prompt("", "Write a long story.", max_tokens=8))
    assert completion.text
    assert (completion.finish, completion.usage.output_tokens) == ("length", 8)


def test_several_calls_at_once_over_one_client(vendor: str, model_server: ModelServer) -> None:
    """Each gets its own answer, those that wait for room at the server too."""
    prompts = [Prompt("", "Write a long story.", max_tokens=tokens) for tokens in (3, 5, 7, 9)]
    completions = ask(model_server.provider(vendor), *prompts)
    assert [completion.usage.output_tokens for completion in completions] == [3, 5, 7, 9]


def test_a_batch_is_held_to_its_shape(model_server: ModelServer) -> None:
    """The schema is taken, or given up with a notice; what was taken shows in the answer from its first sign on."""
    provider = model_server.provider("openai")
    [completion] = ask(provider, batch_prompt())
    if provider.notices:
        assert all(MODEL in notice for notice in provider.notices)
        return
    assert "".join(completion.text.split()).startswith('{"inputs":[')
    if completion.finish == "stop":
        assert {"slot", "text"} == set(json.loads(completion.text)["inputs"][0])


def test_a_batch_on_the_other_wire_is_answered(model_server: ModelServer) -> None:
    """This server passes over a schema it is not made for: what comes can be read, or is said to be unreadable."""
    prompt = batch_prompt()
    assert prompt.batch is not None
    provider = model_server.provider("anthropic")
    [completion] = ask(provider, prompt)
    assert completion.usage.output_tokens
    try:
        assert parse_completion(completion.text, prompt.batch.slots)
    except CompletionUnreadable as unreadable:
        assert unreadable.hint


def test_a_server_with_a_model_of_its_own_is_seen_through(vendor: str, model_server: ModelServer) -> None:
    """It answers to any name: who asked for another model is told which one wrote, once."""
    provider = model_server.provider(vendor, model="gpt-nothing")
    assert [completion.model for completion in ask(provider, HI, HI)] == [MODEL, MODEL]
    assert len(provider.notices) == 1
    assert "`gpt-nothing`" in provider.notices[0] and f"`{MODEL}`" in provider.notices[0]


@pytest.mark.parametrize("key", ["sk-wrong-0123456789abcdef", ""])
def test_a_wrong_key_is_told_without_saying_it(key: str, vendor: str, model_server: ModelServer) -> None:
    """The variable is named, the key is not."""
    with pytest.raises(AuthenticationFailed, match=f"{vendor.upper()}_API_KEY") as caught:
        ask(model_server.provider(vendor, key=key), HI)
    assert not key or key not in str(caught.value)


def test_a_prompt_that_is_too_long_is_told(vendor: str, model_server: ModelServer) -> None:
    """The server's own words with both numbers, and what to do; no second call is made of it."""
    provider = model_server.provider(vendor)
    with pytest.raises(ProviderError, match=r"refused the request \(400\).*tokens.*4096") as caught:
        ask(provider, Prompt("", "word " * 5000, max_tokens=5))
    assert "context" in caught.value.hint
    assert not provider.notices


def test_a_wrong_path_is_not_taken_for_a_wrong_model(vendor: str, model_server: ModelServer) -> None:
    """The address is named, and is what to look at."""
    elsewhere = f"{model_server.root}/nowhere"
    with pytest.raises(ProviderError, match=r"/nowhere found nothing there \(404\): File Not Found") as caught:
        ask(model_server.provider(vendor, base_url=elsewhere), HI)
    assert "base URL" in caught.value.hint


def test_a_server_that_takes_too_long_is_left(vendor: str, model_server: ModelServer) -> None:
    """The call ends in time and counts as sent; the server answers the next one."""
    with pytest.raises(ProviderUnavailable, match=r"no answer within 0.5 s") as caught:
        ask(model_server.provider(vendor, call_timeout=0.5), Prompt("", "Tell me more. " * 100, max_tokens=200))
    assert caught.value.sent
    assert ask(model_server.provider(vendor), HI)[0].text


def test_a_server_that_has_gone_was_never_asked(vendor: str, model_server: ModelServer, tmp_path: Path) -> None:
    """With the block that runs it the server ends; a call after that is known not to be sent."""
    with running(tmp_path / "server.log") as server:
        provider = server.provider(vendor)
        assert ask(provider, HI)[0].text
    with pytest.raises(ProviderUnavailable, match="did not answer") as caught:
        ask(provider, HI)
    assert not caught.value.sent
    assert "Is it running" in caught.value.hint
