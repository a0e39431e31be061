"""A vendor's batch endpoint, on top of the provider that asks it live: the same payloads, the same completions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, ClassVar

from pydantic_core import from_json

from fluxloop.errors import ProviderError, ProviderUnavailable, UsageError
from fluxloop.providers.base import Prompt
from fluxloop.providers.batching import Answer, JobState
from fluxloop.providers.failures import error_of
from fluxloop.providers.quirks import NONE, Quirks
from fluxloop.providers.vendor import VendorProvider
from fluxloop.providers.wire import Reply
from fluxloop.schema.job import BatchJob

SECONDS = 900.0
"""What sending a job or fetching its answers may take: they are large."""
ABSENT = (404, 405, 501)
Send = Callable[[Any, Any], Awaitable[Any]]
"""A call through the SDK's client, with its timeout."""
LISTED = 100
"""Of a vendor's latest jobs, so many are looked through."""


class VendorBatches(ABC):
    """One vendor's jobs; a subclass knows the vendor's calls."""

    most_items: ClassVar[int]
    most_bytes: ClassVar[int]

    def __init__(self, vendor: VendorProvider) -> None:
        self.vendor = vendor
        self._asked_with: dict[str, Quirks] = {}
        """How the items of a job were asked; of one that another process has handed in, nobody knows."""

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.vendor.name

    @property
    def model(self) -> str:
        """The model that is asked."""
        return self.vendor.model

    @property
    def address(self) -> str:
        """The server, as far as it may be shown."""
        return self.vendor.peer.address

    @property
    def notices(self) -> list[str]:
        """What a person should know."""
        return self.vendor.notices

    async def require(self) -> None:
        """Raise UsageError when this server takes no batches."""
        reply = await self.vendor.ask(self.send_list)
        failure = reply.failure
        if failure is None and isinstance(reply.body, Mapping) and isinstance(reply.body.get("data"), list):
            return
        if failure is None or failure.status in ABSENT:
            said = f" ({failure.status})" if failure else ""
            what = f"--batch: {self.vendor.peer.who} has no batch endpoint{said}."
            raise UsageError(what, "Leave --batch away, or ask a vendor that has one: openai, anthropic.")
        raise error_of(failure, self.vendor.peer)

    async def submit(self, tag: str, prompts: Mapping[str, Prompt]) -> str:
        """Hand in a job; the vendor's name for it."""
        quirks = self.vendor.quirks
        job_id = await self.send_job(tag, {name: self.vendor.payload(prompt) for name, prompt in prompts.items()})
        self._asked_with[job_id] = quirks
        return job_id

    async def find(self, job: BatchJob, known: Collection[str]) -> str:
        """Among the vendor's latest jobs, the one that must be ours."""
        listed = self.checked(await self.vendor.ask(self.send_list))["data"]
        return next((str(one["id"]) for one in listed if one["id"] not in known and self.is_ours(one, job)), "")

    async def look(self, job_id: str) -> JobState:
        """How far a job is. One that the vendor does not know any more has ended, without answers."""
        reply = await self.vendor.ask(lambda client, timeout: self.send_look(client, job_id, timeout))
        if reply.status == 404:
            gone = f"The batch {job_id} is not at {self.address} any more"
            self.notices.append(f"{gone}: its calls are made again.")
            return JobState(job_id, 0, 0, ended=True, otherwise=ProviderUnavailable(f"{gone}."))
        return self.state_of(self.checked(reply))

    async def fetch(self, state: JobState) -> dict[str, Answer]:
        """The answers of a job that has ended, by custom id."""
        quirks = self._asked_with.get(state.id, NONE)
        lines = await self.fetch_lines(state) if state.told else []
        return {str(line.get("custom_id")): self._answer(line, quirks) for line in lines}

    async def aclose(self) -> None:
        """Close the connections."""
        await self.vendor.aclose()

    def checked(self, reply: Reply) -> Mapping[str, Any]:
        """What the endpoint said. Raises what it refused."""
        if reply.failure is not None:
            cause = reply.cause if self.vendor.peer.is_safe(reply.cause) else None
            raise error_of(reply.failure, self.vendor.peer) from cause
        if not isinstance(reply.body, Mapping):
            raise self._unreadable()
        return reply.body

    async def read_lines(self, send: Send) -> list[dict[str, Any]]:
        """A file of JSON lines; of a single line the reader has made an object already."""
        reply = await self.vendor.ask(send, SECONDS)
        if reply.failure is not None or isinstance(reply.body, Mapping):
            return [dict(self.checked(reply))]
        try:
            return [from_json(line) for line in str(reply.body).splitlines() if line.strip()]
        except ValueError as cause:
            raise self._unreadable() from cause

    def _unreadable(self) -> ProviderUnavailable:
        return ProviderUnavailable(f"{self.vendor.peer.who} sent an answer that cannot be read.", "Try again later.")

    def _answer(self, line: Mapping[str, Any], quirks: Quirks) -> Answer:
        """What fails for one item is a value."""
        try:
            result = self.result_of(line)
            return self.vendor.read(result, quirks) if isinstance(result, Reply) else result
        except ProviderError as error:
            return error

    @abstractmethod
    async def send_list(self, client: Any, timeout: Any) -> Any:
        """Ask for the latest jobs."""

    @abstractmethod
    async def send_job(self, tag: str, bodies: Mapping[str, dict[str, Any]]) -> str:
        """Hand in a job; the vendor's name for it."""

    @abstractmethod
    async def send_look(self, client: Any, job_id: str, timeout: Any) -> Any:
        """Ask how far a job is."""

    @abstractmethod
    def is_ours(self, told: Mapping[str, Any], job: BatchJob) -> bool:
        """Whether a job in the vendor's list must be this one."""

    @abstractmethod
    def state_of(self, told: Mapping[str, Any]) -> JobState:
        """What the vendor says of a job."""

    @abstractmethod
    async def fetch_lines(self, state: JobState) -> list[dict[str, Any]]:
        """The lines of results."""

    @abstractmethod
    def result_of(self, line: Mapping[str, Any]) -> Reply | ProviderError:
        """What came of an item, as if it had been asked live; or why nobody asked."""
