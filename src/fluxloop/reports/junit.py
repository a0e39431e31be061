"""A run as JUnit XML, in the dialect that Jenkins, GitLab and GitHub's readers agree on.

A failed check is a `failure`, an agent that broke an `error`, what could not be decided is `skipped`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fluxloop.reports.summary import reason
from fluxloop.schema.result import Result, RunSummary

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not allow, not even escaped."""

ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
IN_ATTRIBUTES = str.maketrans({"\n": "&#10;", "\t": "&#9;"})

NO_PERSONA = "fluxloop"
"""The suite of results without a persona."""


def render_junit(summary: RunSummary, results: Sequence[Result]) -> str:
    """`junit.xml`: one suite a persona, one case a result."""
    suites: dict[str, list[Result]] = {}
    for result in results:
        suites.setdefault(result.persona or NO_PERSONA, []).append(result)
    timestamp = summary.started[:19]
    content = "".join(_suite(name, group, timestamp) for name, group in suites.items())
    attributes = {"name": f"fluxloop {summary.target}", **_counts(results), "time": _seconds(summary.seconds)}
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_element("testsuites", attributes, content)}'


def _suite(name: str, results: Sequence[Result], timestamp: str) -> str:
    seconds = sum(result.seconds for result in results)
    attributes = {"name": name, **_counts(results), "time": _seconds(seconds), "timestamp": timestamp}
    return _element("testsuite", attributes, "".join(_case(result) for result in results))


def _case(result: Result) -> str:
    attributes = {
        "classname": result.persona or NO_PERSONA,
        "name": f"{result.input_id} [{result.iteration}]",
        "time": _seconds(result.seconds),
    }
    return _element("testcase", attributes, _verdict(result) + _element("system-out", {}, _text(transcript(result))))


def _verdict(result: Result) -> str:
    why = reason(result)
    if result.outcome == "failed":
        broken = [f"{item.check}: {item.why}" for item in result.checks if item.verdict != "pass"]
        return _element("failure", {"message": why, "type": "check"}, _text("\n".join(broken)))
    if result.outcome == "error":
        return _element("error", {"message": why, "type": result.blame or "error"}, _text(result.error or ""))
    if result.outcome in {"inconclusive", "skipped"}:
        return _element("skipped", {"message": f"{result.outcome}: {why}" if why else result.outcome}, "")
    return ""


def transcript(result: Result) -> str:
    """The conversation as plain text."""
    lines = []
    for exchange in result.exchanges:
        lines.append(f"user: {exchange.input}")
        lines.append("agent: (no reply)" if exchange.reply is None else f"agent: {exchange.reply}")
    return "\n".join(lines)


def _counts(results: Sequence[Result]) -> dict[str, str]:
    outcomes = [result.outcome for result in results]
    skipped = outcomes.count("inconclusive") + outcomes.count("skipped")
    counts = {
        "tests": len(outcomes),
        "failures": outcomes.count("failed"),
        "errors": outcomes.count("error"),
        "skipped": skipped,
    }
    return {name: str(count) for name, count in counts.items()}


def _element(name: str, attributes: Mapping[str, str], content: str) -> str:
    """One element on lines of its own; `content` is XML already."""
    shown = "".join(f' {key}="{_text(value).translate(IN_ATTRIBUTES)}"' for key, value in attributes.items())
    if not content:
        return f"<{name}{shown}/>\n"
    opening = "\n" if content.startswith("<") else ""
    return f"<{name}{shown}>{opening}{content}</{name}>\n"


def _text(text: str) -> str:
    return FORBIDDEN.sub("", text).translate(ESCAPES)


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"
