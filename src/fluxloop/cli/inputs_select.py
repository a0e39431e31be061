"""Which inputs a command is about: the options `--persona --topic --status ...`, and files that are named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from fluxloop.cli.console import short_path
from fluxloop.cli.opening import Opened
from fluxloop.curation.searching import Query, search_inputs
from fluxloop.errors import NotFound
from fluxloop.store.documents import READ_SUFFIXES
from fluxloop.store.inputs import StoredInput, input_files
from fluxloop.store.personas import find_persona

STATUSES = click.Choice(["pending", "approved", "rejected"], case_sensitive=False)
SOURCES = click.Choice(["synthetic", "manual"], case_sensitive=False)
OPTIONS = {
    "personas": click.option(
        "--persona", "personas", multiple=True, metavar="P", help="Only of this persona; repeatable."
    ),
    "topics": click.option("--topic", "topics", multiple=True, metavar="T", help="Only on this topic; repeatable."),
    "statuses": click.option("--status", "statuses", multiple=True, type=STATUSES, help="Only with this status."),
    "sources": click.option("--source", "sources", multiple=True, type=SOURCES, help="Only from this source."),
    "tags": click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only with this tag; repeatable."),
    "words": click.option(
        "--search", "words", default="", metavar="WORDS", help="Only with these words in the text or id."
    ),
}


@dataclass(frozen=True)
class Asked:
    """What the options ask for."""

    query: Query

    def or_pending(self) -> Asked:
        """What is pending, unless another status was asked for."""
        return Asked(replace(self.query, statuses=self.query.statuses or ("pending",)))

    def among(self, inputs: Sequence[StoredInput], opened: Opened) -> list[StoredInput]:
        """The inputs asked for. A persona nobody knows is NotFound, not an empty list."""
        written = {stored.input.persona for stored in inputs}
        for name in self.query.personas:
            if name not in written:
                find_persona(opened.personas(), name)
        return search_inputs(inputs, self.query)


def select_options(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options of `OPTIONS` by name (all when none is named); the command gets them as `asked`."""
    chosen = names or tuple(OPTIONS)

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def with_asked(*args: Any, **kwargs: Any) -> None:
            query = Query(**{name: kwargs.pop(name) for name in chosen})
            command(*args, asked=Asked(query), **kwargs)

        decorated: Callable[..., None] = with_asked
        for name in reversed(chosen):
            decorated = OPTIONS[name](decorated)
        return decorated

    return decorate


def named_file(opened: Opened, name: str) -> Path:
    """A file named on the command line: as seen from here, else from the project's root, else in `inputs/`."""
    project = opened.project
    for path in (Path(name), project.root / name, project.inputs_dir / name):
        if path.is_file():
            return path.resolve()
    raise NotFound("file", name, [short_path(path) for path in input_files(project)])


def files_and_ids(opened: Opened, names: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Names of files and ids of inputs, told apart by how they end."""
    files = [name for name in names if Path(name).suffix.lower() in READ_SUFFIXES]
    return [named_file(opened, name) for name in files], [name for name in names if name not in files]


def read_for(opened: Opened, files: Sequence[Path]) -> tuple[list[StoredInput], list[StoredInput]]:
    """Every input of the project and of `files` that lie elsewhere; and of these the ones in `files` (or all)."""
    everything = opened.inputs()
    inside = {stored.file.resolve() for stored in everything} | {path.resolve() for path in input_files(opened.project)}
    everything += [stored for path in dict.fromkeys(files) if path not in inside for stored in opened.inputs(path)]
    return everything, [stored for stored in everything if not files or stored.file.resolve() in files]
