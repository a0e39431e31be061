"""From kept candidates to inputs with ids and an origin."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from fluxloop.generation.prompting import prompt_version
from fluxloop.providers.base import Provider
from fluxloop.schema.input import Input, Turn, texts_of
from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Brief, Candidate
from fluxloop.style.languages import language_name


def as_inputs(
    kept: Sequence[Candidate],
    ids: Sequence[str],
    personas: Mapping[str, Persona],
    brief: Brief,
    *,
    seed: int,
    provider: Provider,
) -> list[Input]:
    """One input a candidate, in their order; `ids` may be more than are needed."""
    prints: dict[tuple[str, str], str] = {}
    inputs = []
    for input_id, candidate in zip(ids, kept, strict=False):
        cell = (candidate.slot.persona_id, candidate.slot.topic)
        if cell not in prints:
            prints[cell] = fingerprint(personas[cell[0]], cell[1], brief, provider.model)
        origin = {"provider": provider.name, "model": provider.model, "prompt": prompt_version(), "seed": seed}
        inputs.append(_as_input(input_id, candidate, origin | {"fingerprint": prints[cell]}))
    return inputs


def fingerprint(persona: Persona, topic: str, brief: Brief, model: str) -> str:
    """Twelve hex digits over all that an input of this cell was made from; when they differ, the input is stale."""
    made_from = [persona.model_dump(mode="json"), topic, asdict(brief), model, prompt_version()]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


def digest(item: Input) -> str:
    """Over id and texts: whether an input in a file is the one that was meant."""
    return hashlib.sha256(json.dumps([item.id, *texts_of(item)]).encode()).hexdigest()[:10]


def _as_input(input_id: str, candidate: Candidate, origin: dict[str, object]) -> Input:
    slot, several = candidate.slot, len(candidate.texts) > 1
    metadata = {"topic": slot.topic, "situation": slot.situation, "intent": slot.intent}
    metadata |= {"complexity": slot.complexity, "tone": slot.tone}
    if slot.language != "en":
        metadata["language"] = language_name(slot.language)
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
