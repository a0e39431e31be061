"""Single keys from a terminal, without Enter."""

from __future__ import annotations

import os
import signal
import sys
import termios
import tty
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

INTERRUPT = "\x03"
END = "\x04"
_ESCAPE = "\x1b"


def ask_key(show: Callable[[], None], known: Collection[str]) -> str:
    """Show something, then wait for one of the keys; `END` when there is nobody left to press any.

    What was typed before it is shown is thrown away: nobody decides on what they have not seen.
    """
    with _single_keys():
        show()
        while True:
            key = _read_key()
            if key == INTERRUPT:
                raise KeyboardInterrupt
            if key == END or key in known:
                return key


@contextmanager
def _single_keys() -> Iterator[None]:
    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    tty.setcbreak(handle, termios.TCSAFLUSH)
    # Whoever comes back after Ctrl-Z finds the terminal as the shell left it.
    earlier = signal.signal(signal.SIGCONT, lambda *_: tty.setcbreak(handle, termios.TCSADRAIN))
    try:
        yield
    finally:
        signal.signal(signal.SIGCONT, earlier)
        termios.tcsetattr(handle, termios.TCSADRAIN, before)


def _read_key() -> str:
    """One key in lower case; an arrow or function key, which sends several signs, is nothing."""
    try:
        typed = os.read(sys.stdin.fileno(), 32).decode("utf-8", "replace")
    except OSError:  # the terminal is gone
        return END
    if not typed:
        return END
    return "" if typed.startswith(_ESCAPE) else typed[0].lower()
