"""Personas proposed from real messages: who types alike and about the same is one kind of user."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from fluxloop.curation.clusters import Labels, cluster, group_means, points_of, silhouette
from fluxloop.curation.exemplars import choose_examples
from fluxloop.curation.names import people_in
from fluxloop.curation.scrub import scrub
from fluxloop.curation.traits import Trait, traits_of
from fluxloop.errors import UsageError
from fluxloop.filters.language import EVERYDAY
from fluxloop.schema.persona import Persona
from fluxloop.store.logs import LogMessage
from fluxloop.store.personas import slug
from fluxloop.style.features import words_of
from fluxloop.style.languages import language_name
from fluxloop.style.measure import LEAST_MESSAGES, Measured, measure_bands
from fluxloop.style.telling import communication_for
from fluxloop.topics.match import match_topic

MOST_MESSAGES = 5000
"""Of a larger log, a seeded sample is enough to find kinds of users by."""
MOST_PERSONAS = 8
NEARLY_BEST = 0.95
"""Of the counts that part the users this well, next to the best one, the largest is taken."""
FEW_A_WRITER = 2.0
"""With fewer messages a writer than this, every message stands for itself."""
WORDS = 5
SAID_BY_ALL = frozenset(
    {"please", "thanks", "hello", "just", "sure", "think", "want", "need", "like", "make", "made", "getting", "still"}
)
"""Words of manner, in which what a message is about does not show."""
SEED = 7


@dataclass(frozen=True, slots=True)
class Proposal:
    """A persona that the log speaks for."""

    persona: Persona
    messages: int
    share: float
    """Of the messages of the log, 0-1."""
    writers: int
    """How many users wrote them; 0 when the log does not say."""
    words: tuple[str, ...]
    """What these messages say more often than the others."""
    traits: tuple[Trait, ...]
    """What sets them off from the others."""
    measured: Measured


def discover_personas(
    messages: Sequence[LogMessage], count: int | None = None, taken: Collection[str] = (), language: str = "en"
) -> list[Proposal]:
    """Personas for the kinds of users in a log, the most frequent first; the same for the same log.

    `count` of them, or as many as part the users well. Groups of too few messages to measure are left out. Raises
    UsageError when there are too few messages for that many personas.
    """
    _check_enough(len(messages), count or 1)
    chosen = _sample(messages)
    people = people_in({message.writer for message in messages})
    labels = _labels(chosen, count)
    kinds = [
        [message for message, label in zip(chosen, labels, strict=True) if label == kind] for kind in _kinds(labels)
    ]
    everything = measure_bands([message.text for message in chosen], language)
    words = _telling_words([[message.text for message in kind] for kind in kinds], people, language)
    names = set(taken)
    found: list[Proposal] = []
    for kind, some in zip(kinds, words, strict=True):
        measured = measure_bands([message.text for message in kind], language)
        if measured.enough:
            traits = tuple(traits_of(measured.bands, everything.bands))
            found.append(_proposal(kind, len(chosen), some, traits, measured, people, names, language))
            names.add(found[-1].persona.persona_id)
    return found


def _check_enough(messages: int, count: int) -> None:
    if messages < count * LEAST_MESSAGES:
        what = (
            f"{messages} messages are too few for {count} personas."
            if count > 1
            else f"{messages} messages are too few."
        )
        raise UsageError(what, f"A persona is measured on {LEAST_MESSAGES} messages at least.")


def _sample(messages: Sequence[LogMessage]) -> list[LogMessage]:
    if len(messages) <= MOST_MESSAGES:
        return list(messages)
    rows = np.random.default_rng(SEED).choice(len(messages), MOST_MESSAGES, replace=False)
    return [messages[row] for row in sorted(rows.tolist())]


def _labels(messages: Sequence[LogMessage], count: int | None) -> Labels:
    """The kind of each message; a writer of several is of one kind."""
    points = points_of([message.text for message in messages])
    writers = [message.writer for message in messages]
    names = {name: number for number, name in enumerate(dict.fromkeys(writers))}
    most = min(count or MOST_PERSONAS, len(messages) // LEAST_MESSAGES)
    if not all(writers) or len(messages) < FEW_A_WRITER * len(names) or len(names) < 2 * most:
        return _cluster(points, count, most)
    groups = np.array([names[name] for name in writers])
    return np.asarray(_cluster(group_means(points, groups), count, most)[groups])


def _cluster(points: Labels, count: int | None, most: int) -> Labels:
    if count is not None or most < 3:
        return cluster(points, min(count or most, len(points)))
    tried = {number: cluster(points, number) for number in range(2, min(most, len(points) - 1) + 1)}
    worth = {number: silhouette(points, labels) for number, labels in tried.items()}
    best = max(worth.values())
    return tried[max(number for number in tried if worth[number] >= NEARLY_BEST * best)]


def _kinds(labels: Labels) -> list[int]:
    """The labels by how many messages they have."""
    return [label for label, _ in Counter(labels.tolist()).most_common()]


def _telling_words(kinds: Sequence[Sequence[str]], people: Sequence[str], language: str) -> list[tuple[str, ...]]:
    """For each kind the words that more of its messages hold than others', weighed against chance."""
    everyday = EVERYDAY.get(language, frozenset()) | SAID_BY_ALL
    bags = [[_plain_words(text, people) - everyday for text in kind] for kind in kinds]
    counts = [Counter(word for bag in kind for word in bag) for kind in bags]
    whole = sum(counts, Counter[str]())
    total = sum(map(len, bags))
    found = []
    for kind, own in zip(bags, counts, strict=True):
        worth = {
            word: (number / len(kind)) * math.log((number / len(kind)) / (whole[word] / total))
            for word, number in own.items()
            if number > max(2, 0.02 * len(kind))
        }
        ranked = sorted(worth, key=lambda word: (-worth[word], word))
        found.append(tuple(word for word in ranked if worth[word] > 0)[:WORDS])
    return found


