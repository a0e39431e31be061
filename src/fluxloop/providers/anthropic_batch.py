"""Anthropic's message batches: a list of requests goes in, JSON lines come out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fluxloop.errors import ProviderError, ProviderUnavailable
from fluxloop.providers.batching import JobState
from fluxloop.providers.vendor import VendorProvider
from fluxloop.providers.vendor_batch import LISTED, SECONDS, VendorBatches
from fluxloop.providers.wire import Reply
from fluxloop.schema.job import BatchJob

STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
"""An item's error has no status, only the kind that goes with it."""
EARLY, LATE = timedelta(minutes=2), timedelta(minutes=20)
"""How far the vendor's clock may be from ours, and how long handing in a job may take."""


class AnthropicBatches(VendorBatches):
    """Jobs of messages."""

    most_items = 100_000
    most_bytes = 130_000_000

    async def send_list(self, client: Any, timeout: Any) -> Any:
        """Ask for the latest jobs."""
        return (await client.messages.batches.with_raw_response.list(limit=LISTED, timeout=timeout)).http_response

    async def send_job(self, tag: str, bodies: Mapping[str, dict[str, Any]]) -> str:
        """One call."""
        del tag  # the vendor has no place for it: a job is known again by its size and its time
        requests = [{"custom_id": name, "params": body} for name, body in bodies.items()]

        async def create(client: Any, timeout: Any) -> Any:
            raw = client.messages.batches.with_raw_response
            return (await raw.create(requests=requests, timeout=timeout)).http_response

        return str(self.checked(await self.vendor.ask(create, SECONDS))["id"])

    async def send_look(self, client: Any, job_id: str, timeout: Any) -> Any:
        """Ask how far a job is."""
        return (await client.messages.batches.with_raw_response.retrieve(job_id, timeout=timeout)).http_response

    def is_ours(self, told: Mapping[str, Any], job: BatchJob) -> bool:
        """It was made when we made ours, and is as large. When its answers are not ours, they are left alone."""
        at, made = datetime.fromisoformat(job.at), datetime.fromisoformat(str(told["created_at"]))
        return at - EARLY < made < at + LATE and sum(_counts(told).values()) == len(job.items)

    def state_of(self, told: Mapping[str, Any]) -> JobState:
        """What the vendor says of a job; while it goes on, all its items may be said to be under way."""
        counts = _counts(told)
        total = sum(counts.values())
        done = total - counts.get("processing", 0)
        return JobState(str(told["id"]), done, total, told["processing_status"] == "ended", None, told)

    async def fetch_lines(self, state: JobState) -> list[dict[str, Any]]:
        """The results, by a path of our own: the vendor tells an address, and the key goes to no other server."""
        from httpx2 import Response

        async def read(client: Any, timeout: Any) -> Any:
            path = f"/v1/messages/batches/{state.id}/results"
            return await client.get(path, cast_to=Response, options={"timeout": timeout})

        return await self.read_lines(read)

    def result_of(self, line: Mapping[str, Any]) -> Reply | ProviderError:
        """What came of an item."""
        result = line.get("result") or {}
        kind, who = result.get("type"), self.vendor.peer.who
        if kind == "succeeded":
            return Reply(200, {}, result.get("message"))
        if kind == "errored":
            error = result.get("error") or {}
            return Reply(STATUSES.get(str((error.get("error") or error).get("type")), 500), {}, error)
        if kind == "canceled":
            return ProviderError(f"{who} has cancelled this call with its batch.", "What it had answered is kept.")
        return ProviderUnavailable(f"{who} did not come to this call within a day ({kind}).", "Try again later.")


def create(vendor: VendorProvider) -> AnthropicBatches:
    """The batch endpoint of this provider's server."""
    return AnthropicBatches(vendor)


def _counts(told: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(count or 0) for name, count in (told.get("request_counts") or {}).items()}
