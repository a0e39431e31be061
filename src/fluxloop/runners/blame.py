"""What an agent raised, in one line for people: place first, then cause."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from fluxloop.errors import place
from fluxloop.runners.exits import HardExit

LONGEST = 1000
"""Characters of an error that are kept: an agent may put a whole page into its message."""

FOREIGN_FOLDERS = frozenset({"site-packages", "dist-packages"})


def describe_error(error: BaseException, root: Path) -> str:
    """`agent.py:12: ValueError: no such order`, the place being the deepest line of the project's own code."""
    return _shorten(place_of_error(error, root) + cause_of(error))


def cause_of(error: BaseException) -> str:
    """`ValueError: no such order`, in words where Python's own would not help."""
    if isinstance(error, SystemExit):
        call = "os._exit" if isinstance(error, HardExit) else "sys.exit"
        return f"the agent called {call}({'' if error.code is None else repr(error.code)})"
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    return traceback.format_exception_only(error)[0].strip()


def place_of_error(error: BaseException, root: Path) -> str:
    """`file:line: ` relative to the project; empty when no line of a file is to blame."""
    if isinstance(error, SyntaxError) and error.filename:
        return place(shown_path(error.filename, root), error.lineno)
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    own = [frame for frame in frames if is_own(frame[0], root)]
    if own:
        return place(shown_path(own[-1][0], root), own[-1][1])
    return place_of_error(error.__cause__, root) if error.__cause__ else ""


def is_own(filename: str, root: Path) -> bool:
    """Whether a source file belongs to the project, and not to a library installed inside of it."""
    path = Path(filename)
    inside = not filename.startswith("<") and path.is_relative_to(root)
    return inside and not path.is_relative_to(sys.prefix) and not FOREIGN_FOLDERS.intersection(path.parts)


def shown_path(filename: str, root: Path) -> str:
    """The path as a person in the project would write it."""
    path = Path(filename)
    return str(path.relative_to(root)) if path.is_relative_to(root) else filename


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
