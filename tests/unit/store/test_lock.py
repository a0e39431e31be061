"""One writer at a time."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fluxloop.errors import StoreError
from fluxloop.store.lock import project_lock

HOLDER = """
import sys
from pathlib import Path
from fluxloop.store.lock import project_lock
with project_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the project's lock until its stdin is closed or it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path, holder):
    """After the wait comes an error that names the process; that one waits is said once."""
    told = []
    with pytest.raises(StoreError, match=f"process {holder.pid}"), project_lock(tmp_path, 0.2, lambda: told.append(1)):
        pass
    assert told == [1]


def test_the_lock_goes_with_its_process(tmp_path, holder):
    """A killed run leaves no lock behind."""
    holder.kill()
    holder.wait()
    with project_lock(tmp_path, 5):
        assert (tmp_path / ".fluxloop" / "lock").read_text() == str(os.getpid())


def test_the_private_folder_keeps_itself_out_of_git(tmp_path):
    """`.fluxloop/` ignores all that is in it."""
    with project_lock(tmp_path):
        assert (tmp_path / ".fluxloop" / ".gitignore").read_text() == "*\n"
