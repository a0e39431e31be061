"""A generation in a project: what is there already, the plan for more, the run, and the file it goes into."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from fluxloop.errors import GenerationFellShort, UsageError
from fluxloop.filters.registry import create_filters, create_twins
from fluxloop.generation.allocation import quotas
from fluxloop.generation.generate import Hook, Options, Outcome, generate
from fluxloop.generation.plan import Planner, create_planner
from fluxloop.generation.prompting import prompt_version
from fluxloop.generation.sieve import Sieve
from fluxloop.providers.base import Provider
from fluxloop.schema.config import PersonaShare, Settings
from fluxloop.schema.input import Input, Turn, texts_of
from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Brief, Candidate
from fluxloop.store.bundles import bundled_ids
from fluxloop.store.ids import next_ids
from fluxloop.store.inputs import StoredInput, append_inputs, read_inputs, read_project_inputs
from fluxloop.store.lock import project_lock
from fluxloop.store.personas import find_persona, load_personas
from fluxloop.store.project import Project
from fluxloop.style.languages import language_name
from fluxloop.topics.terms import read_context

DEFAULT_COUNT = 50
DEFAULT_PERSONAS = ("novice_user", "expert_user", "frustrated_user")
DEFAULT_OUTPUT = Path("inputs/generated.yaml")
OUTPUT_SUFFIXES = frozenset({".yaml", ".yml", ".jsonl"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that is planned but not begun."""

    planner: Planner
    quotas: dict[str, int]
    personas: dict[str, Persona]
    existing: list[StoredInput]
    first_ids: list[str]


@dataclass(frozen=True, slots=True)
class Generated:
    """A run that has ended; `inputs` are in the file already."""

    inputs: list[Input]
    outcome: Outcome
    output: Path


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


def prepare(project: Project, settings: Settings, output: Path, *, max_turns: int = 1) -> Prepared:
    """Read what is there and draw up the plan; nothing is written.

    The plan's seed is mixed with the first new id, so that a second run goes on rather than asking for the same again.
    """
    personas = load_personas(project, [])
    shares = settings.personas or _default_shares(personas.own)
    shared = quotas(shares, settings.count, DEFAULT_COUNT)
    chosen = {persona_id: find_persona(personas, persona_id) for persona_id, count in shared.items() if count}
    existing = _existing(project, output)
    ids = next_ids([item.input.id for item in existing] + bundled_ids(project), sum(shared.values()))
    planner = create_planner(
        chosen, settings, make_brief(settings), seed=f"{settings.seed}/{ids[0]}", max_turns=max_turns
    )
    return Prepared(planner, {p: shared[p] for p in chosen}, chosen, existing, ids)


async def generate_inputs(
    project: Project,
    settings: Settings,
    provider: Provider,
    *,
    output: Path,
    max_turns: int = 1,
    on_progress: Hook = lambda _: None,
    on_wait: Callable[[], None] | None = None,
) -> Generated:
    """Make the inputs a project's settings ask for and append them to `output`.

    The project is locked meanwhile: a second run waits, `on_wait` is called once when it does. Everything good is
    written, also when the run fell short or was ended by an error: `require_complete` tells.
    """
    if output.suffix not in OUTPUT_SUFFIXES:
        raise UsageError(f"Inputs cannot be written to `{output}`.", "Use a name that ends in .yaml or .jsonl.")
    with project_lock(project.root, on_wait=on_wait):
        prepared = prepare(project, settings, output, max_turns=max_turns)
        sieve = _sieve(settings, prepared)
        outcome = await generate(
            prepared.planner, prepared.quotas, provider, sieve, _options(settings, prepared), on_progress
        )
        inputs = _as_inputs(outcome.kept, prepared, settings, provider)
        if inputs:
            append_inputs(output, inputs)
    return Generated(inputs, outcome, output)


def require_complete(generated: Generated) -> None:
    """Raise what ended the run early, or GenerationFellShort when somebody is short; the file is written by then."""
    outcome = generated.outcome
    if outcome.error is not None:
        raise outcome.error
    missing = outcome.missing()
    if missing:
        asked, made = sum(outcome.quotas.values()), len(outcome.kept)
        raise GenerationFellShort(
            f"{made} of {asked} inputs: {', '.join(f'{p} is {n} short' for p, n in missing.items())}.",
            "What was made is kept. Add topics, loosen diversity.min_distance or the length limits, or use a model.",
            report=outcome,
        )


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


def _sieve(settings: Settings, prepared: Prepared) -> Sieve:
    sieve = Sieve(create_filters(settings), create_twins(settings), prepared.personas)
    for item in prepared.existing:
        sieve.add(item.input.id, texts_of(item.input))
    return sieve


def _options(settings: Settings, prepared: Prepared) -> Options:
    brief = prepared.planner.brief
    named = read_context(brief.context)
    return Options(
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        style=settings.style,
        protect=tuple(term for term in (named.product, *brief.vocabulary, *named.terms) if term),
    )


def _as_inputs(kept: Sequence[Candidate], prepared: Prepared, settings: Settings, provider: Provider) -> list[Input]:
    prints: dict[tuple[str, str], str] = {}
    inputs = []
    for input_id, candidate in zip(prepared.first_ids, kept, strict=False):
        cell = (candidate.slot.persona_id, candidate.slot.topic)
        if cell not in prints:
            prints[cell] = fingerprint(prepared.personas[cell[0]], cell[1], prepared.planner.brief, provider.model)
        inputs.append(_as_input(input_id, candidate, settings.seed, provider, prints[cell]))
    return inputs


def fingerprint(persona: Persona, topic: str, brief: Brief, model: str) -> str:
    """Twelve hex digits over all that an input of this cell was made from; when they differ, the input is stale."""
    made_from = [persona.model_dump(mode="json"), topic, asdict(brief), model, prompt_version()]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


def _as_input(input_id: str, candidate: Candidate, seed: int, provider: Provider, print_: str) -> Input:
    slot, several = candidate.slot, len(candidate.texts) > 1
    metadata = {"topic": slot.topic, "situation": slot.situation, "intent": slot.intent}
    metadata |= {"complexity": slot.complexity, "tone": slot.tone}
    if slot.language != "en":
        metadata["language"] = language_name(slot.language)
    origin = {"provider": provider.name, "model": provider.model, "prompt": prompt_version(), "seed": seed}
    origin |= {"fingerprint": print_}
    if candidate.clean:
        origin["clean"] = list(candidate.clean) if several else candidate.clean[0]
    return Input(
        id=input_id,
        persona=slot.persona_id,
        text=None if several else candidate.texts[0],
        conversation=tuple(Turn(turn=n, input=text) for n, text in enumerate(candidate.texts, 1)) if several else (),
        source="synthetic",
        thought_process=candidate.thought or None,
        metadata={key: value for key, value in metadata.items() if value},
        origin=origin,
    )
