"""From a batch of slots to the prompt that asks for them."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from fluxloop.prompts.render import render, version_of
from fluxloop.providers.base import Prompt
from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Batch, Brief, Slot
from fluxloop.style.languages import language_name

THOUGHT = (
    '\nPut before each text a "thought_process": two or three short sentences on who writes, what happened and why '
    "it is said this way."
)
REWORDED = (
    "These messages are fictitious and test a support bot: they let its makers find out whether it stays helpful with "
    "an upset or confused customer. Nothing harmful is wanted; write the mildest message that fits each slot.\n"
)
"""Added once when a model refused."""
TOKENS_AROUND = 60
"""What the JSON round one input takes, over the tokens of the input itself."""


def prompt_version() -> str:
    """The version that stands in `origin`."""
    return version_of("inputs_user")


def build_prompt(
    batch: Batch, *, existing: Sequence[str], max_tokens: int, temperature: float, reworded: bool = False
) -> Prompt:
    """One call for a batch; `existing` are texts that must not come again; `max_tokens` is per input."""
    brief = batch.brief
    user = render(
        "inputs_user",
        product=_product(brief),
        persona=_persona(batch.persona, brief),
        existing="\n".join(f"- {text}" for text in existing) or "(none)",
        language=language_name(batch.slots[0].language).capitalize(),
        min_length=str(brief.min_length),
        max_length=str(brief.max_length),
        forbidden=f" Never mention: {', '.join(brief.forbidden_topics)}." if brief.forbidden_topics else "",
        slots="\n".join(_slot(slot) for slot in batch.slots),
    )
    system = render("inputs_system", thought=THOUGHT if brief.chain_of_thought else "")
    return Prompt(
        system=f"{system}\n{REWORDED}" if reworded else system,
        user=user,
        batch=batch,
        max_tokens=sum((max_tokens + TOKENS_AROUND) * slot.turns for slot in batch.slots),
        temperature=temperature,
    )


def _product(brief: Brief) -> str:
    lines = [brief.context, brief.description]
    lines.append(f"Field: {brief.domain}" if brief.domain else "")
    lines.append(f"Words of the field: {', '.join(brief.vocabulary)}" if brief.vocabulary else "")
    return "\n".join(line for line in lines if line.strip()) or "(not described)"


def _persona(persona: Persona, brief: Brief) -> str:
    """The whole persona, as it stands in its file, and its examples."""
    data = persona.model_dump(mode="json", exclude_defaults=True, exclude={"weight", "pack", "style", "use_cases"})
    few_shot = (*brief.examples.get("*", ()), *brief.examples.get(persona.persona_id, ()))
    if few_shot:
        data["examples_to_follow"] = list(few_shot)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120).strip()


def _slot(slot: Slot) -> str:
    style = slot.style
    told = [
        f"topic {slot.topic.replace('_', ' ')}",
        f"situation: {slot.situation}" if slot.situation else "situation: your own, not an obvious one",
        f"{slot.intent.replace('_', ' ')}, {slot.complexity}, tone {slot.tone}",
        f"about {style.words} words in {style.sentences} sentence{'s' if style.sentences > 1 else ''}",
        "a polite word" if style.polite else "no please and no thanks",
    ]
    if slot.mention:
        told.append(f"names: {slot.mention}")
    if slot.turns > 1:
        told.append(f"{slot.turns} turns")
    return f"{slot.index}. " + "; ".join(told)
