"""OpenAI's batch endpoint: a file of JSON lines goes in, and two files come out, of answers and of errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fluxloop.errors import ProviderError, ProviderUnavailable
from fluxloop.providers.batching import JobState
from fluxloop.providers.failures import read_failure
from fluxloop.providers.vendor import VendorProvider
from fluxloop.providers.vendor_batch import LISTED, SECONDS, VendorBatches
from fluxloop.providers.wire import Reply
from fluxloop.schema.job import BatchJob

PATH = "/v1/chat/completions"
ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
TAG = "fluxloop"
"""Under this name a job carries our tag at the vendor."""


class OpenAIBatches(VendorBatches):
    """Jobs of chat completions."""

    most_items = 50_000
    most_bytes = 100_000_000

    async def send_list(self, client: Any, timeout: Any) -> Any:
        """Ask for the latest jobs."""
        return (await client.batches.with_raw_response.list(limit=LISTED, timeout=timeout)).http_response

    async def send_job(self, tag: str, bodies: Mapping[str, dict[str, Any]]) -> str:
        """Send the file, then name it."""
        lines = [{"custom_id": name, "method": "POST", "url": PATH, "body": body} for name, body in bodies.items()]
        content = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode("utf-8", "replace")
        file = (f"fluxloop-{tag}.jsonl", content, "application/jsonl")

        async def upload(client: Any, timeout: Any) -> Any:
            raw = client.files.with_raw_response
            return (await raw.create(file=file, purpose="batch", timeout=timeout)).http_response

        file_id = self.checked(await self.vendor.ask(upload, SECONDS))["id"]

        async def create(client: Any, timeout: Any) -> Any:
            made = await client.batches.with_raw_response.create(
                input_file_id=file_id, endpoint=PATH, completion_window="24h", metadata={TAG: tag}, timeout=timeout
            )
            return made.http_response

        return str(self.checked(await self.vendor.ask(create))["id"])

    async def send_look(self, client: Any, job_id: str, timeout: Any) -> Any:
        """Ask how far a job is."""
        return (await client.batches.with_raw_response.retrieve(job_id, timeout=timeout)).http_response

    def is_ours(self, told: Mapping[str, Any], job: BatchJob) -> bool:
        """It carries our tag."""
        return (told.get("metadata") or {}).get(TAG) == job.tag

    def state_of(self, told: Mapping[str, Any]) -> JobState:
        """What the vendor says of a job."""
        counts = told.get("request_counts") or {}
        done = int(counts.get("completed") or 0) + int(counts.get("failed") or 0)
        total, ended = int(counts.get("total") or 0), told["status"] in ENDED
        return JobState(str(told["id"]), done, total, ended, self._refusal(told), told)

    async def fetch_lines(self, state: JobState) -> list[dict[str, Any]]:
        """Both files; a job that was refused as a whole has neither."""
        files = [state.told.get(f"{what}_file_id") for what in ("output", "error")]
        return [line for file_id in files if file_id for line in await self._read_file(file_id)]

    def result_of(self, line: Mapping[str, Any]) -> Reply | ProviderError:
        """What came of an item."""
        response, error = line.get("response"), line.get("error") or {}
        if response:
            return Reply(int(response["status_code"]), {}, response.get("body"))
        who, said = self.vendor.peer.who, f": {error['message']}" if error.get("message") else "."
        if error.get("code") == "batch_cancelled":
            return ProviderError(f"{who} has cancelled this call with its batch{said}")
        return ProviderUnavailable(f"{who} did not come to this call ({error.get('code') or 'no answer'}){said}")

    def _refusal(self, told: Mapping[str, Any]) -> ProviderError | None:
        peer, job_id = self.vendor.peer, told["id"]
        if told["status"] == "cancelled":
            return ProviderError(f"The batch {job_id} was cancelled at {peer.who}.", "What it had answered is kept.")
        if told["status"] != "failed":
            return None
        errors = (told.get("errors") or {}).get("data") or []
        said = (
            "; ".join(dict.fromkeys(read_failure(400, {}, error).message for error in errors[:9])) or "no reason given"
        )
        hint = "Ask for fewer inputs at once, or leave --batch away."
        return ProviderError(peer.hide(f"{peer.who} did not take the batch {job_id}: {said}"), hint)

    async def _read_file(self, file_id: str) -> list[dict[str, Any]]:
        async def read(client: Any, timeout: Any) -> Any:
            return (await client.files.with_raw_response.content(file_id, timeout=timeout)).http_response

        return await self.read_lines(read)


def create(vendor: VendorProvider) -> OpenAIBatches:
    """The batch endpoint of this provider's server."""
    return OpenAIBatches(vendor)
