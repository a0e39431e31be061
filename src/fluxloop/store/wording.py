"""A parser's complaint, said so that the person who wrote the file knows what to do."""

from __future__ import annotations

import os
from pathlib import Path

from yaml import YAMLError

_SAYINGS = (
    (
        "mapping values are not allowed",
        "a `:` stands where none can, or the line is indented too far",
        "Put quotes round a text that holds `: `, and indent keys of one mapping alike.",
    ),
    ("could not find expected ':'", "a key without its `:`", "Write `key: value`, or quote the whole text."),
    ("unknown escape character", "an unknown escape after `\\` in double quotes", "Write `\\\\` or single quotes."),
    (
        "did not find expected '-' indicator",
        "this line does not belong to the list above it",
        "Indent it like the list's other lines, and start each item with `- `.",
    ),
    (
        "did not find expected key",
        "this line does not fit the keys above it",
        "Check its indentation, and that every quote above it is closed.",
    ),
    (
        "did not find expected <document start>",
        "something stands after the end of the document",
        "Check the indentation and the quotes of this line.",
    ),
    ("found a tab character", "a tab where only spaces may stand", "Indent with spaces."),
    ("invalid Unicode character escape", "an escape that is no character", "Write the character itself."),
)


def shown(path: Path | str) -> str:
    """A path as a person would type it: relative when it lies below the working directory."""
    text = os.fspath(path)
    here = os.getcwd() + os.sep  # noqa: PTH109 (a message must not fail on a path pathlib cannot relate)
    return text[len(here) :] if text.startswith(here) else text


def broken_yaml(error: YAMLError, text: str) -> tuple[str, str, int]:
    """What is wrong, what to do, and the line."""
    problem = getattr(error, "problem", None) or str(error)
    mark = getattr(error, "problem_mark", None)
    context_mark = getattr(error, "context_mark", None) or mark
    line = mark.line + 1 if mark else 1
    opened = context_mark.line + 1 if context_mark else line
    if "unexpected end of stream" in problem or "unexpected document indicator" in problem:
        return "a quote is opened here and never closed", "Close it; a quote in the text is doubled.", opened
    if "',' or ']'" in problem or "',' or '}'" in problem:
        bracket = "[" if "]" in problem else "{"
        return f"a `{bracket}` is opened here and never closed", "Close it, and separate its parts by commas.", opened
    if "cannot start any token" in problem:
        return *_bad_start(text, mark.index if mark else 0), line
    for sign, what, hint in _SAYINGS:
        if sign in problem:
            return what, hint, line
    return f"this is no YAML: {problem}", "Check the indentation and the quotes round here.", line


def _bad_start(text: str, index: int) -> tuple[str, str]:
    char = text[index : index + 1]
    if char == "\t":
        return "a tab where only spaces may stand", "Indent with spaces."
    return f"a text cannot start with `{char}` unless it is quoted", "Put quotes round it."
