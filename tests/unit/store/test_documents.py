"""Files are read with their places; texts stay what was typed; mistakes are named with their lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.errors import ConfigError, NotFound
from fluxloop.store.documents import parse_document, read_document

YAML = Path("x.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("on", "on"), ("2024-01-01", "2024-01-01"), ("12:30:45", "12:30:45"), ("1_000", "1_000"),
        ("true", True), ("null", None), ("~", None), ("12", 12), ("007", 7), ("0x1f", 31), ("0o17", 15), ("-1.5", -1.5),
        ("1e3", 1000.0), (".5", 0.5), (".inf", float("inf")), ("'12'", "12"), ("!!str 12", "12"),
        ("9" * 400, "9" * 400),
    ],
)  # fmt: skip
def test_plain_scalars_follow_the_core_schema(text, value):
    """Only true, false, null and numbers are anything else than text."""
    assert parse_document(YAML, f"a: {text}\n").data == {"a": value}


def test_every_value_knows_its_line_and_its_typing():
    """A missing path gives the line of what is nearest round it."""
    document = parse_document(YAML, "# c\na:\n  - x: 007\n    y: 1\n\nb: &n {c: 1}\nd: *n\n")
    assert [document.line(*path) for path in ((), ("a",), ("a", 0, "y"), ("a", 0, "z"), ("b", "c"), ("q",))] == [
        1, 2, 4, 3, 6, 1,
    ]  # fmt: skip
    assert document.literal("a", 0, "x") == "007"
    assert document.data["d"] == {"c": 1}


def test_merge_keys_and_anchors_work():
    """People share defaults with `<<`; a mapping's own keys win."""
    text = "base: &b {x: 1, y: 2}\nitem:\n  <<: *b\n  y: 3\n"
    assert parse_document(YAML, text).data["item"] == {"x": 1, "y": 3}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "line 1"),
        ("a: [1, 2\nb: 3\n", 1, "`[`"),
        ("a: 'x\nb: 2\n", 1, "quote"),
        ("a:\n\t- b\n", 2, "tab"),
        ("a: @x\n", 1, "`@`"),
        ("a: b: c\n", 1, "`:`"),
        ("- a\nb: c\n", 2, "list"),
        ("a: *q\n", 1, "*q"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: !thing x\n", 1, "!thing"),
        ("? [a]\n: b\n", 1, "key"),
        ("x: 1\na: b\x07c\n", 2, "U+0007"),
        ('a: "\\q"\n', 1, "escape"),
        ("&a [*a]\n", 1, "*a"),
        ("[" * 5000, 1, "deep"),
        ("a: {<<: 3}", 1, "<<"),
    ],
)
def test_broken_yaml_is_told_in_plain_words(text, line, what):
    """File, line, what is wrong; and a crash-deep nesting is an error like any other."""
    with pytest.raises(ConfigError) as caught:
        parse_document(YAML, text)
    assert caught.value.line == line
    assert what in caught.value.message
    assert caught.value.message.startswith(f"x.yaml:{line}: ")


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("x.json", '{"a": 1,\n "b": }', 2),
        ("x.json", '{"a": 1,\n "a": 2}', 2),
        ("x.json", '{"a": NaN}', 1),
        ("x.json", "[" * 100_000, 1),
        ("x.jsonl", '{"a": 1}\n\n{"a":\n', 3),
        ("x.csv", 'text,id\n"never closed,1\n', 2),
        ("x.csv", "text,id\na,1,too,many\n", 2),
    ],
)
def test_broken_json_and_csv_name_the_line(name, text, line):
    """Every format has its places."""
    with pytest.raises(ConfigError) as caught:
        parse_document(Path(name), text)
    assert caught.value.line == line


def test_all_broken_lines_of_json_lines_are_told_together():
    """A file's mistakes come in one error."""
    with pytest.raises(ConfigError) as caught:
        parse_document(Path("x.jsonl"), "{\n1\n{\n")
    assert [line.split(": ")[0] for line in caught.value.message.splitlines()] == ["x.jsonl:1", "x.jsonl:3"]


def test_files_as_they_come(tmp_path):
    """A byte order mark is passed over, an empty file holds nothing, bad UTF-8 and a missing file are told."""
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    assert read_document(path).data == {"a": 1}
    path.write_bytes(b"# nothing\n")
    assert read_document(path).data is None
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(ConfigError, match=r"a\.yaml:2: this is no UTF-8"):
        read_document(path)
    with pytest.raises(NotFound):
        read_document(tmp_path / "none.yaml")


def test_csv_takes_semicolons_and_lines_within_cells():
    """A spreadsheet's semicolons and quoted line breaks are read; a row's line is where it starts."""
    document = parse_document(Path("x.csv"), 'id;text\n1;"a;b\nc"\n\n2;"say ""hi"""\n')
    assert document.data == [{"id": "1", "text": "a;b\nc"}, {"id": "2", "text": 'say "hi"'}]
    assert [document.line(0), document.line(1)] == [2, 5]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@given(JSON, st.sampled_from([None, 2]))
def test_json_values_and_places_agree(value, indent):
    """A law: the tree that gives the places holds the very values that were read."""
    document = parse_document(Path("x.json"), json.dumps(value, indent=indent, ensure_ascii=False))
    assert document.data == value
    document.line(0)
    assert document.marks._tree.root.data == value


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_gives_values_or_a_placed_error(text):
    """A law: reading never crashes, whatever stands in the file."""
    for name in ("x.yaml", "x.json", "x.jsonl", "x.csv"):
        try:
            parse_document(Path(name), text).line("a", 0)
        except ConfigError as error:
            assert error.line and error.line >= 1


def test_unicode_line_separators_stay_in_a_persons_text():
    """U+2028 and its kin break no line: a text that holds them comes back as it was."""
    text = "a\u2028b\u2029c\x85d \ue000"
    assert parse_document(YAML, f'x: "{text}"\ny: 1\n').data["x"] == text
