"""A new project that works at once: generate, review, bundle and test, without a key and without a network."""

from __future__ import annotations

from pathlib import Path

from fluxloop.errors import StoreError
from fluxloop.store.atomic import write_text
from fluxloop.store.documents import read_text
from fluxloop.store.project import Project
from fluxloop.store.schemas import write_schemas
from fluxloop.store.wording import shown

TEMPLATE_DIR = Path(__file__).parent / "template"
_RENAMED = {"gitignore": ".gitignore"}
"""A `.gitignore` in the package would be obeyed there."""
_SKIPPED = {"__pycache__", "__init__.py"}


def init_project(target: Path, kept: list[Path] | None = None) -> list[Path]:
    """Write the sample project into `target`, and return the files written.

    Nothing is overwritten: a file that is there is left as it is, and told in `kept`.
    """
    if target.exists() and not target.is_dir():
        raise StoreError(f"{shown(target)}: this is a file", "Name a folder.")
    written = []
    for name, source in template_files().items():
        path = target / name
        if path.exists() or path.is_symlink():
            if kept is not None:
                kept.append(path)
            continue
        write_text(path, read_text(source))
        written.append(path)
    write_schemas(Project(target.resolve(), configured=True))
    return written


def template_files() -> dict[str, Path]:
    """The files of the sample project by their name in it."""
    found = (path for path in TEMPLATE_DIR.rglob("*") if path.is_file() and not _SKIPPED & set(path.parts))
    names = {path.relative_to(TEMPLATE_DIR).as_posix(): path for path in found}
    return {_RENAMED.get(name, name): path for name, path in sorted(names.items())}
