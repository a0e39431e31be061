"""Calls as jobs of a vendor's batch endpoint: half the price, answered within a day, kept when this process ends."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from fluxloop.errors import BatchUnfinished, ProviderError, ProviderUnavailable, RateLimited
from fluxloop.providers.base import Completion, Prompt
from fluxloop.schema.job import BatchJob

Answer = Completion | ProviderError | None
"""What came of one item of a job; None: ask again, with less asked for."""

GATHER_SECONDS = 0.05
"""Calls that come within so many seconds of one another go into one job."""
PATIENCE = 12
"""So often in a row a job may not be looked at before it is left alone."""
SUBMITS = 4
ITEM_BYTES = 4000
"""What an item takes besides its prompt, at most: the schema of the answer."""


@dataclass(frozen=True, slots=True)
class JobState:
    """How far a job is."""

    id: str
    done: int
    total: int
    ended: bool
    otherwise: ProviderError | None = None
    """What became of items without an answer, when the job was refused, cancelled or forgotten as a whole."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """What the vendor said, for whoever fetches the answers."""


class BatchClient(Protocol):
    """A vendor's batch endpoint. Everything raises what `Provider.complete` raises."""

    most_items: int
    most_bytes: int
    """Of one job."""

    @property
    def name(self) -> str:
        """The provider's name."""

    @property
    def model(self) -> str:
        """The model that is asked."""

    @property
    def address(self) -> str:
        """The server, as far as it may be shown."""

    @property
    def notices(self) -> list[str]:
        """What a person should know of how this server is asked."""

    async def require(self) -> None:
        """Raise UsageError when this server takes no batches."""

    async def submit(self, tag: str, prompts: Mapping[str, Prompt]) -> str:
        """Hand in a job, each prompt by its custom id; the vendor's name for it."""

    async def find(self, job: BatchJob, known: Collection[str]) -> str:
        """The vendor's name of a job that may have been handed in; empty when it was not. `known` are other jobs."""

    async def look(self, job_id: str) -> JobState:
        """How far a job is."""

    async def fetch(self, state: JobState) -> dict[str, Answer]:
        """The answers of a job that has ended, by custom id."""

    async def aclose(self) -> None:
        """Close the connections."""


class BatchBook(Protocol):
    """Where jobs are entered, before they are handed in and before anybody waits for them."""

    def submitting(self, job: BatchJob) -> None:
        """A job is about to be handed in."""

    def submitted(self, tag: str, job_id: str) -> None:
        """It has been, and has this name."""

    def failed(self, tag: str, items: Sequence[str]) -> None:
        """These items came to nothing: nobody needs to fetch them."""

    def ids(self) -> set[str]:
        """The vendors' names of all jobs in the book."""


def waits(first: float = 5.0, most: float = 60.0) -> Iterator[float]:
    """Seconds between two looks at a job: ever longer, up to `most`."""
    while True:
        yield first
        first = min(most, first * 1.5)


class _Wave:
    """Calls that come together."""

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []
        self.task: asyncio.Task[list[Answer]]


