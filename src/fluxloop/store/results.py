"""The folder of a test run: results streamed in as they come, everything else written whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from fluxloop.errors import ConfigError, NotFound
from fluxloop.schema.result import Result, RunSummary
from fluxloop.store.atomic import cannot_write, write_text
from fluxloop.store.documents import read_text
from fluxloop.store.wording import shown

RESULTS = "results.jsonl"
SUMMARY = "summary.json"


@dataclass(frozen=True)
class ResultFolder:
    """One run's folder, `run_YYYYMMDD_HHMMSS`."""

    path: Path

    @classmethod
    def create(cls, root: Path, when: datetime) -> ResultFolder:
        """Make a folder of its own under `root`, the folder of all runs; a second run in one second gets `_2`."""
        name = f"run_{when:%Y%m%d_%H%M%S}"
        try:
            root.mkdir(parents=True, exist_ok=True)
            for number in count(1):
                path = root / (name if number == 1 else f"{name}_{number}")
                try:
                    path.mkdir()
                    break
                except FileExistsError:
                    continue
        except OSError as error:
            raise cannot_write(root, error) from error
        return cls(path)

    @property
    def name(self) -> str:
        """The run's name."""
        return self.path.name

    def append(self, result: Result) -> None:
        """Add one result, so that a run that dies has kept what came before. A line cut off earlier is dropped."""
        line = json.dumps(result.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False) + "\n"
        try:
            with (self.path / RESULTS).open("a+b") as file:
                file.truncate(_whole_lines(file))
                file.write(line.encode("utf-8", "replace"))
        except OSError as error:
            raise cannot_write(self.path / RESULTS, error) from error

    def write(self, name: str, text: str) -> Path:
        """Write another file of the run, whole or not at all."""
        write_text(self.path / name, text)
        return self.path / name


def read_results(folder: Path) -> list[Result]:
    """The results of a run. A last line that was cut off, as when a run was killed, is passed over."""
    path = folder / RESULTS
    if not path.exists():
        return []
    return list(_results(path))


def read_summary(folder: Path) -> RunSummary | None:
    """The numbers of a run; None when it was killed before they were written."""
    path = folder / SUMMARY
    if not path.exists():
        return None
    try:
        return RunSummary.model_validate_json(read_text(path))
    except ValidationError as error:
        what = f"this is no summary of a run: {error.errors()[0]['msg']}"
        raise ConfigError(what, "Was the file edited? Run the test again.", file=shown(path)) from error


def list_runs(root: Path) -> list[Path]:
    """The folders of all runs under `root`, oldest first."""
    if not root.is_dir():
        return []
    return sorted((path for path in root.glob("run_*") if path.is_dir()), key=_by_time)


def find_run(root: Path, name: str | None = None) -> Path:
    """The run of that name, or the newest."""
    runs = {path.name: path for path in list_runs(root)}
    if name is None and runs:
        return list(runs.values())[-1]
    if name is None or name not in runs:
        hint = "" if runs else "Run `fluxloop test` first."
        raise NotFound("test run", name or "latest", runs, hint)
    return runs[name]


def _whole_lines(file: IO[bytes]) -> int:
    """The length of a file up to its last line end."""
    size = file.seek(0, os.SEEK_END)
    back = 1
    while back <= size:
        file.seek(size - back)
        if file.read(1) == b"\n":
            return size - back + 1
        back += 1
    return 0


def _results(path: Path) -> Iterator[Result]:
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield Result.model_validate_json(line)
        except ValidationError as error:
            if number == len(lines):
                return
            raise ConfigError("this is no result", "Was the file edited?", file=shown(path), line=number) from error


def _by_time(path: Path) -> tuple[str, int]:
    """`run_…_2` and `run_…_10` in the order they were made."""
    day, clock, *number = path.name.removeprefix("run_").split("_")
    return f"{day}_{clock}", int(number[0]) if number and number[0].isdigit() else 1
