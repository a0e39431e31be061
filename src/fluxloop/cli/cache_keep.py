"""`fluxloop cache info | clear`."""

from __future__ import annotations

from datetime import datetime

import click

from fluxloop.cli.console import note, say, say_json, short_path
from fluxloop.cli.opening import Opened, open_project
from fluxloop.store.cache import CacheInfo, CompletionCache


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The numbers as JSON on stdout.")
@click.pass_context
def info(ctx: click.Context, as_json: bool) -> None:
    """Show how many answers are kept, how much room they take, and how old they are."""
    found = _open(open_project(ctx)).info()
    if as_json:
        say_json(_data(found))
    elif found.entries:
        say(f"{found.entries:,} answers, {_size(found.size)}, {_day(found.oldest)} to {_day(found.newest)}")
        say(short_path(found.path))
    else:
        say("The cache is empty. `generation: {caching: true}` in a settings file fills it.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on stdout.")
@click.pass_context
def clear(ctx: click.Context, as_json: bool) -> None:
    """Forget all answers; they are asked for, and paid for, again."""
    count = _open(open_project(ctx)).clear()
    say_json({"cleared": count}) if as_json else say(f"{count:,} answers forgotten")


def _open(opened: Opened) -> CompletionCache:
    return CompletionCache(opened.project, lambda text: note(text, quiet=opened.quiet))


def _data(found: CacheInfo) -> dict[str, object]:
    times = {"oldest": found.oldest, "newest": found.newest}
    dated = {name: time.isoformat() if time else None for name, time in times.items()}
    return {"path": str(found.path), "entries": found.entries, "bytes": found.size, **dated}


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def _day(when: datetime | None) -> str:
    return when.astimezone().strftime("%Y-%m-%d %H:%M") if when else "-"
