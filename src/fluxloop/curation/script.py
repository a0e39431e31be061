"""A conversation as one page of text for an editor, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence


def as_script(turns: Sequence[str]) -> str:
    """One text as it is; several under headings `--- turn 1 ---`, with more dashes when a text holds such a line."""
    if len(turns) == 1:
        return turns[0]
    rule = _rule(turns)
    return "\n".join(f"{rule} turn {number} {rule}\n{text}" for number, text in enumerate(turns, start=1))


def from_script(script: str, turns: Sequence[str]) -> tuple[str, ...]:
    """The texts of an edited page; `turns` are those it was made from.

    A turn whose heading was taken out with its text is gone, one that was added counts. The line break which editors
    put at the end of a file is no part of the text.
    """
    if script.endswith("\n") and not turns[-1].endswith("\n"):
        script = script[:-1]
    if len(turns) == 1:
        return (script,)
    rule = _rule(turns)
    heading = re.compile(rf"^{rule} turn \d+ {rule}[ \t]*\n?", re.MULTILINE)
    first, *rest = heading.split(script)
    texts = [first, *rest] if first.strip() else rest
    return tuple(text.removesuffix("\n") for text in texts[:-1]) + tuple(texts[-1:])


def _rule(turns: Sequence[str]) -> str:
    dashes = "---"
    while any(re.search(rf"^{dashes} turn", text, re.MULTILINE) for text in turns):
        dashes += "-"
    return dashes
