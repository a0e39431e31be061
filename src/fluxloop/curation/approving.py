"""Who is approved when several are to be: what passes by itself, what a person names by id, and what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fluxloop.curation.review import Changes, approve, choose_for_approval
from fluxloop.curation.validate import InputFinding, validate
from fluxloop.schema.config import Settings
from fluxloop.schema.persona import Persona
from fluxloop.store.inputs import StoredInput


@dataclass(frozen=True, slots=True)
class Approval:
    """What is to be written, and what a person must know of it."""

    changes: tuple[tuple[StoredInput, Changes], ...]
    """For `store.inputs.edit_inputs`; inputs that are approved already are not among them."""
    despite: tuple[InputFinding, ...]
    """What was found against inputs that are approved because they were named."""
    left: tuple[InputFinding, ...]
    """Why pending inputs are not approved."""


def plan_approval(
    everything: Sequence[StoredInput],
    chosen: Sequence[StoredInput],
    named: Sequence[StoredInput],
    settings: Settings,
    personas: Mapping[str, Persona],
) -> Approval:
    """Approve the pending ones of `chosen` that pass validation among `everything`, and all that are `named`."""
    report = validate(everything, settings, personas)
    by_name = {stored.input.id: stored for stored in named}
    fit, unfit = choose_for_approval(chosen, report)
    left = {stored.input.id for stored, _ in unfit} - by_name.keys()
    approved = {stored.input.id: stored for stored in fit} | by_name
    decided = ((stored, approve(stored)) for stored in approved.values())
    return Approval(
        tuple((stored, changes) for stored, changes in decided if changes),
        tuple(each for each in report.findings if each.stored.input.id in by_name),
        tuple(each for each in report.findings if each.stored.input.id in left),
    )
