"""JSON schemas of the files people write, for editors: they complete keys, show each field's sentence, mark mistakes.

They take every shape the readers take, so a file that fluxloop reads is never marked as wrong.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fluxloop.schema.bundle import Bundle
from fluxloop.schema.config import ConfigFile
from fluxloop.schema.input import Input
from fluxloop.schema.persona import Persona
from fluxloop.schema.record import Record
from fluxloop.store.atomic import write_text
from fluxloop.store.personas import KEY_ALIASES
from fluxloop.store.project import Project, make_private_dir
from fluxloop.store.shapes import LISTS

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
_SHARE: Schema = {"type": ["number", "string", "null"], "description": "A weight, or a share such as `40%`."}


def export_schemas() -> dict[str, Schema]:
    """The schema of each kind of file by its name: persona, inputs, config, bundle."""
    return {"persona": _persona_file(), "inputs": _inputs_file(), "config": _config_file(), "bundle": _bundle_file()}


def write_schemas(project: Project) -> list[Path]:
    """Write the schemas to `.fluxloop/schemas/`, where the files of a project look for them."""
    folder = make_private_dir(project.root) / "schemas"
    written = []
    for name, schema in export_schemas().items():
        path = folder / f"{name}.json"
        write_text(path, json.dumps(schema, indent=2, ensure_ascii=False) + "\n")
        written.append(path)
    return written


def _persona_file() -> Schema:
    persona = _persona()
    ids: Schema = {"type": "string", "description": "Only names a persona."}
    many = {"type": "array", "items": {"anyOf": [persona, ids, _share_entry()]}}
    by_id = {"type": "object", "additionalProperties": {"anyOf": [persona, _SHARE]}}
    listed = {"type": "object", "required": ["personas"], "properties": {"personas": {"anyOf": [many, by_id]}}}
    return _titled("fluxloop persona", {"anyOf": [persona, listed, many]})


def _inputs_file() -> Schema:
    item: Schema = {"anyOf": [_input(), _TEXT]}
    listed: Schema = {"type": ["array", "null"], "items": item}
    lists = {
        "type": "object",
        "properties": dict.fromkeys(LISTS, listed),
        "anyOf": [{"required": [key]} for key in LISTS],
    }
    one = _input()
    one["properties"] = dict(one["properties"]) | dict.fromkeys([key for key in LISTS if key != "inputs"], listed)
    return _titled("fluxloop inputs", {"anyOf": [lists, one, {"type": "array", "items": item}, {"type": "null"}]})


def _config_file() -> Schema:
    schema = _tolerant(ConfigFile)
    share = _share_entry()
    share["properties"]["id"] = {"type": "string"}
    schema["properties"]["personas"] = {
        "description": "Ids, {id, count|weight}, or a map {id: 40%}.",
        "anyOf": [
            {"type": "array", "items": {"anyOf": [{"type": "string"}, share, {"type": "object", "maxProperties": 1}]}},
            {"type": "object", "additionalProperties": {"anyOf": [_SHARE, {"type": "object"}]}},
            {"type": ["string", "null"]},
        ],
    }
    schema["properties"]["product"] = {"anyOf": [schema["properties"]["product"], {"type": "string"}]}
    mix = schema["properties"]["inputs"]["anyOf"][0]["properties"]
    for name in ("synthetic", "manual"):
        mix[name] = _SHARE | {"description": mix[name].get("description", "")}
    examples = schema["properties"]["generation"]["anyOf"][0]["properties"]["few_shot_examples"]
    by_persona = {"type": "object", "additionalProperties": {"type": ["array", "string"]}}
    examples["anyOf"] += [{"type": "array", "items": {"type": "string"}}, by_persona]
    return _titled("fluxloop settings", {"anyOf": [schema, {"type": "null"}]})


def _bundle_file() -> Schema:
    schema = _tolerant(Bundle)
    schema["properties"]["inputs"] = {"type": "array", "items": _input()}
    schema["properties"]["personas"] = {"type": "array", "items": _persona()}
    return _titled("fluxloop bundle", schema)


def _persona() -> Schema:
    schema = _tolerant(Persona)
    properties = schema["properties"]
    for alias, name in KEY_ALIASES.items():
        properties[alias] = properties[name] | {"description": f"Read as `{name}`."}
    properties["goals"] = {"description": properties["goals"].get("description", "")}
    return schema


def _input() -> Schema:
    """One input, with the other keys its text and turns may stand under."""
    schema = _tolerant(Input)
    properties = schema["properties"]
    turn = {"anyOf": [_TEXT, {"type": "object"}]}
    turns = {"type": "array", "items": turn, "description": properties["conversation"].get("description", "")}
    properties["conversation"] = properties["turns"] = turns
    properties["generated_text"] = properties["message"] = _TEXT
    properties["input"] = {"anyOf": [_TEXT, turns, {"type": "object"}], "description": "Read as `text`."}
    properties["persona_id"] = properties["persona"]
    texts = ("text", "input", "generated_text", "message", "conversation", "turns")
    schema["anyOf"] = [{"required": [key]} for key in texts]
    return schema


def _share_entry() -> Schema:
    names = {name: {"type": "string"} for name in ("id", "persona_id", "persona", "name")}
    counts: Schema = {"count": {"type": ["integer", "null"], "minimum": 0}, "weight": _SHARE}
    return {"type": "object", "properties": names | counts}


def _tolerant(model: type[Record]) -> Schema:
    """pydantic's schema and what the reader forgives: nothing for a default, a value for a list, a number for text."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})
    found = _forgiven(schema, definitions)
    assert isinstance(found, dict)
    found.pop("required", None)
    return found


def _forgiven(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_forgiven(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        inner = _forgiven(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
        words = {"description": schema["description"]} if "description" in schema else {}
        return {"anyOf": [inner, {"type": "null"}], **words}
    schema = {key: value for key, value in schema.items() if key not in ("title", "default", "required")}
    if "properties" in schema:
        schema["properties"] = {name: _forgiven(part, definitions) for name, part in schema["properties"].items()}
    for key in ("items", "anyOf", "additionalProperties"):
        if key in schema:
            schema[key] = _forgiven(schema[key], definitions)
    return _loosened(schema)


def _loosened(schema: Schema) -> Schema:
    words = {"description": schema.pop("description")} if "description" in schema else {}
    kind = schema.get("type")
    if kind == "array":
        loose: list[Schema] = [] if schema.get("items") else [{"type": "object"}]
        return {"anyOf": [schema, {"type": ["string", "number", "boolean", "null"]}, *loose], **words}
    if kind == "string" and "enum" not in schema:
        return {"type": ["string", "number", "boolean", "null"], **words}
    if kind in ("number", "integer", "boolean"):
        return {"anyOf": [schema, {"type": ["string", "null"]}], **words}
    return schema | words


def _titled(title: str, schema: Schema) -> Schema:
    return {"$schema": _DIALECT, "title": title, **schema}
