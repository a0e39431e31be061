"""What every command begins with: the project, its settings, its personas, its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from dotenv import load_dotenv

from fluxloop.cli.console import note, show_notices
from fluxloop.schema.config import Settings
from fluxloop.schema.finding import Notice
from fluxloop.store.inputs import StoredInput, read_inputs, read_project_inputs
from fluxloop.store.lock import project_lock
from fluxloop.store.personas import PersonaShelf, load_personas
from fluxloop.store.project import Project, find_project
from fluxloop.store.settings import load_settings


@dataclass
class Opened:
    """A project at hand, and what was noticed while reading it."""

    project: Project
    quiet: bool
    notices: list[Notice] = field(default_factory=list)

    def settings(self, flags: Mapping[str, Any] | None = None, config: Path | None = None) -> Settings:
        """Flag > config file > project file > default."""
        settings, notices = load_settings(self.project, flags or {}, config)
        self.notices += notices
        return settings

    def personas(self) -> PersonaShelf:
        """The project's personas over the built-in ones."""
        return load_personas(self.project, self.notices)

    def inputs(self, file: Path | None = None) -> list[StoredInput]:
        """The inputs of one file, or of all."""
        return read_inputs(file, self.notices) if file else read_project_inputs(self.project, self.notices)

    def locked(self) -> AbstractContextManager[None]:
        """Alone in the project: to be held from before the files are read until they are written."""
        waiting = "Another fluxloop is working in this project; waiting for it to finish."
        return project_lock(self.project.root, on_wait=lambda: note(waiting, quiet=self.quiet))

    def tell(self) -> None:
        """Say on stderr what was noticed, once each."""
        show_notices(dict.fromkeys(self.notices), quiet=self.quiet)
        self.notices.clear()


def open_project(ctx: click.Context) -> Opened:
    """The project of `--project`, or the one the working directory lies in, and the keys of its `.env`.

    What the environment has already is not changed by the file.
    """
    named = ctx.obj.get("project")
    project = find_project(Path.cwd(), Path(named) if named else None)
    load_dotenv(project.root / ".env", override=False)
    return Opened(project, quiet=bool(ctx.obj.get("quiet")))
