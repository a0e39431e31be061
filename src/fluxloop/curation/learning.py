"""What real messages say about the personas one has: the bands they lie in, and some of them as examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fluxloop.curation.exemplars import EXAMPLES, choose_examples
from fluxloop.curation.names import people_in
from fluxloop.errors import UsageError, nearest
from fluxloop.schema.persona import Persona
from fluxloop.store.logs import LogMessage
from fluxloop.store.persona_learned import Learned
from fluxloop.store.personas import find_persona
from fluxloop.style.bands import language_of
from fluxloop.style.measure import LEAST_MESSAGES, measure_bands


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a log teaches."""

    learned: dict[str, Learned]
    messages: dict[str, int]
    """How many messages each persona was measured on."""
    left: tuple[str, ...]
    """What of the log could not be used, in words."""


def learn_personas(messages: Sequence[LogMessage], personas: Mapping[str, Persona], only: str | None = None) -> Lesson:
    """Measure the messages of each persona of a log; all are of `only` where the log does not say whose they are.

    Raises UsageError when nobody says whose they are, NotFound when `only` is unknown.
    """
    groups = _by_persona(messages, personas, only)
    left = [_unknown(name, len(texts), personas) for name, texts in groups.items() if name not in personas]
    people = people_in({message.writer for message in messages})
    learned: dict[str, Learned] = {}
    counts: dict[str, int] = {}
    for name, texts in groups.items():
        if name not in personas:
            continue
        measured = measure_bands(texts, language_of(personas[name]))
        if measured.enough:
            standing = personas[name].example_inputs
            examples = choose_examples(texts, max(0, EXAMPLES - len(standing)), people, standing)
            learned[name], counts[name] = Learned(measured.bands, examples), measured.messages
        else:
            left.append(f"{name}: {measured.messages} messages are too few to measure; {LEAST_MESSAGES} are needed")
    return Lesson(learned, counts, tuple(left))


def _by_persona(
    messages: Sequence[LogMessage], personas: Mapping[str, Persona], only: str | None
) -> dict[str, list[str]]:
    if only is not None:
        find_persona(personas, only)
    elif not any(message.persona for message in messages):
        hint = "Name it with --persona ID, or let `fluxloop personas discover` propose some."
        raise UsageError("The log does not say which persona its messages are of.", hint)
    groups: dict[str, list[str]] = {}
    named = any(message.persona for message in messages)
    for message in messages:
        name = message.persona if named else only or ""
        if name and only in (None, name):
            groups.setdefault(name, []).append(message.text)
    if only is not None and not groups:
        raise UsageError(f"No message of the log is of the persona `{only}`.", "Its column `persona` names others.")
    return groups


def _unknown(name: str, count: int, personas: Mapping[str, Persona]) -> str:
    near = nearest(name, personas)
    return f"{name}: {count} messages are of a persona nobody knows" + (f"; did you mean `{near}`?" if near else "")
