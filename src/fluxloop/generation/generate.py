"""Plan → prompt → provider → parse → roughen → sieve → top up, until every persona has its quota or tries run out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fluxloop.errors import LanguageUnsupported, ProviderError, StoreError
from fluxloop.generation.asking import Answer, Asker, Record, read_answer
from fluxloop.generation.keeping import Keeper
from fluxloop.generation.outcome import Options, Outcome, Progress
from fluxloop.generation.plan import Planner
from fluxloop.generation.sieve import Sieve
from fluxloop.generation.work import WorkList, even_size
from fluxloop.providers.base import Completion, Provider
from fluxloop.schema.plan import Slot
from fluxloop.style.languages import language_name

FRUITLESS = 24
"""Calls in a row that bring nothing, after which asking on would only cost money."""

REFUSED_TRIES = 3
"""A refusal, given twice and paid for twice, counts as so many tries of its places."""


@dataclass(slots=True)
class Control:
    """How somebody outside stops a run: no new calls, those under way are waited for (they are paid)."""

    stopped: bool = False
    on_stop: list[Callable[[], None]] = field(default_factory=list)
    """Called when it is stopped, so that whoever holds calls back does not send them any more."""

    def stop(self) -> None:
        """No new calls from here on."""
        self.stopped = True
        for tell in self.on_stop:
            tell()


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """A batch that was answered in an interrupted run, with the places of its slots."""

    slots: tuple[Slot, ...]
    places: tuple[int | None, ...]
    text: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an interrupted run has left: its answers, and the places whose inputs were written already."""

    answers: Sequence[EarlierAnswer] = ()
    written: frozenset[int] = frozenset()


Hook = Callable[[Progress], None]
JournalHook = Callable[[Sequence[Slot], Sequence[int | None], Completion], None]


async def generate(
    planner: Planner,
    quotas: Mapping[str, int],
    provider: Provider,
    sieve: Sieve,
    options: Options,
    on_progress: Hook = lambda _: None,
    *,
    record: JournalHook | None = None,
    earlier: Earlier | None = None,
    control: Control | None = None,
) -> Outcome:
    """Make exactly the quota of every persona, or keep what is good and say what is missing.

    `record` gets each paid answer before anything is made of it; `earlier` is what such a record gave back. Raises
    LanguageUnsupported before anything is asked when the provider cannot write a persona's language. An error of the
    provider or of `record`, a stop or a cancellation ends the run; the outcome tells, with everything that was kept.
    """
    require_languages(planner, quotas, provider)
    run = Run(planner, quotas, sieve, options, on_progress, control or Control())
    if earlier is not None:
        run.take_up(earlier)
    await run.ask_all(provider, record)
    return run.close()


def require_languages(planner: Planner, quotas: Mapping[str, int], provider: Provider) -> None:
    """Stop before any work when a language cannot be written: never English instead."""
    for persona_id in quotas:
        language = planner.writers[persona_id].language
        if not provider.writes(language):
            raise LanguageUnsupported(
                f"The provider `{provider.name}` cannot write {language_name(language)} (persona `{persona_id}`).",
                "Choose --provider openai or anthropic, or leave this persona out.",
            )


