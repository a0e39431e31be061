"""Plan → prompt → provider → parse → roughen → sieve → top up, until every persona has its quota or rounds run out."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fluxloop.errors import CompletionUnreadable, LanguageUnsupported, PromptRefused, ProviderError
from fluxloop.generation.parsing import parse_completion
from fluxloop.generation.plan import Planner
from fluxloop.generation.prompting import build_prompt
from fluxloop.generation.sieve import Sieve
from fluxloop.providers.base import Provider
from fluxloop.schema.plan import Batch, Candidate, Slot
from fluxloop.style.languages import language_name
from fluxloop.style.roughen import roughen
from fluxloop.topics.frame import proper_names

EXISTING_SHOWN = 20
"""How many kept messages of a persona a prompt shows as taken."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a run asks."""

    temperature: float = 0.7
    max_tokens: int = 100
    """Per input."""
    style: bool = True
    protect: tuple[str, ...] = ()
    """Terms that roughening leaves alone."""
    batch_size: int = 10
    concurrency: int = 8
    rounds: int = 8
    """The first, and the top-ups. A cell that is still short after them has run dry."""


@dataclass(slots=True)
class Progress:
    """Facts for whoever shows them: how many are kept of how many, in which round, after how many calls."""

    asked: int
    kept: int = 0
    round: int = 0
    calls: int = 0


@dataclass(slots=True)
class Outcome:
    """What a run made, and what it could not."""

    quotas: dict[str, int]
    kept: list[Candidate] = field(default_factory=list)
    """In the order of the plan."""
    rejected: dict[str, Counter[str]] = field(default_factory=dict)
    """Per persona: why candidates were not kept, and how often."""
    calls: int = 0
    error: ProviderError | None = None
    """What ended the run early, when something did."""

    def missing(self) -> dict[str, int]:
        """Per persona: how many inputs are short; only those that are."""
        made = Counter(candidate.slot.persona_id for candidate in self.kept)
        return {persona: quota - made[persona] for persona, quota in self.quotas.items() if made[persona] < quota}


Hook = Callable[[Progress], None]


async def generate(
    planner: Planner,
    quotas: Mapping[str, int],
    provider: Provider,
    sieve: Sieve,
    options: Options,
    on_progress: Hook = lambda _: None,
) -> Outcome:
    """Make exactly the quota of every persona, or keep what is good and say what is missing.

    Raises LanguageUnsupported before anything is asked when the provider cannot write a persona's language. An error of
    the provider ends the run; it stands in the outcome, with everything that was kept.
    """
    require_languages(planner, quotas, provider)
    run = _Run(planner, provider, sieve, options, Outcome(dict(quotas)), on_progress)
    wanted = list(planner.plan(quotas).slots)
    for slot in wanted:
        run.place[slot.index] = slot.index
    for number in range(options.rounds):
        run.progress.round = number + 1
        try:
            failed = await run.ask(wanted)
        except ProviderError as error:
            run.outcome.error = error
            break
        if not failed:
            break
        wanted = [run.redraw(slot) for slot in failed]
    run.outcome.kept.sort(key=lambda candidate: run.place[candidate.slot.index])
    return run.outcome


def require_languages(planner: Planner, quotas: Mapping[str, int], provider: Provider) -> None:
    """Stop before any work when a language cannot be written: never English instead."""
    for persona_id in quotas:
        language = planner.writers[persona_id].language
        if not provider.writes(language):
            raise LanguageUnsupported(
                f"The provider `{provider.name}` cannot write {language_name(language)} (persona `{persona_id}`).",
                "Choose --provider openai or anthropic, or leave this persona out.",
            )


