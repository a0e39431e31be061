"""Inputs are read in every shape of the documentation."""

from __future__ import annotations

import pytest

from fluxloop.errors import ConfigError
from fluxloop.schema.input import Turn
from fluxloop.store.inputs import input_files, read_inputs, read_project_inputs
from fluxloop.store.project import find_project


@pytest.fixture
def read(tmp_path):
    """Write a file and read its inputs; the notices are kept as `read.notices`."""

    def reading(text, name="x.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        reading.notices = []
        return [stored.input for stored in read_inputs(path, reading.notices)]

    reading.notices = []
    return reading


def test_the_generated_file_of_the_reference(read):
    """Its items are synthetic unless they say otherwise."""
    items = read(
        'generated_inputs:\n  - id: input_001\n    persona: novice_user\n    text: "um... how do i even start? 😅"\n'
        "    metadata:\n      complexity: simple\n      tone: uncertain\n"
    )
    assert items[0].model_dump(exclude_defaults=True) == {
        "id": "input_001", "persona": "novice_user", "text": "um... how do i even start? 😅", "source": "synthetic",
        "metadata": {"complexity": "simple", "tone": "uncertain"},
    }  # fmt: skip
    assert read.notices == []


def test_the_curated_file_of_the_reference(read):
    """`inputs:` are manual; plain texts and both lists in one file are read in order."""
    items = read(
        "inputs:\n  # by hand\n  - text: a\n    source: synthetic\n  - text: b\n    importance: critical\n  - plain\n"
        "generated_inputs:\n  - text: c\n"
    )
    assert [(item.text, item.source) for item in items] == [
        ("a", "synthetic"), ("b", "manual"), ("plain", "manual"), ("c", "synthetic"),
    ]  # fmt: skip
    assert [item.id for item in items] == ["x#1", "x#2", "x#3", "x#4"]


def test_chain_of_thought_of_the_reference(read):
    """`input: {thought_process, generated_text}`, alone in a file or as an item."""
    one = "thought_process: |\n    New here.\n  generated_text: is it ok\n"
    assert read("input:\n  " + one)[0].thought_process == "New here.\n"
    item = read("inputs:\n- input:\n    thought_process: why\n    generated_text: is it ok\n  status: Approved\n")[0]
    assert (item.text, item.thought_process, item.status) == ("is it ok", "why", "approved")


def test_conversations_of_the_reference(read):
    """A document that is one conversation, `multi_turn_inputs`, turns as texts."""
    first = read("conversation:\n  - turn: 1\n    input: This isn't working\n  - turn: 2\n    input: again\n")[0]
    assert first.conversation == (Turn(turn=1, input="This isn't working"), Turn(turn=2, input="again"))
    second = read("multi_turn_inputs:\n  - persona: p\n    conversation: [a, 5, {input: no}]\n")[0]
    assert [turn.input for turn in second.conversation] == ["a", "5", "no"]
    assert second.source == "synthetic"


@pytest.mark.parametrize("typed", ["007", "1e3", "no", "true", "null", "~", "10_000", "0x1F", "2024-01-01", "None"])
def test_a_text_is_what_was_typed(read, typed):
    """Whatever YAML would make of it."""
    items = read(f"- {typed}\n- text: {typed}\n- input: {typed}\n- conversation: [{typed}]\n")
    assert [item.text or item.conversation[0].input for item in items] == [typed] * 4


def test_an_empty_text_is_an_input(read):
    """Somebody pressed Enter."""
    assert [item.text for item in read('- ""\n- text: ""\n- text:\n-\n')] == [""] * 4


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.json", '{"inputs": ["a", {"text": 5, "tags": "t"}]}'),
        ("x.json", '["a", {"input": "5", "tags": ["t"]}]'),
        ("x.jsonl", '"a"\n{"text": "5", "tags": ["t"]}\n'),
        ("x.csv", "Text,tags\na,\n5,t\n"),
        ("x.csv", 'text;tags\r\n"a";\r\n5;t\r\n'),
        ("x.yaml", "- a\n- {text: 5, tags: t}\n"),
    ],
)
def test_other_formats(read, name, text):
    """JSON, JSON lines and CSV hold the same inputs."""
    items = read(text, name)
    assert [(item.text, item.tags, item.source) for item in items] == [("a", (), "manual"), ("5", ("t",), "manual")]


