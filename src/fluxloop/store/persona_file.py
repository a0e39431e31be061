"""A new persona file: every section with a comment that says what it is for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fluxloop.errors import StoreError, UsageError
from fluxloop.schema.persona import Persona
from fluxloop.store.atomic import write_text
from fluxloop.store.emit import emit_mapping
from fluxloop.store.personas import builtin_ids, builtin_personas, load_personas, slug
from fluxloop.store.project import Project
from fluxloop.store.wording import shown

_HEADER = """\
# yaml-language-server: $schema=../.fluxloop/schemas/persona.json
# One kind of user. Everything in this file reaches the generation; keys of your own inside the maps do too.
"""
_COMMENTS = {
    "persona_id": "The name on the command line and in input files.",
    "description": "Who this is, what they want, how they type: two or three concrete sentences.",
    "weight": "How common this persona is, relative to the others.",
    "demographics": "Age, occupation, location, ...",
    "attributes": "expertise: beginner | intermediate | advanced | expert;  patience: very_low | low | medium | high",
    "expertise": "A level, or levels by field.",
    "goals": "What they come for, and what they cannot or will not do.",
    "emotional_state": "A state, or states by occasion.",
    "communication": "How they write. These become numeric bands that texts are written and checked by.",
    "traits": "Short words on character.",
    "behaviors": "Sentences on how they write to support.",
    "example_inputs": "Real messages, as this persona types them: of different lengths, about different things.",
    "use_cases": "Topics they write about.",
    "style": "Numeric bands that override what the words above imply.",
}
_STARTER: dict[str, Any] = {
    "description": "Orders now and then, mostly from the phone. Wants a short answer and types short questions.",
    "weight": 5,
    "attributes": {
        "expertise": "beginner",
        "patience": "medium",
        "technical_background": "none",
        "emotional_state": "neutral",
        "device": "phone",
        "language_proficiency": "native",
        "native_language": "english",
    },
    "goals": {"primary": "get one thing done", "secondary": ["not be asked twice"], "constraints": ["has little time"]},
    "communication": {
        "formality": "casual",
        "verbosity": "brief",
        "emoji_usage": "rare",
        "typos": "occasional",
        "abbreviations": "occasional",
        "caps_usage": "lowercase",
        "punctuation": "relaxed",
        "grammar": "loose",
        "jargon": "none",
        "uncertainty": "moderate",
        "politeness": "moderate",
        "language": "english",
    },
    "traits": ["practical", "in a hurry"],
    "behaviors": ["Asks one thing at a time.", "Leaves out greeting and end mark."],
    "example_inputs": ["where is it", "hi can i still change the address, i typed the old one"],
    "use_cases": ["orders", "delivery"],
}


def create_persona(project: Project, persona_id: str, from_: Persona | None = None) -> Path:
    """Write `personas/<id>.yaml`, after another persona, the built-in one of that id, or a commented start."""
    if not re.fullmatch(r"\w[\w-]*", persona_id):
        hint = f"Use letters, digits, `_` and `-`, as in `{slug(persona_id) or 'my_persona'}`."
        raise UsageError(f"`{persona_id}` cannot be the id of a persona.", hint)
    standing = load_personas(project, []).files.get(persona_id)
    path = project.personas_dir / f"{persona_id}.yaml"
    if standing or path.exists():
        hint = f"Change it with `fluxloop personas edit {persona_id}`, or choose another id."
        raise StoreError(f"{shown(standing or path)}: the persona `{persona_id}` is there already", hint)
    if from_ is None and persona_id in builtin_ids():
        from_ = builtin_personas()[persona_id]
    write_text(path, persona_text(persona_id, from_))
    return path


def persona_text(persona_id: str, from_: Persona | None) -> str:
    """The file of a persona, section by section, in the order of the schema."""
    values = from_.model_dump(mode="json", exclude_defaults=True) if from_ else dict(_STARTER)
    values["persona_id"] = persona_id
    if not from_ or from_.persona_id != persona_id:
        values["name"] = persona_id.replace("_", " ").title()
        values.pop("pack", None)
    parts = [_HEADER]
    for name in Persona.model_fields:
        if name in values:
            comment = f"\n# {_COMMENTS[name]}\n" if name in _COMMENTS else ""
            parts.append(comment + emit_mapping({name: values[name]}))
    return "".join(parts)
