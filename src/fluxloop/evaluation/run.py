"""Running inputs against an agent: many at once, each for itself."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fluxloop.errors import ConfigError
from fluxloop.evaluation.checks.base import Check
from fluxloop.evaluation.checks.registry import create_checks, join_mistakes
from fluxloop.evaluation.converse import Conversation, converse
from fluxloop.evaluation.events import Finished, OnEvent, Started, ignore
from fluxloop.runners.base import Runner
from fluxloop.schema.input import Input
from fluxloop.schema.result import CheckOutcome, Outcome, Result

DEFAULT_CHECKS = ("not_empty",)
"""Looked at when no check is set: without any, an agent that says nothing would pass."""

Sink = Callable[[Result], None]


@dataclass(frozen=True, slots=True)
class TestSettings:
    """How a test run goes."""

    __test__ = False  # not a pytest class

    iterations: int = 1
    parallel: int = 4
    timeout: float = 30.0
    """Seconds for each reply."""
    checks: tuple[Any, ...] = ()
    """As they stand in the settings."""


@dataclass(frozen=True, slots=True)
class TestRun:
    """What came of a run."""

    __test__ = False  # not a pytest class

    target: str
    results: tuple[Result, ...]
    """By input, in the order they were given, then by iteration."""
    started: datetime
    seconds: float
    complete: bool
    """False when the run was cancelled before its end."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One input to run once."""

    position: int
    item: Input
    iteration: int
    session_id: str
    checks: tuple[Check, ...]


@dataclass(slots=True)
class Recorder:
    """Keeps each result the moment it is there, then tells of it."""

    total: int
    sink: Sink
    on_event: OnEvent
    kept: dict[tuple[int, int], Result] = field(default_factory=dict)

    def keep(self, job: Job, result: Result) -> None:
        """First into the sink, then into the count: what is told to be done is on disk."""
        self.sink(result)
        self.kept[job.position, job.iteration] = result
        self.on_event(Finished(result, len(self.kept), self.total))

    def in_order(self) -> tuple[Result, ...]:
        """By input, then by iteration, whatever order they came in."""
        return tuple(self.kept[place] for place in sorted(self.kept))


async def run_tests(
    inputs: Sequence[Input],
    runner: Runner,
    settings: TestSettings,
    *,
    sink: Sink = lambda _: None,
    on_event: OnEvent = ignore,
) -> TestRun:
    """Run every input `iterations` times and close the runner.

    `sink` gets each result as it comes, in order of completion. Cancelling (Ctrl-C) ends the run early and still
    returns what is done, with `complete` False. Raises ConfigError before the first call when a check cannot be used.
    """
    jobs = plan_jobs(inputs, settings)
    recorder = Recorder(len(inputs) * settings.iterations, sink, on_event)
    started, began = datetime.now().astimezone(), time.perf_counter()
    on_event(Started(recorder.total))
    try:
        complete = await _run_all(jobs, runner, settings, recorder)
    finally:
        await runner.aclose()
    results = recorder.in_order()
    notes = (*runner.notes, *notes_on(results, settings, recorder.total))
    return TestRun(runner.target, results, started, time.perf_counter() - began, complete, notes)


def plan_jobs(inputs: Sequence[Input], settings: TestSettings) -> Iterator[Job]:
    """Every input with its checks, iteration by iteration, made one at a time; the checks are read at once."""
    checks = checks_by_input(inputs, settings)
    run = secrets.token_hex(4)
    return (
        Job(position, item, iteration, f"{run}-{position}-{iteration}", checks[position])
        for iteration in range(1, settings.iterations + 1)
        for position, item in enumerate(inputs)
    )


def checks_by_input(inputs: Sequence[Input], settings: TestSettings) -> list[tuple[Check, ...]]:
    """The general checks and then the input's own. One ConfigError tells every mistake, with the input's id."""
    mistakes: list[ConfigError] = []

    def read(specs: Sequence[Any], where: str) -> tuple[Check, ...]:
        try:
            return tuple(create_checks(specs, where))
        except ConfigError as mistake:
            mistakes.append(mistake)
            return ()

    general = read(settings.checks or DEFAULT_CHECKS, "test.checks")
    own = [read(item.checks, f"checks of input `{item.id}`") if item.checks else () for item in inputs]
    if mistakes:
        raise join_mistakes(mistakes)
    return [(*general, *extra) for extra in own]


def notes_on(results: Sequence[Result], settings: TestSettings, planned: int) -> Iterator[str]:
    """What the numbers do not say by themselves."""
    if len(results) < planned:
        yield f"The run was interrupted: {planned - len(results)} of {planned} were not run."
    if not settings.checks and results:
        yield "No checks are set under `test.checks`: a reply passed when it was not empty."
    silent = sum(1 for result in results for exchange in result.exchanges if exchange.reply is None)
    if silent:
        yield f"Latency leaves out {silent} {'message' if silent == 1 else 'messages'} that got no reply."


async def _run_all(jobs: Iterator[Job], runner: Runner, settings: TestSettings, recorder: Recorder) -> bool:
    """Whether all jobs were done. `parallel` workers share one iterator, so memory does not grow with the jobs."""
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(settings.parallel, recorder.total)):
                group.create_task(_work(jobs, runner, settings, recorder))
    except BaseExceptionGroup as errors:  # a sink or a watcher failed: the run cannot go on
        raise errors.exceptions[0] from None
    except asyncio.CancelledError:
        _acknowledge_cancel()
        return False
    return True


async def _work(jobs: Iterator[Job], runner: Runner, settings: TestSettings, recorder: Recorder) -> None:
    for job in jobs:
        began = time.perf_counter()
        conversation = await converse(job.item, job.session_id, runner, settings.timeout)
        await runner.end_session(job.session_id)
        recorder.keep(job, judge(job, conversation, time.perf_counter() - began))


def judge(job: Job, conversation: Conversation, seconds: float) -> Result:
    """The result of one conversation: an error when it broke off, else what the checks say."""
    outcomes: tuple[CheckOutcome, ...] = ()
    outcome: Outcome = "error"
    if conversation.error is None:
        outcomes = tuple(check.check(conversation.exchanges, seconds) for check in job.checks)
        outcome = outcome_of(outcomes)
    blame = {"error": "agent_error", "failed": "agent", "inconclusive": "judge"}.get(outcome)
    return Result(
        input_id=job.item.id,
        persona=job.item.persona,
        topic=topic_of(job.item),
        iteration=job.iteration,
        outcome=outcome,
        blame=blame,
        error=conversation.error,
        seconds=seconds,
        exchanges=conversation.exchanges,
        checks=outcomes,
    )


def outcome_of(outcomes: Sequence[CheckOutcome]) -> Outcome:
    """One failed check fails the input; one that could not decide leaves it open."""
    verdicts = {outcome.verdict for outcome in outcomes}
    if "fail" in verdicts:
        return "failed"
    return "inconclusive" if "inconclusive" in verdicts else "passed"


def topic_of(item: Input) -> str | None:
    """The topic as it stands in the input's metadata."""
    topic = item.metadata.get("topic")
    return None if topic is None else str(topic)


def _acknowledge_cancel() -> None:
    """A cancelled run ends with what is done instead of an exception, so the cancellation counts as dealt with."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
