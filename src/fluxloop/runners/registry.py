"""Which kinds of runner there are, and how the one the settings ask for is made."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from fluxloop.errors import NotFound, UsageError
from fluxloop.runners.base import Runner
from fluxloop.schema.config import RunnerSection

BUILT_IN = {"target": "fluxloop.runners.function"}
"""Key under `runner:` to module; each module has `create(section, project_root) -> Runner`."""

LATER = ("http", "process", "openai")
"""Keys under `runner:` that are read already, and whose runners are not part of this version."""

GROUP = "fluxloop.runners"
"""Entry points of this group answer targets of the form `name://...`: `create(section, project_root) -> Runner`."""

EXAMPLE = 'Put this into fluxloop.yaml:\n\nrunner:\n  target: "agent:answer"     # module:function\n'


def create_runner(runner: RunnerSection, project_root: Path) -> Runner:
    """The runner the settings ask for, its agent loaded.

    Raises UsageError when none or several are set, NotFound for an unknown kind, RunnerError when the agent cannot
    be loaded.
    """
    kind = chosen_kind(runner)
    scheme = scheme_of(runner.target or "")
    if kind in LATER or scheme in {"http", "https"}:
        raise _comes_later(kind if kind in LATER else "http")
    if scheme:
        return _installed(scheme, runner, project_root)
    return import_module(BUILT_IN[kind]).create(runner, project_root)  # type: ignore[no-any-return]


def chosen_kind(runner: RunnerSection) -> str:
    """The one key under `runner:` that is set."""
    kinds = [key for key in (*BUILT_IN, *LATER) if getattr(runner, key) is not None]
    if not kinds:
        raise UsageError("No agent to test: neither `runner:` in fluxloop.yaml nor `--target` is set.", EXAMPLE)
    if len(kinds) > 1:
        raise UsageError(f"runner: {' and '.join(kinds)} are both set, and a run has one agent.", "Keep one of them.")
    return kinds[0]


def scheme_of(target: str) -> str:
    """`mcp` of `mcp://server/tool`; empty for `module:function`."""
    scheme, separator, _ = target.partition("://")
    return scheme if separator else ""


def _installed(scheme: str, runner: RunnerSection, project_root: Path) -> Runner:
    points = {point.name: point for point in entry_points(group=GROUP)}
    if scheme not in points:
        raise NotFound("runner", scheme, sorted(points), "A target is `module:function`, for example `agent:answer`.")
    return points[scheme].load()(runner, project_root)  # type: ignore[no-any-return]


def _comes_later(kind: str) -> UsageError:
    return UsageError(
        f"runner.{kind}: this version calls Python functions only; `{kind}` comes later.",
        "Wrap your agent in a function `def answer(message: str) -> str` and set `runner.target` to `module:answer`.",
    )