class Run:
    """The state of one run."""

    def __init__(
        self,
        planner: Planner,
        quotas: Mapping[str, int],
        sieve: Sieve,
        options: Options,
        hook: Hook,
        control: Control,
    ) -> None:
        slots = planner.plan(quotas).slots
        size = even_size(len(slots), options.batch_size, 1 if options.in_waves else options.concurrency)
        self.work = WorkList(planner, slots, batch_size=size, rounds=options.rounds)
        self.work.add_spares(planner.spares(quotas, options.spares))
        self.outcome = Outcome(dict(quotas))
        self.progress = Progress(asked=len(slots))
        self.keeper = Keeper(self.work, sieve, options, self.outcome, self.progress)
        self._options, self._hook, self._control = options, hook, control
        self._fruitless = 0
        self._ended: asyncio.Queue[asyncio.Task[Answer]] = asyncio.Queue()
        self._under_way: dict[asyncio.Task[Answer], None] = {}
        """In the order they were sent."""

    def take_up(self, earlier: Earlier) -> None:
        """Put back what an interrupted run had, without asking for any of it."""
        for place in earlier.written:
            if place in self.work.open:
                self.work.fill(place)
                self.progress.kept += 1
        for told in earlier.answers:
            self.work.resume(told.slots, told.places)
        answers = [read_answer(self.work.batch_of(told.slots), told.text, cut=told.cut) for told in earlier.answers]
        self._put_back(answers, earlier.written, spare=False)
        self.work.mark_gaps()
        self._put_back(answers, earlier.written, spare=True)
        self.work.restock()
        self._hook(self.progress)

    def _put_back(self, answers: Sequence[Answer], written: frozenset[int], *, spare: bool) -> None:
        """Settle the slots of a place, or those of none, which fill what gaps there are.

        What was written is left out: somebody may have edited it since, and the first text must not come back.
        """
        for answer in answers:
            for slot in answer.batch.slots:
                place = self.work.place_of(slot)
                if (place is None) == spare and place not in written:
                    self.keeper.settle(slot, answer.candidates.get(slot.index, []))

    async def ask_all(self, provider: Provider, record: JournalHook | None) -> None:
        """Keep `concurrency` calls under way until no place is open or nothing more can be asked."""
        asker = Asker(
            provider,
            self.keeper.taken,
            max_tokens=self._options.max_tokens,
            temperature=self._options.temperature,
            record=self._recorder(record),
        )
        try:
            self._send(asker)
            await asyncio.to_thread(self.keeper.warm)
            while self._send(asker) or self._under_way:
                self._take_in(await self._next())
        except asyncio.CancelledError:
            self.outcome.interrupted = True
            _acknowledge_cancel()
        finally:
            await self._cut_off()
        self.outcome.interrupted |= self._control.stopped

    def _send(self, asker: Asker) -> int:
        """Start calls while there is room and work; how many were started."""
        before, room, in_waves = len(self._under_way), self._options.concurrency, self._options.in_waves
        if in_waves and before:
            return 0
        while (in_waves or len(self._under_way) < room) and not self._is_over():
            batch = self.work.take(eager=in_waves or len(self._under_way) <= room // 2)
            if batch is None:
                break
            task = asyncio.create_task(asker.ask(batch))
            task.add_done_callback(self._ended.put_nowait)
            self._under_way[task] = None
            self.outcome.calls += 1
        return len(self._under_way) - before

    async def _next(self) -> asyncio.Task[Answer]:
        """The call whose answer is looked at next: the quickest, or the one that was sent first."""
        if not self._options.in_order:
            return await self._ended.get()
        first = next(iter(self._under_way))
        await asyncio.wait([first])
        return first

    async def _cut_off(self) -> None:
        """End the calls that are still under way; what was answered in the last moment counts."""
        left = list(self._under_way)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for task in left:
            if not task.cancelled():
                self._take_in(task)

    def close(self) -> Outcome:
        """What was kept, in the order of the plan."""
        order = sorted(range(len(self.outcome.kept)), key=self.outcome.places.__getitem__)
        self.outcome.kept = [self.outcome.kept[i] for i in order]
        self.outcome.places = [self.outcome.places[i] for i in order]
        self.outcome.open = Counter(persona for persona, _ in self.work.open.values())
        return self.outcome

    def _is_over(self) -> bool:
        is_done = not self.work.open or self._fruitless >= FRUITLESS
        return is_done or self._control.stopped or self.outcome.error is not None

    def _recorder(self, record: JournalHook | None) -> Record | None:
        if record is None:
            return None
        return lambda batch, completion: record(
            batch.slots, [self.work.place_of(slot) for slot in batch.slots], completion
        )

    def _take_in(self, task: asyncio.Task[Answer]) -> None:
        self._under_way.pop(task, None)
        try:
            answer = task.result()
        except (ProviderError, StoreError) as error:
            if not self._control.stopped:  # a call that was held back and is not sent any more is no error
                self.outcome.error = self.outcome.error or error
            return
        kept_before = len(self.outcome.kept)
        self._settle(answer)
        self._fruitless = 0 if len(self.outcome.kept) > kept_before else self._fruitless + 1
        self.progress.calls = self.outcome.calls
        self._hook(self.progress)

    def _settle(self, answer: Answer) -> None:
        """Keep what is good of an answer, and see to it that the rest is asked for again."""
        unanswered: list[Slot] = []
        for slot in answer.batch.slots:
            found = answer.candidates.get(slot.index, [])
            if not found and answer.cut:
                unanswered.append(slot)
            elif not self.keeper.settle(slot, found):
                self.keeper.count(slot.persona_id, "refused by the model" if answer.refused else "", not found)
                self.work.again(slot, tries=REFUSED_TRIES if answer.refused else 1)
        if unanswered:
            self.keeper.count(unanswered[0].persona_id, "answer cut off or unreadable", len(unanswered))
            self.work.halve(unanswered)


def _acknowledge_cancel() -> None:
    """The cancellation was meant for the run, which has ended in order; what goes on after it may await again."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
