"""What a candidate must pass to be kept: the filters, and being no twin of anything kept before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fluxloop.filters.base import Filter, first_finding, texts_to_check
from fluxloop.filters.similarity import Twins
from fluxloop.generation.choosing import Novelty
from fluxloop.schema.finding import Finding
from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Candidate

CONTENT = frozenset({"refusal", "topic", "offensive"})
"""Filters that look for words: a misspelling must not take a text past them."""


class Sieve:
    """Holds what is kept, so that each candidate is measured against all of it, older inputs too."""

    def __init__(self, filters: Sequence[Filter], twins: Twins, personas: Mapping[str, Persona]) -> None:
        self._filters = filters
        self._content = [each for each in filters if each.name in CONTENT]
        self._twins = twins
        self._personas = personas
        self.novelty = Novelty()

    def warm(self) -> None:
        """Load what the filters load at their first text; it can be done while the first calls are under way."""
        first_finding(
            self._filters, texts_to_check(["is there anything here that I can use today"], None, language="en")
        )

    def add(self, name: str, texts: Iterable[str]) -> None:
        """Count an input as kept; `name` is what a twin's finding will call it."""
        texts = tuple(texts)
        self._twins.add(name, "\n".join(texts))
        self.novelty.add(texts)

    def fault(self, candidate: Candidate) -> Finding | None:
        """The first thing wrong with a candidate, or None."""
        persona, language = self._personas.get(candidate.slot.persona_id), candidate.slot.language
        texts = texts_to_check(candidate.texts, persona, language=language)
        clean = texts_to_check(candidate.clean, persona, language=language)
        found = first_finding(self._content, clean) or first_finding(self._filters, texts)
        return found or self._twins.find("\n".join(candidate.texts))
