"""Persona files brought to the current schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxloop.errors import ConfigError
from fluxloop.store.persona_update import plan_update, plan_updates, write_updates
from fluxloop.store.personas import read_personas
from fluxloop.store.project import Project

OLD = """\
# Our oldest customer
id: bob   # never change this
'characteristics': [shy, "slow: very"]
example_messages:
    - "hello?"   # real
communication: {formality: casual}
"""


def test_old_names_are_replaced_and_nothing_else_is_touched(tmp_path: Path) -> None:
    """Comments, quotes, order and indentation of a person's file stay."""
    path = tmp_path / "bob.yaml"
    path.write_text(OLD)
    update = plan_update(path)
    assert update.after == OLD.replace("id: bob", "persona_id: bob").replace("'characteristics'", "traits").replace(
        "example_messages", "example_inputs"
    )
    assert update.changes == (
        "line 2: id → persona_id",
        "line 3: characteristics → traits",
        "line 4: example_messages → example_inputs",
    )


def test_the_persona_reads_the_same_before_and_after(tmp_path: Path) -> None:
    """An update changes the words of a file, never what it says."""
    path = tmp_path / "bob.yaml"
    path.write_text(OLD)
    before = [persona for persona, _ in read_personas(path, [])]
    write_updates([plan_update(path)])
    assert [persona for persona, _ in read_personas(path, [])] == before


def test_updating_twice_changes_nothing_more(tmp_path: Path) -> None:
    """A file in the current schema has no update."""
    project = Project(tmp_path, configured=True)
    project.personas_dir.mkdir()
    (project.personas_dir / "bob.yaml").write_text(OLD)
    write_updates(plan_updates(project))
    assert plan_updates(project) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: Big Bob\nweight: 2\n", "persona_id: big_bob\nname: Big Bob\nweight: 2\n"),
        ("name: Big Bob\r\nweight: 2\r\n", "persona_id: big_bob\r\nname: Big Bob\r\nweight: 2\r\n"),
        ("{name: Bob, id: b}\n", "{name: Bob, persona_id: b}\n"),
        ("{name: Bob, weight: 2}\n", "{persona_id: bob, name: Bob, weight: 2}\n"),
        ("traits: [shy]\n", "persona_id: shy_one\ntraits: [shy]\n"),
        (
            "personas:\n  - name: Bob\n    goals: x\n  - id: eve\n    goals: y\n",
            "personas:\n  - persona_id: bob\n    name: Bob\n    goals: x\n  - persona_id: eve\n    goals: y\n",
        ),
        ("\ufeffid: b\nname: B\n", "\ufeffpersona_id: b\nname: B\n"),
    ],
)
def test_an_implied_id_is_written_down(before: str, after: str, tmp_path: Path) -> None:
    """A persona named by its name or its file gets its id as the first key, in the file's own form."""
    path = tmp_path / "shy_one.yaml"
    path.write_bytes(before.encode())
    assert plan_update(path).after == after


def test_two_names_for_one_list_are_left_to_a_person(tmp_path: Path) -> None:
    """Joining two lists would move lines about: it is said and not done."""
    path = tmp_path / "bob.yaml"
    path.write_text("persona_id: bob\ntraits: [shy]\ncharacteristics: [slow]\n")
    update = plan_update(path)
    assert (update.after, update.changes) == (update.before, ())
    assert update.left == ("line 3: `characteristics` stands beside `traits`; move its items there by hand",)


def test_a_list_of_ids_and_shares_is_no_list_of_personas(tmp_path: Path) -> None:
    """`personas.yaml` may only name personas: an `id:` there is a share and stays."""
    text = "personas:\n  - novice_user\n  - {id: expert_user, count: 3}\n"
    path = tmp_path / "personas.yaml"
    path.write_text(text)
    assert plan_update(path).after == text


def test_a_broken_file_is_an_error_with_its_place(tmp_path: Path) -> None:
    """Nothing is planned for what cannot be read."""
    path = tmp_path / "bob.yaml"
    path.write_text("id: [\n")
    with pytest.raises(ConfigError, match=r"bob\.yaml:"):
        plan_update(path)
