"""Values in flight between a persona and an input: slots, batches, candidates. Never in a file: dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field

from fluxloop.schema.persona import Persona


@dataclass(frozen=True, slots=True)
class StyleTarget:
    """What one text shall look like; sampled in code from the persona's bands."""

    words: int
    """Length in words (for a conversation: of its first turn)."""
    sentences: int
    lower_start: bool
    end_mark: bool
    polite: bool
    emoji: bool
    casual: float
    """0 formal … 1 very casual: contractions, abbreviations, dropped apostrophes, lower-case i."""
    abbreviations: bool
    misspellings: float
    """Expected misspellings per 1,000 words."""
    shouting: bool
    excess: bool
    """Marks repeated: ??, !!, ..."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One planned input: who, about what, in which situation, in what style."""

    index: int
    """Position in the plan; a reply is matched to its slot by this number, never by a name a model echoes."""
    persona_id: str
    topic: str
    situation: str
    """What is going on, in the third person; empty when nothing is known of the topic."""
    intent: str
    complexity: str
    tone: str
    language: str
    style: StyleTarget
    turns: int = 1
    mention: str = ""
    """A term of the product that shall occur, or nothing."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Brief:
    """What every text of a run is told, whoever writes it."""

    context: str = ""
    domain: str = ""
    vocabulary: tuple[str, ...] = ()
    description: str = ""
    forbidden_topics: tuple[str, ...] = ()
    min_length: int = 1
    """Characters."""
    max_length: int = 500
    """Characters."""
    chain_of_thought: bool = False
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Few-shot examples by persona id; `*` for all."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The slots of one persona that are asked for in one call."""

    persona: Persona
    slots: tuple[Slot, ...]
    brief: Brief


@dataclass(frozen=True, slots=True)
class Plan:
    """All slots of a run, and the seed they were drawn from."""

    slots: tuple[Slot, ...]
    personas: dict[str, Persona]
    brief: Brief
    seed: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Fresh from a model, not kept yet."""

    slot: Slot
    texts: tuple[str, ...]
    """The turns; one for a single message."""
    thought: str = ""
    clean: tuple[str, ...] = ()
    """The texts before roughening; empty when nothing was changed."""
