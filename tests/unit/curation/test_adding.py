"""An input that a person writes."""

from __future__ import annotations

from pathlib import Path

from fluxloop.curation.adding import free_id, manual_input
from fluxloop.store.inputs import read_project_inputs
from fluxloop.store.project import find_project


def test_an_id_is_never_given_again(tmp_path: Path) -> None:
    """The next id lies above those of all files and of all bundles; a broken bundle keeps nobody from adding."""
    for name, text in {
        "fluxloop.yaml": "",
        "inputs/manual.yaml": "inputs:\n  - {id: input_004, text: hi}\n",
        "bundles/old.yaml": "name: old\ninputs:\n  - {id: input_009, text: gone, source: manual, status: approved}\n",
        "bundles/torn.yaml": 'name: "torn\n',
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    project = find_project(tmp_path)
    assert free_id(project, read_project_inputs(project, [])) == "input_010"


def test_its_author_approves_it() -> None:
    """What a person writes is approved, unless it is said to be pending."""
    assert manual_input("input_001", ["hi"]).status == "approved"
    assert manual_input("input_001", ["hi"], pending=True).status == "pending"


def test_several_texts_are_a_conversation() -> None:
    """One text is a message, several are turns in their order; no topic is written where none is given."""
    item = manual_input("input_001", ["hi", "still there?"])
    assert item.text is None and [(turn.turn, turn.input) for turn in item.conversation] == [
        (1, "hi"),
        (2, "still there?"),
    ]
    assert item.metadata == {} and manual_input("input_001", [""]).text == ""
