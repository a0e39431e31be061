"""Prompt texts: one `.md` file each, with a version line on top, and values that must fit exactly."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

VALUE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
VERSION = re.compile(r"\A<!-- version: ([\w.-]+) -->\n")


class PromptMistake(Exception):
    """A prompt and its values do not fit: a mistake in the code, never of a person."""


def render(name: str, **values: str) -> str:
    """The prompt `name`.md with its values; PromptMistake for a value that is missing or not used."""
    text = VERSION.sub("", _source(name))
    wanted = set(VALUE.findall(text))
    if wanted != set(values):
        missing, unused = sorted(wanted - set(values)), sorted(set(values) - wanted)
        raise PromptMistake(f"{name}.md: missing {missing}, not used {unused}")
    return VALUE.sub(lambda match: values[match.group(1)], text).strip() + "\n"


def version_of(name: str) -> str:
    """The version a prompt's first line gives; written into `origin`, so that `--refresh` knows what is stale."""
    match = VERSION.match(_source(name))
    if not match:
        raise PromptMistake(f"{name}.md does not begin with <!-- version: ... -->")
    return match.group(1)


@lru_cache(maxsize=16)
def _source(name: str) -> str:
    return (files("fluxloop.prompts") / f"{name}.md").read_text(encoding="utf-8")
