"""Every way in which a vendor can fail, and the error it becomes. FAILURES 8, 10, 28."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from wired import Connect, ask

from fluxloop.errors import (
    AuthenticationFailed,
    FluxloopError,
    PromptRefused,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    UsageError,
)
from fluxloop.providers.base import Completion
from tests.server import faults
from tests.server.calls import Fault
from tests.server.script import Misdeed, Script
from tests.server.spoils import empty, filtered, null_content, refusal
from tests.server.wire import WireServer


def failing(connect: Connect, server: WireServer, vendor: str, misdeed: Misdeed, **settings: Any) -> FluxloopError:
    """The error of one call to which this is done."""
    server.script = Script().always(misdeed)
    with pytest.raises(FluxloopError) as raised:
        ask(connect(vendor, **settings))
    return raised.value


@pytest.mark.parametrize(
    ("misdeed", "seconds"),
    [
        (faults.rate_limited(), None),
        (faults.rate_limited(retry_after=2), 2.0),
        (faults.rate_limited(retry_after=0), 0.0),
        (faults.rate_limited(ms=250), 0.25),
        (faults.rate_limited(ms=250, retry_after=1), 0.25),
        (faults.rate_limited(message="Limit reached. Please try again in 1m2.5s."), 62.5),
    ],
)
def test_too_many_requests_say_when_to_come_again(
    misdeed: Misdeed, seconds: float | None, vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """As the server says it: in milliseconds, in seconds, in words, or not at all."""
    error = failing(connect, wire_server, vendor, misdeed)
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


def test_retry_after_may_be_a_date(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """HTTP allows both forms."""
    error = failing(connect, wire_server, vendor, faults.rate_limited(date=90))
    assert isinstance(error, RateLimited)
    assert error.retry_after is not None
    assert 85 < error.retry_after <= 90


@pytest.mark.parametrize("misdeed", [faults.quota_spent(), faults.no_credit(), faults.fault(402, "Pay first.")])
def test_an_empty_account_is_not_waited_for(
    misdeed: Misdeed, vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """Waiting does not fill it: a plain error that leads to the billing settings."""
    error = failing(connect, wire_server, vendor, misdeed)
    assert type(error) is ProviderError
    assert "billing" in error.hint


@pytest.mark.parametrize(
    "misdeed",
    [
        faults.server_error(),
        faults.server_error(503),
        faults.bad_gateway(),
        faults.overloaded(),
        faults.fault(408, "Too slow."),
    ],
)
def test_a_server_in_trouble_bills_nothing(
    misdeed: Misdeed, vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """It answered with an error of its own: nothing was lost on the way. A page of HTML is told by its title."""
    error = failing(connect, wire_server, vendor, misdeed)
    assert isinstance(error, ProviderUnavailable)
    assert not error.sent
    assert "<" not in str(error)


def test_a_server_in_trouble_may_say_when_to_come_again(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """503 with Retry-After."""
    error = failing(connect, wire_server, vendor, faults.server_error(503, retry_after=7))
    assert isinstance(error, ProviderUnavailable)
    assert error.retry_after == 7


@pytest.mark.parametrize("where", ["before", "headers", "body"])
def test_a_cut_connection_may_be_billed(where: Any, vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """The prompt had arrived, the answer was lost."""
    error = failing(connect, wire_server, vendor, faults.cut(where))
    assert isinstance(error, ProviderUnavailable)
    assert error.sent
    assert "127.0.0.1" in error.message


def test_silence_ends_after_the_seconds_of_the_setting(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """`call_timeout` bounds the whole call."""
    error = failing(connect, wire_server, vendor, faults.silent(), call_timeout=0.4)
    assert isinstance(error, ProviderUnavailable)
    assert error.sent
    assert "no answer within 0.4 s" in error.message


def test_nobody_there(vendor: str, connect: Connect) -> None:
    """A server that does not run was never asked."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(ProviderUnavailable, match=str(port)) as raised:
        ask(connect(vendor, base_url=f"http://127.0.0.1:{port}/v1"))
    assert not raised.value.sent
    assert "running" in raised.value.hint


