"""Two things measured in turn, A B A B ..., and the median of their ratios."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENV = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def command_cpu(command: Sequence[str], cwd: Path | None = None) -> Callable[[], float]:
    """CPU seconds (user and system) of a whole process and its children."""

    def run() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=cwd, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)

    return run


def call_cpu(function: Callable[[], object]) -> Callable[[], float]:
    """CPU seconds of a call in this process."""

    def run() -> float:
        start = time.process_time()
        function()
        return time.process_time() - start

    return run


def ratio(ours: Callable[[], float], theirs: Callable[[], float], runs: int = 7) -> float:
    """The median of ours / theirs over `runs` pairs, after one warm-up of each."""
    ours(), theirs()
    return statistics.median(ours() / theirs() for _ in range(runs))


def tell(what: str, value: float, target: float, *, unit: str = "x", least: bool = False) -> None:
    """One line: the figure, its target, and whether it is met."""
    met = value >= target if least else value <= target
    sign = "≥" if least else "≤"
    print(f"{what:66} {value:8.2f}{unit:2} {sign} {target:g}{unit:2} {'ok' if met else 'MISSED'}")
    sys.stdout.flush()
