"""One writer at a time: two runs in one project must not tear its files."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fluxloop.errors import StoreError
from fluxloop.store.atomic import cannot_write
from fluxloop.store.project import make_private_dir
from fluxloop.store.wording import shown

PAUSE = 0.05


@contextmanager
def project_lock(root: Path, wait: float = 30, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the project for writing. Not to be taken twice by one caller: the second would wait for the first.

    `on_wait` is called once when somebody else holds it. After `wait` seconds comes an error that names the process.
    The lock goes with its process, however that ends, so there is never a stale one.
    """
    path = make_private_dir(root) / "lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        _take(handle, path, wait, on_wait)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _take(handle: int, path: Path, wait: float, on_wait: Callable[[], None] | None) -> None:
    deadline = time.monotonic() + wait
    waiting = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            pass
        if not waiting and on_wait is not None:
            on_wait()
        waiting = True
        if time.monotonic() >= deadline:
            raise _held(handle, path, wait)
        time.sleep(PAUSE)


def _held(handle: int, path: Path, wait: float) -> StoreError:
    holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
    who = f"process {holder}" if holder else "another process"
    what = f"{shown(path.parent.parent)}: {who} is writing in this project, and did not finish within {wait:g} s"
    return StoreError(what, "Wait until it is done, or end that process, and try again.")
