"""Whether a message can be this persona's: what its attributes rule out, as data.

`rules_for(persona)` gives the rules of one persona; each also says itself in words (`never`), so that a prompt can tell
a model the same that the check measures afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from fluxloop.filters.base import Text, excerpt
from fluxloop.filters.patterns import any_of, read_sections
from fluxloop.schema.config import Settings
from fluxloop.schema.finding import Finding
from fluxloop.schema.persona import Persona
from fluxloop.style.bands import is_technical, level_of, mood_of
from fluxloop.style.features import ASSISTANT_PHRASES

Conditions = tuple[tuple[str, frozenset[str]], ...]

QUOTED = re.compile(r"```.*?(?:```|$)|`[^`]*`|\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»", re.DOTALL)
"""What a persona copies from a screen is not in its own words."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A way of writing that contradicts some personas."""

    name: str
    who: str
    """The persona it contradicts, as a noun phrase: `an impatient user`."""
    never: str
    """What it is, to follow `never`: `asks what an API is`."""
    pattern: re.Pattern[str]
    when: Conditions = ()
    """Facts of the persona, each with the values for which the rule holds: one that fits is enough. Empty: for all."""
    unless: Conditions = ()
    """Facts that lift the rule."""


WHOLE = (r"(?<![^\W_])", r"(?![^\W_])")


def _words(section: str) -> re.Pattern[str]:
    return any_of(read_sections("persona_match")[section], *WHOLE)


def _is(fact: str, *values: str) -> tuple[str, frozenset[str]]:
    return fact, frozenset(values)


EMOJI = re.compile(r"[\U0001F1E6-\U0001FAFF\u2600-\u2712\u2728-\u27bf\u23e9-\u23f3\u2b50\u2764]")

RULES = (
    Rule(
        "assistant",
        "a user",
        "writes as assistants do: `I would like to inquire`, `leverage`, `comprehensive`",
        ASSISTANT_PHRASES,
    ),
    Rule(
        "patience",
        "an impatient user",
        "gives the other side time: `take your time`, `no rush`",
        _words("patience"),
        when=(_is("patience", "none", "very_low", "low", "impatient"), _is("mood", "hurried", "angry", "impatient")),
    ),
    Rule(
        "jargon",
        "a beginner",
        "uses an engineer's words: `idempotency key`, `JWKS`, `mTLS`",
        _words("jargon"),
        when=(_is("expertise", "beginner", "novice", "none"),),
        unless=(_is("jargon", "moderate", "high", "heavy"), _is("technical", "yes")),
    ),
    Rule(
        "basics",
        "an expert",
        "asks for the basics: `what is an API?`",
        any_of(read_sections("persona_match")["basics"]),
        when=(_is("technical", "yes"),),
    ),
    Rule(
        "formality",
        "a formal writer",
        "writes `lol`, `u`, `pls`, `gonna`",
        any_of(read_sections("persona_match")["formality"], WHOLE[0], r"(?![^\W_]|\.\w|['’])", cased=True),
        when=(_is("formality", "formal", "very_formal"),),
        unless=(_is("abbreviations", "frequent"), _is("language", "german", "french", "spanish", "portuguese")),
    ),
    Rule(
        "emoji",
        "a writer without emoji",
        "uses emoji",
        EMOJI,
        when=(_is("emoji_usage", "none", "never"),),
    ),
    Rule(
        "formal_emoji",
        "a formal writer",
        "uses emoji",
        EMOJI,
        when=(_is("formality", "formal", "very_formal"),),
        unless=(_is("emoji_usage", "rare", "low", "occasional", "moderate", "frequent", "high"),),
    ),
    Rule(
        "verbosity",
        "a terse writer",
        "writes more than 60 words",
        re.compile(r"(?:\S+\s+){60}\S"),
        when=(_is("verbosity", "terse", "very_brief", "minimal"),),
    ),
)
"""All rules, in the order they are tried. What they look for stands in `data/persona_match.txt`."""


@dataclass(frozen=True, slots=True)
class PersonaMatchFilter:
    """Finds what contradicts the persona. A text without one is held only against what no user writes."""

    name: ClassVar[str] = "persona_match"

    def check(self, text: Text) -> Finding | None:
        """What in this message is not the persona's."""
        own = QUOTED.sub(" ", text.text)
        for rule in _rules(_facts(text.persona)):
            if rule.name == "assistant" and text.source == "manual":
                continue  # a person wrote it, so people do
            if match := rule.pattern.search(own):
                what = f"{rule.who} never {rule.never}"
                return Finding(self.name, what, f"“{excerpt(match.group().strip(), 40)}”")
        return None


def create(_settings: Settings) -> PersonaMatchFilter:
    """The filter; the persona stands with each text."""
    return PersonaMatchFilter()


def rules_for(persona: Persona | None) -> tuple[Rule, ...]:
    """The rules that hold for one persona."""
    return _rules(_facts(persona))


Facts = tuple[tuple[str, str], ...]


@lru_cache(maxsize=1024)
def _rules(facts: Facts) -> tuple[Rule, ...]:
    told = dict(facts)
    return tuple(rule for rule in RULES if (not rule.when or _any(rule.when, told)) and not _any(rule.unless, told))


def _any(conditions: Conditions, told: dict[str, str]) -> bool:
    return any(told.get(fact) in values for fact, values in conditions)


_KNOWN: dict[int, tuple[Persona, Facts]] = {}
"""The facts of the personas seen last, by identity: a persona is frozen, but it holds dicts and so has no hash."""


def _facts(persona: Persona | None) -> Facts:
    """What the rules ask of a persona, folded to single words."""
    if persona is None:
        return ()
    known = _KNOWN.get(id(persona))
    if known is not None and known[0] is persona:
        return known[1]
    if len(_KNOWN) >= 256:
        _KNOWN.clear()
    facts = _read_facts(persona)
    _KNOWN[id(persona)] = (persona, facts)
    return facts


def _read_facts(persona: Persona) -> Facts:
    told = {**persona.attributes, **persona.communication}
    facts = {key: str(value).casefold().replace(" ", "_") for key, value in told.items() if isinstance(value, str)}
    facts |= {
        "expertise": level_of(persona),
        "mood": mood_of(persona),
        "technical": "yes" if is_technical(persona) else "no",
    }
    return tuple(facts.items())
