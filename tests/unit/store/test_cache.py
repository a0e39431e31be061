"""The cache of completions: shared, and never in the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from fluxloop.store.cache import CompletionCache
from fluxloop.store.project import find_project

WRITER = """
import sys
from pathlib import Path
from fluxloop.store.cache import CompletionCache
from fluxloop.store.project import find_project
said = []
cache = CompletionCache(find_project(Path(sys.argv[1])), said.append)
for n in range(300):
    cache.put(f"{sys.argv[2]}-{n}", "x" * 2000)
    cache.put(f"both-{n}", sys.argv[2])
    assert cache.get(f"{sys.argv[2]}-{n}")
assert not said, said
"""


@pytest.fixture
def said():
    """What the cache says."""
    return []


@pytest.fixture
def open_cache(tmp_path, said):
    """Open the project's cache."""
    return lambda **options: CompletionCache(find_project(tmp_path), said.append, **options)


def test_what_is_put_is_there_for_the_next_run(open_cache):
    """Any text survives, and the last one put under a key holds."""
    cache = open_cache()
    assert cache.get("k") is None
    cache.put("k", "old")
    cache.put("k", "😅 \x00 None\n")
    cache.close()
    assert open_cache().get("k") == "😅 \x00 None\n"


def test_info_and_clear(open_cache, said):
    """They count, make nothing where nothing is, and give the room on the disk back."""
    cache = open_cache()
    assert (cache.info().entries, cache.clear(), cache.path.exists()) == (0, 0, False)
    for number in range(100):
        cache.put(str(number), "x" * 10_000)
    info = cache.info()
    assert info.entries == 100
    assert info.size > 1_000_000
    assert (datetime.now(UTC) - info.oldest).total_seconds() < 60 and info.oldest <= info.newest
    assert cache.clear() == 100
    assert cache.info().entries == 0
    assert cache.info().size < 100_000
    assert said == []


def test_two_processes_use_it_at_once(tmp_path, open_cache):
    """Nothing is lost and nobody fails."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in ("a", "b")]
    assert [writer.wait() for writer in writers] == [0, 0]
    cache = open_cache()
    assert cache.info().entries == 900
    assert {cache.get(f"both-{n}") for n in range(300)} <= {"a", "b"}


@pytest.mark.parametrize("damage", ["garbage", "middle", "other shape"])
def test_a_damaged_file_is_moved_aside(open_cache, said, damage):
    """Garbage, a page overwritten, or a table of another program: a new cache is begun, and it is said once."""
    cache = open_cache()
    for number in range(50):
        cache.put(str(number), "x" * 3000)
    cache.close()
    if damage == "garbage":
        cache.path.write_bytes(b"not a database at all" * 100)
    elif damage == "middle":
        data = bytearray(cache.path.read_bytes())
        data[4096:] = b"\xff" * (len(data) - 4096)
        cache.path.write_bytes(bytes(data))
    else:
        database = sqlite3.connect(cache.path)
        database.execute("DROP TABLE completions")
        database.execute("CREATE TABLE completions (other TEXT)")
        database.commit()
        database.close()
    again = open_cache()
    assert again.get("7") is None
    again.put("7", "new")
    assert again.get("7") == "new"
    assert len(said) == 1
    assert "damaged" in said[0]
    assert len(list(cache.path.parent.glob("completions.broken-*"))) == 1


def test_without_a_place_there_is_no_cache(tmp_path, open_cache, said):
    """Where it cannot be written, answers are simply asked for again, and that is said once."""
    (tmp_path / ".fluxloop").mkdir()
    (tmp_path / ".fluxloop" / "cache").write_text("a file")
    cache = open_cache()
    cache.put("k", "v")
    assert cache.get("k") is None
    assert len(said) == 1
    assert "cannot be used" in said[0]


def test_a_busy_cache_is_passed_over(open_cache, said):
    """Another process that holds it for long costs answers, not the run."""
    cache = open_cache(wait=0.05)
    cache.put("k", "v")
    other = sqlite3.connect(cache.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    cache.put("k", "new")
    other.execute("COMMIT")
    assert cache.get("k") == "v"
    cache.put("k", "new")
    assert cache.get("k") == "new"
    assert said == []
