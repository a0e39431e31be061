"""The command line: `fluxloop`. Only click is imported here, so that `--help` is quick."""

from __future__ import annotations

import io
import os
import sys

import click

from fluxloop.cli.lazy import LazyGroup

EPILOG = """\b
Exit codes: 0 ok · 1 findings, or a general failure · 2 usage or configuration · 3 authentication ·
4 network or provider down · 5 not found · 10 tests failed · 11 generation fell short · 130 interrupted
"""

COMMANDS = {
    "init": ("fluxloop.cli.project:init", "Write a project that works at once."),
    "personas": ("fluxloop.cli.personas:personas", "List, show, create and check personas."),
    "inputs": ("fluxloop.cli.inputs:inputs", "Plan, generate, review and validate inputs."),
    "bundles": ("fluxloop.cli.bundles:bundles", "Freeze inputs into bundles."),
    "test": ("fluxloop.cli.test:test", "Run inputs against your agent."),
    "results": ("fluxloop.cli.results:results", "Look at test runs."),
    "costs": ("fluxloop.cli.costs:costs", "List what runs have cost."),
    "cache": ("fluxloop.cli.cache:cache", "Look after the answers that are kept for reuse."),
    "schema": ("fluxloop.cli.project:schema", "Write the JSON schemas that editors check the YAML files with."),
}


@click.command(
    cls=LazyGroup,
    lazy=COMMANDS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="fluxloop", message="%(prog)s %(version)s")
@click.option("--project", metavar="DIR", help="The project's folder; default: found upwards from here.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no notices on stderr.")
@click.pass_context
def fluxloop(ctx: click.Context, project: str | None, quiet: bool) -> None:
    """Realistic test inputs for AI agents, from personas: generate, review, freeze, run."""
    ctx.ensure_object(dict)
    ctx.obj.update(project=project, quiet=quiet)
    ctx.color = _color()


def main() -> None:
    """Run the command line and end with the right exit code; no person's mistake ends in a traceback."""
    from fluxloop.errors import FluxloopError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a text no terminal can show is no reason to fail
    try:
        # Outside its standalone mode click returns the code of `ctx.exit(code)`; our commands return nothing else.
        sys.exit(fluxloop(standalone_mode=False, prog_name="fluxloop"))
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        sys.exit(130)
    except click.ClickException as mistake:
        mistake.show()
        sys.exit(2)
    except FluxloopError as error:
        _tell(error.message, error.hint)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has closed it (`| head`): nothing is left to say.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # A folder that cannot be looked into, a disk that is gone: the operating system says it well enough.
        _tell(f"{error.filename}: {error.strerror}" if error.filename else str(error), "")
        sys.exit(1)


def _tell(message: str, hint: str) -> None:
    click.echo(click.style("Error: ", fg="red", bold=True) + message, err=True, color=_color())
    if hint:
        click.echo(hint, err=True)


def _color() -> bool | None:
    """Never colour under NO_COLOR; else as the stream can."""
    return False if os.environ.get("NO_COLOR") else None


if __name__ == "__main__":
    main()
