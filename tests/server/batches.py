"""Both batch interfaces: files and batches of the one vendor, message batches of the other."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from tests.server.http import Reply, Request

Vendor = Literal["openai", "anthropic"]
Outcome = tuple[int, dict[str, Any]]
"""Of one line of a batch: status and body."""
Complete = Callable[[Vendor, dict[str, Any], Request], Awaitable[Outcome]]


@dataclass(slots=True)
class Batch:
    """A batch on its way."""

    id: str
    vendor: Vendor
    requests: list[dict[str, Any]]
    ready: float
    """When it will be done, by a clock that only goes up."""
    created: float
    file: str = ""
    metadata: dict[str, str] | None = None
    refusal: str = ""
    """Why it was not begun at all."""
    cancelled: bool = False
    lines: list[dict[str, Any]] | None = None
    """The results, once it is done."""
    output: str = ""
    errors: str = ""


@dataclass(slots=True)
class Batches:
    """All files and batches of a server."""

    complete: Complete
    seconds: float = 0.0
    """How long a batch takes."""
    absent: bool = False
    """This server knows of no batches."""
    refusal: str = ""
    """Why the vendor begins none (OpenAI's way of it: the batch is made, and has failed)."""
    lose: int = 0
    """So many batches are made, and the connection is cut before the client hears of it."""
    polls: int = 0
    """How often somebody has looked."""
    files: dict[str, bytes] = field(default_factory=dict)
    known: dict[str, Batch] = field(default_factory=dict)

    async def answer(self, request: Request) -> Reply | None:
        """The reply to a request for files or batches; None for any other."""
        steps = request.path.strip("/").split("/")
        if self.absent:
            return None
        match (request.method, *steps):
            case ("POST", "v1", "files"):
                return _json(self._file(self._keep(_uploaded(request)), "batch"))
            case ("GET", "v1", "files", name):
                return _json(self._file(name, "batch")) if name in self.files else _missing(name)
            case ("GET", "v1", "files", name, "content"):
                return Reply(body=self.files[name], type="application/jsonl") if name in self.files else _missing(name)
            case ("POST", "v1", "batches"):
                return await self._create_openai(json.loads(request.body), request)
            case ("POST", "v1", "messages", "batches"):
                return await self._create_anthropic(json.loads(request.body)["requests"], request)
            case ("GET", "v1", "batches") | ("GET", "v1", "messages", "batches"):
                return await self._list("anthropic" if "messages" in steps else "openai", request)
            case (method, "v1", "batches", name, *rest) | (method, "v1", "messages", "batches", name, *rest):
                return await self._one(method, name, rest, request)
        return None

    def _keep(self, content: bytes) -> str:
        name = f"file-{len(self.files) + 1:06d}"
        self.files[name] = content
        return name

    def _file(self, name: str, purpose: str) -> dict[str, Any]:
        size = len(self.files[name])
        told = {"id": name, "object": "file", "bytes": size, "filename": "batch.jsonl", "purpose": purpose}
        return {**told, "created_at": int(time.time()), "status": "processed"}

    async def _create_openai(self, body: dict[str, Any], request: Request) -> Reply:
        name = body["input_file_id"]
        if name not in self.files:
            return _missing(name)
        requests = [json.loads(line) for line in self.files[name].splitlines() if line.strip()]
        batch = self._begin("openai", f"batch_{len(self.known) + 1:06d}", requests)
        batch.file, batch.metadata, batch.refusal = name, body.get("metadata"), self.refusal
        return self._made(await self._tell(batch, request))

    async def _create_anthropic(self, requests: list[dict[str, Any]], request: Request) -> Reply:
        ids = [one["custom_id"] for one in requests]
        if len(set(ids)) < len(ids):
            return _json(_error("invalid_request_error", "custom_id must be unique"), 400)
        batch = self._begin("anthropic", f"msgbatch_{len(self.known) + 1:06d}", requests)
        return self._made(await self._tell(batch, request))

    def _made(self, told: dict[str, Any]) -> Reply:
        if not self.lose:
            return _json(told)
        self.lose -= 1
        return Reply(cut="before")

    def _begin(self, vendor: Vendor, name: str, requests: list[dict[str, Any]]) -> Batch:
        batch = Batch(name, vendor, requests, time.monotonic() + self.seconds, time.time())
        self.known[name] = batch
        return batch

    async def _list(self, vendor: Vendor, request: Request) -> Reply:
        told = [await self._tell(batch, request) for batch in self.known.values() if batch.vendor == vendor]
        first, last = (told[0]["id"], told[-1]["id"]) if told else (None, None)
        return _json({"object": "list", "data": told, "has_more": False, "first_id": first, "last_id": last})

    async def _one(self, method: str, name: str, rest: list[str], request: Request) -> Reply | None:
        batch = self.known.get(name)
        if batch is None:
            return _missing(name)
        if rest == ["cancel"] and method == "POST":
            batch.cancelled = batch.cancelled or batch.lines is None
        elif rest == ["results"]:
            await self._work(batch, request)
            lines = b"".join(json.dumps(line).encode() + b"\n" for line in batch.lines or ())
            return Reply(body=lines, type="application/x-jsonl")
        elif rest:
            return None
        self.polls += 1
        return _json(await self._tell(batch, request))

    async def _work(self, batch: Batch, request: Request) -> None:
        """Do what is due; the results come in another order than the requests."""
        if batch.lines is not None or batch.cancelled or batch.refusal or time.monotonic() < batch.ready:
            return
        lines = []
        for one in reversed(batch.requests):
            body = one["params"] if batch.vendor == "anthropic" else one["body"]
            status, said = await self.complete(batch.vendor, body, request)
            lines.append(_line(batch.vendor, one["custom_id"], status, said))
        batch.lines = lines
        if batch.vendor == "openai":
            good = [line for line in lines if _is_good(line)]
            bad = [line for line in lines if not _is_good(line)]
            batch.output = self._keep(_jsonl(good)) if good else ""
            batch.errors = self._keep(_jsonl(bad)) if bad else ""

    async def _tell(self, batch: Batch, request: Request) -> dict[str, Any]:
        await self._work(batch, request)
        return _tell_openai(batch) if batch.vendor == "openai" else _tell_anthropic(batch, request)


def _tell_openai(batch: Batch) -> dict[str, Any]:
    done = batch.lines or []
    failed = sum(not _is_good(line) for line in done)
    status = "cancelled" if batch.cancelled else "in_progress" if batch.lines is None else "completed"
    said = {"code": "token_limit_exceeded", "message": batch.refusal, "param": None, "line": None}
    return {
        "id": batch.id,
        "object": "batch",
        "endpoint": "/v1/chat/completions",
        "errors": {"object": "list", "data": [said]} if batch.refusal else None,
        "input_file_id": batch.file,
        "completion_window": "24h",
        "status": "failed" if batch.refusal else status,
        "metadata": batch.metadata,
        "output_file_id": batch.output or None,
        "error_file_id": batch.errors or None,
        "created_at": int(batch.created),
        "expires_at": int(batch.created) + 86400,
        "request_counts": {"total": len(batch.requests), "completed": len(done) - failed, "failed": failed},
    }


def _tell_anthropic(batch: Batch, request: Request) -> dict[str, Any]:
    ended = batch.cancelled or batch.lines is not None
    kinds = Counter(line["result"]["type"] for line in batch.lines or ())
    counts = dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0)
    if batch.lines is not None:
        counts |= kinds
    else:
        counts["canceled" if batch.cancelled else "processing"] = len(batch.requests)
    created = datetime.fromtimestamp(batch.created, UTC)
    return {
        "id": batch.id,
        "type": "message_batch",
        "processing_status": "ended" if ended else "in_progress",
        "request_counts": counts,
        "created_at": created.isoformat(),
        "expires_at": (created + timedelta(days=1)).isoformat(),
        "ended_at": created.isoformat() if ended else None,
        "archived_at": None,
        "cancel_initiated_at": created.isoformat() if batch.cancelled else None,
        "results_url": f"http://{request.headers['host']}/v1/messages/batches/{batch.id}/results" if ended else None,
    }


