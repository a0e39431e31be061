"""Personas: built-in ones overlaid by the project's own, read in every shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxloop.errors import ConfigError, NotFound, StoreError, UsageError
from fluxloop.store.documents import parse_document, read_document
from fluxloop.store.emit import emit_mapping
from fluxloop.store.persona_file import create_persona
from fluxloop.store.personas import (
    BUILTIN_DIR,
    builtin_ids,
    builtin_personas,
    find_persona,
    load_personas,
    persona_path,
    read_persona,
)
from fluxloop.store.project import find_project


@pytest.fixture
def project(tmp_path):
    """An empty project with a folder of personas."""
    (tmp_path / "personas").mkdir()
    return find_project(tmp_path)


def put(project, name, text):
    (project.root / name).write_text(text)


@pytest.mark.parametrize("persona_id", builtin_ids())
def test_each_built_in_persona_is_whole(persona_id):
    """No unknown key, the file is named by the id, and all of it survives being written and read."""
    document = read_document(BUILTIN_DIR / f"{persona_id}.yaml")
    notices = []
    persona = read_persona(document.data, document, (), notices)
    assert notices == []
    assert persona.persona_id == persona_id
    again = parse_document(Path("x.yaml"), emit_mapping(persona.model_dump(mode="json", exclude_defaults=True)))
    assert read_persona(again.data, again, (), notices) == persona


def test_the_project_overlays_the_built_in_ones(project):
    """A project's persona takes the place of the built-in one of its id, and has a file."""
    put(project, "personas/mine.yaml", "persona_id: novice_user\nname: Ours\n")
    shelf = load_personas(project, [])
    assert shelf["novice_user"].name == "Ours"
    assert len(shelf) == len(builtin_personas()) == len(list(shelf))
    assert persona_path(project, "novice_user") == project.root / "personas" / "mine.yaml"
    assert persona_path(project, "expert_user") is None


@pytest.mark.parametrize(
    ("text", "persona_id"),
    [
        ("persona_id: a\n", "a"),
        ("id: a\n", "a"),
        ("id: 007\n", "007"),
        ("name: Very Busy Ümit\n", "very_busy_ümit"),
        ("attributes: {expertise: beginner}\n", "file_name"),
        ("persona:\n  id: a\n", "a"),
        ("personas:\n  - persona_id: a\n    traits: x\n", "a"),
        ("personas:\n  a:\n    traits: [x]\n", "a"),
        ("- id: a\n  traits: [x]\n", "a"),
    ],
)
def test_every_shape_of_a_persona_file(project, text, persona_id):
    """One persona, wrapped, listed or mapped; named by id, by name, or by its file."""
    put(project, "personas/file name.yaml", text)
    notices = []
    assert list(load_personas(project, notices).own) == [persona_id]
    assert notices == []


def test_other_names_and_lone_values(project):
    """`characteristics`, `example_messages`, a text where a list is meant, numbers where text is."""
    text = "id: a\ncharacteristics: shy\ntraits: [slow]\nexample_messages: [hi, 5]\ngoals: rest\nattributes: {on: no}\n"
    put(project, "personas/a.yaml", text)
    persona = load_personas(project, [])["a"]
    assert (persona.traits, persona.example_inputs, persona.goals) == (("shy", "slow"), ("hi", "5"), ["rest"])
    assert persona.attributes == {"on": "no"}


def test_personas_yaml_may_list_ids_and_whole_personas(project):
    """Ids and shares only name a persona; the rest are personas of their own."""
    put(
        project,
        "personas.yaml",
        "personas:\n  - novice_user\n  - {id: expert_user, count: 3}\n  - id: a\n    name: A\n",
    )
    assert list(load_personas(project, []).own) == ["a"]


def test_one_id_in_two_files_names_both(project):
    """Which one holds is for a person to say."""
    put(project, "personas/a.yaml", "id: x\n")
    put(project, "personas/b.yaml", "# c\nid: x\n")
    with pytest.raises(ConfigError, match=r"b\.yaml:1: .*a\.yaml:1"):
        load_personas(project, [])


def test_mistakes_and_unknown_keys_have_their_lines(project):
    """An unknown key is told and not an error; wrong values are, all of them."""
    put(project, "personas/a.yaml", "id: a\noccupaton: x\nexpertize: high\n")
    notices = []
    load_personas(project, notices)
    assert [(notice.line, notice.message) for notice in notices] == [
        (2, "unknown key `occupaton` is not used"),
        (3, "unknown key `expertize`; did you mean `expertise`?"),
    ]
    put(project, "personas/a.yaml", "id: a\nweight: -1\nexpertise: [a]\n")
    with pytest.raises(ConfigError) as caught:
        load_personas(project, [])
    lines = caught.value.message.splitlines()
    assert lines[0].endswith("a.yaml:2: weight: must be at least 0, not `-1`")
    assert lines[1].endswith("a.yaml:3: expertise: must be text or a mapping of keys, not a list")
    put(project, "personas/a.yaml", "id: a\nexample_messages: {a: 1}\n")
    with pytest.raises(ConfigError, match=r"a\.yaml:2: "):
        load_personas(project, [])


def test_an_unknown_persona_is_led_to_the_nearest(project):
    """NotFound names what was probably meant."""
    with pytest.raises(NotFound, match="novice_user"):
        find_persona(load_personas(project, []), "novise_user")


def test_a_new_persona_reads_back_and_overwrites_nothing(project):
    """A commented start, a copy of another, or the built-in one of that id."""
    shelf = load_personas(project, [])
    start = create_persona(project, "a")
    copy = create_persona(project, "b", shelf["expert_user"])
    own = create_persona(project, "novice_user")
    assert own.read_text().count("\n# ") > 5
    notices = []
    shelf = load_personas(project, notices)
    assert notices == []
    assert (shelf.files["a"], shelf.files["b"]) == (start, copy)
    assert shelf["b"].communication == builtin_personas()["expert_user"].communication
    assert shelf["novice_user"] == builtin_personas()["novice_user"]
    with pytest.raises(StoreError, match="there already"):
        create_persona(project, "a")
    with pytest.raises(UsageError):
        create_persona(project, "../evil")
