"""The sample agent: a small customer support for Parcelo that looks for the FAQ entry whose words fit best.

It is real, and it is not perfect: it knows no synonyms, stumbles over typos, and takes every message by itself, so that
a follow-up such as "and how long does that take?" goes wrong. That gives `fluxloop test` something to find.
Put your own agent in its place: any function that takes a message and returns the reply.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from pathlib import Path

SURE_FROM = 0.37
"""The least fit (0 to 1) with which an entry is given as the answer."""

STOP_WORDS = frozenset(
    re.findall(
        "[a-z]+",
        """
        a about after all am an and another any anyone are as at be been before but by can could did do does don for
        from get got had has have hello help hey hi how i if in instead is it its just last like ll m me my need new no
        not now of on once one only or our out please pls re s see so some something t thank thanks that the their them
        then there they this time to too try until up ve want was we were what when where which who why will with would
        you your
        """,
    )
)
"""Words that say nothing about what is asked."""

ENTRIES = json.loads((Path(__file__).parent / "faq.json").read_text(encoding="utf-8"))


def words_of(text: str) -> set[str]:
    """The words that carry meaning, cut down to their stems."""
    words = re.findall(r"[a-z]+", text.lower().replace("e-mail", "email"))
    return {stem(word) for word in words if word not in STOP_WORDS}


def stem(word: str) -> str:
    """`deliveries` and `delivered` become `deliver`: crude, and wrong now and then."""
    for ending in ("ies", "ing", "ery", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


ASKED = [[words_of(question) for question in entry["questions"]] for entry in ENTRIES]
"""The words of each entry's questions."""

SPREAD = Counter(word for questions in ASKED for word in set().union(*questions))
"""In how many entries a word stands: the fewer, the more it tells."""


def weight(word: str) -> float:
    """How much a word tells; one that the FAQ has never seen tells little about which entry is meant."""
    return math.log(1 + len(ENTRIES) / SPREAD[word]) if word in SPREAD else 0.8


def fit(asked: set[str], question: set[str]) -> float:
    """0 when the two have no word in common, 1 when they are the same."""
    shared = math.fsum(weight(word) for word in asked & question)
    return shared / math.sqrt(math.fsum(map(weight, asked)) * math.fsum(map(weight, question)) or 1)


def answer(message: str, session_id: str = "") -> str:
    """The answer of the entry with the best fitting question, or the offer of a human."""
    del session_id  # what was said before in the conversation is not remembered
    asked = words_of(message)
    if not asked:
        return "Hello! What can I do for you? Ask me about orders, delivery, returns, payment or your account."
    best, entry = max((max(fit(asked, question) for question in questions), -i) for i, questions in enumerate(ASKED))
    if best < SURE_FROM:
        return "I'm not sure I understood that. Shall I hand you over to a colleague of mine?"
    return str(ENTRIES[-entry]["answer"])
