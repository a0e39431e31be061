"""The user's side of a conversation: turns that follow one another, though no answer has been seen yet."""

from __future__ import annotations

import random
from dataclasses import replace

from fluxloop.providers.embedded.grammar import Grammar, Piece, punctuate
from fluxloop.schema.plan import Slot
from fluxloop.topics.frame import Frames
from fluxloop.topics.pack import Situation

PATHS: dict[str, tuple[tuple[str, ...], ...]] = {
    "patient": (
        ("reveal", "clarify", "clarify", "accept"),
        ("clarify", "reveal", "again", "accept"),
        ("reveal", "retry", "clarify", "accept"),
        ("clarify", "accept", "reveal", "clarify"),
    ),
    "impatient": (
        ("retry", "again", "escalate", "escalate"),
        ("again", "reveal", "retry", "escalate"),
        ("reveal", "retry", "again", "escalate"),
        ("retry", "reveal", "escalate", "again"),
    ),
}
"""What the turns after the first do; facts come bit by bit, and impatience grows."""

IMPATIENT_TONES = frozenset({"annoyed", "angry", "hurried"})


def write_turns(slot: Slot, situation: Situation, grammar: Grammar, frames: Frames, rng: random.Random) -> list[str]:
    """`slot.turns` messages; the first opens the matter and leaves facts for later."""
    first = grammar.write(replace(slot, style=replace(slot.style, sentences=min(slot.style.sentences, 2))), situation)
    lines = grammar.lines(situation)
    unsaid = [line for line in map(grammar.fill, lines.detail) if line.casefold() not in first.casefold()]
    frames_left = {kind: rng.sample(said, len(said)) for kind, said in frames.parts["followups"].items()}
    turns = [first]
    for kind in _path(slot, grammar.voice.patient, rng):
        line = _follow_up(kind, unsaid, lines.ask, frames_left, rng)
        turns.append(punctuate([[Piece(grammar.fill(line), "state")]], frames.parts["glue"], rng))
    return turns


def _path(slot: Slot, patient: bool, rng: random.Random) -> list[str]:
    """What each turn after the first does; the last one ends it, well or badly."""
    path = list(rng.choice(PATHS["patient" if patient and slot.tone not in IMPATIENT_TONES else "impatient"]))
    while len(path) < slot.turns - 1:
        path.insert(-1, rng.choice(("reveal", "clarify", "retry", "again")))
    return [*path[: slot.turns - 2], path[-1]]


def _follow_up(
    kind: str, unsaid: list[str], asks: tuple[str, ...], frames_left: dict[str, list[str]], rng: random.Random
) -> str:
    """One turn; a frame comes once in a conversation, a fact too."""
    if kind == "reveal" and not unsaid:
        kind = "clarify"
    left = frames_left[kind]
    frame = left.pop() if len(left) > 1 else left[0]
    if "{detail}" in frame:
        return frame.replace("{detail}", unsaid.pop())
    return frame.replace("{ask}", rng.choice(asks))
