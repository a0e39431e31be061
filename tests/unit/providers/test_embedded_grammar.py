"""How the embedded writer joins its pieces into a message."""

import random

import pytest

from fluxloop.providers.embedded.grammar import Piece, punctuate
from fluxloop.topics.frame import load_frames, written_languages

JOINTS = {"and": [", "], "so": [", "], "question": ["", "?"]}


def joined(*pieces: Piece) -> str:
    """One sentence of these pieces."""
    return punctuate([list(pieces)], JOINTS, random.Random(1))


def test_the_question_mark_stays_with_the_question() -> None:
    """Thanks after a question are a sentence of their own; a `please` may end the question."""
    ask = Piece("how do I get it back?", "ask")
    assert joined(ask, Piece("thx in advance", "polite")) == "How do I get it back? Thx in advance."
    assert joined(ask, Piece("please", "plea")) == "How do I get it back, please?"


@pytest.mark.parametrize("language", written_languages())
def test_every_plea_is_among_the_polite_words(language: str) -> None:
    """A plea that is never drawn would be dead data."""
    frames = load_frames(language)
    assert frames is not None
    polite = {words for group in frames.parts["polite"].values() for words in group}
    assert set(frames.parts["pleas"]) <= polite
