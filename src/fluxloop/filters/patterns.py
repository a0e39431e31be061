"""Word lists and patterns, as they stand in `data/*.txt`.

`[name]` opens a section of lines, `# ...` is a comment, and `<name> = ...` above the sections defines what `<name>`
stands for in a line.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_DEFINITION = re.compile(r"<(\w+)> = (.+)")
_SECTION = re.compile(r"\[(.+)\]")


@cache
def read_sections(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of each section of `data/<name>.txt`, definitions put in."""
    defined: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (files("fluxloop.filters") / "data" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if opened := _SECTION.fullmatch(line):
            lines = sections.setdefault(opened.group(1), [])
        elif not sections and (definition := _DEFINITION.fullmatch(line)):
            defined[definition.group(1)] = definition.group(2)
        else:
            lines.append(_put_in(line, defined))
    return {section: tuple(found) for section, found in sections.items()}


def words_in(name: str, section: str) -> frozenset[str]:
    """A section read as words; empty when there is no such section."""
    return frozenset(word for line in read_sections(name).get(section, ()) for word in line.split())


def any_of(patterns: tuple[str, ...], before: str = "", behind: str = "", *, cased: bool = False) -> re.Pattern[str]:
    """One expression that matches what any of the patterns matches, whatever the case unless `cased`."""
    return re.compile(f"{before}(?:{'|'.join(patterns)}){behind}", re.NOFLAG if cased else re.IGNORECASE)


def _put_in(line: str, defined: dict[str, str]) -> str:
    for name, value in defined.items():
        line = line.replace(f"<{name}>", value)
    return line
