"""Inputs are added to and edited in their files, in every format, and nothing else changes."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fluxloop.errors import StoreError
from fluxloop.schema.input import Input, Turn
from fluxloop.store.inputs import append_inputs, edit_inputs, read_inputs

NAMES = ["x.yaml", "x.json", "x.jsonl", "x.csv"]
TEXT = st.text(st.characters(exclude_categories=("Cs",)))
ITEMS = [
    Input(id="input_001", text="um 😅 \u2028 'it' \"s\"", persona="p", source="synthetic", metadata={"topic": "a"}),
    Input(id="input_002", text=" =cmd|\n\tx, ", tags=("a", "b"), importance="critical", expected="y"),
    Input(id="input_003", conversation=(Turn(turn=1, input="a"), Turn(turn=2, input="b\r\nc")), source="synthetic"),
]


def held(path):
    return [stored.input for stored in read_inputs(path, [])]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_appended_is_read_back(tmp_path, name):
    """A new file, and more at the end of it; the texts are those that were given."""
    path = tmp_path / "inputs" / name
    append_inputs(path, ITEMS[:1])
    append_inputs(path, ITEMS[1:])
    assert held(path) == ITEMS
    append_inputs(path, [])
    assert held(path) == ITEMS


def test_a_new_file_names_its_schema(tmp_path):
    """So that editors check it."""
    path = tmp_path / "inputs" / "generated.yaml"
    append_inputs(path, ITEMS[:1])
    assert path.read_text().startswith(
        "# yaml-language-server: $schema=../.fluxloop/schemas/inputs.json\ngenerated_inputs:\n  - id: input_001\n"
    )


def test_a_persons_file_keeps_what_stands_in_it(tmp_path):
    """Comments and order stay; inputs go where their source says."""
    path = tmp_path / "x.yaml"
    path.write_text("# mine\ninputs:\n- a # first\n\n# tail\n")
    append_inputs(path, ITEMS[:1])
    assert path.read_text().startswith("# mine\ninputs:\n- a # first\n\n# tail\ngenerated_inputs:\n  - id: input_001\n")
    append_inputs(path, ITEMS[1:2])
    assert path.read_text().startswith("# mine\ninputs:\n- a # first\n- id: input_002\n")
    assert len(held(path)) == 3


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, min_size=1, max_size=4), new=TEXT, reason=TEXT.filter(bool))
def test_any_text_survives_every_format(tmp_path, name, texts, new, reason):
    """A law: append, edit and read give back the very texts, and the other inputs are untouched."""
    path = tmp_path / name
    path.unlink(missing_ok=True)
    append_inputs(path, [Input(id=f"input_{n}", text=text, source="synthetic") for n, text in enumerate(texts)])
    before = read_inputs(path, [])
    edit_inputs([(before[-1], {"text": new, "status": "rejected", "reason": reason})])
    found = held(path)
    assert [item.text for item in found] == [*texts[:-1], new]
    assert found[-1].status == "rejected"
    assert found[-1].reason == reason
    assert found[:-1] == [stored.input for stored in before[:-1]]


@pytest.mark.parametrize("name", NAMES)
def test_every_field_can_be_set_and_taken_out(tmp_path, name):
    """Tags, metadata, a turn, a longer conversation; None takes a field out again."""
    path = tmp_path / name
    append_inputs(path, ITEMS)
    stored = read_inputs(path, [])
    longer = (*ITEMS[2].conversation, Turn(turn=3, input="more"))
    other = (Turn(turn=1, input="A"), *ITEMS[2].conversation[1:])
    edit_inputs([
        (stored[0], {"metadata": {"topic": "b", "tone": "calm"}, "tags": ("x",), "status": "approved"}),
        (stored[1], {"importance": None, "tags": (), "reason": "r"}),
        (stored[2], {"conversation": other}),
    ])  # fmt: skip
    found = held(path)
    assert found[0] == ITEMS[0].model_copy(
        update={"metadata": {"topic": "b", "tone": "calm"}, "tags": ("x",), "status": "approved"}
    )
    assert found[1] == ITEMS[1].model_copy(update={"importance": None, "tags": (), "reason": "r"})
    assert found[2] == ITEMS[2].model_copy(update={"conversation": other})
    edit_inputs([(read_inputs(path, [])[2], {"conversation": longer})])
    assert held(path)[2].conversation == longer


def test_a_plain_text_becomes_a_mapping_with_its_derived_id(tmp_path):
    """The id that was shown is written with the first edit; the file's other lines stay."""
    path = tmp_path / "manual.yaml"
    path.write_text('inputs:\n  - "How do I start?"   # the classic\n  - other\n')
    edit_inputs([(read_inputs(path, [])[0], {"status": "approved"})])
    assert path.read_text() == (
        'inputs:\n  - text: "How do I start?"   # the classic\n    id: "manual#1"\n    status: approved\n  - other\n'
    )
    assert read_inputs(path, [])[0].has_id


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- input: a\n", '- input: b?\n  id: "x#1"\n'),
        ("input:\n  generated_text: 'a'\n", "input:\n  generated_text: 'b?'\nid: \"x#1\"\n"),
        ("text: a\nid: i\n", "text: b?\nid: i\n"),
    ],
)
def test_an_edit_goes_under_the_key_the_person_used(tmp_path, before, after):
    """A text under `input:` or `generated_text:` stays there."""
    path = tmp_path / "x.yaml"
    path.write_text(before)
    edit_inputs([(read_inputs(path, [])[0], {"text": "b?"})])
    assert path.read_text() == after


