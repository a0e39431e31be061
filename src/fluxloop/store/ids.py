"""Ids of inputs: `input_001` … `input_999`, `input_1000`; the number of an id is never used for another input."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ID = re.compile(r"input_([0-9]{1,15})")


def next_ids(existing: Iterable[str], count: int) -> list[str]:
    """`count` ids above every one of `existing`, which must be those of all files, bundles included."""
    used = (_ID.fullmatch(name) for name in existing)
    last = max((int(match.group(1)) for match in used if match), default=0)
    return [f"input_{number:03d}" for number in range(last + 1, last + count + 1)]
