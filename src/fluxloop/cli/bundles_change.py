"""`fluxloop bundles create | delete`: bundles frozen and removed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from fluxloop.cli.bundles_choose import choose_inputs
from fluxloop.cli.bundles_view import json_of
from fluxloop.cli.console import counted, is_interactive, note, say, say_json, short_path
from fluxloop.cli.inputs_select import STATUSES
from fluxloop.cli.opening import Opened, open_project
from fluxloop.curation.bundling import Selection, make_bundle
from fluxloop.errors import NotFound, StoreError, UsageError
from fluxloop.schema.bundle import Bundle
from fluxloop.store.bundles import bundle_path, delete_bundle, list_bundles, write_bundle

CREATE_EPILOG = """\b
Examples:
  fluxloop bundles create --name regression_v1
  fluxloop bundles create --name smoke --size 20 --description "before each merge"
  fluxloop bundles create --name billing --topic billing --mix synthetic=80,manual=20
"""


@click.command(epilog=CREATE_EPILOG)
@click.option("--name", required=True, metavar="NAME", help="The bundle's name; its file is bundles/NAME.yaml.")
@click.option("--description", default="", metavar="TEXT", help="What it is for.")
@click.option("--inputs", "files", multiple=True, metavar="F...", help="Only of these files.  [default: all]")
@click.argument("more_files", nargs=-1, metavar="")
@click.option("--persona", "personas", multiple=True, metavar="P", help="Only of this persona; repeatable.")
@click.option("--topic", "topics", multiple=True, metavar="T", help="Only on this topic; repeatable.")
@click.option("--status", type=STATUSES, help="Only with this status.  [default: approved]")
@click.option("--size", type=click.IntRange(min=1), metavar="N", help="So many, evenly over personas and topics.")
@click.option("--mix", metavar="MIX", help="synthetic=80,manual=20.  [default: `inputs:` of the settings]")
@click.option("--include-pending", is_flag=True, help="Take inputs that nobody has approved, too.")
@click.option("--json", "as_json", is_flag=True, help="The new bundle as a JSON object on stdout.")
@click.pass_context
def create(ctx: click.Context, /, name: str, description: str, as_json: bool, **asked: Any) -> None:
    """Freeze inputs, with their text and their personas, into a bundle.

    Approved inputs, unless told otherwise. Critical manual inputs are always in, whatever is asked for.
    """
    opened = open_project(ctx)
    name = _free_name(opened, name)
    selection = choose_inputs(opened, **asked)
    bundle = make_bundle(name, selection, opened.personas(), description=description)
    with opened.locked():
        path = write_bundle(opened.project, bundle)
    opened.tell()
    _say_created(opened, bundle, selection, path, as_json)


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing.")
@click.pass_context
def delete(ctx: click.Context, names: tuple[str, ...], yes: bool) -> None:
    """Delete bundles. On a terminal it asks first; elsewhere it needs --yes."""
    opened = open_project(ctx)
    _refuse_unknown(opened, names)
    if not yes:
        _confirm(names)
    for name in names:
        say(f"Deleted {short_path(delete_bundle(opened.project, name))}")


def _free_name(opened: Opened, name: str) -> str:
    """Told before any work: a bundle means the same for ever, so none is replaced."""
    path = bundle_path(opened.project, name)
    if path.exists():
        hint = f"Choose another name, or remove it first: `fluxloop bundles delete {path.stem}`."
        raise StoreError(f"{short_path(path)}: this bundle is there already", hint)
    return path.stem


def _say_created(opened: Opened, bundle: Bundle, selection: Selection, path: Path, as_json: bool) -> None:
    for remark in selection.notes:
        note(f"note: {remark}", quiet=opened.quiet)
    if as_json:
        say_json(json_of(bundle) | {"notes": list(selection.notes)})
        return
    what = f"{counted(len(bundle.inputs), 'input')} and {counted(len(bundle.personas), 'persona')}"
    say(f"✅ Froze {what} in {short_path(path)}")
    say(f"Next: `fluxloop test --bundle {bundle.name}`")


def _refuse_unknown(opened: Opened, names: Sequence[str]) -> None:
    """All names are looked at before the first bundle goes."""
    for name in names:
        if not bundle_path(opened.project, name).is_file():
            raise NotFound("bundle", name, list_bundles(opened.project))


def _confirm(names: Sequence[str]) -> None:
    if not is_interactive():
        raise UsageError("Deleting a bundle cannot be undone here.", "Say --yes where nobody is there to be asked.")
    click.confirm(f"Delete {', '.join(names)}?", abort=True, err=True)
