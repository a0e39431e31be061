"""Plan → prompt → provider → parse → roughen → sieve → top up, until every persona has its quota or tries run out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fluxloop.errors import LanguageUnsupported, ProviderError
from fluxloop.generation.asking import Answer, Asker, Record, read_answer
from fluxloop.generation.keeping import Keeper
from fluxloop.generation.outcome import Options, Outcome, Progress
from fluxloop.generation.plan import Planner
from fluxloop.generation.sieve import Sieve
from fluxloop.generation.work import WorkList, even_size
from fluxloop.providers.base import Provider
from fluxloop.schema.plan import Slot
from fluxloop.style.languages import language_name

FRUITLESS = 24
"""Calls in a row that bring nothing, after which asking on would only cost money."""


@dataclass(slots=True)
class Control:
    """How somebody outside stops a run: no new calls, those under way are waited for (they are paid)."""

    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an interrupted run has left: answered batches with the places of their slots, and places already written."""

    answers: Sequence[tuple[tuple[Slot, ...], tuple[int | None, ...], str]] = ()
    written: frozenset[int] = frozenset()


Hook = Callable[[Progress], None]
JournalHook = Callable[[Sequence[Slot], Sequence[int | None], str], None]


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
    provider, a stop or a cancellation ends the run; the outcome tells, with everything that was kept.
    """
    require_languages(planner, quotas, provider)
    run = Run(planner, quotas, sieve, options, on_progress)
    if earlier is not None:
        run.take_up(earlier)
    await run.ask_all(provider, record, control or Control())
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

    def __init__(self, planner: Planner, quotas: Mapping[str, int], sieve: Sieve, options: Options, hook: Hook) -> None:
        slots = planner.plan(quotas).slots
        size = even_size(len(slots), options.batch_size, 1 if options.in_waves else options.concurrency)
        self.work = WorkList(planner, slots, batch_size=size, rounds=options.rounds)
        self.work.add_spares(planner.spares(quotas, options.spares))
        self.outcome = Outcome(dict(quotas))
        self.progress = Progress(asked=len(slots))
        self.keeper = Keeper(self.work, sieve, options, self.outcome, self.progress)
        self._options, self._hook = options, hook
        self._fruitless = 0

    def take_up(self, earlier: Earlier) -> None:
        """Put back what an interrupted run had, without asking for any of it."""
        for place in earlier.written:
            if place in self.work.open:
                self.work.fill(place)
                self.progress.kept += 1
        answers = []
        for slots, places, text in earlier.answers:
            self.work.resume(slots, places)
            answers.append((slots, read_answer(self.work.batch_of(slots), text)))
        self._settle(answers, spare=False)
        self.work.mark_gaps()
        self._settle(answers, spare=True)
        self.work.restock()
        self._hook(self.progress)

    def _settle(self, answers: Sequence[tuple[tuple[Slot, ...], Answer]], *, spare: bool) -> None:
        """Settle the slots of a place, or those of none, which fill what gaps there are."""
        for slots, answer in answers:
            for slot in slots:
                if (self.work.place_of(slot) is None) == spare:
                    self.keeper.settle(slot, answer.candidates.get(slot.index, []))

    async def ask_all(self, provider: Provider, record: JournalHook | None, control: Control) -> None:
        """Keep `concurrency` calls under way until no place is open or nothing more can be asked."""
        asker = Asker(
            provider,
            self.keeper.taken,
            max_tokens=self._options.max_tokens,
            temperature=self._options.temperature,
            record=self._recorder(record),
        )
        ended: asyncio.Queue[asyncio.Task[Answer]] = asyncio.Queue()
        under_way: set[asyncio.Task[Answer]] = set()
        try:
            self._send(asker, control, under_way, ended)
            await asyncio.to_thread(self.keeper.warm)
            while self._send(asker, control, under_way, ended) or under_way:
                task = await ended.get()
                under_way.discard(task)
                self._take_in(task)
        except asyncio.CancelledError:
            self.outcome.interrupted = True
            _acknowledge_cancel()
        finally:
            for task in under_way:
                task.cancel()
        self.outcome.interrupted |= control.stopped

    def _send(
        self,
        asker: Asker,
        control: Control,
        under_way: set[asyncio.Task[Answer]],
        ended: asyncio.Queue[asyncio.Task[Answer]],
    ) -> int:
        """Start calls while there is room and work; how many were started."""
        before, room, in_waves = len(under_way), self._options.concurrency, self._options.in_waves
        if in_waves and under_way:
            return 0
        while (in_waves or len(under_way) < room) and not self._ended(control):
            batch = self.work.take(eager=in_waves or len(under_way) <= room // 2)
            if batch is None:
                break
            task = asyncio.create_task(asker.ask(batch))
            task.add_done_callback(ended.put_nowait)
            under_way.add(task)
            self.outcome.calls += 1
        return len(under_way) - before

    def close(self) -> Outcome:
        """What was kept, in the order of the plan."""
        order = sorted(range(len(self.outcome.kept)), key=self.outcome.places.__getitem__)
        self.outcome.kept = [self.outcome.kept[i] for i in order]
        self.outcome.places = [self.outcome.places[i] for i in order]
        self.outcome.open = Counter(persona for persona, _ in self.work.open.values())
        return self.outcome

    def _ended(self, control: Control) -> bool:
        return not self.work.open or control.stopped or self.outcome.error is not None or self._fruitless >= FRUITLESS

    def _recorder(self, record: JournalHook | None) -> Record | None:
        if record is None:
            return None
        return lambda batch, completion: record(
            batch.slots, [self.work.place_of(slot) for slot in batch.slots], completion.text
        )

    def _take_in(self, task: asyncio.Task[Answer]) -> None:
        try:
            answer = task.result()
        except ProviderError as error:
            self.outcome.error = self.outcome.error or error
            return
        kept_before = len(self.outcome.kept)
        unanswered: list[Slot] = []
        for slot in answer.batch.slots:
            found = answer.candidates.get(slot.index, [])
            if not found and answer.cut:
                unanswered.append(slot)
            elif not self.keeper.settle(slot, found):
                self.keeper.count(slot.persona_id, "refused by the model" if answer.refused else "", not found)
                self.work.again(slot)
        if unanswered:
            self.keeper.count(unanswered[0].persona_id, "answer cut off or unreadable", len(unanswered))
            self.work.halve(unanswered)
        self._fruitless = 0 if len(self.outcome.kept) > kept_before else self._fruitless + 1
        self.progress.calls = self.outcome.calls
        self._hook(self.progress)


def _acknowledge_cancel() -> None:
    """The cancellation was meant for the run, which has ended in order; what goes on after it may await again."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
