"""What is written canonically comes back as it was, and the same values give the same bytes."""

from __future__ import annotations

import time
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.schema.input import Input, Turn
from fluxloop.store.documents import parse_document
from fluxloop.store.emit import emit_inputs, emit_mapping, quote
from fluxloop.store.stored import inputs_of

YAML = Path("x.yaml")
TEXT = st.text(st.characters(exclude_categories=("Cs",)))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def _inputs():
    words = TEXT.filter(bool)
    return st.builds(
        Input,
        id=st.from_regex(r"input_[0-9]{3}", fullmatch=True),
        persona=st.none() | words,
        text=TEXT,
        conversation=st.lists(st.builds(Turn, turn=st.integers(1, 9), input=TEXT), max_size=3).map(tuple),
        source=st.sampled_from(["synthetic", "manual"]),
        status=st.sampled_from(["pending", "approved", "rejected"]),
        reason=st.none() | words,
        tags=st.lists(words, max_size=2).map(tuple),
        thought_process=st.none() | words,
        expected=st.none() | words,
        metadata=st.dictionaries(words, PLAIN, max_size=3),
        origin=st.dictionaries(words, TEXT, max_size=2),
    )


@given(_inputs())
def test_an_input_comes_back_as_it_was(item):
    """A law: any text, in any field, survives byte for byte."""
    document = parse_document(YAML, "inputs:\n" + emit_inputs([item]))
    assert [stored.input for stored in inputs_of(document, [])] == [item]


@given(st.dictionaries(TEXT, PLAIN, max_size=4))
def test_any_mapping_comes_back_as_it_was(data):
    """A law: nested values survive, and a second emission gives the same text."""
    text = emit_mapping(data)
    found = parse_document(YAML, text).data or {}
    assert found == data
    assert emit_mapping(found) == text


@given(TEXT)
def test_other_readers_agree_on_a_quoted_text(text):
    """A law: PyYAML's own loader reads the same text."""
    assert yaml.load(f"a: {quote(text)}\n", yaml.CSafeLoader) == {"a": text}


def test_texts_stay_readable():
    """Emoji and every script stand as themselves; only what YAML cannot hold is escaped."""
    assert quote("😅 שלום né\u2028\x7f\ud800") == '"😅 שלום né\\u2028\\u007f\ufffd"'


def test_the_written_form_of_the_documentation():
    """Key order, indentation and quoting are those of the documented file."""
    items = [
        Input(id="input_001", persona="novice_user", text="um... how do i even start? 😅", source="synthetic",
              thought_process="They are new.\nThey are unsure.\n", metadata={"topic": "onboarding", "words": 6}),
        Input(id="input_002", persona="frustrated_user", source="synthetic", status="rejected", reason="dull",
              conversation=(Turn(turn=1, input="This isn't working"), Turn(turn=2, input="I already tried that!"))),
        Input(id="input_003", text="", importance="critical", tags=("a", "b c"),
              checks=("not_empty", {"contains": "x"})),
    ]  # fmt: skip
    assert emit_inputs(items) == (
        "  - id: input_001\n"
        "    persona: novice_user\n"
        '    text: "um... how do i even start? 😅"\n'
        "    thought_process: |\n"
        "      They are new.\n"
        "      They are unsure.\n"
        "    source: synthetic\n"
        "    status: pending\n"
        "    metadata: {topic: onboarding, words: 6}\n"
        "  - id: input_002\n"
        "    persona: frustrated_user\n"
        "    conversation:\n"
        '      - {turn: 1, input: "This isn\'t working"}\n'
        '      - {turn: 2, input: "I already tried that!"}\n'
        "    source: synthetic\n"
        "    status: rejected\n"
        '    reason: "dull"\n'
        "  - id: input_003\n"
        '    text: ""\n'
        "    source: manual\n"
        "    status: pending\n"
        "    importance: critical\n"
        "    tags: [a, b c]\n"
        "    checks: [not_empty, {contains: x}]\n"
    )


def test_a_thousand_inputs_are_written_in_no_time():
    """Writing is never what one waits for."""
    items = [
        Input(id=f"input_{n}", persona="p", text=f"how do i {n}? 😅", metadata={"topic": "a"}) for n in range(1000)
    ]
    start = time.process_time()
    emit_inputs(items)
    assert time.process_time() - start < 0.1
