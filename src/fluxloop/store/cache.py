"""Answers of models by the digest of what was asked: one SQLite file that several processes may use at once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fluxloop.errors import StoreError
from fluxloop.store.project import Project, make_private_dir
from fluxloop.store.wording import shown

_TABLE = "CREATE TABLE IF NOT EXISTS completions (key TEXT PRIMARY KEY, value TEXT NOT NULL, made REAL NOT NULL)"
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA}
"""What no waiting mends: damaged, another kind of file, or a table of another shape."""


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What a cache holds."""

    path: Path
    entries: int
    size: int
    """Bytes on the disk."""
    oldest: datetime | None
    newest: datetime | None


class CompletionCache:
    """Never in the way: a cache that cannot be read or written is told of once, and the answers are asked for again.

    A file that is damaged is moved aside, and a new one begun.
    """

    def __init__(self, project: Project, notify: Callable[[str], None] = lambda _: None, wait: float = 5.0) -> None:
        """`notify` hears in a sentence what is wrong; another process that writes is waited for so many seconds."""
        self.path = project.private_dir / "cache" / "completions.sqlite"
        self._root = project.root
        self._notify, self._wait = notify, wait
        self._database: sqlite3.Connection | None = None
        self._was_broken = False
        self._is_off = False

    def get(self, key: str) -> str | None:
        """What was put under a key."""
        rows = self._do("SELECT value FROM completions WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def put(self, key: str, value: str) -> None:
        """Keep a value, in place of an older one."""
        self._do("INSERT OR REPLACE INTO completions VALUES (?, ?, ?)", key, value, time.time())

    def info(self) -> CacheInfo:
        """What is in it; nothing is made when there is no cache yet."""
        if not self.path.exists():
            return CacheInfo(self.path, 0, 0, None, None)
        rows = self._do("SELECT count(*), min(made), max(made) FROM completions")
        entries, oldest, newest = rows[0] if rows else (0, None, None)
        size = sum(part.stat().st_size for part in self._files() if part.exists())
        return CacheInfo(self.path, entries, size, _as_time(oldest), _as_time(newest))

    def clear(self) -> int:
        """Forget everything; returns how many answers that were. Other processes may go on using it."""
        entries = self.info().entries
        if self.path.exists():
            self._do("DELETE FROM completions")
            self._do("VACUUM")
            self._do("PRAGMA wal_checkpoint(TRUNCATE)")
        return entries

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _do(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement; where the file is broken, once more on a new one. An empty list when it cannot be done."""
        while not self._is_off:
            try:
                return self._open().execute(statement, values).fetchall()
            except (sqlite3.Error, UnicodeError, StoreError) as error:
                if not self._mended(error):
                    break
        return []

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            make_private_dir(self._root)
            with suppress(OSError):  # SQLite says it better
                self.path.parent.mkdir(exist_ok=True)
            # Each statement is a transaction of its own, so that no process holds up another.
            database = sqlite3.connect(self.path, self._wait, isolation_level=None, check_same_thread=False)
            self._database = database
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(_TABLE)
            database.execute("SELECT key, value, made FROM completions LIMIT 1")
        return self._database

    def _mended(self, error: Exception) -> bool:
        """Move a broken file aside, once; pass over a busy one; do without the cache from here on for anything else."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return False
        if code in _BROKEN and not self._was_broken:
            self._was_broken = True
            self._move_aside()
            return True
        self._is_off = True
        self.close()
        self._notify(f"{shown(self.path)}: the cache cannot be used ({error}); answers are asked for again.")
        return False

    def _move_aside(self) -> None:
        self.close()
        aside = self.path.with_suffix(f".broken-{time.time_ns()}")
        try:
            self.path.rename(aside)
            for part in self._files()[1:]:
                part.unlink(missing_ok=True)
        except OSError as error:
            self._is_off = True
            self._notify(f"{shown(self.path)}: the cache is damaged and cannot be moved aside ({error.strerror}).")
            return
        self._notify(f"{shown(self.path)}: the cache was damaged: it is now {aside.name}, and a new one was begun.")

    def _files(self) -> list[Path]:
        return [self.path, self.path.with_name(self.path.name + "-wal"), self.path.with_name(self.path.name + "-shm")]


def _as_time(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, float) else None
