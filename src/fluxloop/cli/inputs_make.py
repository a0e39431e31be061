"""`fluxloop inputs plan` and `fluxloop inputs generate`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from fluxloop.cli.console import is_interactive, note, say, say_json, short_path
from fluxloop.cli.generated import describe, embedded_notice, say_plan, say_shortfall, say_summary
from fluxloop.cli.opening import Opened, open_project
from fluxloop.cli.progress import generation_progress
from fluxloop.cli.shares import parse_shares, read_few_shot
from fluxloop.errors import GenerationFellShort, StoreError, UsageError
from fluxloop.generation.coverage import summarise_plan
from fluxloop.generation.generate import require_languages
from fluxloop.generation.session import DEFAULT_OUTPUT, Generated, generate_inputs, prepare, require_complete
from fluxloop.providers.registry import create_provider
from fluxloop.schema.config import PersonaShare, Settings

OPTIONS = (
    click.option("--persona", metavar="ID", help="One persona."),
    click.option("--personas", metavar="IDS", help="Several, evenly (a,b,c) or weighted (a:60,b:30,c:10)."),
    click.option("--count", type=int, metavar="N", help="How many inputs in all.  [default: 50]"),
    click.option("--topic", "topics", multiple=True, metavar="TOPIC", help="What they are about; may be repeated."),
    click.option("--context", metavar="TEXT", help="What the product or the user's situation is."),
    click.option("--description", metavar="TEXT", help="What inputs you want, in a sentence."),
    click.option("--language", metavar="NAME", help="Write in this language.  [default: each persona's own]"),
    click.option(
        "--config", type=click.Path(path_type=Path), metavar="FILE", help="Settings.  [default: configs/input.yaml]"
    ),
    click.option(
        "--provider", metavar="NAME", help="openai, anthropic, embedded, ...  [default: by the keys that are set]"
    ),
    click.option("--model", metavar="NAME", help="The provider's model."),
    click.option("--temperature", type=click.FloatRange(0, 2), metavar="T", help="0.0-1.0.  [default: 0.7]"),
    click.option(
        "--diversity-threshold", type=click.FloatRange(0, 1), metavar="D", help="Least distance between inputs, 0-1.  [default: 0.3]"
    ),
    click.option("--few-shot", type=click.Path(path_type=Path), metavar="FILE", help="Examples to follow, one a line."),
    click.option("--multi-turn", is_flag=True, help="Write conversations."),
    click.option("--max-turns", type=int, default=5, show_default=True, metavar="N", help="Most turns of one."),
    click.option("--seed", type=int, metavar="N", help="Same seed, same plan.  [default: 0]"),
    click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help=f"[default: {DEFAULT_OUTPUT}]"),
    click.option("--json", "as_json", is_flag=True, help="The result as JSON on stdout."),
)


def generation_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that `plan` and `generate` share."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.command()
@generation_options
@click.pass_context
def plan(ctx: click.Context, /, as_json: bool, **flags: Any) -> None:
    """Show who would write about what, in how many inputs, before any text is made."""
    opened = open_project(ctx)
    settings = _settings(opened, flags)
    planned = prepare(opened.project, settings, _output(opened, flags), max_turns=_turns(flags))
    opened.tell()
    summary = summarise_plan(planned.planner.plan(planned.quotas))
    say_json(describe(summary)) if as_json else say_plan(summary)


@click.command()
@generation_options
@click.option("--dry-run", is_flag=True, help="Show the plan and its cost; send and write nothing.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing.")
@click.pass_context
def generate(ctx: click.Context, /, as_json: bool, dry_run: bool, yes: bool, **flags: Any) -> None:
    """Generate inputs and append them to a file. The count is exact; nothing that exists is changed.

    \b
    fluxloop inputs generate --count 100
    fluxloop inputs generate --personas novice_user:60,expert_user:30,frustrated_user:10 --count 100
    fluxloop inputs generate --persona expert_user --topic "API authentication" --count 30
    """
    opened = open_project(ctx)
    settings = _settings(opened, flags)
    output = _output(opened, flags)
    if dry_run and not _confirmed_after_plan(opened, settings, output, flags, as_json, yes):
        return
    generated = _run(opened, settings, output, flags)
    say_summary(generated, as_json=as_json)
    _finish(generated, settings, opened)


def _run(opened: Opened, settings: Settings, output: Path, flags: dict[str, Any]) -> Generated:
    provider = create_provider(settings)
    opened.tell()
    with generation_progress(quiet=opened.quiet) as show:
        return asyncio.run(
            generate_inputs(
                opened.project,
                settings,
                provider,
                output=output,
                max_turns=_turns(flags),
                on_progress=show,
                on_wait=lambda: note("Another fluxloop is working in this project; waiting for it to finish."),
            )
        )


def _finish(generated: Generated, settings: Settings, opened: Opened) -> None:
    """Who wrote them, what is missing, and the exit code that says so."""
    embedded_notice(generated, chosen=settings.provider == "embedded", quiet=opened.quiet)
    try:
        require_complete(generated)
    except GenerationFellShort:
        say_shortfall(generated.outcome)
        raise


def _confirmed_after_plan(
    opened: Opened, settings: Settings, output: Path, flags: dict[str, Any], as_json: bool, yes: bool
) -> bool:
    """Print plan and cost; True when somebody at the terminal says to go on."""
    provider = create_provider(settings)
    planned = prepare(opened.project, settings, output, max_turns=_turns(flags))
    require_languages(planned.planner, planned.quotas, provider)
    opened.tell()
    summary = summarise_plan(planned.planner.plan(planned.quotas))
    if as_json:
        say_json(describe(summary) | {"provider": provider.name, "model": provider.model, "estimated_cost_usd": 0.0})
    else:
        say_plan(summary)
        say(f"Provider: {provider.name} ({provider.model}). Nothing has been sent or written.")
        say("Estimated cost: $0.00 (the embedded writer calls no model)")
    if yes or as_json or not is_interactive():
        return yes and not as_json
    return click.confirm("Proceed?", default=False, err=True)


def _settings(opened: Opened, flags: dict[str, Any]) -> Settings:
    given = {
        name: flags[name]
        for name in (
            "count",
            "topics",
            "context",
            "description",
            "language",
            "provider",
            "model",
            "temperature",
            "seed",
        )
    }
    given["min_distance"] = flags["diversity_threshold"]
    given["personas"] = _shares(flags)
    given["few_shot"] = _few_shot(flags)
    if flags["count"] is not None and flags["count"] < 1:
        raise UsageError(f"--count {flags['count']}: ask for at least 1 input.")
    return opened.settings({name: value for name, value in given.items() if value not in (None, ())}, flags["config"])


def _shares(flags: dict[str, Any]) -> tuple[PersonaShare, ...] | None:
    if flags["persona"] and flags["personas"]:
        raise UsageError("--persona and --personas are both given.", "Use one of them.")
    if flags["persona"]:
        return parse_shares(flags["persona"])
    return parse_shares(flags["personas"]) if flags["personas"] is not None else None


def _few_shot(flags: dict[str, Any]) -> Any:
    path: Path | None = flags["few_shot"]
    if path is None:
        return None
    try:
        return read_few_shot(path.read_text(encoding="utf-8"), flags["persona"] or "*")
    except (OSError, UnicodeDecodeError) as cause:
        raise StoreError(f"{short_path(path)}: the examples cannot be read: {cause}") from cause


def _output(opened: Opened, flags: dict[str, Any]) -> Path:
    """`--output` as seen from here; the default lies in the project."""
    return flags["output"] or opened.project.root / DEFAULT_OUTPUT


def _turns(flags: dict[str, Any]) -> int:
    if not flags["multi_turn"]:
        return 1
    if flags["max_turns"] < 2:
        raise UsageError(f"--max-turns {flags['max_turns']}: a conversation has at least 2 turns.")
    return int(flags["max_turns"])
