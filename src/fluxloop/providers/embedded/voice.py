"""How one persona talks, in the values the grammar works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Batch
from fluxloop.style.bands import bands_of, is_technical
from fluxloop.topics.frame import Frames
from fluxloop.topics.terms import read_context

RELAY_WORDS = ("on behalf of", "for a customer", "for customers", "for a patient")
FORMAL_UP_TO = 0.2


@dataclass(frozen=True, slots=True)
class Voice:
    """What of a persona and its brief licenses the parts of a message."""

    register: str
    """formal or casual: which greetings and thanks fit."""
    technical: bool
    relays: bool
    """Writes for somebody else: `customer says: ...`."""
    tried: bool
    """Has tried things before writing."""
    patient: bool
    device: str
    product: str
    openings: tuple[str, ...]
    """How the examples of this persona begin."""


def voice_of(batch: Batch, frames: Frames) -> Voice:
    """Read a persona and the brief once per batch."""
    persona, brief = batch.persona, batch.brief
    examples = (*brief.examples.get("*", ()), *brief.examples.get(persona.persona_id, ()), *persona.example_inputs)
    return Voice(
        register="formal" if bands_of(persona).casual <= FORMAL_UP_TO else "casual",
        technical=is_technical(persona),
        relays=_relays(persona),
        tried=bool(persona.attributes.get("previous_attempts")),
        patient=str(persona.attributes.get("patience", "")).casefold() not in {"very_low", "low"},
        device=str(persona.attributes.get("device", "")).casefold(),
        product=read_context(brief.context).product,
        openings=_openings(examples, frames),
    )


def _relays(persona: Persona) -> bool:
    told: Any = persona.communication.get("voice")
    if told:
        return str(told).casefold() == "relay"
    return any(words in persona.description.casefold() for words in RELAY_WORDS)


def _openings(examples: tuple[str, ...], frames: Frames) -> tuple[str, ...]:
    """`um...`, `ok so`: what an example begins with when the language knows it as an opener."""
    known = {opener.casefold(): opener for group in frames.parts["openers"].values() for opener in group}
    starts = (example.casefold() for example in examples)
    return tuple(dict.fromkeys(known[o] for s in starts for o in known if s.startswith((f"{o} ", f"{o},", f"{o}."))))
