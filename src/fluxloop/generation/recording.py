"""The journal of a run that costs money: written as it goes, read when it is taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fluxloop.generation.generate import Earlier
from fluxloop.generation.order import Order, Prepared
from fluxloop.generation.outcome import Outcome
from fluxloop.generation.taking_up import earlier_of, plain_settings
from fluxloop.generation.writing import digest
from fluxloop.providers.base import Provider
from fluxloop.schema.input import Input
from fluxloop.schema.plan import Slot
from fluxloop.store import journal as journals
from fluxloop.store.journal import Journal, JournalCall, JournalHeader, Writing
from fluxloop.store.project import Project


@dataclass(frozen=True, slots=True)
class Recording:
    """An open journal, and what it had when it was opened."""

    journal: Journal
    earlier: Earlier
    output: str

    @classmethod
    def begin(cls, project: Project, order: Order, prepared: Prepared, run: str, provider: Provider) -> Recording:
        """A new journal, or that of the run which is taken up again."""
        output = str(order.output.resolve())
        if order.resume is not None:
            record = journals.read(project, run)
            return cls(journals.reopen(project, run), earlier_of(record, prepared.existing), output)
        settings = replace(order.settings, provider=provider.name, model=provider.model)
        header = JournalHeader(
            run=run,
            started=datetime.now().astimezone().isoformat(timespec="seconds"),
            output=output,
            seed=prepared.planner.seed,
            settings=plain_settings(settings),
            quotas=prepared.quotas,
            max_turns=order.max_turns,
            batch=order.batch,
        )
        return cls(journals.create(project, header), Earlier(), output)

    def record(self, slots: Sequence[Slot], places: Sequence[int | None], text: str) -> None:
        """Keep an answer, before it is looked at."""
        key = ",".join(str(slot.index) for slot in slots)
        self.journal.call(JournalCall(key, tuple(slots), text, tuple(places)))

    def writing(self, inputs: Sequence[Input], places: Sequence[int]) -> None:
        """Keep that these inputs are about to be written."""
        ids = (inputs[0].id, inputs[-1].id)
        self.journal.writing(Writing(self.output, *ids, len(inputs), tuple(places), digest(inputs)))

    def end(self, outcome: Outcome) -> bool:
        """Close the journal; True when the run could go on: it was interrupted or ended by an error."""
        if outcome.missing() and (outcome.interrupted or outcome.error is not None):
            self.journal.close()
            return True
        self.journal.finish()
        return False
