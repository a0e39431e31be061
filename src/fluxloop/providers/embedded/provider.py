"""The key-free writer: a compositional persona grammar over topic packs. Instant, reproducible, no network.

Good for a start, for CI and for demos; a language model writes with more variety. `origin` says which one wrote.
"""

from __future__ import annotations

import json
import random

from fluxloop.errors import LanguageUnsupported, ProviderError
from fluxloop.providers.base import Completion, Prompt
from fluxloop.providers.embedded.conversation import write_turns
from fluxloop.providers.embedded.fillers import Fillers
from fluxloop.providers.embedded.grammar import Grammar
from fluxloop.providers.embedded.thought import reason_of
from fluxloop.providers.embedded.voice import Voice, voice_of
from fluxloop.schema.config import Settings
from fluxloop.schema.plan import Batch, Brief, Slot
from fluxloop.style.languages import language_name
from fluxloop.topics.forbidden import forbidden_in
from fluxloop.topics.frame import Frames, load_frames, written_languages
from fluxloop.topics.pack import Situation
from fluxloop.topics.situations import pack_of, situations_of, term_situations

MODEL = "persona-grammar-1"
DRAFTS = 4
"""Drafts a slot, from which the engine keeps the one farthest from what it has."""
TRIES = 14
"""Attempts at drafts that keep to the brief, before a slot is left to the next round."""


class EmbeddedProvider:
    """Writes from packs and frames; reads `prompt.batch`, never the prompt's text."""

    name = "embedded"
    model = MODEL

    def writes(self, language: str) -> bool:
        """Whether there are frames for this language."""
        return load_frames(language) is not None

    async def complete(self, prompt: Prompt) -> Completion:
        """The drafts of every slot of the batch, as JSON.

        Raises LanguageUnsupported for a language without frames, ProviderError for a prompt without a batch.
        """
        if prompt.batch is None:
            raise ProviderError("The embedded provider writes inputs only; it cannot answer a free prompt.")
        return Completion(text=json.dumps({"inputs": write_batch(prompt.batch)}, ensure_ascii=False), model=MODEL)


def create(settings: Settings) -> EmbeddedProvider:
    """It has no settings of its own; what shapes the text is in the batch."""
    del settings
    return EmbeddedProvider()


def write_batch(batch: Batch) -> list[dict[str, object]]:
    """One entry a slot: its number, its drafts, and why the user writes."""
    frames = _frames_of(batch)
    voice = voice_of(batch, frames)
    return [_entry(slot, batch, frames, voice) for slot in batch.slots]


def _frames_of(batch: Batch) -> Frames:
    language = batch.slots[0].language
    frames = load_frames(language)
    if frames is None:
        known = ", ".join(language_name(code) for code in written_languages())
        raise LanguageUnsupported(
            f"The embedded writer cannot write {language_name(language)} (persona `{batch.persona.persona_id}`).",
            f"It writes {known}. Choose `--provider openai` or `anthropic` for other languages.",
        )
    return frames


def _entry(slot: Slot, batch: Batch, frames: Frames, voice: Voice) -> dict[str, object]:
    rng = random.Random(slot.seed)
    situation = find_situation(slot)
    fillers = Fillers(frames, pack_of(slot.topic, slot.language), voice.product, rng)
    grammar = Grammar(frames, voice, fillers, rng)
    drafts: list[list[str]] = []
    for _ in range(TRIES):
        if len(drafts) == DRAFTS:
            break
        if slot.turns > 1:
            draft = write_turns(slot, situation, grammar, frames, rng)
        else:
            draft = [grammar.write(slot, situation)]
        if draft not in drafts and _keeps_to(batch.brief, draft):
            drafts.append(draft)
    entry: dict[str, object] = {"slot": slot.index, "candidates": drafts if slot.turns > 1 else [d[0] for d in drafts]}
    if batch.brief.chain_of_thought:
        entry["thought_process"] = reason_of(slot, batch.persona)
    return entry


def find_situation(slot: Slot) -> Situation:
    """The situation the plan chose, by what it is about."""
    about_term = term_situations(slot.mention, slot.language) if slot.mention else ()
    known = (*about_term, *situations_of(slot.topic, slot.language))
    return next((situation for situation in known if situation.about == slot.situation), known[0])


def _keeps_to(brief: Brief, texts: list[str]) -> bool:
    return all(
        brief.min_length <= len(text) <= brief.max_length and not forbidden_in(text, brief.forbidden_topics)
        for text in texts
    )
