"""Runs that did not end: what they have left, and how one is taken up again without paying for anything twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from fluxloop.errors import NotFound, StoreError
from fluxloop.generation.generate import Earlier, EarlierAnswer
from fluxloop.generation.writing import digest
from fluxloop.schema.config import Settings
from fluxloop.store import journal as journals
from fluxloop.store.inputs import StoredInput
from fluxloop.store.journal import JournalCall, JournalHeader, JournalRecord, Writing
from fluxloop.store.project import Project

SETTINGS: TypeAdapter[Settings] = TypeAdapter(Settings)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run that can be taken up again, with the settings it had."""

    header: JournalHeader
    settings: Settings
    output: Path


def newest_unfinished(project: Project) -> Unfinished:
    """The run that `--resume` means. Raises NotFound when every run has ended."""
    found = journals.open_journals(project)
    if not found:
        raise NotFound("interrupted run", "--resume", hint="Every run has ended in order; there is nothing to resume.")
    header = found[0].header
    try:
        settings = SETTINGS.validate_python(header.settings)
    except ValidationError as error:
        raise StoreError(
            f"The interrupted run {header.run} was begun by another version and cannot be taken up again.",
            f"The texts that were paid for are in {found[0].path}.",
        ) from error
    return Unfinished(header, settings, Path(header.output))


def unfinished_note(project: Project) -> str:
    """One line on the newest interrupted run, or nothing."""
    found = journals.open_journals(project)
    if not found:
        return ""
    header = found[0].header
    asked = sum(header.quotas.values())
    paid = "as a batch" if header.batch else f"{found[0].calls} paid calls"
    return f"An earlier run ({header.run}, {asked} inputs, {paid}) did not finish: add --resume."


def plain_settings(settings: Settings) -> dict[str, object]:
    """All settings as plain data, for the journal."""
    return SETTINGS.dump_python(settings, mode="json")  # type: ignore[no-any-return]


def earlier_of(record: JournalRecord, existing: Sequence[StoredInput]) -> Earlier:
    """What a journal gives back: answered batches, and the places whose inputs are in the file already."""
    answers = [_answer(call) for call in record.calls]
    there = {item.input.id: digest(item.input) for item in existing}
    written = {place for writing in record.writing if _is_there(writing, there) for place in writing.places}
    return Earlier(answers, frozenset(written))


def _answer(call: JournalCall) -> EarlierAnswer:
    places = call.places or tuple(slot.index for slot in call.slots)
    return EarlierAnswer(call.slots, places, call.text, cut=call.finish == "length")


def _is_there(writing: Writing, there: Mapping[str, str]) -> bool:
    """Whether the inputs of a write did reach the file and have not been thrown away since, all of them.

    People edit what was written, and delete some of it. Where the run died in the very moment of writing, one input
    with its own text is enough to tell that the ids were not given to others.
    """
    if writing.done:
        return any(input_id in there for input_id in writing.ids)
    return any(there.get(input_id) == wanted for input_id, wanted in zip(writing.ids, writing.digests, strict=True))
