"""Command groups that import a command's module only when that command runs: `--help` stays quick."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click


class LazyGroup(click.Group):
    """A group that knows its commands as `name: (module:attribute, one line of help)`."""

    def __init__(self, *args: object, lazy: Mapping[str, tuple[str, str]] | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The order they are declared in: the order one works in."""
        return [*self._lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module behind a name."""
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        module, attribute = self._lazy[cmd_name][0].split(":")
        return getattr(import_module(module), attribute)  # type: ignore[no-any-return]

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from the declared lines, without importing any of them."""
        rows = [(name, text) for name, (_, text) in self._lazy.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, but an unknown command names the nearest."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.list_commands(ctx):
            from fluxloop.errors import nearest

            near = nearest(name, self.list_commands(ctx))
            ctx.fail(f"There is no command `{name}`." + (f" Did you mean `{near}`?" if near else ""))
        return super().resolve_command(ctx, args)
