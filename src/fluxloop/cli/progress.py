"""Progress lines on a terminal; nothing at all elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from fluxloop.evaluation.events import Event, OnEvent, Started, ignore
from fluxloop.generation.outcome import Progress
from fluxloop.providers.batching import JobState


def _bar() -> Bar:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Bar(*columns, console=Console(stderr=True), transient=True)


class Show:
    """Hears of a generation; this one shows nothing."""

    def __call__(self, progress: Progress) -> None:
        """The counts have changed."""

    def pause(self, seconds: float) -> None:
        """The server asked for silence."""

    def batch(self, state: JobState) -> None:
        """How far a batch is at the vendor."""


class _Shown(Show):
    """Shows a generation on a bar."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("Generating", total=None)

    def __call__(self, progress: Progress) -> None:
        """How many are kept, and how many were not."""
        sifted = f", {progress.rejected} sifted out" if progress.rejected else ""
        self._bar.update(self._task, description=f"Generating{sifted}", total=progress.asked, completed=progress.kept)

    def pause(self, seconds: float) -> None:
        """Why nothing moves for a while."""
        self._bar.update(self._task, description=f"Rate limit: waiting {seconds:.0f} s")

    def batch(self, state: JobState) -> None:
        """How many of its calls are done: not yet how many inputs."""
        waiting = "fetching" if state.ended else "waiting"
        said = f"Batch {state.id}: {state.done} of {state.total} done, {waiting}"
        self._bar.update(self._task, description=said)


@contextmanager
def generation_progress(*, quiet: bool) -> Iterator[Show]:
    """A bar of kept inputs on stderr while a generation runs."""
    if quiet or not sys.stderr.isatty():
        yield Show()
        return
    with _bar() as bar:
        yield _Shown(bar)


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