def test_csv_columns(read):
    """Unknown columns go to the metadata; one that looks misspelt is told; a table without texts is refused."""
    item = read('text,topic,persna,conversation\n,billing,p,"[""a"", ""b""]"\n', "x.csv")[0]
    assert item.text is None
    assert [turn.input for turn in item.conversation] == ["a", "b"]
    assert item.metadata == {"topic": "billing", "persna": "p"}
    assert "persona" in read.notices[0].message
    with pytest.raises(ConfigError, match="`text`"):
        read("id,topic\n1,2\n", "x.csv")


def test_all_mistakes_of_a_file_come_together(read):
    """Each with its line; a text that YAML took for a mapping is explained."""
    with pytest.raises(ConfigError) as caught:
        read("- How do I: start\n- {text: [1]}\n- {text: a, status: maybe}\n- [a]\n")
    places = [line.split(": ")[0].rsplit(":", 1)[1] for line in caught.value.message.splitlines()]
    assert places == ["1", "2", "3", "4"]
    assert "quotes" in caught.value.message
    for wrong in ("inputs: {synthetic: 80%, manual: 20%}\n", "inputs: text\n", "just text\n"):
        with pytest.raises(ConfigError):
            read(wrong)


def test_unknown_keys_are_told(read):
    """In an item and at the top."""
    read("generated_inputs:\n  - text: a\n    stauts: approved\ngenerated_input: []\n")
    assert [(notice.line, notice.message) for notice in sorted(read.notices, key=lambda notice: notice.line)] == [
        (3, "unknown key `stauts`; did you mean `status`?"),
        (4, "unknown key `generated_input`; did you mean `generated_inputs`?"),
    ]


def test_a_project_reads_all_its_files(tmp_path):
    """Sorted by name, folders below too; names derived from one stem do not collide; other files are passed over."""
    folder = tmp_path / "inputs"
    (folder / "more").mkdir(parents=True)
    (folder / "b.yaml").write_text("- one\n")
    (folder / "b.csv").write_text("text\ntwo\n")
    (folder / "more" / "c.json").write_text('["three"]')
    (folder / ".hidden.yaml").write_text("- no\n")
    (folder / "README.md").write_text("no")
    project = find_project(tmp_path)
    assert len(input_files(project)) == 3
    assert [(stored.input.id, stored.input.text) for stored in read_project_inputs(project, [])] == [
        ("b.csv#1", "two"), ("b.yaml#1", "one"), ("c#1", "three"),
    ]  # fmt: skip
    assert read_project_inputs(find_project(tmp_path / "inputs" / "more"), []) == []


def test_one_id_in_two_places_names_both(tmp_path):
    """In one file or in two."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    (folder / "a.yaml").write_text("- {id: x, text: a}\n")
    (folder / "b.yaml").write_text("- c\n- {id: x, text: b}\n")
    with pytest.raises(ConfigError, match=r"b\.yaml:2: .*a\.yaml:1"):
        read_project_inputs(find_project(tmp_path), [])
    (folder / "b.yaml").write_text("- {id: y, text: a}\n- {id: y, text: b}\n")
    with pytest.raises(ConfigError, match=r"b\.yaml:2: .*b\.yaml:1"):
        read_project_inputs(find_project(tmp_path), [])


def test_a_derived_name_gives_way_to_a_written_one(read):
    """`x#1` in the file is not given to another input."""
    assert [item.id for item in read("- a\n- {id: 'x#1', text: b}\n")] == ["x#3", "x#1"]
