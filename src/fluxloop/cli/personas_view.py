"""How a persona looks: as a row, as a card, as JSON."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click

from fluxloop.cli.console import short_path, visible
from fluxloop.schema.persona import Persona
from fluxloop.store.personas import PersonaShelf
from fluxloop.style.bands import Bands, bands_of, language_of, level_of
from fluxloop.style.languages import language_name

LABEL = 16
MAPS = ("demographics", "attributes", "communication")
RATES = {
    "lower_start": "start in lower case",
    "no_end_mark": "end without a mark",
    "several_sentences": "several sentences",
    "polite": "polite words",
    "emoji": "emoji",
    "abbreviations": "abbreviations",
    "excess": "repeated marks",
    "shouting": "capitals",
}


def row_of(persona: Persona, shelf: PersonaShelf) -> tuple[str, ...]:
    """A persona as a row of `list`."""
    language = language_name(language_of(persona))
    name = persona.name or persona.persona_id
    return persona.persona_id, persona.pack or "-", language, level_of(persona), name, origin_of(persona, shelf)


def origin_of(persona: Persona, shelf: PersonaShelf) -> str:
    """The project's file it stands in, or `built-in`."""
    file = shelf.files.get(persona.persona_id)
    return short_path(file) if file else "built-in"


def json_of(persona: Persona, shelf: PersonaShelf, *, whole: bool = False) -> dict[str, Any]:
    """A persona with always the same keys; whole, with everything in its file and its bands."""
    file = shelf.files.get(persona.persona_id)
    brief = ("persona_id", "name", "pack", "description", "weight")
    data = persona.model_dump(mode="json") if whole else {key: getattr(persona, key) for key in brief}
    more = {"language": language_name(language_of(persona)), "level": level_of(persona)}
    place = {"builtin": file is None, "file": short_path(file) if file else None}
    return data | more | place | ({"bands": asdict(bands_of(persona))} if whole else {})


def card_of(persona: Persona, shelf: PersonaShelf) -> Iterator[str]:
    """A persona whole, line by line, fitted to the terminal."""
    name = click.style(visible(persona.name or persona.persona_id), bold=True)
    yield f"{name} · {visible(persona.persona_id)} · {origin_of(persona, shelf)}"
    yield from _wrapped(persona.description, "  ")
    yield ""
    for key in MAPS:
        yield from _labelled(key, _facts(getattr(persona, key)))
    yield from _labelled("expertise", _facts(persona.expertise))
    yield from _labelled("emotional state", _facts(persona.emotional_state))
    yield from _listed("goals", _goals(persona))
    yield from _labelled("traits", ", ".join(persona.traits))
    yield from _listed("behaviors", persona.behaviors)
    yield from _labelled("use cases", ", ".join(persona.use_cases))
    yield from _listed("types like this", [f"“{text}”" for text in persona.example_inputs])
    yield ""
    yield "In numbers, as its messages are written and checked:"
    yield from bands_card(bands_of(persona))


def bands_card(bands: Bands) -> Iterator[str]:
    """The bands, two a line: lengths first, then shares of messages."""
    facts = [("words", f"{bands.words_median:.3g} typically, up to {bands.words_max:.0f}")]
    facts += [("misspellings", f"{bands.misspellings:g} in 1,000 words")]
    facts += [(label, f"{getattr(bands, name):.0%} of messages") for name, label in RATES.items()]
    facts += [("casual", f"{bands.casual:.0%}")]
    for first, second in zip(facts[::2], [*facts[1::2], ("", "")], strict=False):
        yield f"  {first[0]:<20}{first[1]:<26}{second[0]:<20}{second[1]}".rstrip()


def _facts(value: Any) -> str:
    """A value of any shape in one line of words."""
    if isinstance(value, Mapping):
        return " · ".join(f"{key}: {_facts(part)}" for key, part in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_facts(part) for part in value)
    return "" if value is None else str(value)


def _goals(persona: Persona) -> list[str]:
    if isinstance(persona.goals, dict):
        return [f"{key}: {_facts(value)}" for key, value in persona.goals.items()]
    return persona.goals or []


def _listed(label: str, texts: Sequence[str]) -> Iterator[str]:
    """Texts below one another; the first beside the label."""
    for index, text in enumerate(texts):
        yield from _labelled("" if index else label, text)


def _labelled(label: str, text: str) -> Iterator[str]:
    """A text beside its label; nothing for no text."""
    for index, line in enumerate(_wrapped(text, " " * (LABEL + 2))):
        yield line if index else "  " + click.style(f"{label:<{LABEL}}", dim=True) + line.lstrip()


def _wrapped(text: str, indent: str) -> list[str]:
    """A text folded to the terminal, safe to show."""
    width = min(shutil.get_terminal_size((100, 0)).columns, 110)
    return textwrap.wrap(
        visible(text), max(width, 50), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