@pytest.mark.parametrize("body", ["<html>Welcome to nginx!</html>", '{"choices": ', "[]", '{"ok": true}', "null", "7"])
def test_an_answer_that_is_none(body: str, vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """Status 200, but not what a model's server says: no traceback, no empty completion."""
    error = failing(connect, wire_server, vendor, Misdeed("page", fault=Fault(200, "", "", page=body)))
    assert isinstance(error, ProviderUnavailable)
    assert "cannot be read" in error.message


def test_an_error_in_an_answer_of_status_200(connect: Connect, wire_server: WireServer) -> None:
    """Some routers answer so."""
    wrapped = Fault(200, "", "", page='{"error": {"code": 429, "message": "Slow down."}}')
    assert isinstance(failing(connect, wire_server, "openai", Misdeed("wrapped", fault=wrapped)), RateLimited)


@pytest.mark.parametrize(
    ("vendor", "variable"), [("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")], indirect=["vendor"]
)
@pytest.mark.parametrize("misdeed", [faults.wrong_key(), faults.forbidden()])
def test_a_refused_key_is_named_by_its_variable(
    misdeed: Misdeed, vendor: str, variable: str, connect: Connect, wire_server: WireServer
) -> None:
    """Exit code 3."""
    error = failing(connect, wire_server, vendor, misdeed)
    assert isinstance(error, AuthenticationFailed)
    assert variable in error.message
    assert error.exit_code == 3


def test_a_server_that_wants_a_key_after_all(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """None was set, and one is wanted: that is what is said."""
    error = failing(connect, wire_server, vendor, faults.wrong_key(), key="")
    assert isinstance(error, AuthenticationFailed)
    assert "wants a key" in error.message


@pytest.mark.parametrize("misdeed", [refusal(), filtered()])
def test_a_refusal_is_an_error_that_knows_its_tokens(
    misdeed: Misdeed, vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """It is never a text, and it is billed."""
    error = failing(connect, wire_server, vendor, misdeed)
    assert isinstance(error, PromptRefused)
    assert isinstance(error.completion, Completion)
    assert error.completion.finish == "refused"
    assert error.completion.usage.input_tokens > 0


def test_a_prompt_that_a_filter_refuses(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """Some refuse with status 400 before anything is written."""
    said = Fault(400, "invalid_request_error", "Output blocked by content filtering policy.", "content_filter")
    assert isinstance(failing(connect, wire_server, vendor, Misdeed("filter", fault=said)), PromptRefused)


@pytest.mark.parametrize("misdeed", [empty(), null_content()])
def test_an_empty_answer_is_an_answer(misdeed: Misdeed, vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """What cannot be read in it is for the parser to say; its tokens are counted."""
    wire_server.script = Script().always(misdeed)
    [completion] = ask(connect(vendor))
    assert completion.text == ""
    assert completion.usage.input_tokens > 0


def test_an_unknown_model_names_the_model_and_the_address(
    vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """One of the two is wrong."""
    error = failing(connect, wire_server, vendor, faults.unknown_model(), model="gpt-9")
    assert type(error) is ProviderError
    assert "gpt-9" in error.message
    assert wire_server.anthropic_url in error.message


def test_a_wrong_path_at_a_server_of_ones_own_is_not_called_a_wrong_model(
    vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """When the server names no model, the address is the first thing to look at."""
    error = failing(connect, wire_server, vendor, faults.fault(404, "File Not Found", "not_found_error"))
    assert "found nothing there (404): File Not Found" in str(error)
    assert "/v1" in error.hint


@pytest.mark.parametrize(
    "said",
    [
        "request (6031 tokens) exceeds the available context size (4096 tokens), try increasing it",
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
        "prompt is too long: 208310 tokens > 200000 maximum",
    ],
)
def test_a_prompt_that_is_too_long_says_what_to_shorten(
    said: str, vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """In the words of three servers."""
    error = failing(connect, wire_server, vendor, faults.fault(400, said))
    assert said in str(error)
    assert "shorten the product context" in error.hint


@pytest.mark.parametrize("status", [400, 413, 422])
def test_any_other_refusal_is_told_in_the_servers_words(
    status: int, vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """Nobody knows better what it does not like; more than a few lines of it help nobody."""
    error = failing(connect, wire_server, vendor, faults.fault(status, "Too many words. " + "x" * 5000))
    assert type(error) is ProviderError
    assert "Too many words." in error.message
    assert len(error.message) < 500
    assert len(wire_server.calls) == 1


def test_a_redirect_is_not_followed(vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """The key is for the server that was named, and for no other."""
    elsewhere = Fault(307, "moved", "Elsewhere.", headers={"location": "http://127.0.0.1:9/v1"})
    error = failing(connect, wire_server, vendor, Misdeed("moved", fault=elsewhere))
    assert type(error) is ProviderError
    assert len(wire_server.calls) == 1


@pytest.mark.parametrize(
    "body", ['{"error": "plain words"}', '{"detail": "plain words"}', '{"message": "plain words"}']
)
def test_the_message_is_found_in_every_form(body: str, vendor: str, connect: Connect, wire_server: WireServer) -> None:
    """Compatible servers are compatible in what works, not in what fails."""
    error = failing(connect, wire_server, vendor, Misdeed("other", fault=Fault(400, "", "", page=body)))
    assert "plain words" in error.message


@pytest.mark.parametrize("url", ["localhost:8000", "htp://x/v1", "http://", "", "http://[::1", "/v1"])
def test_a_base_url_that_is_none(url: str, vendor: str, connect: Connect) -> None:
    """Said before anything is sent; an empty one counts as none given."""
    if url:
        with pytest.raises(UsageError, match="base URL"):
            connect(vendor, base_url=url)
    else:
        assert connect(vendor, base_url=url).base_url is None
