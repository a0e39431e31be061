"""Keeping what an agent prints away from our standard output, which belongs to a command's result.

While a route is open, `print` in any thread but the one that opened it goes to standard error. Agents are called in
threads of their own, so this catches them, their libraries and their late prints after a timeout, and nothing of ours.
What a program started by the agent writes is out of reach.
"""

from __future__ import annotations

import sys
import threading
from typing import Any, TextIO, cast


class RoutedStdout:
    """Stands in for `sys.stdout`: the real one for the thread that made it, standard error for all others."""

    def __init__(self, real: TextIO) -> None:
        self._real = real
        self._owner = threading.get_ident()

    def __getattr__(self, name: str) -> Any:
        stream = self._real if threading.get_ident() == self._owner else sys.stderr
        return getattr(stream, name)

    def restore(self) -> None:
        """Give `sys.stdout` back, unless someone else has put something there since."""
        if sys.stdout is cast(TextIO, self):
            sys.stdout = self._real


def route_stdout() -> RoutedStdout:
    """From now on, other threads print to standard error."""
    routed = RoutedStdout(sys.stdout)
    sys.stdout = cast(TextIO, routed)
    return routed
