"""Progress lines on a terminal; nothing at all elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from fluxloop.evaluation.events import Event, OnEvent, Started, ignore
from fluxloop.generation.generate import Progress


def _bar() -> Bar:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Bar(*columns, console=Console(stderr=True), transient=True)


@contextmanager
def generation_progress(*, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """A bar of kept inputs on stderr while a generation runs."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return

    with _bar() as bar:
        task = bar.add_task("Generating", total=None)

        def show(progress: Progress) -> None:
            sifted = f", {progress.rejected} sifted out" if progress.rejected else ""
            bar.update(task, description=f"Generating{sifted}", total=progress.asked, completed=progress.kept)

        yield show


@contextmanager
def test_progress(*, quiet: bool) -> Iterator[OnEvent]:
    """A bar of finished inputs on stderr while a test runs, with what failed so far."""
    if quiet or not sys.stderr.isatty():
        yield ignore
        return
    failed = 0
    with _bar() as bar:
        task = bar.add_task("Testing", total=None)

        def show(event: Event) -> None:
            nonlocal failed
            if isinstance(event, Started):
                bar.update(task, total=event.total)
                return
            failed += event.result.outcome != "passed"
            bar.update(task, completed=event.done, description=f"Testing, {failed} failed" if failed else "Testing")

        yield show
