"""`fluxloop inputs plan` and `fluxloop inputs generate`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from fluxloop.cli.console import say_json, short_path
from fluxloop.cli.generated import describe, say_generated, say_plan
from fluxloop.cli.generating import agreed_after_dry_run, run_order
from fluxloop.cli.opening import Opened, open_project
from fluxloop.cli.shares import parse_shares, read_few_shot
from fluxloop.errors import StoreError, UsageError
from fluxloop.generation.coverage import summarise_plan
from fluxloop.generation.order import DEFAULT_OUTPUT, Order, prepare
from fluxloop.generation.taking_up import newest_unfinished
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
        "--diversity-threshold",
        type=click.FloatRange(0, 1),
        metavar="D",
        help="Least distance between inputs, 0-1.  [default: 0.3]",
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
    planned = prepare(opened.project, _order(opened, flags))
    opened.tell()
    summary = summarise_plan(planned.planner.plan(planned.quotas))
    say_json(describe(summary)) if as_json else say_plan(summary)


@click.command()
@generation_options
@click.option("--dry-run", is_flag=True, help="Show the plan and its cost; send and write nothing.")
@click.option("--max-cost", type=click.FloatRange(0, min_open=True), metavar="USD", help="Stop before it costs more.")
@click.option(
    "--concurrency", type=click.IntRange(1, 1000), default=16, show_default=True, metavar="N", help="Calls at once."
)
@click.option("--batch", is_flag=True, help="Ask in the vendor's batches: half the price, answered within a day.")
@click.option("--resume", is_flag=True, help="Go on with the run that was interrupted; pay only for the rest.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing.")
@click.pass_context
def generate(ctx: click.Context, /, as_json: bool, dry_run: bool, yes: bool, **flags: Any) -> None:
    """Generate inputs and append them to a file. The count is exact; nothing that exists is changed.

    \b
    fluxloop inputs generate --count 100
    fluxloop inputs generate --personas novice_user:60,expert_user:30,frustrated_user:10 --count 100
    fluxloop inputs generate --persona expert_user --topic "API authentication" --count 30
    fluxloop inputs generate --provider openai --model gpt-4o-mini --count 1000 --dry-run
    fluxloop inputs generate --provider openai --model gpt-4o-mini --count 1000 --batch
    """
    opened = open_project(ctx)
    order = _taken_up(opened, flags) if flags["resume"] else _order(opened, flags)
    order = _limited(order, flags)
    if dry_run and not agreed_after_dry_run(opened, order, as_json=as_json, yes=yes):
        return
    generated = run_order(opened, order)
    say_generated(generated, as_json=as_json, chosen=order.settings.provider == "embedded", quiet=opened.quiet)


def _order(opened: Opened, flags: dict[str, Any]) -> Order:
    """What the flags and the files ask for."""
    return Order(_settings(opened, flags), _output(opened, flags), _turns(flags))


def _taken_up(opened: Opened, flags: dict[str, Any]) -> Order:
    """The interrupted run, with the settings it had: other flags would make it another run."""
    free = {"resume", "max_cost", "concurrency", "max_turns", "batch"}
    given = [name for name, value in flags.items() if name not in free and value not in (None, (), False)]
    if given:
        raise UsageError(
            f"--resume goes on with the settings the run had; --{given[0].replace('_', '-')} cannot be given with it.",
            "Leave it away, or start a new run without --resume.",
        )
    unfinished = newest_unfinished(opened.project)
    header = unfinished.header
    if flags["batch"] and not header.batch:
        raise UsageError(f"The interrupted run {header.run} was not begun with --batch.", "Leave --batch away.")
    return Order(unfinished.settings, unfinished.output, header.max_turns, resume=unfinished, batch=header.batch)


def _limited(order: Order, flags: dict[str, Any]) -> Order:
    most = None if flags["max_cost"] is None else Decimal(str(flags["max_cost"]))
    return replace(order, concurrency=flags["concurrency"], max_cost=most, batch=order.batch or flags["batch"])


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
