"""`os._exit` in an agent: it would end the run at once and unheard, and with a 0 it would look as if all had passed.

While a guard is open, `os._exit` in any thread of this process but the one that opened it raises instead. Agents are
called in threads of their own, so this catches them and nothing of ours; child processes end as they always did.
"""

from __future__ import annotations

import os
import threading
from typing import NoReturn


class HardExit(SystemExit):
    """The agent wanted to end the process at once."""


class ExitGuard:
    """Stands in for `os._exit` until it is restored."""

    def __init__(self) -> None:
        self._real = os._exit
        self._process, self._owner = os.getpid(), threading.get_ident()

    def __call__(self, status: int) -> NoReturn:
        if os.getpid() != self._process or threading.get_ident() == self._owner:
            self._real(status)
        raise HardExit(status)

    def restore(self) -> None:
        """Give `os._exit` back, unless someone else has put something there since."""
        if vars(os)["_exit"] is self:
            vars(os)["_exit"] = self._real


def guard_exits() -> ExitGuard:
    """From now on, no other thread can end the process."""
    guard = ExitGuard()
    vars(os)["_exit"] = guard
    return guard
