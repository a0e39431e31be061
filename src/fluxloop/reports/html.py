"""A run as one HTML page that needs nothing else: no server, no network, no other file.

Everything in it comes from people and agents, so everything is escaped, and a Content-Security-Policy allows the
page's own style and script by their hash and nothing besides.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import get_args

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from fluxloop.reports.summary import duration, percent, reason
from fluxloop.schema.result import Outcome, Result, RunSummary

WORST_FIRST = ("failed", "error", "inconclusive", "skipped", "passed")
"""The order in which results stand on the page."""

NONE = "(none)"
"""How a summary calls the group of results without a persona or a topic."""

BINS = 40
"""Columns of the latency picture."""

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Characters that HTML cannot hold: shown as their pictures, so that a reader sees that they were there."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar, in per cent of its width."""

    outcome: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """How the results of one persona or topic fared."""

    name: str
    total: int
    passed: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Latency:
    """The picture of how long replies took: column heights in per cent, and marks in per cent of the width."""

    columns: tuple[float, ...]
    p50: float
    p95: float


def render_html(summary: RunSummary, results: Sequence[Result]) -> str:
    """`report.html`."""
    environment = page_environment()
    style, script = (environment.get_template(name).render() for name in ("report.css", "report.js"))
    outcomes = {outcome: sum(result.outcome == outcome for result in results) for outcome in WORST_FIRST}
    return environment.get_template("report.html.j2").render(
        summary=summary,
        results=sorted(results, key=lambda result: WORST_FIRST.index(result.outcome)),
        outcomes=outcomes,
        whole=make_bar("", outcomes),
        personas=worst_first(summary.by_persona),
        topics=worst_first(summary.by_topic),
        latency=picture_latency(summary.latency, results),
        none_name=NONE,
        style=Markup(style),
        script=Markup(script),
        policy=content_policy(style, script),
    )


@cache
def page_environment() -> Environment:
    """The templates, escaping by default."""
    environment = Environment(
        loader=PackageLoader("fluxloop.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"visible": visible, "percent": percent, "duration": duration, "reason": reason}
    return environment


def content_policy(style: str, script: str) -> str:
    """Nothing may be loaded, sent or framed; the one style and the one script are known by their hash."""
    return (
        f"default-src 'none'; style-src '{content_hash(style)}'; script-src '{content_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def content_hash(text: str) -> str:
    """The hash of an inline element's content, as the policy wants it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def make_bar(name: str, counts: Mapping[str, int]) -> Bar:
    """The bar of one group, best outcomes first."""
    order = [outcome for outcome in get_args(Outcome) if counts.get(outcome)]
    total = sum(counts.values())
    widths = [100 * counts[outcome] / total for outcome in order]
    starts = accumulate(widths, initial=0.0)
    segments = (
        Segment(outcome, counts[outcome], round(start, 3), round(width, 3))
        for outcome, start, width in zip(order, starts, widths, strict=False)
    )
    return Bar(name, total, counts.get("passed", 0), tuple(segments))


def worst_first(groups: Mapping[str, Mapping[str, int]]) -> list[Bar]:
    """Bars of all groups, those with the lowest pass rate on top and what has no name at the end."""
    bars = [make_bar(name, counts) for name, counts in groups.items()]
    return sorted(bars, key=lambda bar: (bar.name == NONE, bar.passed / bar.total if bar.total else 1.0))


def picture_latency(latency: Mapping[str, float], results: Sequence[Result]) -> Latency | None:
    """A histogram from 0 to the slowest reply; None when there is nothing to see."""
    seconds = [item.seconds for result in results for item in result.exchanges if item.reply is not None]
    longest = max(seconds, default=0.0)
    if longest <= 0 or not latency:
        return None
    counts = [0] * BINS
    for value in seconds:
        counts[min(int(BINS * value / longest), BINS - 1)] += 1
    columns = tuple(round(100 * count / max(counts), 2) for count in counts)
    return Latency(columns, *(round(min(100.0, 100 * latency[name] / longest), 2) for name in ("p50", "p95")))


def visible(text: str) -> Markup:
    """Text escaped, with control characters shown as pictures and carriage returns kept."""
    escaped = str(escape(CONTROLS.sub(_picture, text)))
    return Markup(escaped.replace("\r", "&#13;"))


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"
