"""HTTP/1.1 just so far that a real client is content, and low enough that a connection can be cut anywhere."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal
from urllib.parse import unquote, urlsplit

Cut = Literal["", "before", "headers", "body"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    type: str = "application/json"
    cut: Cut = ""
    """Where the connection is cut: before anything is said (a reset), in the headers, or in the middle of the body."""
    parts: tuple[bytes, ...] | None = None
    """A body in parts is sent chunked, as a stream is."""


Handler = Callable[[Request], Awaitable[Reply]]


class Connection(asyncio.Protocol):
    """One connection, kept alive; its requests are answered in order."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._buffer = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone: nobody waits for the answer."""
        if self._task:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """More of a request."""
        self._buffer += data
        self._next()

    def _next(self) -> None:
        if self._task is None and (request := take_request(self._buffer)) is not None:
            self._task = asyncio.get_running_loop().create_task(self._serve(request))

    async def _serve(self, request: Request) -> None:
        try:
            reply = await self._handler(request)
        except Exception:  # a fault of this server must not look like a silent one
            traceback.print_exc()
            reply = Reply(500, b'{"error": {"message": "The test server itself is at fault.", "type": "bug"}}')
        self._task = None
        if reply.cut:
            self._cut(reply)
        elif not self._transport.is_closing():
            self._transport.write(to_bytes(reply))
            self._next()

    def _cut(self, reply: Reply) -> None:
        if reply.cut == "before":
            sock = self._transport.get_extra_info("socket")
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
            return
        whole = to_bytes(reply)
        head = whole.index(b"\r\n\r\n")
        self._transport.write(whole[: head // 2] if reply.cut == "headers" else whole[: (head + len(whole)) // 2])
        self._transport.close()


def take_request(buffer: bytearray) -> Request | None:
    """Take one whole request from the front of the buffer, if there is one."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    first, *lines = buffer[:end].decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        taken = _take_chunks(buffer, end + 4)
        if taken is None:
            return None
        body, stop = taken
    else:
        stop = end + 4 + int(headers.get("content-length", 0))
        if len(buffer) < stop:
            return None
        body = bytes(buffer[end + 4 : stop])
    del buffer[:stop]
    parts = urlsplit(target)
    return Request(method, unquote(parts.path), parts.query, headers, body)


def _take_chunks(buffer: bytearray, start: int) -> tuple[bytes, int] | None:
    """The chunks joined, and where they end; None while the last one has not come."""
    body = b""
    while (line := buffer.find(b"\r\n", start)) >= 0:
        size = int(buffer[start:line].split(b";")[0], 16)
        after = line + 2 + size + 2
        if len(buffer) < after:
            return None
        if size == 0:
            return body, after
        body += buffer[line + 2 : after - 2]
        start = after
    return None


def to_bytes(reply: Reply) -> bytes:
    """A reply as it goes over the wire."""
    lines = [f"HTTP/1.1 {reply.status} {_phrase(reply.status)}", f"content-type: {reply.type}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.parts is None:
        lines.append(f"content-length: {len(reply.body)}")
        body = reply.body
    else:
        lines.append("transfer-encoding: chunked")
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*reply.parts, b""))
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Overloaded"
