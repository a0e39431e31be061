"""A generation in a project: what is there already, the plan for more, the run, and the file it goes into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fluxloop.errors import GenerationFellShort, StoreError, UsageError
from fluxloop.filters.registry import create_filters, create_twins
from fluxloop.generation.costing import require_affordable
from fluxloop.generation.fetching import fetch_earlier
from fluxloop.generation.generate import Control, Earlier, Hook, generate, require_languages
from fluxloop.generation.order import BATCH_SIZE, SPARES, Order, Prepared, prepare
from fluxloop.generation.outcome import Options, Outcome
from fluxloop.generation.recording import Recording
from fluxloop.generation.sieve import Sieve
from fluxloop.generation.stack import Spent, Stack, build_batch_stack, build_stack, require_batches
from fluxloop.generation.writing import as_inputs
from fluxloop.providers.base import Provider
from fluxloop.providers.batching import JobState
from fluxloop.providers.limited import LimitedProvider
from fluxloop.schema.config import Settings
from fluxloop.schema.input import Input, texts_of
from fluxloop.store.inputs import append_inputs
from fluxloop.store.journal import new_run
from fluxloop.store.lock import project_lock
from fluxloop.store.project import Project
from fluxloop.topics.terms import read_context

WAY_ON = "Go on, and pay only for the rest: fluxloop inputs generate --resume"
OUTPUT_SUFFIXES = frozenset({".yaml", ".yml", ".jsonl"})


def _ignore(_: object) -> None:
    """For whoever wants to hear nothing."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who hears what of a run while it goes."""

    on_progress: Hook = _ignore
    on_wait: Callable[[], None] | None = None
    """The project is locked by another run."""
    on_pause: Callable[[float], None] = _ignore
    """The server wants this many seconds of silence."""
    notify: Callable[[str], None] = _ignore
    on_batch: Callable[[JobState], None] = _ignore
    """How far a batch is."""
    control: Control = field(default_factory=Control)


@dataclass(frozen=True, slots=True)
class Generated:
    """A run that has ended; `inputs` are in the file already."""

    inputs: list[Input]
    outcome: Outcome
    output: Path
    spent: Spent
    earlier: int = 0
    """Inputs that an interrupted run had written before."""
    resumable: bool = False
    """Whether `--resume` would go on."""
    notices: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    """Batches that go on at the vendor."""


async def generate_inputs(project: Project, order: Order, bare: Provider, watch: Watch) -> Generated:
    """Make the inputs an order asks for and append them to its file.

    The project is locked meanwhile. Every paid answer is in the journal before anything is made of it. Everything good
    is written, also when the run fell short or was ended by an error: `require_complete` tells.
    """
    if order.output.suffix not in OUTPUT_SUFFIXES:
        raise UsageError(f"Inputs cannot be written to `{order.output}`.", "Use a name that ends in .yaml or .jsonl.")
    with project_lock(project.root, on_wait=watch.on_wait):
        prepared = prepare(project, order)
        require_languages(prepared.planner, prepared.quotas, bare)
        run = order.resume.header.run if order.resume else new_run(project, datetime.now())
        if order.batch:
            require_affordable(project, order, bare)
            await require_batches(bare)
        stack = _stack(project, order, bare, run, watch)
        limiter = _limiter(stack.provider)
        if limiter is not None:
            watch.control.on_stop.append(limiter.stop)
        return await _run(project, order, prepared, stack, run, watch)


def _stack(project: Project, order: Order, bare: Provider, run: str, watch: Watch) -> Stack:
    settings, most, notify = order.settings, order.max_cost, watch.notify
    if order.batch:
        return build_batch_stack(bare, project, settings, run, max_cost=most, on_state=watch.on_batch, notify=notify)
    concurrency, on_pause = order.concurrency, watch.on_pause
    return build_stack(
        bare, project, settings, run, concurrency=concurrency, max_cost=most, on_pause=on_pause, notify=notify
    )


async def _run(project: Project, order: Order, prepared: Prepared, stack: Stack, run: str, watch: Watch) -> Generated:
    written: list[Input] = []
    recording: Recording | None = None
    try:
        if order.batch and order.resume:
            await fetch_earlier(project, run, stack, watch.control)
        if stack.ledger is not None:
            recording = Recording.begin(project, order, prepared, run, stack.provider)
        earlier = recording.earlier if recording else Earlier()
        outcome = await generate(
            prepared.planner,
            prepared.quotas,
            stack.provider,
            _sieve(order.settings, prepared),
            _options(order, prepared, paid=recording is not None),
            watch.on_progress,
            record=recording.record if recording else None,
            earlier=earlier if order.resume else None,
            control=watch.control,
        )
        written = _write(order, prepared, outcome, stack.provider, recording)
        resumable = recording.end(outcome) if recording else False
    except StoreError as error:
        if recording and recording.holds:
            error.hint = _with_way_on(error.hint)
        raise
    finally:
        await stack.aclose(len(written))
    notices = tuple(getattr(stack.provider, "notices", ()))
    before, waiting = len(earlier.written), stack.waiting
    return Generated(written, outcome, order.output, stack.spent, before, resumable, notices, waiting)


def _write(
    order: Order, prepared: Prepared, outcome: Outcome, provider: Provider, recording: Recording | None
) -> list[Input]:
    """Append what was kept to the file, with a line in the journal before and behind."""
    settings, brief = order.settings, prepared.planner.brief
    inputs = as_inputs(
        outcome.kept, prepared.first_ids, prepared.personas, brief, seed=settings.seed, provider=provider
    )
    if not inputs:
        return []
    if recording:
        recording.writing(inputs, outcome.places)
    append_inputs(order.output, inputs)
    if recording:
        recording.written()
    return inputs


def _limiter(provider: Provider | None) -> LimitedProvider | None:
    """The one that holds calls back, somewhere inside."""
    while provider is not None and not isinstance(provider, LimitedProvider):
        provider = getattr(provider, "inner", None)
    return provider


def _with_way_on(hint: str) -> str:
    return "\n".join(part for part in (hint, WAY_ON) if part)


def require_complete(generated: Generated) -> None:
    """Raise what ended the run early, or GenerationFellShort when somebody is short; the file is written by then."""
    outcome = generated.outcome
    if outcome.error is not None:
        if generated.resumable:
            outcome.error.hint = _with_way_on(outcome.error.hint)
        raise outcome.error
    missing = outcome.missing()
    if missing:
        asked = sum(outcome.quotas.values())
        raise GenerationFellShort(
            f"{asked - sum(missing.values())} of {asked} inputs: "
            f"{', '.join(f'{persona} is {count} short' for persona, count in missing.items())}.",
            "What was made is kept. Add topics, loosen diversity.min_distance or the length limits, or use a model.",
            report=outcome,
        )


def _sieve(settings: Settings, prepared: Prepared) -> Sieve:
    sieve = Sieve(create_filters(settings), create_twins(settings), prepared.personas)
    for item in prepared.existing:
        sieve.add(item.input.id, texts_of(item.input))
    return sieve


def _options(order: Order, prepared: Prepared, *, paid: bool) -> Options:
    settings, brief = order.settings, prepared.planner.brief
    named = read_context(brief.context)
    return Options(
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        style=settings.style,
        protect=tuple(term for term in (named.product, *brief.vocabulary, *named.terms) if term),
        batch_size=BATCH_SIZE,
        concurrency=order.concurrency,
        # With a cache the same run shall ask the same: whatever a prompt depends on must come again to the letter.
        in_order=settings.caching,
        shown=0 if settings.caching else 1,
        spares=SPARES if paid else 0.0,
        in_waves=order.batch,
    )
