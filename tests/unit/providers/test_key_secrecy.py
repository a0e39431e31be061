"""The key goes to the server it is meant for, and nowhere else: no error, log, repr or notice shows it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

import pytest
from wired import KEY, Connect, ask

from fluxloop.errors import AuthenticationFailed, FluxloopError
from tests.server import faults
from tests.server.calls import Fault
from tests.server.script import Misdeed, Script
from tests.server.spoils import refusal
from tests.server.wire import WireServer

ECHO = f"Your key {KEY} is known to us."
FAILURES: list[Misdeed] = [
    faults.wrong_key(echo=True),
    faults.fault(403, ECHO),
    faults.fault(400, ECHO),
    faults.fault(404, ECHO),
    faults.fault(500, ECHO),
    faults.rate_limited(message=ECHO),
    Misdeed("page", fault=Fault(502, "", "", page=f"<html>{ECHO}</html>")),
    Misdeed("page", fault=Fault(200, "", "", page=f"<html>{ECHO}</html>")),
    Misdeed("refusal", spoil=lambda a, c, w: refusal_with_key(a, c, w)),
    faults.cut("before"),
    faults.cut("body"),
    faults.silent(),
]


def refusal_with_key(*given: object) -> object:
    """A model that says the key again as it refuses."""
    spoil = refusal().spoil
    assert spoil is not None
    answer = spoil(*given)  # type: ignore[arg-type]
    answer.refusal = ECHO
    return answer


def everything_shown(error: BaseException) -> str:
    """All that a terminal, a log or a crash report would show of an error and of what it came from."""
    shown = ["".join(traceback.format_exception(error))]
    link: BaseException | None = error
    while link is not None:
        shown += [str(link), repr(link), repr(link.args), repr(vars(link))]
        link = link.__cause__
    return "\n".join(shown)


@pytest.mark.parametrize("misdeed", FAILURES, ids=lambda misdeed: misdeed.name)
def test_no_error_and_no_log_shows_the_key(
    misdeed: Misdeed, vendor: str, connect: Connect, wire_server: WireServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Even when the server says it, and with every logger at its loudest."""
    caplog.set_level(logging.DEBUG)
    for name in ("openai", "anthropic", "httpx2", "httpcore2"):
        caplog.set_level(logging.DEBUG, logger=name)
    wire_server.script = Script().always(misdeed)
    provider = connect(vendor, call_timeout=1.0)
    with pytest.raises(FluxloopError) as raised:
        ask(provider)
    assert wire_server.calls[0].key == KEY
    assert KEY not in everything_shown(raised.value)
    assert KEY not in caplog.text
    assert not any(KEY in str(record.__dict__) for record in caplog.records)
    assert KEY not in repr(provider) + str(provider.notices)


@pytest.mark.parametrize("spoil", [lambda key: f"{key}\nx", lambda key: f"{key[:9]} {key[9:]}", lambda key: f"{key}ö"])
def test_a_key_that_cannot_be_sent_is_not_shown_either(
    spoil: Callable[[str], str], vendor: str, connect: Connect
) -> None:
    """An HTTP client would print the header it cannot send."""
    bad = spoil(KEY)
    with pytest.raises(AuthenticationFailed, match="_API_KEY") as raised:
        connect(vendor, key=bad)
    assert KEY[3:9] not in everything_shown(raised.value)


@pytest.mark.parametrize("around", ["{}\n", " {} ", "{}\r\n"])
def test_what_came_with_copying_is_taken_off(
    around: str, vendor: str, connect: Connect, wire_server: WireServer
) -> None:
    """A line break behind the key is the commonest mistake in a `.env`."""
    ask(connect(vendor, key=around.format(KEY)))
    assert wire_server.calls[0].key == KEY


def test_an_address_is_shown_without_its_password(connect: Connect, wire_server: WireServer) -> None:
    """Some put a key into the base URL."""
    wire_server.script = Script().always(faults.fault(400, "No."))
    url = wire_server.openai_url.replace("://", "://me:hunter2secret@") + "?api-key=alsosecret"
    with pytest.raises(FluxloopError) as raised:
        ask(connect("openai", base_url=url))
    assert "hunter2secret" not in everything_shown(raised.value)
    assert "alsosecret" not in everything_shown(raised.value)
