"""Validation of some inputs, in the light of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fluxloop.curation.validate import Report, validate
from fluxloop.schema.config import Settings
from fluxloop.schema.persona import Persona
from fluxloop.store.inputs import StoredInput


def validate_among(
    everything: Sequence[StoredInput],
    chosen: Sequence[StoredInput],
    settings: Settings,
    personas: Mapping[str, Persona],
) -> Report:
    """What is found against `chosen` when everything is checked together.

    One of two twins always passes, in whichever file it stands: checked file by file, each could be left for the other.
    """
    report = validate(everything, settings, personas)
    places = {(stored.file, stored.path) for stored in chosen if stored.input.status != "rejected"}
    findings = (each for each in report.findings if (each.stored.file, each.stored.path) in places)
    return Report(len(places), tuple(findings))
