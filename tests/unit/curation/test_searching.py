"""Finding inputs by id and by what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxloop.curation.searching import Query, find_input, find_inputs, search_inputs
from fluxloop.errors import NotFound
from fluxloop.store.inputs import StoredInput, read_inputs

FILE = """\
inputs:
  - {id: input_001, text: "Where is my order?", persona: novice_user, metadata: {topic: user_management}, tags: [L one]}
  - {id: input_002, text: "WHERE?", persona: expert_user, status: approved, source: synthetic}
  - {id: input_003, conversation: ["hi", "where is it"], persona: novice_user, status: rejected}
"""


@pytest.fixture
def inputs(tmp_path: Path) -> list[StoredInput]:
    """Three inputs in a file."""
    path = tmp_path / "some.yaml"
    path.write_text(FILE, encoding="utf-8")
    return read_inputs(path, [])


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (Query(), "123"),
        (Query(personas=("novice_user",)), "13"),
        (Query(personas=("novice_user", "expert_user"), statuses=("approved", "pending")), "12"),
        (Query(sources=("manual",)), "13"),
        (Query(topics=("User-Management",)), "1"),
        (Query(tags=("l_one",)), "1"),
        (Query(words="where is"), "13"),
        (Query(words="INPUT_002"), "2"),
        (Query(words="nowhere"), ""),
    ],
)
def test_kinds_narrow_and_values_widen(inputs: list[StoredInput], query: Query, numbers: str) -> None:
    """Every kind of question must be answered, by any of its values; case and `_` do not matter in topics and tags."""
    assert "".join(stored.input.id[-1] for stored in search_inputs(inputs, query)) == numbers


def test_an_unknown_id_names_the_nearest(inputs: list[StoredInput]) -> None:
    """A wrong id leads to a right one."""
    with pytest.raises(NotFound) as caught:
        find_input(inputs, "imput_002")
    assert str(caught.value) == "There is no input `imput_002`.\nDid you mean `input_002`?"


@pytest.mark.parametrize("asked", ["2", "input_2", "02"])
def test_a_number_without_its_zeros_is_understood(inputs: list[StoredInput], asked: str) -> None:
    """People leave out the zeros; the input with that number is named, not one that is spelt more alike."""
    with pytest.raises(NotFound) as caught:
        find_input(inputs, asked)
    assert caught.value.hint == "Did you mean `input_002`?"


def test_in_an_empty_project_the_hint_is_how_to_get_inputs() -> None:
    """Without inputs there is no nearest id, but there is a way on."""
    with pytest.raises(NotFound) as caught:
        find_input([], "input_001")
    assert "fluxloop inputs generate" in caught.value.hint


def test_ids_are_found_in_the_order_asked_and_once(inputs: list[StoredInput]) -> None:
    """An id that is named twice is one input."""
    found = find_inputs(inputs, ["input_003", "input_001", "input_003"])
    assert [stored.input.id for stored in found] == ["input_003", "input_001"]
