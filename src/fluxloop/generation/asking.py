"""One call: the prompt for a batch, and what could be read from the answer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from fluxloop.errors import CompletionUnreadable, PromptRefused
from fluxloop.generation.parsing import parse_completion
from fluxloop.generation.prompting import build_prompt, system_part
from fluxloop.generation.work import Cell
from fluxloop.providers.base import Completion, Prompt, Provider
from fluxloop.schema.plan import Batch, Candidate

Record = Callable[[Batch, Completion], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a batch."""

    batch: Batch
    candidates: dict[int, list[Candidate]] = field(default_factory=dict)
    cut: bool = False
    """The answer was cut off or unreadable: what is missing is asked again in smaller batches."""
    refused: bool = False


class Taken:
    """The latest kept messages of each cell, so that a prompt can say what exists already."""

    def __init__(self, shown: int) -> None:
        """Of each cell so many are shown."""
        self._shown = shown
        self._texts: dict[Cell, deque[str]] = {}

    def add(self, cell: Cell, text: str) -> None:
        """Count a message; the oldest is forgotten."""
        self._texts.setdefault(cell, deque(maxlen=self._shown)).append(text)

    def shown_to(self, batch: Batch) -> list[str]:
        """What a prompt for this batch shows: the latest of each of its topics."""
        cells = dict.fromkeys((slot.persona_id, slot.topic) for slot in batch.slots)
        return [text for cell in cells for text in self._texts.get(cell, ())]


class Asker:
    """Asks a provider for batches; `record` gets each completion before anything is made of it."""

    def __init__(
        self, provider: Provider, taken: Taken, *, max_tokens: int, temperature: float, record: Record | None = None
    ) -> None:
        self._provider = provider
        self._taken = taken
        self._max_tokens = max_tokens
        self._temperature = temperature
        self._record = record
        self._systems: dict[str, str] = {}
        """The system part by persona: the same in every call, and slow to write out."""

    async def ask(self, batch: Batch) -> Answer:
        """Ask once; a refused prompt is asked once more in other words. Errors of the provider pass through."""
        try:
            return await self._answer(batch, self._prompt(batch))
        except PromptRefused:
            pass
        try:
            return await self._answer(batch, self._prompt(batch, reworded=True))
        except PromptRefused:
            return Answer(batch, refused=True)

    def _prompt(self, batch: Batch, *, reworded: bool = False) -> Prompt:
        persona = batch.persona
        if persona.persona_id not in self._systems:
            self._systems[persona.persona_id] = system_part(persona, batch.brief)
        return build_prompt(
            batch,
            system=self._systems[persona.persona_id],
            existing=self._taken.shown_to(batch),
            max_tokens=self._max_tokens,
            temperature=self._temperature,
            reworded=reworded,
        )

    async def _answer(self, batch: Batch, prompt: Prompt) -> Answer:
        completion = await self._provider.complete(prompt)
        if self._record is not None and completion.source == "call":
            self._record(batch, completion)
        return read_answer(batch, completion.text, cut=completion.finish == "length")


def read_answer(batch: Batch, text: str, *, cut: bool = False) -> Answer:
    """The candidates in a text, or an answer that says it was cut."""
    try:
        return Answer(batch, parse_completion(text, batch.slots, cut=cut), cut=cut)
    except CompletionUnreadable:
        return Answer(batch, cut=True)