def _plain_words(text: str, people: Sequence[str]) -> set[str]:
    """The longer words of a message without personal data and its placeholders."""
    plain = scrub(text, people).text.replace("[", " [").split()
    return {
        word
        for part in plain
        if "[" not in part
        for word in words_of(part.casefold())
        if len(word) > 3 and word.isalpha()
    }


def _proposal(
    kind: Sequence[LogMessage],
    total: int,
    words: tuple[str, ...],
    traits: tuple[Trait, ...],
    measured: Measured,
    people: Sequence[str],
    taken: Collection[str],
    language: str,
) -> Proposal:
    texts = [message.text for message in kind]
    share = len(kind) / total
    persona_id = _free_id([trait.word for trait in traits[:2]] or ["typical"], words, taken)
    persona = Persona(
        persona_id=persona_id,
        name=persona_id.replace("_", " ").title(),
        description=_description(measured, words, traits),
        weight=max(1, round(100 * share)),
        communication={**communication_for(measured.bands), "language": language_name(language)},
        traits=tuple(trait.phrase for trait in traits),
        example_inputs=choose_examples(texts, people=people),
        use_cases=tuple(dict.fromkeys(topic for word in words if (topic := match_topic(word))))[:3],
        style=measured.bands,
    )
    writers = len({message.writer for message in kind}) if all(message.writer for message in kind) else 0
    return Proposal(persona, len(kind), share, writers, words, traits, measured)


def _free_id(parts: Sequence[str], words: Sequence[str], taken: Collection[str]) -> str:
    """`brief_lowercase_writer`; with the commonest word, then a number, when that is taken."""
    first = slug("_".join([*parts, "writer"]))
    tries = [
        first,
        *(slug(f"{first}_{word}") for word in words[:2]),
        *(f"{first}_{number}" for number in range(2, 1000)),
    ]
    return next(name for name in tries if name not in taken)


def _description(measured: Measured, words: Sequence[str], traits: Sequence[Trait]) -> str:
    bands = measured.bands
    how = ", ".join(trait.phrase for trait in traits) or "writes as most users of this product do"
    about = f" Speaks more than others of {', '.join(words)}." if words else ""
    length = f" Types about {bands['words_median']:g} words at a time." if "words_median" in bands else ""
    return f"{how[0].upper()}{how[1:]}.{length}{about} Measured on {measured.messages} real messages."
