"""What a run was told by a model, kept before anything is made of it: a run that dies has lost nothing it paid for.

A file a run: `.fluxloop/journal/<run>.jsonl`. It begins with a header; then comes a line for each call that was
answered, one before the inputs are written, and one when all is done. Whoever opens a journal holds the project's lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from fluxloop.errors import NotFound, StoreError
from fluxloop.schema.plan import Slot, StyleTarget
from fluxloop.store.atomic import cannot_write
from fluxloop.store.lines import LineFile, read_lines
from fluxloop.store.project import Project, make_private_dir
from fluxloop.store.wording import shown

VERSION = 1
KEPT = 10
"""So many journals of runs that are done stay; older ones are removed."""
_SLOT = tuple(part.name for part in fields(Slot))
_STYLE = tuple(part.name for part in fields(StyleTarget))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class JournalHeader:
    """What a run was to make."""

    run: str
    started: str
    """ISO 8601."""
    output: str
    """The file that the inputs go into."""
    seed: str
    settings: dict[str, Any]
    """All settings of the run as plain data: it is taken up again with these, whatever the files say by then."""
    quotas: dict[str, int]
    max_turns: int = 1
    batch: bool = False
    """It asks through the vendor's batch endpoint."""
    about: str = ""
    """The run in a few words, for whoever is asked whether to take it up again."""
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class JournalCall:
    """One call that was answered."""

    key: str
    """The prompt's digest."""
    slots: tuple[Slot, ...]
    text: str
    places: tuple[int | None, ...] = ()
    """Where in the plan each slot stands; None for a spare one."""
    model: str = ""
    usage: dict[str, int] = field(default_factory=dict)
    finish: str = "stop"


@dataclass(frozen=True, slots=True)
class Writing:
    """The inputs that were about to be written: they are in the file, or the file is as it was."""

    output: str
    first: str
    last: str
    count: int
    places: tuple[int, ...] = ()
    """Of the plan: those that these inputs fill."""
    ids: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    """Over each id and its texts, so that other inputs that came to those ids are not taken for these."""
    done: bool = False
    """The file was replaced: whatever stands under those ids by now are these inputs, edited perhaps."""


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """A whole journal, as far as it got."""

    header: JournalHeader
    calls: tuple[JournalCall, ...]
    writing: tuple[Writing, ...] = ()
    done: bool = False


@dataclass(frozen=True, slots=True)
class JournalInfo:
    """A run that has not ended, in short."""

    header: JournalHeader
    path: Path
    calls: int
    writing: tuple[Writing, ...]


class Journal:
    """A journal that is being written."""

    def __init__(self, path: Path, file: LineFile) -> None:
        self.path = path
        self._file = file

    @property
    def run(self) -> str:
        """The run's name."""
        return self.path.stem

    def call(self, call: JournalCall) -> None:
        """Keep an answer: before it is looked at."""
        self._file.append(
            {
                "call": call.key,
                "slots": [slot_data(slot) for slot in call.slots],
                "places": list(call.places),
                "text": call.text,
                "usage": call.usage,
                "model": call.model,
                "finish": call.finish,
            }
        )

    def writing(self, writing: Writing) -> None:
        """Keep which inputs are about to be written: before the file is replaced."""
        self._file.append({"writing": asdict(writing)})
        self._file.sync()

    def written(self) -> None:
        """Keep that those inputs are in the file now."""
        self._file.append({"written": True})

    def finish(self) -> None:
        """The run is done: nothing of it needs to be taken up again. Journals of runs done long ago are removed."""
        self._file.append({"done": True})
        self._file.close()
        done = [path for path in _paths(self.path.parent) if _is_done(path) or _is_empty(path)]
        for path in done[: -KEPT or None]:
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of a journal whose run is not done."""
        self._file.close()


def new_run(project: Project, when: datetime) -> str:
    """A name for a run, `gen_YYYYMMDD_HHMMSS`, that no journal has yet; a second one in one second ends in `_2`."""
    name = f"gen_{when:%Y%m%d_%H%M%S}"
    folder = journal_dir(project)
    tries = (name if number == 1 else f"{name}_{number}" for number in count(1))
    return next(run for run in tries if not (folder / f"{run}.jsonl").exists())


def create(project: Project, header: JournalHeader) -> Journal:
    """Begin a run's journal."""
    make_private_dir(project.root)
    path = journal_dir(project) / f"{header.run}.jsonl"
    try:
        path.parent.mkdir(exist_ok=True)
        file = LineFile(path, fresh=True)
    except FileExistsError as error:
        raise StoreError(f"{shown(path)}: this run has a journal already", "Take another name for it.") from error
    except OSError as error:
        raise cannot_write(path.parent, error) from error
    try:
        file.append(asdict(header))
    except StoreError:
        file.close()
        path.unlink(missing_ok=True)
        raise
    return Journal(path, file)


