"""Values for the `{names}` in the lines of packs and frames."""

from __future__ import annotations

import random
import re

from fluxloop.topics.frame import Frames
from fluxloop.topics.pack import Situation, TopicPack

DIGIT = "~"
NAME = re.compile(r"\{(\w+)\}")


class Fillers:
    """The values of one message: a name keeps its value, so that an amount said twice is the same amount."""

    def __init__(self, frames: Frames, pack: TopicPack | None, product: str, rng: random.Random) -> None:
        self._frames = frames
        self._pack = pack
        self._product = product
        self._rng = rng
        self._values: dict[str, str] = {}

    def begin(self, situation: Situation) -> None:
        """Forget the last message's values; a situation binds its own."""
        self._values = dict(situation.bind)
        if self._product:
            self._values["product"] = self._product

    def fill(self, line: str) -> str:
        """The line with every name replaced; a value may hold names of its own, one level deep."""
        if "{" not in line:
            return line
        said: set[str] = set()
        once = NAME.sub(lambda match: self._value(match.group(1), said), line)
        return NAME.sub(lambda match: self._value(match.group(1), said), once) if "{" in once else once

    def _value(self, name: str, said: set[str]) -> str:
        """A name twice in one line (`{team} and {team}`) means two things; elsewhere it keeps its value."""
        if name in said:
            return next((value for _ in range(8) if (value := self._draw(name)) != self._values[name]), "another")
        said.add(name)
        if name not in self._values:
            self._values[name] = self._draw(name)
        return self._values[name]

    def _draw(self, name: str) -> str:
        own = self._own(name)
        if own:
            return self._rng.choice(own)
        value = self._rng.choice(self._frames.fill[name])
        while DIGIT in value:
            value = value.replace(DIGIT, str(self._rng.randrange(10)), 1)
        return value

    def _own(self, name: str) -> tuple[str, ...]:
        if self._pack is None:
            return ()
        by_kind = {"thing": self._pack.things, "error": self._pack.errors, "verb": self._pack.verbs}
        return self._pack.fill.get(name) or by_kind.get(name, ())
