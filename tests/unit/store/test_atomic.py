"""Files are written whole or not at all."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fluxloop.errors import StoreError
from fluxloop.store.atomic import write_text


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path):
    """Folders are made, permissions kept, nothing temporary left behind, line ends written as given."""
    path = tmp_path / "deep" / "a.yaml"
    write_text(path, "one\r\n")
    path.chmod(0o640)
    write_text(path, "two\r\n")
    assert path.read_bytes() == b"two\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [item.name for item in path.parent.iterdir()] == ["a.yaml"]


def test_a_link_stays_a_link(tmp_path):
    """What it leads to is replaced."""
    real = tmp_path / "real.yaml"
    real.write_text("old")
    link = tmp_path / "link.yaml"
    link.symlink_to(real)
    write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_an_impossible_place_says_why_and_what_to_do(tmp_path):
    """A file where a folder should be, and a folder where the file should be."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError) as caught:
        write_text(tmp_path / "file" / "a.yaml", "x")
    assert str(tmp_path / "file" / "a.yaml") in caught.value.message
    assert caught.value.hint
    with pytest.raises(StoreError, match="directory"):
        write_text(tmp_path, "x")


LIMITED = """
import resource, signal, sys
from pathlib import Path
from fluxloop.errors import StoreError
from fluxloop.store.atomic import write_text
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_text(Path(sys.argv[1]), "x" * 100_000)
except StoreError as error:
    print(error)
"""


def test_a_disk_that_takes_no_more_leaves_the_old_file(tmp_path):
    """When the file cannot be written to its end, the old one stands and no rest of the new one does."""
    path = tmp_path / "a.yaml"
    path.write_text("old")
    run = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True)
    assert "cannot be written" in run.stdout
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
