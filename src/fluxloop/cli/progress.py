"""Progress lines on a terminal; nothing at all elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fluxloop.generation.generate import Progress


@contextmanager
def generation_progress(*, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """A bar of kept inputs on stderr while a generation runs."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Generating", total=None)

        def show(progress: Progress) -> None:
            again = f", top-up {progress.round - 1}" if progress.round > 1 else ""
            bar.update(task, description=f"Generating{again}", total=progress.asked, completed=progress.kept)

        yield show
