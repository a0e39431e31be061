"""What was learned goes into a persona's file, and nothing else in it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxloop.errors import NotFound, StoreError
from fluxloop.store.persona_learned import Learned, learned_text, plan_learned, write_learned
from fluxloop.store.personas import load_personas, read_personas
from fluxloop.store.project import find_project

LESSON = Learned({"words_median": 6.5, "lower_start": 0.8}, ["where is it", "no: not #this"])
BOB = """\
# ours
persona_id: bob   # the first
example_inputs:
  - hello?        # on a Monday

# the end
traits: [shy]
"""


def _plan(folder: Path, **learned: Learned):  # type: ignore[no-untyped-def]
    project = find_project(folder, folder)
    return plan_learned(project, load_personas(project, []), learned)


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_block_is_added_and_the_rest_stays(tmp_path: Path) -> None:
    """Comments, order and quotes are as they were; the examples stand behind the persona's own."""
    path = _file(tmp_path, "personas/bob.yaml", BOB)
    (update,) = _plan(tmp_path, bob=LESSON)
    assert path.read_text() == update.before == BOB
    write_learned([update])
    assert (
        path.read_text()
        == """\
# ours
persona_id: bob   # the first
example_inputs:
  - hello?        # on a Monday
  - where is it
  - "no: not #this"

# the end
traits: [shy]
style:
  words_median: 6.5
  lower_start: 0.8
"""
    )
    assert "+style:" in update.diff and "\n-" not in update.diff


def test_bands_that_stand_there_are_set_one_by_one(tmp_path: Path) -> None:
    """A band the log says nothing of stays, and so do comments beside those that change."""
    text = "persona_id: bob\nstyle:\n  lower_start: 0.1   # guessed\n  misspellings: 9\n"
    text += "example_inputs: [hi, 'where is it']\n"
    path = tmp_path / "bob.yaml"
    assert learned_text(path, text, "bob", LESSON) == (
        "persona_id: bob\nstyle:\n  lower_start: 0.8   # guessed\n  misspellings: 9\n  words_median: 6.5\n"
        "example_inputs: [hi, 'where is it', \"no: not #this\"]\n"
    )


def test_learning_twice_changes_nothing_more(tmp_path: Path) -> None:
    """The same log leaves the file as it is."""
    path = tmp_path / "bob.yaml"
    once = learned_text(path, BOB, "bob", LESSON)
    assert learned_text(path, once, "bob", LESSON) == once


@pytest.mark.parametrize(
    "text",
    [
        "id: bob\nexample_messages: [hi]\n",
        "name: Bob\n",
        "{persona_id: bob, traits: [shy]}\n",
        "persona_id: bob\nstyle:\nexample_inputs: []\n",
        "persona_id: bob\nstyle: {}\nexample_inputs: hi there\n",
        "persona_id: bob\r\ntraits: [shy]\r\n",
        "personas:\n  - persona_id: eve\n    weight: 2\n  - persona_id: bob\n    weight: 1\n",
        "personas:\n  bob:\n    persona_id: bob\n    weight: 1\n  eve: {persona_id: eve, weight: 2}\n",
    ],
)
def test_every_shape_of_a_file_learns(tmp_path: Path, text: str) -> None:
    """Old names, flow style, several in one file: what was learned is read back, and nobody else has changed."""
    path = _file(tmp_path, "bob.yaml", text)
    before = {one.persona_id: one for one, _ in read_personas(path, [])}
    path.write_text(learned_text(path, text, "bob", LESSON), encoding="utf-8")
    after = {one.persona_id: one for one, _ in read_personas(path, [])}
    assert after["bob"].style == LESSON.style
    assert after["bob"].example_inputs == (*before["bob"].example_inputs, *LESSON.examples)
    assert after.keys() == before.keys() and after.get("eve") == before.get("eve")


def test_a_json_file_learns_too(tmp_path: Path) -> None:
    """In its own notation."""
    text = '{"persona_id": "bob", "example_inputs": ["hi"]}'
    new = learned_text(tmp_path / "bob.json", text, "bob", LESSON)
    assert '"example_inputs": ["hi", "where is it", "no: not #this"]' in new and '"lower_start": 0.8' in new


def test_two_personas_of_one_file_are_one_update(tmp_path: Path) -> None:
    """Shown and written together."""
    _file(
        tmp_path, "personas.yaml", "personas:\n  - persona_id: bob\n    weight: 1\n  - persona_id: eve\n    weight: 2\n"
    )
    (update,) = _plan(tmp_path, bob=LESSON, eve=LESSON)
    assert update.changes == ("bob", "eve") and update.after.count("words_median: 6.5") == 2


def test_a_built_in_persona_gets_a_file_of_its_own(tmp_path: Path) -> None:
    """The project's version says what the built-in says, and what was learned."""
    (update,) = _plan(tmp_path, novice_user=LESSON)
    assert not update.path.exists()
    write_learned([update])
    persona = load_personas(find_project(tmp_path, tmp_path), [])["novice_user"]
    assert persona.style == LESSON.style and persona.example_inputs[-2:] == tuple(LESSON.examples)


def test_nothing_is_written_over_what_changed_meanwhile(tmp_path: Path) -> None:
    """What was shown is what is written, or nothing is."""
    path = _file(tmp_path, "personas/bob.yaml", BOB)
    updates = _plan(tmp_path, bob=LESSON, novice_user=LESSON)
    path.write_text(BOB + "weight: 3\n")
    with pytest.raises(StoreError, match="has changed since it was read"):
        write_learned(updates)
    assert path.read_text() == BOB + "weight: 3\n" and not (tmp_path / "personas/novice_user.yaml").exists()
    with pytest.raises(NotFound):
        _plan(tmp_path, nobody=LESSON)
