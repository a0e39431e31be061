"""`fluxloop bundles list | show | verify | diff`: looking at bundles, changing nothing."""

from __future__ import annotations

from dataclasses import asdict

import click

from fluxloop.cli.bundles_view import bundle_card, bundle_row, diff_lines, json_of
from fluxloop.cli.console import note, say, say_json, say_table, short_path
from fluxloop.cli.opening import Opened, open_project
from fluxloop.curation.bundling import diff_bundles
from fluxloop.schema.bundle import Bundle
from fluxloop.store.bundles import bundle_path, is_intact, list_bundles, read_bundle

NONE_YET = "No bundles yet: `fluxloop bundles create --name NAME` freezes the approved inputs."


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON list on stdout.")
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """List bundles."""
    opened = open_project(ctx)
    found = _read(opened, ())
    if as_json:
        say_json([json_of(bundle) for bundle in found])
    elif found:
        say_table(("name", "inputs", "personas", "created", "hash", "", "description"), map(bundle_row, found))
    else:
        note(NONE_YET, quiet=opened.quiet)


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--json", "as_json", is_flag=True, help="A JSON object on stdout.")
@click.pass_context
def show(ctx: click.Context, name: str, as_json: bool) -> None:
    """Show one bundle and its inputs."""
    (bundle,) = _read(open_project(ctx), (name,))
    if as_json:
        say_json(json_of(bundle, whole=True))
    else:
        bundle_card(bundle)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="A JSON list on stdout.")
@click.pass_context
def verify(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Check that bundles (default: all) are what was frozen. A changed one ends with exit code 1."""
    opened = open_project(ctx)
    found = _read(opened, names)
    if as_json:
        say_json(
            [{"name": bundle.name, "intact": is_intact(bundle), "file": _file(opened, bundle)} for bundle in found]
        )
    elif not found:
        note(NONE_YET, quiet=opened.quiet)
    else:
        say("\n".join(_verdict(opened, bundle) for bundle in found))
    ctx.exit(0 if all(map(is_intact, found)) else 1)


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="A JSON object on stdout.")
@click.pass_context
def diff(ctx: click.Context, first: str, second: str, as_json: bool) -> None:
    """Show what sets bundle B apart from bundle A: inputs added, removed and changed, and personas."""
    before, after = _read(open_project(ctx), (first, second))
    difference = diff_bundles(before, after)
    if as_json:
        say_json(asdict(difference))
    else:
        say("\n".join(diff_lines(difference, before, after)))


def _read(opened: Opened, names: tuple[str, ...]) -> list[Bundle]:
    """The bundles of those names, or all; each under the name of its file, whatever a copied file calls itself."""
    found = []
    for name in names or list_bundles(opened.project):
        bundle = read_bundle(opened.project, name, opened.notices)
        found.append(bundle.model_copy(update={"name": bundle_path(opened.project, name).stem}))
    opened.tell()
    return found


def _verdict(opened: Opened, bundle: Bundle) -> str:
    if is_intact(bundle):
        return f"✅ {bundle.name}: unchanged, {len(bundle.inputs)} inputs"
    return (
        f"❌ {bundle.name}: {_file(opened, bundle)} has changed since it was frozen; "
        "restore it from git, or freeze a new bundle under another name"
    )


def _file(opened: Opened, bundle: Bundle) -> str:
    return short_path(bundle_path(opened.project, bundle.name))
