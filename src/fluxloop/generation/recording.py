"""The journal of a run that costs money: written as it goes, read when it is taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from fluxloop.errors import NotFound, StoreError
from fluxloop.generation.generate import Earlier
from fluxloop.generation.order import Order, Prepared
from fluxloop.generation.outcome import Outcome
from fluxloop.generation.taking_up import earlier_of, plain_settings
from fluxloop.generation.writing import digest
from fluxloop.providers.base import Completion, Provider
from fluxloop.schema.input import Input
from fluxloop.schema.plan import Slot
from fluxloop.store import journal as journals
from fluxloop.store.journal import Journal, JournalCall, JournalHeader, Writing
from fluxloop.store.project import Project


@dataclass(slots=True)
class Recording:
    """An open journal, and what it had when it was opened."""

    journal: Journal
    earlier: Earlier
    output: str
    holds: bool = False
    """There is something in it that must not be lost."""

    @classmethod
    def begin(cls, project: Project, order: Order, prepared: Prepared, run: str, provider: Provider) -> Recording:
        """A new journal, or that of the run which is taken up again."""
        output = str(order.output.resolve())
        if order.resume is not None:
            record = journals.read(project, run)
            if record.done:  # by another process, while this one waited for its turn
                raise NotFound("interrupted run", run, hint="It has been completed meanwhile.")
            return cls(journals.reopen(project, run), earlier_of(record, prepared.existing), output, holds=True)
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
        return cls(journals.create(project, header), Earlier(), output, holds=order.batch)

    def record(self, slots: Sequence[Slot], places: Sequence[int | None], completion: Completion) -> None:
        """Keep an answer, before it is looked at."""
        key = ",".join(str(slot.index) for slot in slots)
        told = JournalCall(
            key, tuple(slots), completion.text, tuple(places), model=completion.model, finish=completion.finish
        )
        self.journal.call(told)
        self.holds = True

    def writing(self, inputs: Sequence[Input], places: Sequence[int]) -> None:
        """Keep that these inputs are about to be written."""
        ids = tuple(item.id for item in inputs)
        digests = tuple(map(digest, inputs))
        self.journal.writing(Writing(self.output, ids[0], ids[-1], len(ids), tuple(places), ids, digests))

    def written(self) -> None:
        """Keep that they are. Without this line their own texts still tell."""
        with suppress(StoreError):
            self.journal.written()

    def end(self, outcome: Outcome) -> bool:
        """Close the journal; True when the run could go on: it was interrupted or ended by an error.

        A run to which nobody ever answered has nothing to go on from: the same command once more is as good.
        """
        if self.holds and outcome.missing() and (outcome.interrupted or outcome.error is not None):
            self.journal.close()
            return True
        self.journal.finish()
        return False
