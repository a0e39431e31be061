"""The golden folder of bad replies: each gives exactly what is whole in it, or CompletionUnreadable."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.errors import CompletionUnreadable
from fluxloop.generation.parsing import parse_completion
from fluxloop.schema.plan import Slot, StyleTarget

REPLIES = Path(__file__).parents[2] / "data" / "replies"
EXPECTED = yaml.safe_load((REPLIES / "expected.yaml").read_text(encoding="utf-8"))
STYLE = StyleTarget(9, 1, False, True, False, False, 0.4, False, 0.0, False, False)
TOLD = ("p", "billing", "s", "problem", "simple", "neutral", "en", STYLE)
SINGLE = [Slot(n, *TOLD) for n in (31, 32, 33)]
TURNS = [Slot(n, *TOLD, 3) for n in (41, 42, 43)]


def read(reply: str, *, cut: bool = False) -> dict[int, list[str]] | None:
    """The texts by slot; None when it cannot be read."""
    slots = TURNS if re.search(r'"slot": 4\d', reply) else SINGLE
    try:
        found = parse_completion(reply, slots, cut=cut)
    except CompletionUnreadable:
        return None
    return {index: [text for candidate in some for text in candidate.texts] for index, some in found.items()}


@pytest.mark.parametrize("name", sorted(path.stem for path in REPLIES.glob("*.txt")))
def test_reply(name: str) -> None:
    """A reply of the folder gives what is written beside it, to the letter."""
    assert read((REPLIES / f"{name}.txt").read_text(encoding="utf-8"), cut=name.startswith("cut")) == EXPECTED[name]


@pytest.mark.parametrize("name", ["plain", "trailing_commas", "single_quotes", "json_lines", "fenced", "inner_quotes"])
def test_a_reply_cut_anywhere_gives_whole_texts_only(name: str) -> None:
    """Wherever an answer breaks off, no text is half of one."""
    whole = (REPLIES / f"{name}.txt").read_text(encoding="utf-8")
    texts = {text for some in EXPECTED[name].values() for text in some}
    for end in range(len(whole)):
        for said in (read(whole[:end], cut=True) or {}).values():
            assert set(said) <= texts, whole[:end]


PIECES = st.sampled_from(
    [*"{}[]\",:\\\n '", '"slot"', '"text"', "31", "null", "1. a b", "- c", "```", "<think>", "&quot;"]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join))
def test_nothing_else_is_ever_raised(reply: str) -> None:
    """Any heap of brackets, quotes and words gives candidates of the slots that were asked, or one error."""
    with suppress(CompletionUnreadable):
        assert set(parse_completion(reply, SINGLE)) <= {31, 32, 33}


def test_a_flood_of_brackets_is_given_up() -> None:
    """A model that has lost its way costs no time."""
    for flood in ("[" * 50_000, '{"a":' * 20_000, "{[" * 20_000, "1. " * 20_000):
        assert read(flood) is None
