"""Any text gives candidates or CompletionUnreadable; slots are known by our numbers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.errors import CompletionUnreadable
from fluxloop.generation.parsing import parse_completion
from fluxloop.schema.plan import Slot, StyleTarget

STYLE = StyleTarget(9, 1, False, True, False, False, 0.4, False, 0.0, False, False)


def slots(count: int, turns: int = 1) -> list[Slot]:
    """Slots numbered from 1."""
    told = ("p", "billing", "s", "problem", "simple", "neutral", "en", STYLE)
    return [Slot(n, *told, turns) for n in range(1, count + 1)]


def texts(answer: str, count: int = 2) -> dict[int, list[str]]:
    """What was read, by slot."""
    return {n: [c.texts[0] for c in found] for n, found in parse_completion(answer, slots(count)).items()}


@given(st.text())
def test_any_text_gives_candidates_or_one_error(answer: str) -> None:
    """A model may say anything; nothing else is ever raised, and nothing is given to a slot that was not asked for."""
    with suppress(CompletionUnreadable):
        assert set(parse_completion(answer, slots(3))) <= {1, 2, 3}


@given(st.lists(st.text(min_size=1).filter(lambda t: t.strip()), min_size=1, max_size=5))
def test_texts_come_back_as_they_were_written(written: list[str]) -> None:
    """Quotes, newlines, emoji and other scripts survive; only outer white space goes."""
    import json

    answer = json.dumps({"inputs": [{"slot": n, "text": text} for n, text in enumerate(written, 1)]})
    assert texts(answer, len(written)) == {n: [text.strip()] for n, text in enumerate(written, 1)}


@pytest.mark.parametrize(
    "answer",
    [
        '{"inputs": [{"slot": 1, "text": "a b"}, {"slot": 2, "text": "c"}]}',
        '```json\n[{"slot": 2, "text": "c"}, {"slot": "1", "text": "a b"}]\n```',
        'Sure! Here:\n```\n{"messages": [{"slot": 1, "input": "a b"}, {"slot": 2, "text": "c"}]}\n``` Hope it helps',
        '<think>{"slot": 9}</think>["a b", "c"]',
        '{"items": ["a b", "c", "surplus"]}',
        '{"inputs": [{"slot": 1, "text": "a b"}, {"slot": 2, "text": "c"}, {"slot": 77, "text": "nobody asked"}]}',
    ],
)
def test_shapes_models_answer_in(answer: str) -> None:
    """Fences, prose, thinking, other keys, bare lists, numbers as text, surplus."""
    assert texts(answer) == {1: ["a b"], 2: ["c"]}


def test_a_cut_off_answer_gives_what_is_whole() -> None:
    """The last item may be cut; the ones before it count."""
    assert texts('{"inputs": [{"slot": 1, "text": "a b"}, {"slot": 2, "te') == {1: ["a b"]}


def test_several_candidates_of_a_slot_are_kept_in_order() -> None:
    """A slot may come with alternatives, with or without a stated probability."""
    answer = '{"inputs": [{"slot": 1, "candidates": ["a", {"text": "b", "probability": 0.1}]}]}'
    assert texts(answer) == {1: ["a", "b"]}


def test_conversations_are_cut_to_the_turns_asked_for() -> None:
    """Surplus turns go; a conversation of one turn is none."""
    answer = '{"inputs": [{"slot": 1, "turns": ["a", {"input": "b"}, "c"]}, {"slot": 2, "turns": ["only one"]}]}'
    assert {n: c[0].texts for n, c in parse_completion(answer, slots(2, turns=2)).items()} == {1: ("a", "b")}
