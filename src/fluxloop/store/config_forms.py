"""The forms settings may be written in, put into the one form the records take, with the place each came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from fluxloop.store.documents import Document, Step

Path_ = tuple[Step, ...]
_PERCENT = re.compile(r"\s*([-+]?[0-9]+(?:\.[0-9]*)?|[-+]?\.[0-9]+)\s*%?\s*")
_WHOLE_PERSONA = {
    "attributes", "communication", "demographics", "goals", "traits", "behaviors", "expertise", "description",
    "example_inputs", "example_messages", "characteristics", "emotional_state", "use_cases", "style", "pack",
}  # fmt: skip


@dataclass
class Normal:
    """Values in canonical form; `places` leads from a path in them to the path in the file, where the two differ."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path_, Path_] = field(default_factory=dict)


def normalise(document: Document, only_personas: bool = False) -> Normal:
    """The settings of a file in canonical form. `only_personas` is for `personas.yaml`."""
    data = document.data
    normal = Normal({"personas": data} if isinstance(data, list) else dict(data) if isinstance(data, dict) else {})
    if isinstance(data, list):
        normal.places[("personas",)] = ()
    if only_personas:
        normal.data = {"personas": normal.data["personas"]} if "personas" in normal.data else {}
    _personas(normal, whole=only_personas)
    generation = normal.data.get("generation")
    if isinstance(generation, dict):
        normal.data["generation"] = _generation(generation, normal.places)
    mix = normal.data.get("inputs")
    if isinstance(mix, dict):
        normal.data["inputs"] = {name: share(value) for name, value in mix.items()}
    product = normal.data.get("product")
    if isinstance(product, str):
        normal.data["product"] = {"name": product}
        normal.places[("product", "name")] = ("product",)
    return normal


def share(value: Any) -> Any:
    """`40%` is 40; anything else is left for the record to judge."""
    if isinstance(value, str):
        match = _PERCENT.fullmatch(value)
        return float(match.group(1)) if match else value
    return value


def _personas(normal: Normal, *, whole: bool) -> None:
    """A list of ids or of {id, count|weight}; a map {id: 40%}; one id alone; if `whole`, also whole personas."""
    given = normal.data.get("personas")
    base: Path_ = normal.places.get(("personas",), ("personas",))
    if isinstance(given, str):
        given = [given]
    if isinstance(given, dict):
        normal.data["personas"] = [_mapped_share(name, value, whole) for name, value in given.items()]
        for index, name in enumerate(given):
            normal.places[("personas", index)] = ("personas", name)
            for key in ("id", "weight", "count"):
                inside = isinstance(given[name], dict) and key in given[name]
                normal.places[("personas", index, key)] = ("personas", name, key) if inside else ("personas", name)
    elif isinstance(given, list):
        normal.data["personas"] = [_listed_share(entry, whole) for entry in given]
        for index in range(len(given)):
            normal.places[("personas", index)] = (*base, index)


def _mapped_share(name: str, value: Any, whole: bool) -> Any:
    if isinstance(value, dict):
        return _listed_share({"id": name, **value}, whole)
    return {"id": name} if value is None else {"id": name, "weight": share(value)}


def _listed_share(entry: Any, whole: bool) -> Any:
    if not isinstance(entry, (dict, list)):
        return {"id": str(entry)} if entry is not None else entry
    if not isinstance(entry, dict):
        return entry
    entry = dict(entry)
    for alias in ("persona_id", "persona", "name"):
        if alias in entry:
            entry.setdefault("id", entry.pop(alias))
    if len(entry) == 1 and "id" not in entry:
        name, value = next(iter(entry.items()))
        entry = _mapped_share(name, value, whole)
    if whole and entry.keys() & _WHOLE_PERSONA:
        entry = {key: entry[key] for key in ("id", "weight") if key in entry}
    return entry if "weight" not in entry else entry | {"weight": share(entry["weight"])}


def _generation(section: dict[str, Any], places: dict[Path_, Path_]) -> dict[str, Any]:
    section = dict(section)
    examples = section.get("few_shot_examples")
    at: Path_ = ("generation", "few_shot_examples")
    if isinstance(examples, dict):
        section["few_shot_examples"] = [{"persona": name, "examples": found} for name, found in examples.items()]
        for index, name in enumerate(examples):
            places[(*at, index)] = places[(*at, index, "examples")] = (*at, name)
    elif isinstance(examples, list) and examples and not any(isinstance(entry, (dict, list)) for entry in examples):
        section["few_shot_examples"] = [{"persona": "*", "examples": examples}]
        places[(*at, 0, "examples")] = at
    return section
