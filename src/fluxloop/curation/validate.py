"""Whether inputs may stay: the filters of the generation and the search for twins, over all inputs there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fluxloop.errors import suggest
from fluxloop.filters.base import Filter, findings_for, texts_of_input
from fluxloop.filters.registry import create_filters, create_twins
from fluxloop.schema.config import Settings
from fluxloop.schema.finding import Finding
from fluxloop.schema.input import Input, texts_of
from fluxloop.schema.persona import Persona
from fluxloop.store.inputs import StoredInput

LINES = {
    "No duplicates": frozenset({"duplicate", "similarity"}),
    "Appropriate length": frozenset({"length"}),
    "Matches persona": frozenset({"persona_match"}),
    "No offensive content": frozenset({"offensive"}),
    "Language correctness": frozenset({"language"}),
}
"""The lines every report has, in this order, each with the filters it stands for."""

MORE_LINES = {"On topic": frozenset({"topic"}), "No refusals": frozenset({"refusal"})}
"""Lines that only stand in a report when there is something to say."""


@dataclass(frozen=True, slots=True)
class InputFinding:
    """A finding and the input it is about."""

    stored: StoredInput
    finding: Finding


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report and what was found against it."""

    title: str
    findings: tuple[InputFinding, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What validation found, in the order of the inputs; `checked` counts the inputs that were looked at."""

    checked: int
    findings: tuple[InputFinding, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The findings under their lines: the five of every report, then those others that have any."""
        grouped = {title: self._of(names) for title, names in {**LINES, **MORE_LINES}.items()}
        own = {name for names in (*LINES.values(), *MORE_LINES.values()) for name in names}
        for name in dict.fromkeys(each.finding.filter for each in self.findings if each.finding.filter not in own):
            grouped[name.replace("_", " ").capitalize()] = self._of({name})
        return tuple(Line(title, found) for title, found in grouped.items() if found or title in LINES)

    def _of(self, names: Collection[str]) -> tuple[InputFinding, ...]:
        return tuple(each for each in self.findings if each.finding.filter in names)


def validate(
    items: Sequence[StoredInput],
    settings: Settings,
    personas: Mapping[str, Persona],
    *,
    beside: Iterable[StoredInput] = (),
) -> Report:
    """Check inputs; those `beside` them are not checked, but count as kept when twins are searched.

    Rejected inputs are neither checked nor twins. Of two twins the approved one stays, else the one that stands first.
    """
    checked = [stored for stored in items if stored.input.status != "rejected"]
    repeated = _repeated(checked, beside, settings)
    filters = create_filters(settings)
    found: list[InputFinding] = []
    for place, stored in enumerate(checked):
        twin = [repeated[place]] if place in repeated else []
        findings = twin + _judge(stored.input, filters, settings, personas)
        found += [InputFinding(stored, finding) for finding in findings]
    return Report(len(checked), tuple(found))


def _repeated(checked: Sequence[StoredInput], beside: Iterable[StoredInput], settings: Settings) -> dict[int, Finding]:
    """Which inputs repeat another, by their place in the sequence; what is approved counts as kept before the rest."""
    twins = create_twins(settings)
    for stored in beside:
        if stored.input.status != "rejected":
            twins.add(stored.input.id, joined(stored.input))
    found: dict[int, Finding] = {}
    for place in sorted(range(len(checked)), key=lambda place: checked[place].input.status != "approved"):
        item = checked[place].input
        if finding := twins.find(joined(item)):
            found[place] = finding
        else:
            twins.add(item.id, joined(item))
    return found


def joined(item: Input) -> str:
    """All turns as one text, as twins are compared."""
    return "\n".join(texts_of(item))


def _judge(
    item: Input, filters: Sequence[Filter], settings: Settings, personas: Mapping[str, Persona]
) -> list[Finding]:
    persona = personas.get(item.persona) if item.persona else None
    findings = findings_for(filters, texts_of_input(item, persona, settings.language))
    if item.persona and persona is None:
        findings.append(_unknown(item.persona, personas))
    return findings


def _unknown(name: str, personas: Mapping[str, Persona]) -> Finding:
    advice = suggest(name, list(personas)).rstrip(".")
    why = f"there is no persona `{name}`" + (f". {advice}" if advice else "")
    return Finding("persona_match", "unknown persona", why)