def reopen(project: Project, run: str) -> Journal:
    """Go on with a run's journal; a line that was cut off is taken away."""
    path = _find(project, run)
    return Journal(path, LineFile(path))


def read(project: Project, run: str) -> JournalRecord:
    """What a run's journal holds; what is not whole in it is passed over.

    Raises StoreError for a journal of another version: it says where the texts lie that were paid for.
    """
    path = _find(project, run)
    lines = read_lines(path)
    header = _header(path, next(lines, None))
    calls, writing, done = [], [], False
    for line in lines:
        if "call" in line:
            calls.append(_call(path, line))
        elif "writing" in line:
            writing.append(_writing(path, line["writing"]))
        elif "written" in line and writing:
            writing[-1] = replace(writing[-1], done=True)
        done = done or line.get("done") is True
    return JournalRecord(header, tuple(calls), tuple(writing), done)


def open_journals(project: Project) -> list[JournalInfo]:
    """The runs that have not ended, newest first; those of another version are left out, they cannot be taken up."""
    found = []
    for path in reversed(_paths(journal_dir(project))):
        if not _is_done(path):
            info = _info(path)
            found += [info] if info else []
    return found


def journal_dir(project: Project) -> Path:
    """Where the journals are."""
    return project.private_dir / "journal"


def slot_data(slot: Slot) -> dict[str, Any]:
    """A slot as plain data. As `dataclasses.asdict`, which takes ten times as long."""
    data = {name: getattr(slot, name) for name in _SLOT}
    data["style"] = {name: getattr(slot.style, name) for name in _STYLE}
    return data


def slot_of(data: Mapping[str, Any]) -> Slot:
    """The slot that `slot_data` was made of. Raises StoreError when the keys are not those of a slot."""
    style = data.get("style")
    if data.keys() != set(_SLOT) or not isinstance(style, dict) or style.keys() != set(_STYLE):
        odd = sorted(data.keys() ^ set(_SLOT)) or ["style"]
        raise StoreError(f"this slot is of another version: {', '.join(map(str, odd))}")
    return Slot(**{**data, "style": StyleTarget(**style)})


def _info(path: Path) -> JournalInfo | None:
    """Without the slots, which are most of a journal: what is shown to people needs none of them."""
    lines = read_lines(path)
    try:
        header = _header(path, next(lines, None))
        calls, writing = 0, []
        for line in lines:
            calls += "call" in line
            if "writing" in line:
                writing.append(_writing(path, line["writing"]))
    except StoreError:
        return None
    return JournalInfo(header, path, calls, tuple(writing))


def _header(path: Path, line: dict[str, Any] | None) -> JournalHeader:
    if line is None or line.get("version") != VERSION:
        raise _foreign(path)
    return _made(path, JournalHeader, line)


def _call(path: Path, line: dict[str, Any]) -> JournalCall:
    try:
        slots = tuple(slot_of(data) for data in line["slots"])
    except (StoreError, KeyError, TypeError, AttributeError) as error:
        raise _foreign(path) from error
    values = {name: value for name, value in line.items() if name not in ("call", "slots", "places")}
    places = tuple(line.get("places") or ())
    return _made(path, JournalCall, values | {"key": line["call"], "slots": slots, "places": places})


def _writing(path: Path, data: Any) -> Writing:
    if not isinstance(data, dict):
        raise _foreign(path)
    return _made(path, Writing, data | {name: tuple(data.get(name, ())) for name in ("places", "ids", "digests")})


def _made(path: Path, kind: type[T], values: Mapping[str, Any]) -> T:
    try:
        return kind(**values)
    except TypeError as error:
        raise _foreign(path) from error


def _foreign(path: Path) -> StoreError:
    hint = f"The texts that were paid for are in the `text` of its lines: {path}. Take what you need, or generate anew."
    return StoreError(f"{shown(path)}: this journal was written by another version and cannot be taken up again", hint)


def _find(project: Project, run: str) -> Path:
    path = journal_dir(project) / f"{run}.jsonl"
    if not path.is_file():
        known = [found.stem for found in _paths(journal_dir(project))]
        raise NotFound("run with a journal", run, reversed(known))
    return path


def _paths(folder: Path) -> list[Path]:
    """All journals, oldest first."""
    return sorted(folder.glob("*.jsonl"), key=lambda path: _by_time(path.stem)) if folder.is_dir() else []


def _by_time(run: str) -> tuple[str, int]:
    """`gen_…_2` and `gen_…_10` in the order they were made."""
    parts = run.split("_")
    return "_".join(parts[:3]), int(parts[3]) if len(parts) > 3 and parts[3].isdigit() else 1


def _is_empty(path: Path) -> bool:
    """The run died before there was anything to keep."""
    return next(read_lines(path), None) is None


def _is_done(path: Path) -> bool:
    """The last line says so."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 64))
        return file.read().endswith(b'\n{"done":true}\n')
