"""A real terminal to run a command in, and somebody who waits for what it says and presses keys."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .conftest import clean_env

_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def _take_terminal() -> None:
    """Make the terminal the one whose Ctrl-C reaches the process."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """`fluxloop ARGS` in a pseudo-terminal."""

    def __init__(self, args: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> None:
        self.master, slave = pty.openpty()
        command = [sys.executable, "-m", "fluxloop.cli.main", *args]
        more = {"TERM": "xterm", "COLUMNS": "100", **(env or {})}
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env=clean_env(more),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(slave)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.seen = ""
        """Everything shown so far, without the codes that move and colour."""
        self._read_to = 0

    def wait_for(self, text: str, seconds: float = 30) -> str:
        """Read until `text` has come since the last wait; gives what came up to it."""
        end = time.monotonic() + seconds
        while (at := self.seen.find(text, self._read_to)) < 0:
            if not self._read(end - time.monotonic()):
                raise AssertionError(f"waited for {text!r}, and there was:\n{self.seen[self._read_to :]}")
        part = self.seen[self._read_to : at + len(text)]
        self._read_to = at + len(text)
        return part

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self.master, keys.encode())

    def end(self, seconds: float = 30) -> int:
        """Read the rest, and give the exit code."""
        limit = time.monotonic() + seconds
        while self._read(limit - time.monotonic()):
            pass
        return self.process.wait(max(0.1, limit - time.monotonic()))

    def kill(self) -> None:
        """As when the window is closed at the worst moment."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def _read(self, seconds: float) -> bool:
        if seconds <= 0 or not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the other end is closed
            return False
        self.seen += _CODES.sub("", self._decoder.decode(data)).replace("\r\n", "\n")
        return bool(data)
