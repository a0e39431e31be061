"""A model's server on this machine, in a thread of its own: it speaks both vendors' wire, and misbehaves on request."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, Self

from tests.server import anthropic_wire, openai_wire
from tests.server.batches import Batches, Outcome, Vendor
from tests.server.calls import Answer, Call, Fault
from tests.server.counting import Meter
from tests.server.http import Connection, Reply, Request
from tests.server.script import Misdeed, Script
from tests.server.spoils import as_json
from tests.server.tokens import count_tokens
from tests.server.writer import Writer, read_slots

WIRES: dict[Vendor, ModuleType] = {"openai": openai_wire, "anthropic": anthropic_wire}
PATHS: dict[str, Vendor] = {"/v1/chat/completions": "openai", "/v1/messages": "anthropic"}
NOTHING = Misdeed("nothing")


class WireServer:
    """`with WireServer() as server:` and then `server.openai_url` or `server.anthropic_url` as a base URL."""

    def __init__(
        self,
        *,
        latency: float = 0.0,
        script: Script | None = None,
        seed: int = 0,
        port: int = 0,
        concurrency: int | None = None,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
        batch_seconds: float = 0.0,
        record: bool = True,
    ) -> None:
        self.latency = latency
        self.script = script or Script()
        self.calls: list[Call] = []
        """Every call for a completion, in the order of coming."""
        self.count = 0
        self.in_flight = 0
        self.high_water = 0
        """The most calls that were under way at once."""
        self.reply_with: Callable[[Call], str | None] = lambda _: None
        """What is answered in place of inputs; None leaves it to the server. For judges, personas and the like."""
        self.meter = Meter(requests_per_minute, tokens_per_minute, concurrency)
        self.batches = Batches(self._complete_line, batch_seconds)
        self._writer = Writer(seed)
        self._record = record
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire server", daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def anthropic_url(self) -> str:
        """The base URL for clients of Anthropic."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def openai_url(self) -> str:
        """The base URL for clients of OpenAI."""
        return f"{self.anthropic_url}/v1"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; returns when clients can come."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(5)

    def stop(self) -> None:
        """Close every connection and end the thread."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _listen(self) -> None:
        make = self._loop.create_server(lambda: Connection(self._handle), "127.0.0.1", self._port, backlog=1024)
        self._server = await make

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _handle(self, request: Request) -> Reply:
        vendor = PATHS.get(request.path)
        if vendor is None or request.method != "POST":
            return await self.batches.answer(request) or _nowhere(request)
        self.in_flight += 1
        self.high_water = max(self.high_water, self.in_flight)
        try:
            return await self._serve(self._note(vendor, json.loads(request.body), request))
        finally:
            self.in_flight -= 1

    def _note(self, vendor: Vendor, body: dict[str, Any], request: Request, *, batch: bool = False) -> Call:
        """The call, kept."""
        self.count += 1
        call = Call(self.count, vendor, request.headers, body, request.query, time.monotonic(), batch=batch)
        call.asked = read_slots(call.prompt)
        if self._record:
            self.calls.append(call)
        return call

    async def _serve(self, call: Call) -> Reply:
        wire = WIRES[call.vendor]
        misdeed = self.script.choose(call) or NOTHING
        await asyncio.sleep(self.latency + misdeed.delay)
        fault = misdeed.fault or self.meter.refuse(call, self.in_flight, wire.most_tokens(call))
        headers = wire.headers(self.meter, call.number)
        if fault is not None:
            call.status = fault.status
            return _error_reply(call, fault, headers)
        body = self._body(call, misdeed)
        call.status = 200
        if call.body.get("stream"):
            parts = wire.stream(body, call)
            return Reply(200, headers=headers, type="text/event-stream", parts=parts, cut=misdeed.cut)
        return Reply(200, json.dumps(body, ensure_ascii=False).encode(), headers, cut=misdeed.cut)

    async def _complete_line(self, vendor: Vendor, body: dict[str, Any], request: Request) -> Outcome:
        """One line of a batch."""
        call = self._note(vendor, body, request, batch=True)
        misdeed = self.script.choose(call) or NOTHING
        if misdeed.fault is not None:
            call.status = misdeed.fault.status
            return call.status, WIRES[vendor].error(misdeed.fault, call.number)
        call.status = 200
        return 200, self._body(call, misdeed)

    def _body(self, call: Call, misdeed: Misdeed) -> dict[str, Any]:
        """What the model says to a call."""
        wire = WIRES[call.vendor]
        answer = self._answer(call)
        if misdeed.spoil is not None:
            answer = misdeed.spoil(answer, call, self._writer)
        answer = _bounded(answer, wire.most_tokens(call))
        return wire.completion(call, answer, self.meter.spend(call, answer, wire.is_cacheable(call)))  # type: ignore[no-any-return]

    def _answer(self, call: Call) -> Answer:
        given = self.reply_with(call)
        if given is not None:
            return Answer(text=given)
        thought = '"thought_process"' in call.system
        entries: list[dict[str, Any]] = []
        for asked in call.asked:
            turns = self._writer.write(asked)
            said = {"text": turns[0]} if asked.turns == 1 else {"turns": turns}
            before = {"thought_process": "Something went wrong, and help is wanted soon."} if thought else {}
            entries.append({"slot": asked.slot, **before, **said})
        answer = Answer(entries)
        answer.text = as_json(answer) if entries else "All right."
        return answer


def _bounded(answer: Answer, most: int | None) -> Answer:
    """Cut off where the client's bound is, the thinking counted."""
    if most is None or not answer.text:
        return answer
    most = max(0, most - answer.thinking)
    tokens = count_tokens(answer.text)
    if tokens > most:
        answer.text, answer.finish = answer.text[: len(answer.text) * most // tokens], "length"
    return answer


def _error_reply(call: Call, fault: Fault, headers: dict[str, str]) -> Reply:
    if fault.page:
        return Reply(fault.status, fault.page.encode(), type="text/html")
    body = json.dumps(WIRES[call.vendor].error(fault, call.number))
    body = body.replace("{key}", call.key).replace("{model}", str(call.body.get("model")))
    param = call.body.get(fault.param)
    value = param.get("type") if isinstance(param, dict) else param
    body = body.replace("{value}", str(value))
    return Reply(fault.status, body.encode(), {**headers, **fault.headers})


def _nowhere(request: Request) -> Reply:
    said = {"message": f"Unknown path {request.path}", "type": "not_found_error", "param": None, "code": None}
    return Reply(404, json.dumps({"error": said}).encode())
