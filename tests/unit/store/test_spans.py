"""Span edits: only what must change changes, and what cannot be edited safely is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.errors import StoreError
from fluxloop.schema.input import Input
from fluxloop.store.documents import parse_document
from fluxloop.store.emit import emit_inputs, quote
from fluxloop.store.spans import REMOVE, append_items, set_values

YAML = Path("inputs.yaml")
JSON = Path("inputs.json")

FILE = """\
# the header stays
generated_inputs:
  - id: input_001          # first
    persona: 'novice_user'
    text: "um... how do i even start? 😅"
    status: pending   # to be seen

    metadata: {topic: onboarding, complexity: simple}   # flow
  # between
  - id: input_002
    text: |
      two
      lines
    status: "pending"
# before people's own
inputs:
- "How do I start?"   # the classic
- What if it breaks
- {text: "10,000,000 users", importance: critical}
- text: 'it''s'
# the end
"""

SETS = [
    (("generated_inputs", 0, "status"), "approved", "status: pending   #", "status: approved   #"),
    (("generated_inputs", 1, "status"), "approved", 'status: "pending"', 'status: "approved"'),
    (("generated_inputs", 0, "persona"), "it's", "'novice_user'", "'it''s'"),
    (("generated_inputs", 0, "metadata", "tone"), "calm", "complexity: simple}", "complexity: simple, tone: calm}"),
    (("generated_inputs", 0, "metadata", "topic"), "a, b", "topic: onboarding", 'topic: "a, b"'),
    (("generated_inputs", 1, "text"), "one\ntwo\n", "      two\n      lines\n", "      one\n      two\n"),
    (("generated_inputs", 0, "reason"), "x: y", "# flow\n", '# flow\n    reason: "x: y"\n'),
    (
        ("inputs", 0, "status"),
        "approved",
        '- "How do I start?"   # the classic\n',
        '- text: "How do I start?"   # the classic\n  status: approved\n',
    ),
    (("inputs", 1, "status"), "rejected", "- What if it breaks\n", "- text: What if it breaks\n  status: rejected\n"),
    (("inputs", 1), "What now", "- What if it breaks", "- What now"),
    (("inputs", 2, "status"), "approved", "importance: critical}", "importance: critical, status: approved}"),
    (("inputs", 2, "importance"), REMOVE, ", importance: critical}", "}"),
    (("inputs", 2, "text"), REMOVE, 'text: "10,000,000 users", ', ""),
    (("generated_inputs", 0, "id"), REMOVE, "- id: input_001          # first\n    persona", "- persona"),
    (("generated_inputs", 1, "status"), REMOVE, '    status: "pending"\n', ""),
    (("generated_inputs", 1, "text"), "short", "text: |\n      two\n      lines\n", "text: |-\n      short\n"),
    (("inputs", 3, "tags"), ["a", "b c"], "- text: 'it''s'\n", "- text: 'it''s'\n  tags: [a, b c]\n"),
]


@pytest.mark.parametrize(("path", "value", "old", "new"), SETS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_edit_changes_its_span_and_nothing_else(path, value, old, new, newline):
    """Comments, order, quotes, line ends and every other line stay as they were."""
    before = FILE.replace("\n", newline)
    expected = FILE.replace(old, new, 1).replace("\n", newline)
    assert FILE.count(old) == 1
    assert set_values(before, [(path, value)]) == expected


def test_many_edits_at_once_are_those_edits_one_by_one():
    """A batch over the whole file gives what single edits give."""
    edits = [(path, value) for path, value, _, _ in SETS if path[-1] not in ("text", "persona", "id", 1)]
    edits = [edit for edit in edits if edit[1] is not REMOVE]
    singly = FILE
    for edit in edits:
        singly = set_values(singly, [edit])
    assert set_values(FILE, edits) == singly


def test_a_plain_item_gets_its_keys_and_a_new_text_together():
    """Text and status set on a bare string make one mapping."""
    edits = [(("inputs", 0, "text"), "New?"), (("inputs", 0, "id"), "input_009"), (("inputs", 0, "status"), "approved")]
    assert set_values('inputs:\n  - "Old?" # c\n', edits) == (
        'inputs:\n  - text: "New?" # c\n    id: input_009\n    status: approved\n'
    )


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        ("a:\n", ("a",), "x", "a: x\n"),
        ("a:   # why\n", ("a",), "x", "a: x   # why\n"),
        ("a: {}\n", ("a", "b"), 1, "a: {b: 1}\n"),
        ("a:\n", ("a", "b"), 1, "a: {b: 1}\n"),
        ("a:\n  - 1\n  - 2\nb: 3\n", ("a",), [5], "a: [5]\nb: 3\n"),
        ("a: 1", ("b",), 2, "a: 1\nb: 2"),
        ("\ufeffa: 1\n", ("a",), 2, "\ufeffa: 2\n"),
        ("a: {x: 1, }\n", ("a", "z"), 2, "a: {x: 1, z: 2 }\n"),
        ("a: >+ # keep\n  x\n\n\nb: 1\n", ("a",), "y z\n", "a: | # keep\n  y z\n\n\nb: 1\n"),
        ("- |\n  a block\n- b\n", (0, "status"), "x", '- text: "a block\\n"\n  status: x\n- b\n'),
        ("- [a, b]\n", (0, 1, "status"), "x", "- [a, {text: b, status: x}]\n"),
        ("- 007\n", (0, "status"), "x", "- text: 007\n  status: x\n"),
        ("-\n- b\n", (0, "status"), "x", "- text:\n  status: x\n- b\n"),
        ("d: &d {a: 1}\nx: *d\n", ("x",), "new", "d: &d {a: 1}\nx: new\n"),
        ("m:\n  a: 1\n", ("m", "a"), REMOVE, "m:\n  {}\n"),
        ("m:\n  a: 1\n  b: 2", ("m", "b"), REMOVE, "m:\n  a: 1"),
    ],
)
def test_odd_places_can_be_edited(before, path, value, after):
    """Empty values, trailing commas, block texts, numbers, aliases and files without a last line end."""
    if value is REMOVE or before.startswith("a: >"):
        parse_document(YAML, after)
    assert set_values(before, [(path, value)]) == after


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("d: &d {a: 1}\nx: *d\n", ("x", "a")),
        ("a: &a one\nb: *a\n", ("a",)),
        ("- a\n", (3,)),
        ("# nothing\n", ("a",)),
    ],
)
def test_what_cannot_be_edited_alone_is_refused(text, path):
    """An edit that would change a second place, or lands nowhere, raises and changes nothing."""
    with pytest.raises(StoreError):
        set_values(text, [(path, "x")])


def test_json_is_edited_in_place():
    """JSON keeps its layout, and gets its quotes."""
    text = '{\n  "inputs": [\n    {\n      "text": "a"\n    },\n    "b"\n  ]\n}\n'
    edits = [(("inputs", 0, "status"), "approved"), (("inputs", 1, "status"), "rejected")]
    assert set_values(text, edits, JSON) == (
        '{\n  "inputs": [\n    {\n      "text": "a",\n      "status": "approved"\n    },\n'
        '    {"text": "b", "status": "rejected"}\n  ]\n}\n'
    )


BLOCK = emit_inputs([Input(id="input_001", text="hi: you", source="synthetic", thought_process="because\nof it\n")])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "inputs:\n{block}"),
        ("# only a comment", "# only a comment\ninputs:\n{block}"),
        ("inputs:\n  - a\n# tail\n", "inputs:\n  - a\n{block}# tail\n"),
        ("inputs:\n  - a", "inputs:\n  - a\n{block}"),
        ("inputs:\n- a\nother: 1\n", "inputs:\n- a\n{flush}other: 1\n"),
        ("- a\n", "- a\n{flush}"),
        ("inputs: []  # none\nb: 1\n", "inputs:  # none\n{block}b: 1\n"),
        ("inputs:\n", "inputs:\n{block}"),
        ("other:\n  - a\n", "other:\n  - a\ninputs:\n{block}"),
        ("inputs:\n  - |\n    block\n\n# tail\n", "inputs:\n  - |\n    block\n{block}\n# tail\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_items_are_appended_in_the_style_of_the_list(before, after, newline):
    """Indented or not, empty, missing, bare, without a last line end: what stood there stays."""
    flush = "".join(line[2:] for line in BLOCK.splitlines(keepends=True))
    expected = after.format(block=BLOCK, flush=flush).replace("\n", newline)
    found = append_items(before.replace("\n", newline), "inputs", BLOCK)
    assert found.rstrip("\r\n") == (
        expected if newline in before.replace("\n", newline) else expected.replace("\r\n", "\n")
    ).rstrip("\r\n")


@pytest.mark.parametrize("before", ["", "[]", '["a"]', '{"inputs": []}', '{\n  "inputs": [\n    "a"\n  ]\n}\n', "{}"])
def test_items_are_appended_to_json(before):
    """A JSON file stays JSON."""
    found = json.loads(append_items(before, "inputs", BLOCK, JSON))
    items = found["inputs"] if isinstance(found, dict) else found
    assert items[-1]["text"] == "hi: you"


def test_flow_lists_take_more_items():
    """A list in brackets stays one."""
    assert append_items("inputs: [a, b]\n", "inputs", '  - "c"\n') == "inputs: [a, b, c]\n"


def test_a_text_is_no_list():
    """Appending where a text stands is refused."""
    with pytest.raises(StoreError, match="no list"):
        append_items("inputs: text\n", "inputs", BLOCK)


WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
COMMENTS = st.sampled_from(["", "   # a comment", " # : - [x] 'q'"])


@st.composite
def _items(draw):
    """One list item in a style people use, and how many lines it has."""
    text = draw(WORDS)
    comment = draw(COMMENTS)
    style = draw(st.sampled_from(["plain", "item", "block", "flow", "single", "literal"]))
    if style == "plain":
        return f"- {quote(text)}{comment}\n"
    if style == "item":
        return f"- how do I start{comment}\n"
    if style == "flow":
        return f"- {{text: {quote(text)}, status: pending}}{comment}\n"
    if style == "single":
        return f"- text: 'it''s'{comment}\n  status: 'pending'\n"
    if style == "literal":
        return f"- status: pending{comment}\n  text: |\n    a line\n\n    another\n\n"
    return f"# above\n- text: {quote(text)}{comment}\n\n  status: pending{comment}\n"


@given(st.lists(_items(), min_size=1, max_size=6), st.data(), st.booleans())
def test_any_edits_of_any_file_touch_only_their_items(items, data, crlf):
    """A law: after setting keys of some items, the others stand in the text unchanged, and the values are as meant."""
    newline = "\r\n" if crlf else "\n"
    items = [item.replace("\n", newline) for item in items]
    text = "".join(items)
    chosen = data.draw(st.sets(st.integers(0, len(items) - 1)))
    edits = []
    for index in sorted(chosen):
        for key in data.draw(st.sets(st.sampled_from(["text", "status", "reason", "tags"]), min_size=1)):
            edits.append(((index, key), data.draw(WORDS) if key != "tags" else data.draw(st.lists(WORDS, max_size=3))))
    after = set_values(text, edits)
    found = parse_document(YAML, after).data
    for (index, key), value in edits:
        assert found[index][key] == value
    for index, item in enumerate(items):
        assert index in chosen or item in after
    assert after.count("# a comment") >= text.count("# a comment")


@given(st.lists(_items(), max_size=4), st.lists(WORDS, min_size=1, max_size=3))
def test_appending_keeps_what_stood_there(items, texts):
    """A law: the old text is the beginning of the new one, and the new texts come back as they were."""
    block = emit_inputs([Input(id=f"input_{index}", text=text) for index, text in enumerate(texts)])
    before = "".join(items)
    after = append_items(before, "inputs", block)
    found = parse_document(YAML, after).data
    found = found["inputs"] if isinstance(found, dict) else found
    assert [item["text"] for item in found[len(items) :]] == texts
    assert after.startswith(before.rstrip("\n"))
