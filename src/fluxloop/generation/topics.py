"""What a persona writes about when nobody, or somebody, said so; and which terms of the product it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from fluxloop.errors import ConfigError
from fluxloop.schema.config import Settings
from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Brief
from fluxloop.topics.forbidden import forbidden_in
from fluxloop.topics.match import fold_topic, match_topic, topics_in
from fluxloop.topics.terms import read_context, terms_in_examples

DEFAULT_TOPICS = ("onboarding", "authentication", "billing", "account_settings", "errors", "notifications")
MOST_FEATURES = 5
"""Features of a context that become topics of their own."""
EVERY_PRODUCT_HAS = ("onboarding", "account_settings", "errors")
DOMAINS = {
    "healthcare": ("appointments", "prescriptions", "medical_records", "insurance", "privacy"),
    "ecommerce": ("orders", "delivery", "refunds", "product_questions", "billing"),
    "e-commerce": ("orders", "delivery", "refunds", "product_questions", "billing"),
    "retail": ("orders", "delivery", "refunds", "product_questions", "billing"),
    "saas": ("onboarding", "authentication", "billing", "user_management", "integrations", "errors"),
    "developer tools": ("api", "api_authentication", "webhooks", "errors", "performance"),
}
TERM_RATE = {"vocabulary": 0.35, "context": 0.2, "examples": 0.12}
"""Share of slots at most that name a term, by where the term is from: a given vocabulary is meant to be seen."""


@dataclass(frozen=True, slots=True)
class TermPool:
    """The terms a persona's slots may name, by topic, each source with its share of the slots."""

    by_topic: dict[str, tuple[tuple[float, Iterator[str]], ...]]

    def pick(self, topic: str, chance: float) -> str:
        """A term for a number drawn from 0-1, or none; the terms of a source take turns."""
        for share, terms in self.by_topic.get(topic, ()):
            if chance < share:
                return next(terms)
            chance -= share
        return ""


def topics_for(persona: Persona, settings: Settings, brief: Brief) -> list[str]:
    """The chosen topics; else what context, domain and vocabulary speak of; else the persona's use cases.

    Raises ConfigError when every topic is forbidden.
    """
    chosen = settings.topics or _spoken_of(brief) or persona.use_cases or DEFAULT_TOPICS
    gone = (*brief.forbidden_topics, *read_context(brief.context).absent)
    kept = [topic for topic in dict.fromkeys(chosen) if not forbidden_in(topic.replace("_", " "), gone)]
    if not kept:
        raise ConfigError(
            f"Every topic of persona `{persona.persona_id}` is forbidden: {', '.join(chosen)}.",
            "Take one out of `forbidden_topics`, or give another with --topic.",
            key="constraints.topics",
        )
    return kept


def term_pool(persona: Persona, topics: Sequence[str], brief: Brief) -> TermPool:
    """Where this persona's terms come from, and which of them go with which topic."""
    examples = (*brief.examples.get("*", ()), *brief.examples.get(persona.persona_id, ()))
    found = {
        "vocabulary": brief.vocabulary,
        "context": read_context(f"{brief.context}\n{brief.description}").terms,
        "examples": terms_in_examples(examples),
    }
    pool: dict[str, list[tuple[float, Iterator[str]]]] = {topic: [] for topic in topics}
    for name, terms in found.items():
        allowed = [term for term in terms if not forbidden_in(term, brief.forbidden_topics)]
        fitting = {topic: _going_with(topic, topics, allowed) for topic in topics}
        used = sum(bool(own) for own in fitting.values())
        for topic, own in fitting.items():
            if own:
                pool[topic].append((_share(TERM_RATE[name], len(own)) * len(topics) / used, cycle(own)))
    return TermPool({topic: tuple(sources) for topic, sources in pool.items()})


def is_related(term: str, topic: str) -> bool:
    """Whether a message about the term is a message about the topic too."""
    known = match_topic(term)
    return (known is not None and known == match_topic(topic)) or bool(_stems(term) & _stems(topic))


def _going_with(topic: str, topics: Sequence[str], terms: Sequence[str]) -> list[str]:
    """The terms for one topic: a term that belongs to another of the topics stays there."""
    elsewhere = {term for term in terms for other in topics if other != topic and is_related(term, other)}
    return [term for term in terms if term not in elsewhere or is_related(term, topic)]


def _share(most: float, terms: int) -> float:
    """Two terms in a third of the inputs would be heard in every other line: the fewer, the rarer."""
    return min(most, 0.08 + 0.06 * terms)


def _stems(name: str) -> set[str]:
    return set(fold_topic(name).split())


def _spoken_of(brief: Brief) -> tuple[str, ...]:
    """Topics that the brief names; a few that every product has are added when it names hardly any."""
    named = [topic for term in brief.vocabulary if (topic := match_topic(term))]
    named += DOMAINS.get(brief.domain.casefold(), ())
    read = read_context(f"{brief.context}\n{brief.description}")
    packs = topics_in("\n".join(_present_lines(brief, read.absent)))
    named += packs
    named += [term for term in read.features if match_topic(term) not in packs][:MOST_FEATURES]
    if not named:
        return ()
    return tuple(dict.fromkeys([*named, *(EVERY_PRODUCT_HAS if len(packs) < 3 else ())]))


def _present_lines(brief: Brief, absent: Sequence[str]) -> list[str]:
    lines = f"{brief.context}\n{brief.description}".splitlines()
    return [line for line in lines if not any(term in line for term in absent)]