class BatchingProvider:
    """Makes one job of the calls that come together, and answers each when the job has ended.

    Whoever stops waiting leaves the job to the vendor: the book knows it, and `collect` fetches it later.
    """

    def __init__(
        self,
        client: BatchClient,
        book: BatchBook,
        *,
        poll: Callable[[], Iterator[float]] = waits,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        on_state: Callable[[JobState], None] = lambda _: None,
    ) -> None:
        self._client, self._book = client, book
        self._poll, self._sleep, self._on_state = poll, sleep, on_state
        self._wave: _Wave | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._submitting: set[asyncio.Task[str]] = set()
        self._waiting: dict[str, None] = {}

    @property
    def name(self) -> str:
        """The vendor's."""
        return self._client.name

    @property
    def model(self) -> str:
        """The vendor's."""
        return self._client.model

    @property
    def notices(self) -> list[str]:
        """The vendor's."""
        return self._client.notices

    @property
    def address(self) -> str:
        """The vendor's."""
        return self._client.address

    @property
    def waiting(self) -> list[str]:
        """Jobs at the vendor whose answers have not been fetched."""
        return list(self._waiting)

    def writes(self, language: str) -> bool:
        """Models of these vendors write any language."""
        return bool(language)

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt, which may take a day. What a server does not take is left out, in a further job."""
        while True:
            answer = await self._ask(prompt)
            if isinstance(answer, ProviderError):
                raise copy(answer) from answer
            if answer is not None:
                return answer

    async def collect(self, job: BatchJob) -> dict[str, Answer]:
        """Wait for a job and fetch its answers, one for each of its items. Raises BatchUnfinished to come again later.

        When it was never handed in, or is not kept any more, nobody has an answer: ProviderUnavailable for each.
        """
        waiting, failures = self._poll(), 0
        while True:
            wait = next(waiting)
            try:
                job = await self._located(job)
                state = await self._look(job) if job.id else None
                if state is None:
                    return self._settled(job, {})
                if state.ended:
                    return self._settled(job, await self._client.fetch(state), state.otherwise)
                failures = 0
            except (RateLimited, ProviderUnavailable) as error:
                failures += 1
                if failures == PATIENCE:
                    raise _unfinished(error) from error
                wait = max(wait, error.retry_after or 0)
            await self._sleep(wait)

    async def aclose(self) -> None:
        """Stop waiting: a job that is being handed in is entered in the book first, the others are there already."""
        while self._submitting:
            await asyncio.wait(self._submitting)
            await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def _ask(self, prompt: Prompt) -> Answer:
        wave = self._wave
        if wave is None:
            wave = self._wave = _Wave()
            wave.task = asyncio.create_task(self._run(wave))
            self._tasks.add(wave.task)
        place = len(wave.prompts)
        wave.prompts.append(prompt)
        return (await asyncio.shield(wave.task))[place]

    async def _run(self, wave: _Wave) -> list[Answer]:
        size = 0
        while len(wave.prompts) > size:
            size = len(wave.prompts)
            await asyncio.sleep(GATHER_SECONDS)
        self._wave = None
        parts = await asyncio.gather(*map(self._ask_as_job, self._parts(wave.prompts)))
        return [answer for part in parts for answer in part]

    def _parts(self, prompts: Sequence[Prompt]) -> Iterator[list[Prompt]]:
        """As few jobs as the vendor's bounds allow."""
        part: list[Prompt] = []
        size = 0
        for prompt in prompts:
            bytes_more = len(prompt.system.encode()) + len(prompt.user.encode()) + ITEM_BYTES
            if part and (len(part) == self._client.most_items or size + bytes_more > self._client.most_bytes):
                yield part
                part, size = [], 0
            part.append(prompt)
            size += bytes_more
        yield part

    async def _ask_as_job(self, prompts: Sequence[Prompt]) -> Sequence[Answer]:
        try:
            answers = await self.collect(await self._submit(prompts))
        except ProviderError as error:
            return [error] * len(prompts)
        return list(answers.values())

    async def _submit(self, prompts: Sequence[Prompt]) -> BatchJob:
        tag = secrets.token_hex(6)
        named = {f"{tag}-{number}": prompt for number, prompt in enumerate(prompts, 1)}
        items = {name: prompt.batch.slots if prompt.batch else () for name, prompt in named.items()}
        at = datetime.now(UTC).isoformat(timespec="seconds")
        job = BatchJob(tag, self.name, self._client.address, at, items)
        self._book.submitting(job)
        task = asyncio.create_task(self._hand_in(job, named))
        self._submitting.add(task)
        task.add_done_callback(self._submitting.discard)
        return replace(job, id=await task)

    async def _hand_in(self, job: BatchJob, prompts: Mapping[str, Prompt]) -> str:
        try:
            job_id = await self._handed_in(job, prompts)
        except ProviderUnavailable as error:
            raise _unfinished(error) from error  # it may be there all the same: whoever resumes looks for it
        except ProviderError:
            self._book.failed(job.tag, list(job.items))
            raise
        self._book.submitted(job.tag, job_id)
        self._waiting[job_id] = None
        return job_id

    async def _handed_in(self, job: BatchJob, prompts: Mapping[str, Prompt]) -> str:
        """Try a few times; after an answer that was lost on the way, look first whether the job is there."""
        maybe_there = False
        for number, wait in enumerate(self._poll(), 1):
            try:
                found = await self._client.find(job, self._book.ids()) if maybe_there else ""
                return found or await self._client.submit(job.tag, prompts)
            except (RateLimited, ProviderUnavailable) as error:
                maybe_there |= isinstance(error, ProviderUnavailable)
                if number == SUBMITS:
                    raise
                await self._sleep(max(wait, error.retry_after or 0))
        raise AssertionError("a schedule has no end")

    async def _located(self, job: BatchJob) -> BatchJob:
        """The job with the vendor's name for it, if it is there."""
        if job.id:
            return job
        job_id = await self._client.find(job, self._book.ids())
        if job_id:
            self._book.submitted(job.tag, job_id)
        return replace(job, id=job_id)

    async def _look(self, job: BatchJob) -> JobState:
        self._waiting[job.id] = None
        state = await self._client.look(job.id)
        self._on_state(replace(state, total=state.total or len(job.items)))
        return state

    def _settled(
        self, job: BatchJob, answers: Mapping[str, Answer], otherwise: ProviderError | None = None
    ) -> dict[str, Answer]:
        none = otherwise or ProviderUnavailable(f"The batch {job.id} has no answer to this call.", "Try again later.")
        settled = {name: answers.get(name, none) for name in job.items}
        nothing = [name for name, answer in settled.items() if not isinstance(answer, Completion)]
        if nothing:
            self._book.failed(job.tag, nothing)
        self._waiting.pop(job.id, None)
        return settled


def _unfinished(error: ProviderError) -> BatchUnfinished:
    return BatchUnfinished(error.message, error.hint)
