"""Files drawn as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

Branch = dict[str, "Branch"]


def draw_tree(paths: Iterable[Path]) -> Iterator[str]:
    """The lines of a tree of relative paths; folders stand after the files beside them."""
    root: Branch = {}
    for path in paths:
        branch = root
        for part in path.parts:
            branch = branch.setdefault(part, {})
    yield from _lines(root, "")


def _lines(branch: Branch, indent: str) -> Iterator[str]:
    names = sorted(branch, key=lambda name: (bool(branch[name]), name))
    for name in names:
        last = name == names[-1]
        yield f"{indent}{'└── ' if last else '├── '}{name}{'/' if branch[name] else ''}"
        yield from _lines(branch[name], indent + ("    " if last else "│   "))
