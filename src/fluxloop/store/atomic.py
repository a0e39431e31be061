"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from fluxloop.errors import StoreError
from fluxloop.store.wording import shown

_HINTS = {
    errno.ENOSPC: "Free some space on the disk and try again; nothing was changed.",
    errno.EDQUOT: "Your disk quota is used up: free some space and try again; nothing was changed.",
    errno.EFBIG: "The file may not grow that large here; nothing was changed.",
    errno.EROFS: "This file system is read-only: choose another place.",
    errno.EACCES: "Check the permissions of the folder, or choose another place.",
    errno.EPERM: "Check the permissions of the folder, or choose another place.",
    errno.ENOTDIR: "A part of this path is a file: choose another place.",
    errno.EISDIR: "This is a folder: name a file in it.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
}


def write_text(path: Path, text: str) -> None:
    """Replace a file in one step: a reader sees the old text or the new one, whatever happens in between.

    Missing folders are made, the file's permissions are kept, and a link stays a link.
    """
    target = Path(os.path.realpath(path))
    data = text.encode("utf-8", "replace")
    temporary: str | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".tmp", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
        temporary = None
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()


def cannot_write(path: Path, error: OSError) -> StoreError:
    """Why a file could not be written, and what to do."""
    hint = _HINTS.get(error.errno or 0, "Choose another place, or try again; nothing was changed.")
    return StoreError(f"{shown(path)}: cannot be written: {error.strerror or error}", hint)


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, else those a new file would get."""
    try:
        return target.stat().st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