def _line(vendor: Vendor, custom_id: str, status: int, said: dict[str, Any]) -> dict[str, Any]:
    """One line of the results; status 0 says that nobody came to it in time."""
    if vendor == "openai" and not status:
        error = {"code": "batch_expired", "message": "This request could not be executed before the window expired."}
        return {"id": f"batch_req_{custom_id}", "custom_id": custom_id, "response": None, "error": error}
    if vendor == "openai":
        response = {"status_code": status, "request_id": f"req_{custom_id}", "body": said}
        return {"id": f"batch_req_{custom_id}", "custom_id": custom_id, "response": response, "error": None}
    result = {"type": "succeeded", "message": said} if status == 200 else {"type": "errored", "error": said}
    if not status:
        result = {"type": "expired"}
    return {"custom_id": custom_id, "result": result}


def _is_good(line: dict[str, Any]) -> bool:
    return bool(line["response"]) and line["response"]["status_code"] == 200


def _uploaded(request: Request) -> bytes:
    """The file in a form that was sent."""
    boundary = request.headers["content-type"].split("boundary=")[1].strip('"').encode()
    for part in request.body.split(b"--" + boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        if b"filename=" in head:
            return content.removesuffix(b"\r\n")
    return b""


def _jsonl(lines: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def _json(body: dict[str, Any], status: int = 200) -> Reply:
    return Reply(status, json.dumps(body).encode())


def _error(kind: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message, "param": None, "code": kind}}


def _missing(name: str) -> Reply:
    return _json(_error("not_found_error", f"There is no `{name}`."), 404)
