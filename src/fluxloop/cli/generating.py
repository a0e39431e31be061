"""Running a generation from a terminal: the dry run, the progress, Ctrl-C once and twice."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

import click

from fluxloop.cli.console import is_interactive, note
from fluxloop.cli.generated import say_dry_run
from fluxloop.cli.opening import Opened
from fluxloop.cli.progress import Show, generation_progress
from fluxloop.generation.coverage import summarise_plan
from fluxloop.generation.estimate import estimate_run
from fluxloop.generation.generate import Control, require_languages
from fluxloop.generation.order import BATCH_SIZE, SPARES, Order, prepare
from fluxloop.generation.session import Generated, Watch, generate_inputs
from fluxloop.generation.stack import is_free, prices_of
from fluxloop.generation.taking_up import unfinished_note
from fluxloop.providers.registry import create_provider


def agreed_after_dry_run(opened: Opened, order: Order, *, as_json: bool, yes: bool) -> bool:
    """Print plan and cost; True when somebody, at the terminal or by --yes, says to go on."""
    provider = create_provider(order.settings)
    prepared = prepare(opened.project, order)
    require_languages(prepared.planner, prepared.quotas, provider)
    opened.tell()
    paid = not is_free(provider)
    estimate = estimate_run(
        prepare(opened.project, order).planner,
        prepared.quotas,
        batch_size=BATCH_SIZE,
        concurrency=order.concurrency,
        spares=SPARES if paid else 0.0,
        price=prices_of(order.settings, provider),
        provider=provider.name,
        model=provider.model,
    )
    summary = summarise_plan(prepared.planner.plan(prepared.quotas))
    say_dry_run(summary, estimate, provider, paid=paid, as_json=as_json)
    if as_json or yes or not is_interactive():
        return yes and not as_json
    return click.confirm("Proceed?", default=False, err=True)


def run_order(opened: Opened, order: Order) -> Generated:
    """Generate, with a bar on a terminal. Ctrl-C stops new calls, a second one those under way."""
    provider = create_provider(order.settings)
    opened.tell()
    if order.resume is None and (earlier := unfinished_note(opened.project)):
        note(earlier, quiet=opened.quiet)
    with generation_progress(quiet=opened.quiet) as show:
        watch = _watch(show)
        run = lambda: generate_inputs(opened.project, order, provider, watch)  # noqa: E731
        return asyncio.run(_until_stopped(run, watch.control))


def _watch(show: Show) -> Watch:
    return Watch(
        on_progress=show,
        on_wait=lambda: note("Another fluxloop is working in this project; waiting for it to finish."),
        on_pause=lambda seconds: show.pause(seconds),
        notify=note,
    )


async def _until_stopped(work: Callable[[], Awaitable[Generated]], control: Control) -> Generated:
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if control.stopped and task is not None:
            task.cancel()
            return
        control.stop()
        note("Stopping: calls under way are paid, so they are waited for. Ctrl-C again stops at once.")

    loop.add_signal_handler(signal.SIGINT, stop)
    try:
        return await work()
    finally:
        loop.remove_signal_handler(signal.SIGINT)
