"""Which checks there are, and how they are read from the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from fluxloop.errors import ConfigError, suggest
from fluxloop.evaluation.checks import contains, max_latency, not_contains, not_empty, regex
from fluxloop.evaluation.checks.base import Check, CheckSpec

BUILT_IN = {
    "not_empty": not_empty,
    "contains": contains,
    "contains_any": contains,
    "not_contains": not_contains,
    "regex": regex,
    "max_latency": max_latency,
}
"""Name to module; each module has `create(CheckSpec) -> Check`, `OPTIONS` and `EXAMPLES`."""

GROUP = "fluxloop.checks"
"""Entry points of this group are checks of one's own: `create(CheckSpec) -> Check`."""


def known_checks() -> list[str]:
    """Every name that may stand under `checks:`, built in or installed."""
    return sorted({*BUILT_IN, *installed_checks()})


@cache
def installed_checks() -> dict[str, EntryPoint]:
    """The checks that other packages bring; looked up once, since thousands of inputs may have checks."""
    return {point.name: point for point in entry_points(group=GROUP)}


def create_checks(specs: Sequence[Any], where: str = "test.checks") -> list[Check]:
    """The checks of a list as it stands in a file.

    `where` names that list in messages. One ConfigError tells every mistake in it.
    """
    checks: list[Check] = []
    mistakes: list[ConfigError] = []
    for position, spec in enumerate(specs, start=1):
        try:
            checks.append(create_check(spec))
        except ConfigError as mistake:
            mistakes.append(ConfigError(f"{where}, entry {position}: {mistake.message}", mistake.hint, key=where))
    if mistakes:
        raise join_mistakes(mistakes)
    return checks


def create_check(spec: Any) -> Check:
    """One check from `not_empty`, or from `{contains: refund, case_sensitive: true}`."""
    parsed = parse_spec(spec)
    return _factory(parsed)(parsed)


def parse_spec(spec: Any) -> CheckSpec:
    """A bare name, or a map of which one key is a check's name and the others are its options."""
    if isinstance(spec, str):
        return CheckSpec(spec.strip())
    if not isinstance(spec, Mapping) or not spec:
        raise ConfigError(f"{spec!r} is not a check.", "Write `not_empty`, or `contains: a text`.")
    names = [str(key) for key in spec if str(key) in known_checks()]
    if len(names) > 1:
        raise ConfigError(f"`{'` and `'.join(names)}` stand in one entry.", "Give each check a dash of its own.")
    name = names[0] if names else str(next(iter(spec)))
    return CheckSpec(name, spec.get(name), {str(key): value for key, value in spec.items() if key != name})


def join_mistakes(mistakes: Sequence[ConfigError]) -> ConfigError:
    """One error that tells all; a single one stays as it is."""
    if len(mistakes) == 1:
        return mistakes[0]
    lines = [f"{mistake.message} {mistake.hint}".strip() for mistake in mistakes]
    return ConfigError("\n".join([f"{len(lines)} checks cannot be used:", *lines]), key=mistakes[0].key)


def _factory(spec: CheckSpec) -> Callable[[CheckSpec], Check]:
    module = BUILT_IN.get(spec.name)
    if module:
        unknown = [key for key in spec.options or {} if key not in module.OPTIONS]
        if unknown:
            hint = suggest(unknown[0], list(module.OPTIONS)) or "It takes none."
            raise ConfigError(f"`{spec.name}` has no option `{unknown[0]}`.", hint)
        return module.create  # type: ignore[no-any-return]
    if spec.name in installed_checks():
        return installed_checks()[spec.name].load()  # type: ignore[no-any-return]
    raise ConfigError(f"there is no check `{spec.name}`.", suggest(spec.name, known_checks()))
