"""Whether personas say what the tables understand: schema, unknown keys and values, style bands, examples, topics."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from fluxloop.errors import ConfigError, NotFound, nearest, place
from fluxloop.schema.finding import Notice
from fluxloop.schema.persona import Persona
from fluxloop.store.documents import Document, Step, read_document
from fluxloop.store.personas import BUILTIN_DIR, builtin_ids, persona_files, read_persona, slug, whole_entries
from fluxloop.store.project import Project
from fluxloop.store.wording import shown
from fluxloop.style.bands import bands_of
from fluxloop.style.values import UnknownValue, unknown_values
from fluxloop.topics.match import known_topics, match_topic

NEAR_TOPIC = 0.75
"""How like a known topic (difflib ratio) a use case must be to be taken for a misspelling of it."""


@dataclass(frozen=True, slots=True)
class PersonaFinding:
    """One thing wrong with one persona, or with its file."""

    file: Path
    line: int
    persona: str
    """Empty when the file could not be read so far."""
    key: str
    message: str
    advice: bool = False
    """It works as it is, and could be better."""


@dataclass
class PersonaReport:
    """What was checked, and what was found, in the order of the files."""

    checked: list[str] = field(default_factory=list)
    findings: list[PersonaFinding] = field(default_factory=list)

    @property
    def mistakes(self) -> list[PersonaFinding]:
        """The findings that are more than advice."""
        return [finding for finding in self.findings if not finding.advice]


def check_personas(project: Project, ids: Collection[str] = ()) -> PersonaReport:
    """Check the personas named, or the project's own, or, where there are none, the built-in ones.

    A file that cannot be read is a finding like any other, so that one broken file hides nothing of the next.
    """
    walk = _Walk(frozenset(ids))
    files = persona_files(project)
    for path in files:
        walk.check_file(path)
    for name in builtin_ids():
        if (name in ids and name not in walk.first) or not (files or ids):
            walk.check_file(BUILTIN_DIR / f"{name}.yaml")
    missing = [name for name in ids if name not in walk.report.checked]
    if missing and not any(not finding.persona for finding in walk.report.findings):
        raise NotFound("persona", missing[0], sorted({*walk.first, *builtin_ids()}))
    return walk.report


def check_file(path: Path) -> PersonaReport:
    """Check every persona of one file."""
    walk = _Walk(frozenset())
    walk.check_file(path)
    return walk.report


def check_persona(persona: Persona, document: Document, at: Sequence[Step]) -> Iterator[PersonaFinding]:
    """The findings on one persona that could be read."""

    def found(steps: Sequence[Step], key: str, message: str) -> PersonaFinding:
        return PersonaFinding(document.path, document.line(*at, *steps), persona.persona_id, key, message)

    for odd in unknown_values(persona):
        steps = (odd.section, odd.key) if odd.section else (odd.key,)
        yield found(steps, ".".join(steps), _told(odd))
    for key, message in _odd_bands(persona):
        yield found(("style", key) if key else ("style",), f"style.{key}" if key else "style", message)
    for index, text in enumerate(persona.example_inputs):
        if not text.strip():
            yield found(("example_inputs", index), "example_inputs", "an example is empty")
    if not persona.example_inputs:
        message = "has no example inputs; give two or more messages as this persona types them"
        yield replace(found((), "example_inputs", message), advice=True)
    for index, topic in enumerate(persona.use_cases):
        if near := _near_topic(topic):
            yield found(("use_cases", index), "use_cases", f"no topic is called `{topic}`; did you mean `{near}`?")


@dataclass
class _Walk:
    """On the way through the files."""

    ids: frozenset[str]
    """The personas asked for; none means all."""
    report: PersonaReport = field(default_factory=PersonaReport)
    first: dict[str, str] = field(default_factory=dict)
    """Where each persona was met first."""

    def check_file(self, path: Path) -> None:
        """Check the personas of one file that are asked for."""
        try:
            document = read_document(path)
            entries = whole_entries(document)
        except ConfigError as error:
            self.report.findings += _from_error(path, "", error)
            return
        for at, data in entries:
            self._check_entry(document, at, data)

    def _check_entry(self, document: Document, at: Sequence[Step], data: Any) -> None:
        notices: list[Notice] = []
        try:
            persona = read_persona(data, document, tuple(at), notices)
            name = persona.persona_id
            notes = [PersonaFinding(note.file, note.line, name, "", note.message) for note in notices]
            findings = [*notes, *check_persona(persona, document, at)]
        except ConfigError as error:
            name = _name(data)
            findings = list(_from_error(document.path, name, error))
        findings += self._twice(name, document, at)
        if not self.ids or name in self.ids:
            self.report.checked.append(name)
            self.report.findings += sorted(findings, key=lambda finding: finding.line)

    def _twice(self, name: str, document: Document, at: Sequence[Step]) -> list[PersonaFinding]:
        """A persona that another file, or this one, has already."""
        line = document.line(*at)
        here = place(shown(document.path), line).removesuffix(": ")
        first = self.first.setdefault(name, here)
        if first == here or not name:
            return []
        message = f"stands here and in {first}; give one of them another `persona_id`"
        return [PersonaFinding(document.path, line, name, "persona_id", message)]


def _name(data: Any) -> str:
    """The id of a persona that could not be read."""
    if not isinstance(data, dict):
        return ""
    return str(data.get("persona_id") or data.get("id") or slug(str(data.get("name") or "")))


def _from_error(path: Path, name: str, error: ConfigError) -> Iterator[PersonaFinding]:
    """An error that holds a file's mistakes, one a line, as findings."""
    start = f"{error.file}:"
    for index, text in enumerate(error.message.splitlines()):
        number, _, rest = text.removeprefix(start).partition(": ")
        placed = text.startswith(start) and number.isdigit()
        line = int(number) if placed else error.line or 1
        key = error.key if not index else ""
        message = (rest if placed else text).removeprefix(f"{key}: ")
        hint = f"; {error.hint}" if error.hint and not index else ""
        yield PersonaFinding(path, line, name, key, f"{message}{hint}")


def _told(odd: UnknownValue) -> str:
    near = nearest(odd.value.replace(" ", "_"), odd.known)
    what = f"no table knows `{odd.value}`"
    return f"{what}; did you mean `{near}`?" if near else f"{what}; known: {', '.join(odd.known)}"


def _odd_bands(persona: Persona) -> Iterator[tuple[str, str]]:
    """Bands that cannot be used, and shares of messages outside 0-1."""
    try:
        bands_of(persona)
    except ConfigError as error:
        start = f"persona `{persona.persona_id}`: "
        hint = f" {error.hint}" if error.hint else ""
        yield error.key.removeprefix("style."), f"{error.message.removeprefix(start)}{hint}"
        return
    for key, value in persona.style.items():
        if not key.startswith("words_") and key != "misspellings" and value > 1:
            yield key, f"`{key}` is a share of messages and must lie between 0 and 1, not {value:g}"


def _near_topic(topic: str) -> str | None:
    """The known topic that this one is a misspelling of. A topic of one's own is legal and has none."""
    if match_topic(topic):
        return None
    close = get_close_matches(topic.casefold().replace(" ", "_"), known_topics(), n=1, cutoff=NEAR_TOPIC)
    return close[0] if close else None
