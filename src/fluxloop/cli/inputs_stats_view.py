"""How the numbers of a set of inputs look on a terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence

from fluxloop.cli.console import say, say_table
from fluxloop.cli.inputs_findings import counted
from fluxloop.curation.beside import HIGHEST, Beside
from fluxloop.curation.matrix import Coverage
from fluxloop.curation.portraits import Portrait, Trace
from fluxloop.curation.statistics import Figure, Mix, Statistics
from fluxloop.style.apart import LEAST

NUMBERS = {"length_cv", "distinct_2", "gzip_ratio"}
"""Figures that are no shares."""
FEW = "Repetition is measured from 100 messages on."
PORTRAIT_HEADS = (
    "persona",
    "messages",
    "words",
    "≤5 words",
    "lower start",
    "no mark",
    "several",
    "polite",
    "length CV",
)
OWN_BANDS = "≠: outside of what the persona's own bands give, which stands beside it."
MOST_HOLES = 12
UNRELATED = (
    "It means something only for logs of this product: two unrelated sets of real messages are told apart at .72-.97."
)


def say_statistics(numbers: Statistics) -> None:
    """All of it: counts, personas, coverage, figures, the logs beside them."""
    say(f"{counted(numbers.total, 'input')}: {_list(numbers.by_source)}; {_list(numbers.by_status)}")
    say(_mix(numbers.mix))
    say()
    say_table(("persona", "inputs"), [(name or "-", count) for name, count in numbers.by_persona.items()])
    say()
    say_table(("topic", "inputs"), [(name or "-", count) for name, count in numbers.by_topic.items()])
    if numbers.coverage.topics:
        say()
        _say_coverage(numbers.coverage)
    if any(portrait.messages for portrait in numbers.personas):
        say()
        _say_portraits(numbers.personas)
    if numbers.figures:
        say()
        _say_figures(numbers.figures)
        say()
    if numbers.reference:
        _say_beside(numbers.reference)
    beside = f"repetition measured on {numbers.sample} of them." if numbers.sample else FEW
    say(f"{counted(numbers.messages, 'message')}; {beside[0].lower()}{beside[1:]}")


def _say_figures(figures: Sequence[Figure]) -> None:
    logs = any(figure.reference is not None for figure in figures)
    heads = ("how the texts look", "value", *(("your logs",) if logs else ()), "target", "")
    say_table(heads, [_row(figure, logs) for figure in figures])


def _row(figure: Figure, logs: bool) -> tuple[str, ...]:
    real = "-" if figure.reference is None else _shown(figure.name, figure.reference)
    mark = "✅" if figure.inside else "⚠"
    return (
        figure.band.label, _shown(figure.name, figure.value), *((real,) if logs else ()), _target(figure), mark
    )  # fmt: skip


def _say_portraits(personas: Sequence[Portrait]) -> None:
    distinct = any(portrait.distinct_2 is not None for portrait in personas)
    heads = (*PORTRAIT_HEADS, *(("distinct pairs",) if distinct else ()))
    say_table(heads, [_portrait(portrait, distinct) for portrait in personas if portrait.figures])
    if any(not trace.inside for portrait in personas for trace in portrait.figures):
        say(OWN_BANDS)


def _portrait(portrait: Portrait, distinct: bool) -> tuple[str, ...]:
    cells = [portrait.persona, str(portrait.messages), *map(_trace, portrait.figures)]
    if distinct:
        cells.append("-" if portrait.distinct_2 is None else f"{portrait.distinct_2:.2f}")
    return tuple(cells)


def _trace(trace: Trace) -> str:
    value = _of_persona(trace.name, trace.value)
    return value if trace.inside or trace.expected is None else f"{value} ≠ {_of_persona(trace.name, trace.expected)}"


def _of_persona(name: str, value: float) -> str:
    if name == "words":
        return f"{value:g}"
    return f"{value:.2f}" if name in NUMBERS else f"{100 * value:.0f} %"


def _say_coverage(coverage: Coverage) -> None:
    """The matrix in as many pieces as the terminal is wide, and the holes by name."""
    for number, topics in enumerate(_pieces(coverage)):
        if number:
            say()
        rows = [(name, *(_cell(coverage, name, topic) for topic in topics)) for name in coverage.cells]
        say_table(("inputs by persona and topic", *topics), rows)
    if not coverage.holes:
        say(f"All {coverage.meant} cells are covered.")
        return
    shown = ", ".join(f"{persona} × {topic}" for persona, topic in coverage.holes[:MOST_HOLES])
    more = len(coverage.holes) - MOST_HOLES
    rest = f", and {more} more" if more > 0 else ""
    say(f"{counted(len(coverage.holes), 'hole')} in {coverage.meant} cells: {shown}{rest}")


def _cell(coverage: Coverage, persona: str, topic: str) -> str:
    """How many; a hole as ○, and `-` where this persona is not meant to write about that."""
    count = coverage.cells[persona][topic]
    return str(count) if count else "○" if (persona, topic) in coverage.holes else "-"


def _pieces(coverage: Coverage) -> Iterator[tuple[str, ...]]:
    """The topics, as many at a time as fit beside the personas; all of them where nobody's screen is the limit."""
    if not sys.stdout.isatty():
        yield coverage.topics
        return
    room = shutil.get_terminal_size((100, 0)).columns - 4
    room -= max(27, *map(len, coverage.cells)) if coverage.cells else 27
    piece: list[str] = []
    for topic in coverage.topics:
        if piece and sum(len(name) + 3 for name in (*piece, topic)) > room:
            yield tuple(piece)
            piece = []
        piece.append(topic)
    yield tuple(piece)


def _say_beside(beside: Beside) -> None:
    if beside.apart is None or beside.real is None:
        need = f"{LEAST} inputs and {2 * LEAST} real messages are needed to tell them apart."
        say(f"{counted(beside.messages, 'real message')}: {need}")
        return
    mark = "✅" if beside.inside else "⚠"
    found, real = beside.apart, beside.real
    say(f"Told from your logs by the surface alone: AUC {found.auc:.2f} ± {found.error:.2f}, target ≤ {HIGHEST} {mark}")
    say(f"Your logs against themselves:             AUC {real.auc:.2f} ± {real.error:.2f} (.5: no telling apart)")
    say(f"{found.size} messages a side. {UNRELATED}")


def _shown(name: str, value: float) -> str:
    return f"{value:.2f}" if name in NUMBERS else f"{100 * value:.1f} %"


def _target(figure: Figure) -> str:
    """`10-30 %`, `≤ 5 %`, `≥ 0.65`, or `0 %` where nothing at all is wanted."""
    unit, scale = ("", 1) if figure.name in NUMBERS else (" %", 100)
    least, most = (None if bound is None else f"{bound * scale:g}" for bound in (figure.band.least, figure.band.most))
    if least is not None and most is not None:
        return f"{least}-{most}{unit}"
    if most is None:
        return f"≥ {least}{unit}"
    return f"{'' if most == '0' else '≤ '}{most}{unit}"


def _mix(mix: Mix) -> str:
    wanted = "" if mix.wanted is None else f"; the settings ask for {100 * mix.wanted:.0f} %"
    return f"{100 * mix.synthetic:.0f} % of what is not rejected is synthetic{wanted}"


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
