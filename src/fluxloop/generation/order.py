"""What a run is to do, and the plan drawn up for it; nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from fluxloop.generation.allocation import quotas
from fluxloop.generation.plan import Planner, create_planner
from fluxloop.generation.taking_up import Unfinished
from fluxloop.schema.config import PersonaShare, Settings
from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Brief
from fluxloop.store.bundles import bundled_ids
from fluxloop.store.ids import next_ids
from fluxloop.store.inputs import StoredInput, read_inputs, read_project_inputs
from fluxloop.store.personas import find_persona, load_personas
from fluxloop.store.project import Project

DEFAULT_COUNT = 50
DEFAULT_PERSONAS = ("novice_user", "expert_user", "frustrated_user")
DEFAULT_OUTPUT = Path("inputs/generated.yaml")
BATCH_SIZE = 10
"""Inputs a call: takes nine tenths of the saving there is; larger batches make a cut-off answer costlier."""
SPARES = 0.03
"""Slots a paid run asks for beyond its quota, so that a few rejects need no second wave of calls."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is to do."""

    settings: Settings
    output: Path
    max_turns: int = 1
    concurrency: int = 16
    max_cost: Decimal | None = None
    resume: Unfinished | None = None
    batch: bool = False
    """Through the vendor's batch endpoint: half the price, answered within a day."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that is planned but not begun."""

    planner: Planner
    quotas: dict[str, int]
    personas: dict[str, Persona]
    existing: list[StoredInput]
    first_ids: list[str]


def make_brief(settings: Settings) -> Brief:
    """What every prompt of a run is told."""
    name = f"Product: {settings.product_name}" if settings.product_name else ""
    examples: dict[str, tuple[str, ...]] = {}
    for few_shot in settings.few_shot:
        examples[few_shot.persona] = (*examples.get(few_shot.persona, ()), *few_shot.examples)
    return Brief(
        context="\n".join(part for part in (name, settings.context) if part),
        domain=settings.domain,
        vocabulary=settings.vocabulary,
        description=settings.description,
        forbidden_topics=settings.forbidden_topics,
        min_length=settings.min_length,
        max_length=settings.max_length,
        chain_of_thought=settings.chain_of_thought,
        examples=examples,
    )


def prepare(project: Project, order: Order) -> Prepared:
    """Read what is there and draw up the plan; nothing is written.

    The plan's seed is mixed with the first new id, so that a second run goes on rather than asking for the same again;
    a run that is taken up again keeps its own.
    """
    settings = order.settings
    personas = load_personas(project, [])
    if order.resume is not None:
        shared = order.resume.header.quotas
    else:
        shares = settings.personas or _default_shares(personas.own)
        shared = quotas(shares, settings.count, DEFAULT_COUNT)
    chosen = {persona_id: find_persona(personas, persona_id) for persona_id, count in shared.items() if count}
    existing = _existing(project, order.output)
    ids = next_ids([item.input.id for item in existing] + bundled_ids(project), sum(shared.values()))
    seed = order.resume.header.seed if order.resume else f"{settings.seed}/{ids[0]}"
    planner = create_planner(chosen, settings, make_brief(settings), seed=seed, max_turns=order.max_turns)
    return Prepared(planner, {p: shared[p] for p in chosen}, chosen, existing, ids)


def _default_shares(own: Mapping[str, Persona]) -> tuple[PersonaShare, ...]:
    """The project's own personas by their weight; without any, three built-in ones."""
    if own:
        return tuple(PersonaShare(id=persona_id, weight=persona.weight) for persona_id, persona in own.items())
    return tuple(PersonaShare(id=persona_id) for persona_id in DEFAULT_PERSONAS)


def _existing(project: Project, output: Path) -> list[StoredInput]:
    """Every input of the project, and those of the output file when it lies elsewhere."""
    found = read_project_inputs(project, [])
    inside = {item.file.resolve() for item in found}
    if output.is_file() and output.resolve() not in inside:
        found += read_inputs(output, [])
    return found
