"""What a server does not take, learned from its refusals and kept for the run. There is no list of models.

Quirks only ever grow, so that a call that is made again after a refusal is made again a few times at most.

`thinks` is no refusal: the model thinks before it writes, and that counts against the bound of its answer. The vendors'
thinking models give themselves away before anything is paid for, by what they refuse (`Wire.thinking_signs`); others
are seen thinking in their first answer.
"""

from __future__ import annotations

import re

from fluxloop.providers.failures import Failure

Quirks = frozenset[str]

NONE: Quirks = frozenset()
THINKING_ROOM = 4000
"""Tokens that a model gets on top of its answer when it thinks before it writes. Only those it uses are billed."""

REFUSALS = (
    ("max_completion_tokens", re.compile(r"max_completion_tokens")),
    ("no_effort", re.compile(r"reasoning_effort|\beffort\b")),
    ("no_cache_marks", re.compile(r"cache_control")),
    ("no_temperature", re.compile(r"temperature")),
    ("no_system", re.compile(r"system role|role.{0,30}\bsystem\b|'system'", re.IGNORECASE)),
    ("no_schema", re.compile(r"response_format|output_config|output.format|json_schema|json schema|structured output")),
)
"""A quirk, and what a server says when it has it. The first that fits and is not known yet is learned."""

NOTICES = {
    "thinks": "{model} thinks before it writes: it is asked to think little, and gets room for it.",
    "no_temperature": "{model} takes no temperature: it is called without.",
    "no_system": "{model} takes no system prompt: it stands before the request.",
    "no_schema": "{model} cannot be held to a JSON schema here: it is asked for plain JSON.",
}
"""What a person should know of a quirk."""


def quirk_in(failure: Failure, known: Quirks) -> str | None:
    """What can be done otherwise after this refusal; None when it is about something else, or all was tried."""
    if failure.status not in (400, 422):
        return None
    said = f"{failure.param} {failure.message}"
    for quirk, pattern in REFUSALS:
        if pattern.search(said):
            untried = _next(quirk, known)
            if untried:
                return untried
    return None


def _next(quirk: str, known: Quirks) -> str | None:
    """A schema is given up in two steps: plain JSON first, then nothing but the prompt."""
    if quirk not in known:
        return quirk
    return "no_json" if quirk == "no_schema" and "no_json" not in known else None
