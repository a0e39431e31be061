"""About how many tokens a text is, by what is published of the vendors' vocabularies. Not fluxloop's own estimate."""

from __future__ import annotations

import re
from functools import lru_cache

_PIECES = re.compile(r"([A-Za-z]+)|([\u0400-\u04ff]+)|([\u3040-\u30ff\u3400-\u9fff])|(\d+)|([^\W\d_]+)|([^\w\s]+)|\S")


def count_tokens(text: str) -> int:
    """Common English words are one token; Russian takes one for about three and a half letters, Japanese .75 a sign."""
    return round(sum(map(_in_line, text.splitlines())))


@lru_cache(maxsize=16384)
def _in_line(line: str) -> float:
    """The lines of a prompt come again and again."""
    tokens = 0.0
    for latin, cyrillic, sign, digits, letters, marks in _PIECES.findall(line):
        if latin:
            tokens += 1 if len(latin) <= 8 else 1 + (len(latin) - 3) // 6
        elif sign:
            tokens += 0.75
        elif cyrillic:
            tokens += max(1, round(len(cyrillic) / 3.5))
        elif digits:
            tokens += -(-len(digits) // 3)
        elif letters:
            tokens += max(1, round(len(letters) / 4))
        else:
            tokens += -(-len(marks) // 3)
    return tokens
