"""The plan: every input's persona, topic, situation, complexity, tone and style, drawn in code from one seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from fluxloop.generation.allocation import spread
from fluxloop.generation.topics import TermPool, is_related, term_pool, topics_for
from fluxloop.schema.config import Settings
from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Brief, Plan, Slot
from fluxloop.style.bands import Bands, bands_of, is_technical, language_of, level_of, mood_of, sample_style
from fluxloop.style.languages import language_code
from fluxloop.topics.forbidden import forbidden_in
from fluxloop.topics.pack import Situation
from fluxloop.topics.situations import pack_of, situations_of, term_situations

COMPLEXITY = {
    "beginner": {"simple": 60, "medium": 35, "complex": 5},
    "intermediate": {"simple": 35, "medium": 48, "complex": 17},
    "advanced": {"simple": 20, "medium": 50, "complex": 30},
    "expert": {"simple": 15, "medium": 50, "complex": 35},
}
LENGTH_BY_COMPLEXITY = {"simple": 0.85, "medium": 1.0, "complex": 1.35}
TONES = {
    "neutral": {"neutral": 55, "curious": 15, "uncertain": 10, "hurried": 8, "friendly": 6, "annoyed": 6},
    "calm": {"neutral": 60, "curious": 20, "friendly": 15, "uncertain": 5},
    "curious": {"curious": 45, "neutral": 40, "uncertain": 15},
    "hopeful": {"friendly": 35, "curious": 35, "neutral": 30},
    "anxious": {"anxious": 45, "uncertain": 35, "neutral": 20},
    "confused": {"confused": 40, "uncertain": 35, "neutral": 25},
    "frustrated": {"annoyed": 52, "angry": 15, "neutral": 23, "hurried": 10},
    "angry": {"angry": 50, "annoyed": 38, "neutral": 12},
    "hurried": {"hurried": 45, "neutral": 43, "annoyed": 12},
}
WRITTEN = 0.62
"""Share of slots with a hand-written situation; the others get a framed one, of which there are more but plainer."""
TURNS_BY_PATIENCE = {"very_low": (2, 4), "low": (2, 5), "medium": (3, 5), "high": (3, 6)}


@dataclass(slots=True)
class Writer:
    """What is drawn for one persona."""

    persona: Persona
    bands: Bands
    language: str
    topics: list[str]
    terms: TermPool


@dataclass(slots=True)
class Planner:
    """Draws slots. It goes on where it stopped, so that a top-up asks for what has not been asked for yet."""

    brief: Brief
    seed: str
    writers: dict[str, Writer]
    max_turns: int = 1
    _rng: random.Random = field(init=False)
    _streams: dict[tuple[str, str, bool, str], list[Situation]] = field(init=False, default_factory=dict)
    _drawn: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._rng = random.Random(f"fluxloop plan {self.seed}")

    def plan(self, quotas: Mapping[str, int]) -> Plan:
        """All slots of a run: each persona's quota, spread evenly over its topics."""
        slots = [slot for persona_id, count in quotas.items() for slot in self._for_persona(persona_id, count)]
        personas = {persona_id: self.writers[persona_id].persona for persona_id in quotas}
        return Plan(tuple(slots), personas, self.brief, self.seed)

    def draw(self, persona_id: str, topic: str) -> Slot:
        """One slot of a cell; its situation is the one that was used longest ago."""
        writer, rng = self.writers[persona_id], self._rng
        mention = writer.terms.pick(topic, rng.random())
        situation = self._situation(writer, topic, mention)
        complexity = _weighted(COMPLEXITY.get(level_of(writer.persona), COMPLEXITY["intermediate"]), rng)
        self._drawn += 1
        return Slot(
            index=self._drawn,
            persona_id=persona_id,
            topic=topic,
            situation=situation.about if situation else "",
            intent=situation.intent if situation else rng.choice(("problem", "how_to", "request", "question")),
            complexity=complexity,
            tone=_tone(writer.persona, situation.intent if situation else "", rng),
            language=writer.language,
            style=sample_style(writer.bands, rng, LENGTH_BY_COMPLEXITY[complexity]),
            turns=self._turns(writer.persona),
            mention=mention,
            seed=rng.getrandbits(48),
        )

    def spares(self, quotas: Mapping[str, int], share: float) -> list[Slot]:
        """Slots beyond the quotas: this share of each, spread over the persona's topics."""
        slots = []
        for persona_id, count in quotas.items():
            topics = self.writers[persona_id].topics
            slots += [self.draw(persona_id, topics[n % len(topics)]) for n in range(round(count * share))]
        return slots

    def go_past(self, index: int) -> None:
        """Draw on from after this index: an interrupted run has drawn so far, and numbers are given once."""
        if index > self._drawn:
            self._drawn = index
            self._rng = random.Random(f"fluxloop plan {self.seed} after {index}")

    def _for_persona(self, persona_id: str, count: int) -> list[Slot]:
        topics = self.writers[persona_id].topics
        left = dict(zip(topics, spread(count, len(topics)), strict=True))
        slots = []
        while any(left.values()):
            for topic in topics:
                if left[topic]:
                    left[topic] -= 1
                    slots.append(self.draw(persona_id, topic))
        return slots

    def _situation(self, writer: Writer, topic: str, mention: str) -> Situation | None:
        """The licensed situation of the cell that was used longest ago, hand-written or framed in turn."""
        about_term = bool(mention) and (pack_of(topic, writer.language) is None or is_related(mention, topic))
        name = mention if about_term else topic
        kinds = ("written", "framed") if self._rng.random() < WRITTEN else ("framed", "written")
        for kind in kinds:
            stream = self._stream(name, writer.language, about_term, kind)
            place = next((i for i, situation in enumerate(stream) if _licensed(situation, writer.persona)), None)
            if place is not None:
                stream.append(stream.pop(place))
                return stream[-1]
        return None

    def _stream(self, name: str, language: str, about_term: bool, kind: str) -> list[Situation]:
        """The situations of a topic or a term, the one used longest ago first; shared by all personas."""
        if (name, language, about_term, kind) not in self._streams:
            known = term_situations(name, language) if about_term else situations_of(name, language)
            allowed = [s for s in known if not forbidden_in(s.about, self.brief.forbidden_topics)]
            written = [situation for situation in allowed if situation.kind == "pack"]
            framed = [situation for situation in allowed if situation.kind != "pack"]
            self._rng.shuffle(written)
            self._rng.shuffle(framed)
            # `May I do X?` is the plainest of the frames and so comes last.
            framed.sort(key=lambda situation: situation.kind == "verb" and situation.intent == "question")
            self._streams[name, language, about_term, "written"] = written
            self._streams[name, language, about_term, "framed"] = framed
        return self._streams[name, language, about_term, kind]

    def _turns(self, persona: Persona) -> int:
        if self.max_turns <= 1:
            return 1
        low, high = TURNS_BY_PATIENCE.get(str(persona.attributes.get("patience", "medium")).casefold(), (3, 5))
        return max(2, min(self.max_turns, self._rng.randint(low, high)))


