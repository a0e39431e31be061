"""Running a generation from a terminal: the dry run, the progress, Ctrl-C once and twice."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

import click

from fluxloop.cli.console import counted, is_interactive, note
from fluxloop.cli.generated import say_dry_run
from fluxloop.cli.opening import Opened
from fluxloop.cli.progress import Show, generation_progress
from fluxloop.generation.costing import estimate_order
from fluxloop.generation.coverage import summarise_plan
from fluxloop.generation.generate import Control, require_languages
from fluxloop.generation.order import Order, prepare
from fluxloop.generation.session import Generated, Watch, generate_inputs
from fluxloop.generation.stack import is_free
from fluxloop.generation.taking_up import unfinished_note
from fluxloop.providers.batching import JobState
from fluxloop.providers.registry import create_batches, create_provider


def agreed_after_dry_run(opened: Opened, order: Order, *, as_json: bool, yes: bool) -> bool:
    """Print plan and cost; True when somebody, at the terminal or by --yes, says to go on."""
    provider = create_provider(order.settings)
    prepared = prepare(opened.project, order)
    require_languages(prepared.planner, prepared.quotas, provider)
    opened.tell()
    if order.batch:
        create_batches(provider)
    estimate = estimate_order(opened.project, order, provider)
    summary = summarise_plan(prepared.planner.plan(prepared.quotas))
    say_dry_run(summary, estimate, provider, paid=not is_free(provider), batch=order.batch, as_json=as_json)
    if as_json or yes or not is_interactive():
        return yes and not as_json
    return click.confirm("Proceed?", default=False, err=True)


def run_order(opened: Opened, order: Order) -> Generated:
    """Generate, with a bar on a terminal. Ctrl-C stops new calls, a second one those under way.

    A batch needs nobody to wait for it: Ctrl-C leaves it to the vendor at once.
    """
    provider = create_provider(order.settings)
    opened.tell()
    if order.resume is None and (earlier := unfinished_note(opened.project)):
        note(earlier, quiet=opened.quiet)
    with generation_progress(quiet=opened.quiet) as show:
        watch = _watch(show, opened)
        run = lambda: generate_inputs(opened.project, order, provider, watch)  # noqa: E731
        return asyncio.run(_until_stopped(run, watch.control, at_once=order.batch))


def _watch(show: Show, opened: Opened) -> Watch:
    seen: set[str] = set()

    def tell(state: JobState) -> None:
        if state.id not in seen and not state.ended:
            note(
                f"Batch {state.id}: {counted(state.total, 'call')} at the vendor, answered within a day. "
                "Ctrl-C leaves it there; fluxloop inputs generate --resume fetches it.",
                quiet=opened.quiet,
            )
        seen.add(state.id)
        show.batch(state)

    return Watch(
        on_batch=tell,
        on_progress=show,
        on_wait=lambda: note("Another fluxloop is working in this project; waiting for it to finish."),
        on_pause=lambda seconds: show.pause(seconds),
        notify=note,
    )


async def _until_stopped(work: Callable[[], Awaitable[Generated]], control: Control, *, at_once: bool) -> Generated:
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if (control.stopped or at_once) and task is not None:
            control.stop()
            task.cancel()
            return
        control.stop()
        note("Stopping: calls under way are paid, so they are waited for. Ctrl-C again stops at once.")

    loop.add_signal_handler(signal.SIGINT, stop)
    try:
        return await work()
    finally:
        loop.remove_signal_handler(signal.SIGINT)
