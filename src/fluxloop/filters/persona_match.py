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


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(patterns)})(?![^\W_])", re.IGNORECASE)


def _is(fact: str, *values: str) -> tuple[str, frozenset[str]]:
    return fact, frozenset(values)


IMPATIENT = (_is("patience", "none", "very_low", "low", "impatient"), _is("mood", "hurried", "angry", "impatient"))
EMOJI = re.compile(r"[\U0001F1E6-\U0001FAFF\u2600-\u2712\u2728-\u27bf\u23e9-\u23f3\u2b50\u2764]")

RULES = (
    Rule(
        "assistant", "a user", "writes as assistants do: `I would like to inquire`, `leverage`, `comprehensive`",
        ASSISTANT_PHRASES,
    ),
    Rule(
        "patience", "an impatient user", "gives the other side time: `take your time`, `no rush`",
        _words(
            r"take your time", r"(?:there(?:'?s| is) )?no (?:rush|hurry)", r"whenever you (?:get a chance|have (?:the )?time|get around to it)",
            r"when(?:ever)? you have a (?:moment|minute|sec(?:ond)?)", r"at your (?:earliest )?convenience", r"i don'?t mind waiting",
            r"happy to wait", r"i(?:'d| would) love to (?:learn|hear|know|understand) more", r"looking forward to (?:learning|exploring)",
            r"lassen sie sich (?:ruhig )?zeit", r"es eilt nicht", r"sin prisas?", r"no hay prisa", r"tómese su tiempo",
            r"prenez votre temps", r"rien ne presse", r"sem pressa", r"não tem pressa",
        ),
        IMPATIENT,
    ),
    Rule(
        "jargon", "a beginner", "uses an engineer's words: `idempotency key`, `JWKS`, `mTLS`",
        _words(
            r"idempoten\w+", r"jwks", r"mtls", r"hmac(?:-?sha\d*)?", r"scim", r"cidr", r"rbac", r"grpc", r"pkce", r"oauth2? scopes?",
            r"exponential back-?off", r"eventual(?:ly)? consisten\w+", r"race conditions?", r"(?:de)?seriali[sz]\w+", r"p9[059]s?",
            r"shard(?:s|ed|ing)?", r"memory leak", r"bearer tokens?", r"refresh tokens?", r"stack ?trace", r"kubernetes", r"k8s",
            r"terraform", r"tls handshake", r"dead[- ]letter queues?", r"n\+1 quer\w+", r"openapi spec", r"cursor[- ]based pagination",
        ),
        (_is("expertise", "beginner", "novice", "none"),),
        (_is("jargon", "moderate", "high", "heavy"), _is("technical", "yes")),
    ),
    Rule(
        "basics", "an expert", "asks for the basics: `what is an API?`",
        re.compile(
            r"^\W*(?:(?:um+|so|hi|hello|ok|hey)\W+)*(?:what(?:'s| is| are| does)|whats|can you explain what) (?:an? |the )?"
            r"(?:api|webhook|url|browser|database|json|server|sdk|endpoint|csv|git|http|command line|terminal|access token)s?"
            r"(?: is| are| mean| stand for| do)?\s*[?!.]*$|^\W*how (?:do|can) i (?:open|use) (?:a|the|my) (?:browser|terminal|command line)\s*[?!.]*$",
            re.IGNORECASE,
        ),
        (_is("technical", "yes"),),
    ),
    Rule(
        "formality", "a formal writer", "writes `lol`, `u`, `pls`, `gonna`",
        re.compile(
            r"(?<![^\W_])(?:[Ll][Oo][Ll]|lmao|rofl|omg|OMG|wtf|WTF|u|ur|pls|plz|thx|gonna|wanna|gotta|kinda|dunno|idk|smh|tbh|bruh|dude|yo)"
            r"(?![^\W_]|\.\w|['’])"
        ),
        (_is("formality", "formal", "very_formal"),),
        (_is("abbreviations", "frequent"), _is("language", "german", "french", "spanish", "portuguese")),
    ),
    Rule("emoji", "a writer without emoji", "uses emoji", EMOJI, (_is("emoji_usage", "none", "never"),)),
    Rule(
        "formal_emoji", "a formal writer", "uses emoji", EMOJI,
        (_is("formality", "formal", "very_formal"),),
        (_is("emoji_usage", "rare", "low", "occasional", "moderate", "frequent", "high"),),
    ),
    Rule(
        "verbosity", "a terse writer", "writes more than 60 words",
        re.compile(r"(?:\S+\s+){60,}\S", re.DOTALL),
        (_is("verbosity", "terse", "very_brief", "minimal"),),
    ),
)  # fmt: skip


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