def create_planner(
    personas: Mapping[str, Persona], settings: Settings, brief: Brief, *, seed: str, max_turns: int = 1
) -> Planner:
    """A planner for these personas; `max_turns` above 1 plans conversations."""
    writers = {}
    for persona_id, persona in personas.items():
        topics = topics_for(persona, settings, brief)
        writers[persona_id] = Writer(
            persona=persona,
            bands=bands_of(persona),
            language=language_code(settings.language) if settings.language else language_of(persona),
            topics=topics,
            terms=term_pool(persona, topics, brief),
        )
    return Planner(brief, seed, writers, max_turns)


def _licensed(situation: Situation, persona: Persona) -> bool:
    if situation.level == "technical":
        return is_technical(persona)
    return situation.level != "novice" or level_of(persona) not in {"advanced", "expert"}


def _tone(persona: Persona, intent: str, rng: random.Random) -> str:
    """A mood of this persona that goes with the intent: nobody is merely curious about what has just broken."""
    weights = dict(TONES.get(mood_of(persona), TONES["neutral"]))
    if intent in {"problem", "request"}:
        weights = {tone: weight for tone, weight in weights.items() if tone not in {"curious", "friendly"}}
    if str(persona.communication.get("uncertainty", "")).casefold() == "high":
        weights["uncertain"] = weights.get("uncertain", 0) + 35
    if str(persona.attributes.get("patience", "")).casefold() == "very_low":
        weights["annoyed"] = weights.get("annoyed", 0) + 20
        weights.pop("friendly", None)
    return _weighted(weights, rng)


def _weighted(weights: Mapping[str, int], rng: random.Random) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]
