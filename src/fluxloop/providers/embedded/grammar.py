"""One message: opener x situation x need x detail x closer, each part licensed by the persona and the slot."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fluxloop.providers.embedded.fillers import Fillers
from fluxloop.providers.embedded.voice import Voice
from fluxloop.schema.plan import Slot
from fluxloop.topics.frame import Frames
from fluxloop.topics.pack import Lines, Situation
from fluxloop.topics.terms import spoken

Joints = dict[str, list[str]]
"""How a language joins two statements (`and`), leads to a question (`so`), and marks one (`question`)."""

ALIKE = 0.6
"""Share of a piece's words that another piece has too, from which it says nothing new."""

MOST_SAID = 8
"""Things said in one message, greetings and thanks aside: people with much to tell do not list ten facts."""

SHORT_UP_TO = 5
"""Words up to which a message is a fragment."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line on its way into a message."""

    text: str
    kind: str
    """opener, state, ask, short, detail, closer, polite (`thanks`), or plea (`please`: a question may end with it)."""

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return self.text.endswith("?")

    @property
    def words(self) -> int:
        return self.text.count(" ") + 1


class Grammar:
    """Writes the messages of one persona about one topic."""

    def __init__(self, frames: Frames, voice: Voice, fillers: Fillers, rng: random.Random) -> None:
        self._parts = frames.parts
        self.voice = voice
        self._fillers = fillers
        self._rng = rng

    def write(self, slot: Slot, situation: Situation) -> str:
        """One clean message for a slot: right case, right marks, nothing roughened."""
        self._fillers.begin(situation)
        pieces = self._choose(slot, situation)
        return punctuate(self._in_sentences(pieces, slot.style.sentences), self._parts["glue"], self._rng)

    def fill(self, line: str) -> str:
        """The line with its names filled in, the same values as in the message written last."""
        return self._fillers.fill(line)

    def lines(self, situation: Situation) -> Lines:
        """The register this persona would use for the situation."""
        if situation.technical and self.voice.technical and self._rng.random() < 0.8:
            return situation.technical
        return situation.plain

    def draw(self, lines: Sequence[str], words: float) -> str:
        """One of the lines, filled, by chance among those nearest in length."""
        ranked = sorted(lines, key=lambda line: abs(line.count(" ") + 1 - words) + self._rng.random() * 4)
        return self._fillers.fill(ranked[0])

    def _choose(self, slot: Slot, situation: Situation) -> list[Piece]:
        target = slot.style.words
        lines = self.lines(situation)
        core = self._core(lines, situation, target)
        pieces = [core, *self._mention(slot, situation)]
        pool = self._pool(slot, situation, lines, core)
        room = target - sum(piece.words for piece in pieces)
        for piece in pool:
            enough = room <= 0 and not (slot.style.sentences > len(pieces) and room > -6)
            if enough or sum(piece.kind != "opener" for piece in pieces) >= MOST_SAID:
                break
            if piece.words <= room + 3 and not _repeats(piece, pieces, situation):
                pieces.append(piece)
                room -= piece.words
        return self._ordered([*pieces, *self._courtesy(slot)])

    def _core(self, lines: Lines, situation: Situation, target: int) -> Piece:
        if target <= SHORT_UP_TO or (target <= SHORT_UP_TO + 3 and self._rng.random() < 0.3):
            return Piece(self.draw(lines.short, target), "short")
        asks = {"how_to": 0.6, "question": 0.65, "request": 0.5, "problem": 0.35}.get(situation.intent, 0.5)
        kind = "ask" if self._rng.random() < asks else "state"
        return Piece(self.draw(getattr(lines, kind), target), kind)

    def _pool(self, slot: Slot, situation: Situation, lines: Lines, core: Piece) -> Iterator[Piece]:
        """What may be added to the core, the fitting first; the caller takes what there is room for."""
        rng = self._rng
        yield from self._opener(slot)
        other = {"ask": "state", "state": "ask", "short": rng.choice(("ask", "state"))}[core.kind]
        details = rng.sample(lines.detail, len(lines.detail))
        order = [("detail", details[0]), (other, rng.choice(getattr(lines, other)))]
        if rng.random() < 0.6:
            order.reverse()
        for kind, line in order:
            yield Piece(self._fillers.fill(line), kind)
        if rng.random() < 0.35:
            yield Piece(self._closer(slot), "closer")
        yield Piece(self._extra(situation), "detail")
        yield from (Piece(self._fillers.fill(line), "detail") for line in details[1:])
        yield from (Piece(self._extra(situation), "detail") for _ in range(2))
        yield Piece(self._closer(slot), "closer")

    def _mention(self, slot: Slot, situation: Situation) -> Iterator[Piece]:
        """A clause that names the term, when the situation is not itself about it."""
        if slot.mention and situation.kind != "term":
            frame = self._rng.choice(self._parts["mention"])
            yield Piece(self._fillers.fill(frame.replace("{term}", spoken(slot.mention, slot.language))), "detail")

    def _opener(self, slot: Slot) -> Iterator[Piece]:
        rng = self._rng
        chance = 0.12 if slot.tone == "neutral" else 0.3
        if slot.style.words >= 7 and rng.random() < chance:
            openers = (*self._parts["openers"].get(slot.tone, ()), *self.voice.openings)
            yield Piece(self._fillers.fill(rng.choice(openers)), "opener")
        elif slot.style.words >= 8 and rng.random() < (0.35 if self.voice.register == "formal" else 0.06):
            yield Piece(rng.choice(self._parts["greetings"][self.voice.register]), "opener")

    def _closer(self, slot: Slot) -> str:
        closers = self._parts["closers"]
        return self._fillers.fill(self._rng.choice(closers.get(slot.tone) or closers["neutral"]))

    def _extra(self, situation: Situation) -> str:
        rng, parts = self._rng, self._parts
        suffix = "_matter" if situation.matter else ""
        if self.voice.tried and situation.intent == "problem" and rng.random() < 0.3:
            return self._fillers.fill(rng.choice(parts[f"attempts{suffix}"]))
        notes = parts["device_notes"].get(self.voice.device)
        if notes and rng.random() < 0.1:
            return str(rng.choice(notes))
        extras = parts["extras"]
        return self._fillers.fill(rng.choice(extras.get(situation.intent + suffix) or extras[situation.intent]))

    def _courtesy(self, slot: Slot) -> list[Piece]:
        if not slot.style.polite:
            return []
        if self._rng.random() < 0.25:
            return [Piece(self._rng.choice(self._parts["polite_openers"][self.voice.register]), "opener")]
        words = self._rng.choice(self._parts["polite"][self.voice.register])
        return [Piece(words, "plea" if words in self._parts["pleas"] else "polite")]

    def _ordered(self, pieces: list[Piece]) -> list[Piece]:
        """Openers first, thanks last; the matter in one of the orders people use."""
        first = [piece for piece in pieces if piece.kind == "opener"][:1]
        last = [piece for piece in pieces if piece.kind == "closer"][:1] + [
            p for p in pieces if p.kind in {"polite", "plea"}
        ]
        middle = [piece for piece in pieces if piece.kind in {"state", "ask", "short", "detail"}]
        rank = {"short": 0, "state": 0, "detail": 1, "ask": 2}
        if self._rng.random() < 0.3:
            rank = {"short": 0, "ask": 0, "state": 1, "detail": 2}
        return [*first, *sorted(middle, key=lambda piece: rank[piece.kind]), *last]

    def _in_sentences(self, pieces: list[Piece], wanted: int) -> list[list[Piece]]:
        """Cut the pieces into `wanted` sentences where that is possible; an opener stays with what follows."""
        joints = [i for i in range(1, len(pieces)) if pieces[i - 1].kind != "opener"]
        self._rng.shuffle(joints)
        joints.sort(key=lambda i: pieces[i].kind not in {"ask", "closer"} and pieces[i - 1].kind != "ask")
        cuts = sorted(joints[: max(0, wanted - 1)])
        return [pieces[start:end] for start, end in zip([0, *cuts], [*cuts, len(pieces)], strict=True)]


