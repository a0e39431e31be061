"""The real command line, as a process of its own, on sample projects in tmp_path. No key, no network."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

Ran = tuple[int, str, str]
"""Exit code, stdout, stderr."""
Run = Callable[..., Ran]
SRC = Path(__file__).parents[2] / "src"


def clean_env(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a machine with no key and no editor."""
    gone = ("OPENAI", "ANTHROPIC", "FLUXLOOP", "EDITOR", "VISUAL", "GITHUB_ACTIONS", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(gone)}
    return kept | {"PYTHONPATH": str(SRC), "NO_COLOR": "1"} | dict(env or {})


def run(args: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None, stdin: str = "") -> Ran:
    """Run `fluxloop ARGS` in a folder, without a terminal."""
    command = [sys.executable, "-m", "fluxloop.cli.main", *args]
    done = subprocess.run(
        command, cwd=cwd, env=clean_env(env), input=stdin.encode(), capture_output=True, timeout=120, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, to show that nothing was written."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Files by their path below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project: settings, and nothing else yet."""
    write_files(tmp_path, {"fluxloop.yaml": "product:\n  name: Parcelo\n"})
    return tmp_path
