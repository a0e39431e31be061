"""What a filter is, and how the filters are laid on a message or a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from fluxloop.schema.finding import Finding
from fluxloop.schema.input import Input, Source, texts_of
from fluxloop.schema.persona import Persona
from fluxloop.style.bands import language_of
from fluxloop.style.languages import language_code


@dataclass(frozen=True, slots=True)
class Text:
    """One message, with what a filter may need to judge it."""

    text: str
    language: str = ""
    """The code of the language it must be in; empty when none was asked for."""
    persona: Persona | None = None
    source: Source = "synthetic"
    id: str = ""


class Filter(Protocol):
    """One rule. The same message always gets the same answer; no network, no clock, no dice."""

    @property
    def name(self) -> str:
        """The word that stands in `Finding.filter`."""
        ...

    def check(self, text: Text) -> Finding | None:
        """What is wrong with this message, or None."""
        ...


def texts_to_check(
    turns: Sequence[str],
    persona: Persona | None,
    *,
    language: str | None = None,
    source: Source = "synthetic",
    name: str = "",
) -> list[Text]:
    """The turns of one input as filters take them; `language` (a name or a code) stands above the persona's own."""
    code = language_code(language) if language else language_of(persona) if persona else ""
    return [Text(turn, code, persona, source, name) for turn in turns]


def texts_of_input(item: Input, persona: Persona | None, language: str | None = None) -> list[Text]:
    """The messages of an input as filters take them."""
    return texts_to_check(texts_of(item), persona, language=language, source=item.source, name=item.id)


def findings_for(filters: Sequence[Filter], texts: Sequence[Text]) -> list[Finding]:
    """What the filters say of one input: of each filter its first finding, the turn named when there are several."""
    found = []
    for each in filters:
        for number, text in enumerate(texts, 1):
            if finding := each.check(text):
                found.append(_at_turn(finding, number) if len(texts) > 1 else finding)
                break
    return found


def first_finding(filters: Sequence[Filter], texts: Sequence[Text]) -> Finding | None:
    """The first thing wrong with one input; quicker than all of them, for a candidate that is dropped anyway."""
    for each in filters:
        if found := findings_for((each,), texts):
            return found[0]
    return None


def _at_turn(finding: Finding, number: int) -> Finding:
    return replace(finding, why=f"turn {number}: {finding.why}")


def excerpt(text: str, most: int = 60) -> str:
    """A text on one line and short enough to stand in a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
