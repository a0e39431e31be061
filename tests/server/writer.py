"""Writes a user's message for every slot a prompt asks for: the server's whole talent.

Texts are chosen like the words of a code: the number of a text gives a polynomial over a prime field, and its value at
place i names the i-th word. Two polynomials below degree k agree in less than k places, so any two texts differ in
most of their words: no two are near duplicates, without a list of what was written.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SLOT = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)
WORDS = re.compile(r"about (\d+) words")
TURNS = re.compile(r"\b(\d+) turns\b")
MENTION = re.compile(r"names: ([^;]+)")
LANGUAGE = re.compile(r"Write in (\w+)\.")
MOST = re.compile(r"has \d+ to (\d+) characters")
CODES = {
    "english": "en",
    "german": "de",
    "spanish": "es",
    "french": "fr",
    "portuguese": "pt",
    "russian": "ru",
    "japanese": "ja",
}
STEP = 2_147_483_647
"""A prime with which the numbers of texts are spread, so that neighbours share no more than any two."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one slot."""

    slot: int
    words: int
    turns: int
    mention: str
    language: str
    most: int


def read_slots(prompt: str) -> list[Asked]:
    """The slots of a prompt, in its order; none when it asks for something else."""
    named = LANGUAGE.search(prompt)
    language = CODES.get(named.group(1).casefold(), "en") if named else "en"
    longest = MOST.search(prompt)
    most = int(longest.group(1)) if longest else 500
    listed = prompt[prompt.rfind("Slots:") + 1 :] if "Slots:" in prompt else ""
    return [_asked(int(number), told, language, most) for number, told in SLOT.findall(listed)]


def _asked(slot: int, told: str, language: str, most: int) -> Asked:
    words, turns, mention = WORDS.search(told), TURNS.search(told), MENTION.search(told)
    return Asked(
        slot,
        int(words.group(1)) if words else 10,
        int(turns.group(1)) if turns else 1,
        mention.group(1).strip() if mention else "",
        language,
        most,
    )


@cache
def vocabulary() -> dict[str, Any]:
    """`words.yaml` as it stands."""
    text = Path(__file__).with_name("words.yaml").read_text(encoding="utf-8")
    return yaml.load(text, yaml.CSafeLoader)  # type: ignore[no-any-return]


class Writer:
    """Never writes the same text twice: each takes the next number."""

    def __init__(self, seed: int = 0) -> None:
        self._numbers = itertools.count()
        self._seed = seed

    def write(self, asked: Asked) -> list[str]:
        """The turns of one slot."""
        return [self._text(asked) for _ in range(asked.turns)]

    def _text(self, asked: Asked) -> str:
        tongue = vocabulary()[asked.language]
        glue = " " if tongue.get("spaced", True) else ""
        words = asked.words if glue else max(3, asked.words // 2)
        text = ""
        for clause in self._clauses(tongue, words, glue):
            longer = f"{text}, {clause}" if text else clause
            if text and len(longer) > asked.most - len(asked.mention) - 2:
                break
            text = longer
        text = f"{text}, {asked.mention}" if asked.mention else text
        return text[0].upper() + text[1:] + "."

    def _clauses(self, tongue: dict[str, Any], words: int, glue: str) -> Iterator[str]:
        while words > 0:
            clause = self._clause(tongue, words)
            yield glue.join(clause)
            words -= sum(len(part.split()) for part in clause)

    def _clause(self, tongue: dict[str, Any], words: int) -> list[str]:
        """Five to about 13 words. A short one has its small word in front alone."""
        before, lists = tongue["before"], tongue["lists"]
        content = min(6, max(4, words - 1 if words < 8 else (words + 1) // 2))
        chosen = self._choose(lists, content)
        if words < 8:
            return [before[0], *chosen]
        return [part for pair in zip(before, chosen, strict=False) for part in pair]

    def _choose(self, lists: list[list[str]], content: int) -> list[str]:
        """As few places in common as the numbers still allow: two of 53**3 texts share two words at most."""
        prime = len(lists[0])
        number = next(self._numbers)
        degree = 3 if number < prime**3 else 4
        number = (number + self._seed) * STEP % prime**degree
        factors = [number // prime**power % prime for power in range(degree)]
        return [words[_value(factors, place) % prime] for place, words in enumerate(lists[:content])]


def _value(factors: list[int], place: int) -> int:
    value = 0
    for factor in factors:
        value = value * place + factor
    return value