class _Run:
    """The state of one run."""

    def __init__(
        self, planner: Planner, provider: Provider, sieve: Sieve, options: Options, outcome: Outcome, hook: Hook
    ) -> None:
        self.planner, self.provider, self.sieve, self.options = planner, provider, sieve, options
        self.outcome = outcome
        self.hook = hook
        self.progress = Progress(asked=sum(outcome.quotas.values()))
        self.place: dict[int, int] = {}
        """Where in the plan a slot stands; a redrawn slot stands where the failed one stood."""

    def redraw(self, slot: Slot) -> Slot:
        """Another slot for the same cell."""
        again = self.planner.draw(slot.persona_id, slot.topic)
        self.place[again.index] = self.place[slot.index]
        return again

    async def ask(self, slots: Sequence[Slot]) -> list[Slot]:
        """Ask for slots, keep what is good; returns the slots that stay empty."""
        failed: list[Slot] = []
        batches = list(self._batches(slots))
        for start in range(0, len(batches), self.options.concurrency):
            window = batches[start : start + self.options.concurrency]
            answers = await asyncio.gather(*(self._candidates(batch) for batch in window))
            for batch, candidates in zip(window, answers, strict=True):
                failed += [slot for slot in batch.slots if not self._keep(slot, candidates.get(slot.index, []))]
            self.hook(self.progress)
        return failed

    def _batches(self, slots: Sequence[Slot]) -> Iterator[Batch]:
        """Slots of one persona together, `batch_size` to a call."""
        by_persona: dict[str, list[Slot]] = {}
        for slot in slots:
            by_persona.setdefault(slot.persona_id, []).append(slot)
        for persona_id, own in by_persona.items():
            for start in range(0, len(own), self.options.batch_size):
                part = tuple(own[start : start + self.options.batch_size])
                yield Batch(self.planner.writers[persona_id].persona, part, self.planner.brief)

    async def _candidates(self, batch: Batch) -> dict[int, list[Candidate]]:
        options = self.options
        existing = self._taken(batch.persona.persona_id)
        prompt = build_prompt(batch, existing=existing, max_tokens=options.max_tokens, temperature=options.temperature)
        self.outcome.calls += 1
        self.progress.calls += 1
        try:
            completion = await self.provider.complete(prompt)
            return parse_completion(completion.text, batch.slots)
        except PromptRefused:
            self._count(batch.persona.persona_id, "refused by the model", len(batch.slots))
        except CompletionUnreadable:
            self._count(batch.persona.persona_id, "unreadable answer", len(batch.slots))
        return {}

    def _taken(self, persona_id: str) -> list[str]:
        own = [c.texts[0] for c in reversed(self.outcome.kept) if c.slot.persona_id == persona_id]
        return own[:EXISTING_SHOWN]

    def _keep(self, slot: Slot, candidates: list[Candidate]) -> bool:
        """Keep the first good candidate, the one that adds most tried first."""
        for draft, candidate in enumerate(self.sieve.novelty.rank(candidates)):
            finished = self._roughened(candidate, draft)
            fault = self.sieve.fault(finished)
            if fault is None:
                self.sieve.add(f"new input {len(self.outcome.kept) + 1}", finished.texts)
                self.outcome.kept.append(finished)
                self.progress.kept += 1
                return True
            self._count(slot.persona_id, fault.what)
        if not candidates:
            self._count(slot.persona_id, "not written")
        return False

    def _roughened(self, candidate: Candidate, draft: int) -> Candidate:
        if not self.options.style:
            return candidate
        slot = candidate.slot
        rng = random.Random(slot.seed + draft)
        protect = (*self.options.protect, slot.mention)
        rough = tuple(
            roughen(
                text,
                slot.style,
                rng=rng,
                tone=slot.tone,
                language=slot.language,
                protect=protect,
                names=proper_names(slot.language),
            )
            for text in candidate.texts
        )
        return candidate if rough == candidate.texts else replace(candidate, texts=rough, clean=candidate.texts)

    def _count(self, persona_id: str, reason: str, times: int = 1) -> None:
        self.outcome.rejected.setdefault(persona_id, Counter())[reason] += times