@pytest.mark.parametrize(
    ("turns", "after"),
    [
        ("conversation: [a, b]\nid: i\n", "conversation: [a, B!]\nid: i\n"),
        (
            "turns:\n- {turn: 1, text: a}\n- content: 'b'\nid: i\n",
            "turns:\n- {turn: 1, text: a}\n- content: 'B!'\nid: i\n",
        ),
    ],
)
def test_a_turn_is_edited_where_it_stands(tmp_path, turns, after):
    """Whatever shape the turns have."""
    path = tmp_path / "x.yaml"
    path.write_text(turns)
    stored = read_inputs(path, [])[0]
    edit_inputs([(stored, {"conversation": (Turn(turn=1, input="a"), Turn(turn=2, input="B!"))})])
    assert path.read_text() == after


def test_rows_that_are_not_edited_keep_their_bytes(tmp_path):
    """In CSV and JSON lines, with odd spacing, quotes and line ends."""
    table = tmp_path / "x.csv"
    table.write_bytes(b'\xef\xbb\xbfid;text;topic\r\n"1";"a";\r\n2;b;t\r\n\r\n3;c\r\n')
    edit_inputs([(read_inputs(table, [])[1], {"text": 'b;"B"'})])
    assert table.read_bytes() == b'\xef\xbb\xbfid;text;topic\r\n"1";"a";\r\n2;"b;""B""";t\r\n\r\n3;c\r\n'
    edit_inputs([(read_inputs(table, [])[2], {"status": "approved"})])
    assert table.read_bytes().endswith(b";t;\r\n\r\n3;c;;approved\r\n")
    lines = tmp_path / "x.jsonl"
    lines.write_text('{"id":"a",  "text":"1"}\n\n"bare"\n{"text":"3","id":"c"}')
    edit_inputs([(stored, {"status": "approved"}) for stored in read_inputs(lines, [])[1:]])
    first, blank, second, third = lines.read_text().split("\n")
    assert (first, blank) == ('{"id":"a",  "text":"1"}', "")
    assert json.loads(second) == {"text": "bare", "id": "x#2", "status": "approved"}
    assert third == '{"text":"3","id":"c","status": "approved"}'


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path):
    """And with it every other file of the same edit: all are checked before the first is written."""
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    for path in (first, second):
        path.write_text("- {id: x, text: a}\n")
    edits = [(read_inputs(path, [])[0], {"status": "approved"}) for path in (first, second)]
    second.write_text("- {id: y, text: a}\n")
    with pytest.raises(StoreError, match="has changed"):
        edit_inputs(edits)
    assert first.read_text() == "- {id: x, text: a}\n"


def test_a_value_that_cannot_stand_is_refused(tmp_path):
    """A wrong status or an id that is taken changes nothing."""
    path = tmp_path / "x.yaml"
    path.write_text("- {id: x, text: a}\n- {id: y, text: b}\n")
    stored = read_inputs(path, [])[0]
    for changes in ({"status": "maybe"}, {"id": "y"}, {"text": None}):
        with pytest.raises(StoreError):
            edit_inputs([(stored, changes)])
    assert path.read_text() == "- {id: x, text: a}\n- {id: y, text: b}\n"


def test_setting_what_is_already_so_writes_nothing(tmp_path):
    """No edit, no diff."""
    path = tmp_path / "x.yaml"
    path.write_text("- a\n")
    edit_inputs([(read_inputs(path, [])[0], {"status": "pending"})])
    assert path.read_text() == "- a\n"