def _repeats(piece: Piece, said: list[Piece], situation: Situation) -> bool:
    """Whether a piece was said already, or names again what a framed situation is about: people say `it` then."""
    words = set(piece.text.split())
    if any(len(words & set(other.text.split())) > ALIKE * len(words) for other in said):
        return True
    phrase = situation.bind.get(situation.kind, "")
    return bool(phrase) and phrase in piece.text and any(phrase in other.text for other in said)


def punctuate(sentences: list[list[Piece]], joints: Joints, rng: random.Random) -> str:
    """Join pieces into sentences with capitals and end marks."""
    return " ".join(_sentence(pieces, joints, rng) for pieces in sentences if pieces)


def _sentence(pieces: list[Piece], joints: Joints, rng: random.Random) -> str:
    """One sentence, or two when a statement follows a question: the mark stays with what asks."""
    for place, (before, piece) in enumerate(pairwise(pieces), 1):
        if before.asks and piece.kind in {"closer", "detail", "state", "polite"} and not piece.asks:
            return f"{_sentence(pieces[:place], joints, rng)} {_sentence(pieces[place:], joints, rng)}"
    opening, closing = joints["question"]
    first_ask = next((piece for piece in pieces if piece.asks), None)
    text = ""
    for place, piece in enumerate(pieces):
        text += _joint(pieces[place - 1], piece, joints, rng) if place else ""
        text += (opening if piece is first_ask else "") + piece.text.rstrip("?").rstrip()
    fragment = len(pieces) == 1 and pieces[0].kind == "short"
    mark = closing if first_ask else ("" if fragment and rng.random() < 0.5 else ".")
    return capitalise(text) + mark


def _joint(before: Piece, piece: Piece, joints: Joints, rng: random.Random) -> str:
    if {before.kind, piece.kind} & {"opener", "polite", "plea"}:
        return ", "
    if piece.kind == "ask":
        return rng.choice(joints["so"])
    if piece.kind == "detail" and before.kind in {"state", "detail"}:
        return rng.choice(joints["and"])
    return rng.choice((", ", ", ", " - "))


def capitalise(text: str) -> str:
    """Upper-case the first letter, unless the first word is code or a name like iPhone."""
    if text.startswith("¿"):
        return "¿" + capitalise(text[1:])
    first = text.split(" ", 1)[0]
    plain = first.islower() and not any(char.isdigit() or char in "_/{=@" for char in first)
    return text[0].upper() + text[1:] if plain else text
