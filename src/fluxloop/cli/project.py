"""`fluxloop init` and `fluxloop schema`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from fluxloop.cli.console import note, say, say_json, short_path
from fluxloop.cli.opening import open_project
from fluxloop.cli.tree import draw_tree
from fluxloop.errors import NotFound
from fluxloop.store.scaffold import init_project
from fluxloop.store.schemas import export_schemas, write_schemas

NEXT_STEPS = (
    ("fluxloop inputs generate", "write inputs in the voices of the personas"),
    ("fluxloop inputs approve", "keep those that pass validation (`fluxloop inputs review`: one by one)"),
    ("fluxloop test", "run them against the sample agent in agent.py"),
)
EDITORS = """\
VS Code (YAML extension), JetBrains, Neovim and Zed follow the `# yaml-language-server: $schema=...` line at
the top of each file: they complete keys, show what each is for, and mark mistakes."""
SCHEMA_EPILOG = """\b
Examples:
  fluxloop schema
  fluxloop schema --print persona > persona.schema.json
"""


@click.command()
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.pass_context
def init(ctx: click.Context, directory: Path) -> None:
    """Write a project that works at once into DIR (default: here): settings, personas, inputs, a sample agent.

    Nothing is overwritten: files that are there stay as they are, and are named.
    """
    kept: list[Path] = []
    written = init_project(directory, kept)
    _say_kept(kept, written, quiet=bool(ctx.obj.get("quiet")))
    if written:
        say(f"✅ Wrote a project into {directory}")
        say("\n".join(draw_tree([path.relative_to(directory) for path in written])))
    _say_next(directory)


@click.command(epilog=SCHEMA_EPILOG)
@click.option("--print", "name", metavar="NAME", help="Print one on stdout: persona, inputs, config or bundle.")
@click.pass_context
def schema(ctx: click.Context, name: str | None) -> None:
    """Write the JSON schemas that editors check the YAML files with, into .fluxloop/schemas/."""
    if name is not None:
        say_json(_one(name))
        return
    written = write_schemas(open_project(ctx).project)
    say("\n".join(short_path(path) for path in written))
    note(EDITORS, quiet=bool(ctx.obj.get("quiet")))


def _one(name: str) -> object:
    schemas = export_schemas()
    if name not in schemas:
        raise NotFound("schema", name, schemas)
    return schemas[name]


def _say_kept(kept: Sequence[Path], written: Sequence[Path], *, quiet: bool) -> None:
    if kept and not written:
        say("Everything is there already; nothing was changed.")
    elif kept:
        note("Left as they are: " + ", ".join(short_path(path) for path in kept), quiet=quiet)


def _say_next(directory: Path) -> None:
    say("\nNext:")
    if directory.resolve() != Path.cwd():
        say(f"  cd {directory}")
    width = max(len(command) for command, _ in NEXT_STEPS)
    for command, what in NEXT_STEPS:
        say(f"  {command:<{width}}   {what}")
