"""Where a project is, and where its parts are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fluxloop.errors import NotFound, StoreError
from fluxloop.store.wording import shown

CONFIG_NAMES = ("fluxloop.yaml", "fluxloop.yml")


@dataclass(frozen=True)
class Project:
    """A folder with inputs, personas and bundles. `configured` is false when it has no `fluxloop.yaml`."""

    root: Path
    configured: bool

    @property
    def config_file(self) -> Path:
        """`fluxloop.yaml`, whether it is there or not."""
        for name in CONFIG_NAMES:
            if (self.root / name).is_file():
                return self.root / name
        return self.root / CONFIG_NAMES[0]

    @property
    def input_config(self) -> Path:
        """The settings of `generate` when `--config` names no other file."""
        return self.root / "configs" / "input.yaml"

    @property
    def inputs_dir(self) -> Path:
        """Inputs: in git, reviewed as diffs."""
        return self.root / "inputs"

    @property
    def personas_dir(self) -> Path:
        """One persona a file."""
        return self.root / "personas"

    @property
    def bundles_dir(self) -> Path:
        """Frozen selections: in git."""
        return self.root / "bundles"

    @property
    def results_dir(self) -> Path:
        """One folder a test run: not in git."""
        return self.root / "results"

    @property
    def private_dir(self) -> Path:
        """Cache, journals, lock: not in git, safe to delete."""
        return self.root / ".fluxloop"


def find_project(start: Path, explicit: Path | None = None) -> Project:
    """The project `start` lies in, or the one named; `start` itself, unconfigured, when there is none above it."""
    if explicit is not None:
        return _named(explicit)
    start = start.resolve()
    for folder in (start, *start.parents):
        if _is_configured(folder):
            return Project(folder, configured=True)
    return Project(start, configured=False)


def make_private_dir(root: Path) -> Path:
    """`.fluxloop/`, which keeps itself out of git."""
    folder = root / ".fluxloop"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        hint = "Check the permissions of the folder, or name another with --project."
        raise StoreError(f"{shown(folder)}: cannot be made: {error.strerror}", hint) from error
    return folder


def _named(explicit: Path) -> Project:
    folder = explicit.expanduser().resolve()
    if not folder.exists():
        raise NotFound("project folder", str(explicit), hint="Make one with `fluxloop init`, or check the path.")
    if folder.is_file():
        folder = folder.parent
    return Project(folder, _is_configured(folder))


def _is_configured(folder: Path) -> bool:
    return any((folder / name).is_file() for name in CONFIG_NAMES)
