"""`fluxloop personas list | show`: looking at personas, changing nothing."""

from __future__ import annotations

import click

from fluxloop.cli.console import say, say_json, say_table
from fluxloop.cli.opening import open_project
from fluxloop.cli.personas_view import card_of, json_of, row_of
from fluxloop.errors import NotFound
from fluxloop.schema.persona import Persona
from fluxloop.store.personas import PersonaShelf, find_persona

LIST_EPILOG = """\b
Examples:
  fluxloop personas list --pack healthcare
  fluxloop personas list --json | jq -r '.[].persona_id'
"""


@click.command("list", epilog=LIST_EPILOG)
@click.option("--pack", metavar="P", help="Only of this pack: general, saas, ecommerce, healthcare, languages.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list on stdout.")
@click.pass_context
def list_(ctx: click.Context, pack: str | None, as_json: bool) -> None:
    """List the project's personas and the built-in ones."""
    opened = open_project(ctx)
    shelf = opened.personas()
    found = _of_pack(shelf, pack)
    opened.tell()
    if as_json:
        say_json([json_of(persona, shelf) for persona in found])
    else:
        say_table(("id", "pack", "writes in", "expertise", "name", "from"), [row_of(one, shelf) for one in found])
        say(f"{len(found)} personas; `fluxloop personas show ID` shows one.")


@click.command()
@click.argument("persona_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="A JSON object on stdout.")
@click.pass_context
def show(ctx: click.Context, persona_id: str, as_json: bool) -> None:
    """Show one persona whole, with its style in numbers."""
    opened = open_project(ctx)
    shelf = opened.personas()
    persona = find_persona(shelf, persona_id)
    opened.tell()
    if as_json:
        say_json(json_of(persona, shelf, whole=True))
    else:
        say("\n".join(card_of(persona, shelf)))


def _of_pack(shelf: PersonaShelf, pack: str | None) -> list[Persona]:
    """Personas of one pack, or all, by pack; the project's own come first."""
    found = [persona for persona in shelf.values() if pack in (None, persona.pack)]
    if pack and not found:
        raise NotFound("pack", pack, sorted({persona.pack for persona in shelf.values() if persona.pack}))
    return sorted(found, key=lambda persona: (persona.persona_id not in shelf.own, persona.pack))
