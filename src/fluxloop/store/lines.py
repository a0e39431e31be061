"""Files of JSON lines that are only ever added to: what is written stays, however the process ends."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fluxloop.errors import StoreError
from fluxloop.store.atomic import cannot_write


class LineFile:
    """One file, open for adding lines. A line is handed to the operating system whole before `append` returns.

    `shared` files are added to by several processes at once, so that a line that was cut off is left and passed over by
    the reader; in a file of one's own it is taken away.
    """

    def __init__(self, path: Path, *, shared: bool = False, fresh: bool = False) -> None:
        """Folders are not made. A `fresh` file must not be there yet: FileExistsError."""
        self.path = path
        self._shared = shared
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | (os.O_EXCL if fresh else 0)
        try:
            self._handle: int | None = os.open(path, flags, 0o666)
            self._end_cut_line(self._handle)
        except FileExistsError:
            raise
        except OSError as error:
            raise cannot_write(path, error) from error

    def append(self, data: Mapping[str, Any]) -> None:
        """Add a line. Raises StoreError when it cannot be written whole; nothing of it is left then, unless shared."""
        line = _encoded(data)
        try:
            if self._handle is None:
                raise OSError(errno.EBADF, "it has been closed")
            size = os.fstat(self._handle).st_size
            try:
                _write_all(self._handle, line)
            except BaseException:
                if not self._shared:
                    os.ftruncate(self._handle, size)
                raise
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def sync(self) -> None:
        """Have everything on the disk, for what is done next must not be there without it."""
        if self._handle is not None:
            try:
                os.fsync(self._handle)
            except OSError as error:
                raise cannot_write(self.path, error) from error

    def close(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _end_cut_line(self, handle: int) -> None:
        size = os.fstat(handle).st_size
        whole = _whole_lines(handle, size)
        if whole == size:
            return
        if self._shared:
            _write_all(handle, b"\n")
        else:
            os.ftruncate(handle, whole)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Every line that is whole; what is not, wherever it stands, is passed over. Nothing when there is no file."""
    try:
        with path.open("rb") as file:
            for line in file:
                data = _decoded(line)
                if data is not None:
                    yield data
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}", "Check its permissions.") from error


def _encoded(data: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair, as a model may send it: escaped it survives
        return json.dumps(data, separators=(",", ":")).encode() + b"\n"


def _decoded(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        data = json.loads(line)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _write_all(handle: int, data: bytes) -> None:
    """A full disk may take a part of it, and refuses only the rest."""
    written = os.write(handle, data)
    while written < len(data):
        written += os.write(handle, data[written:])


def _whole_lines(handle: int, size: int) -> int:
    """The length of a file up to its last line end."""
    end = size
    while end:
        start = max(0, end - 65536)
        found = os.pread(handle, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
