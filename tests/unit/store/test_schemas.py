"""The exported schemas take every shape that is read, and mark what is wrong."""

from __future__ import annotations

import json

import jsonschema
import pytest

from fluxloop.schema.bundle import Bundle
from fluxloop.schema.input import Input
from fluxloop.store.bundles import write_bundle
from fluxloop.store.documents import read_document
from fluxloop.store.personas import BUILTIN_DIR, builtin_personas
from fluxloop.store.project import find_project
from fluxloop.store.scaffold import template_files
from fluxloop.store.schemas import export_schemas, write_schemas

SCHEMAS = export_schemas()
CONFIG = {
    "generation": {
        "provider": "openai", "model": "gpt-4o", "temperature": 0.7, "max_tokens": 100, "caching": True,
        "chain_of_thought": True, "few_shot_examples": [{"persona": "e", "examples": ["a"]}], "domain": "healthcare",
        "vocabulary": ["a"], "context": "x", "diversity": {"min_similarity": 0.3},
        "filters": {"min_length": 10, "max_length": 500, "remove_duplicates": True, "language": "english"},
        "constraints": {"topics": ["testing"], "forbidden_topics": ["cooking"]},
    },
    "personas": [{"id": "novice_user", "count": 60}],
    "constraints": {"topics": ["a"], "min_length": 10, "max_length": 200, "language": "english"},
}  # fmt: skip

GOOD = [
    ("inputs", {"generated_inputs": [{"id": "input_001", "persona": "p", "text": "x", "metadata": {"tone": "a"}}]}),
    ("inputs", {"inputs": ["How do I start?", 7, {"text": "x", "source": "manual", "importance": "critical"}]}),
    ("inputs", {"input": {"thought_process": "a", "generated_text": "b"}}),
    ("inputs", {"conversation": [{"turn": 1, "input": "a"}, "b"]}),
    ("inputs", {"multi_turn_inputs": [{"conversation": ["a"]}]}),
    ("inputs", ["a", {"input": "b", "tags": "t"}]),
    ("inputs", {"inputs": None}),
    ("inputs", None),
    ("config", CONFIG),
    ("config", {"personas": {"novice_user": "40%", "b": 3}, "inputs": {"synthetic": "80%", "manual": 20}}),
    ("config", {"personas": ["a", "b"], "generation": {"filters": None, "few_shot_examples": {"a": ["x"]}}}),
    (
        "config",
        {"generation": {"constraints": {"topics": "one"}}, "test": {"checks": ["not_empty", {"contains": "x"}]}},
    ),
    ("config", None),
    ("persona", {"persona_id": "a", "attributes": {"expertise": "beginner"}, "communication": {"formality": "casual"}}),
    ("persona", {"id": "a", "goals": "x", "characteristics": "shy", "example_messages": ["a"]}),
    ("persona", {"personas": ["novice_user", {"persona_id": "a"}]}),
    ("persona", [{"persona_id": "a"}]),
]
BAD = [
    ("inputs", {"inputs": [{"status": "maybe", "text": "x"}]}),
    ("inputs", {"inputs": [{"persona": "p"}]}),
    ("inputs", {"inputs": [{"text": "x", "stauts": "approved"}]}),
    ("config", {"generation": {"temprature": 1}}),
    ("config", {"generation": {"temperature": 9}}),
    ("config", {"modle": "x"}),
    ("persona", {"persona_id": "a", "weight": -1}),
    ("persona", {"persona_id": "a", "occupation": "x"}),
    ("bundle", {"inputs": [{"id": 1}]}),
]


def check(name, value):
    jsonschema.Draft202012Validator(SCHEMAS[name]).validate(value)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_schema_is_one(name):
    """Valid by its own dialect, and with a sentence for the fields."""
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    assert '"description"' in json.dumps(SCHEMAS[name])


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_every_documented_shape_is_right(name, value):
    """What fluxloop reads is never marked as wrong in an editor."""
    check(name, value)


@pytest.mark.parametrize(("name", "value"), BAD)
def test_mistakes_are_marked(name, value):
    """A misspelt key, a value out of range, an input without a text."""
    with pytest.raises(jsonschema.ValidationError):
        check(name, value)


def test_our_own_files_are_right(tmp_path):
    """Built-in personas, the sample project and a bundle."""
    for path in BUILTIN_DIR.glob("*.yaml"):
        check("persona", read_document(path).data)
    kinds = {"personas": "persona", "inputs": "inputs", "configs": "config", "fluxloop.yaml": "config"}
    for name, path in template_files().items():
        if name.endswith(".yaml"):
            check(kinds[name.split("/")[0]], read_document(path).data)
    bundle = Bundle(name="a", inputs=(Input(id="i", text="x"),), personas=tuple(builtin_personas().values()))
    check("bundle", read_document(write_bundle(find_project(tmp_path), bundle)).data)


def test_schemas_are_written_where_files_look_for_them(tmp_path):
    """In the private folder, which git does not see."""
    written = write_schemas(find_project(tmp_path))
    assert [path.name for path in written] == ["persona.json", "inputs.json", "config.json", "bundle.json"]
    assert json.loads(written[0].read_text()) == SCHEMAS["persona"]
