"""The batches of an interrupted run: what they were answered goes into its journal, as if it had come while it ran.

They are found by what they asked for, not by asking again: the prompts of a run that is taken up again are others, for
they show what was kept meanwhile, and ask for the places that are open still.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

from fluxloop.errors import PromptRefused, UsageError
from fluxloop.generation.generate import Control
from fluxloop.generation.stack import Stack
from fluxloop.providers.base import Completion
from fluxloop.providers.batching import Answer
from fluxloop.providers.prices import answer_in
from fluxloop.schema.job import BatchJob
from fluxloop.schema.plan import Slot
from fluxloop.store import journal as journals
from fluxloop.store.batches import jobs_of
from fluxloop.store.journal import Journal, JournalCall
from fluxloop.store.project import Project


async def fetch_earlier(project: Project, run: str, stack: Stack, control: Control) -> None:
    """Wait for what a run has at the vendor, and keep it. Ctrl-C leaves it there and stops the run."""
    record = journals.read(project, run)
    jobs = _unanswered(jobs_of(project, run), Counter(call.key for call in record.calls))
    planned = sum(record.header.quotas.values())
    journal = journals.reopen(project, run)
    try:
        for job in jobs:
            await _fetch(job, stack, journal, planned)
    except asyncio.CancelledError:
        control.stop()
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
    finally:
        journal.close()


async def _fetch(job: BatchJob, stack: Stack, journal: Journal, planned: int) -> None:
    batching = stack.batching
    assert batching is not None
    if job.address != batching.address:
        raise UsageError(
            f"The batch {job.id or job.tag} of this run is at {job.address}, and not at {batching.address}.",
            "Set the base URL to where the batch is.",
        )
    answers = await batching.collect(job)
    for name, slots in job.items.items():
        _keep(answers[name], slots, stack, journal, planned)


def _keep(answer: Answer, slots: tuple[Slot, ...], stack: Stack, journal: Journal, planned: int) -> None:
    if isinstance(answer, PromptRefused) and (refusal := answer_in(answer)):
        stack.enter(refusal, type(answer).__name__)
    if not isinstance(answer, Completion):
        return
    stack.enter(answer)
    places = tuple(slot.index if slot.index <= planned else None for slot in slots)
    journal.call(JournalCall(_key(slots), slots, answer.text, places, model=answer.model, finish=answer.finish))


def _unanswered(jobs: list[BatchJob], answered: Counter[str]) -> list[BatchJob]:
    """The jobs with those items only that the journal has no answer to."""
    left = []
    for job in jobs:
        items = {}
        for name, slots in job.items.items():
            if answered[_key(slots)]:
                answered[_key(slots)] -= 1
            else:
                items[name] = slots
        left.append(replace(job, items=items))
    return [job for job in left if job.items]


def _key(slots: tuple[Slot, ...]) -> str:
    return ",".join(str(slot.index) for slot in slots)
