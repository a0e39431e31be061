"""From a batch of slots to the prompt that asks for them."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from fluxloop.prompts.render import render, version_of
from fluxloop.providers.base import Prompt
from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Batch, Brief, Slot
from fluxloop.style.bands import Bands, bands_of
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
    batch: Batch,
    *,
    system: str,
    existing: Sequence[str],
    max_tokens: int,
    temperature: float,
    reworded: bool = False,
) -> Prompt:
    """One call for a batch; `existing` are texts that must not come again; `max_tokens` is per input."""
    return Prompt(
        system=f"{system}\n{REWORDED}" if reworded else system,
        user=_user(batch, existing),
        batch=batch,
        max_tokens=sum((max_tokens + TOKENS_AROUND) * slot.turns for slot in batch.slots),
        temperature=temperature,
    )


def system_part(persona: Persona, brief: Brief) -> str:
    """What all calls for a persona begin with, to the letter, so that a vendor's prompt cache helps."""
    return render(
        "inputs_system",
        product=_fenced(_product(brief)),
        persona=_fenced(_persona(persona, brief)),
        style=describe_bands(bands_of(persona)),
        thought=THOUGHT if brief.chain_of_thought else "",
    )


def _user(batch: Batch, existing: Sequence[str]) -> str:
    brief = batch.brief
    shown = "".join(f"\n- {' '.join(text.split())}" for text in existing)
    return render(
        "inputs_user",
        language=language_name(batch.slots[0].language).capitalize(),
        min_length=str(brief.min_length),
        max_length=str(brief.max_length),
        forbidden=f" Never mention: {', '.join(brief.forbidden_topics)}." if brief.forbidden_topics else "",
        existing=f"\n\nThese exist already; write nothing close to them:{shown}" if existing else "",
        slots="\n".join(_slot(slot) for slot in batch.slots),
    )


def _fenced(material: str) -> str:
    """Material that cannot end its own fence: a line of dashes in it is indented."""
    return "\n".join(f" {line}" if line.strip("- ") == "" and "-" in line else line for line in material.splitlines())


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


def describe_bands(bands: Bands) -> str:
    """The numbers of a persona in one line."""
    return (
        f"median {bands.words_median:.0f} words, {bands.several_sentences:.0%} with several sentences, "
        f"{bands.lower_start:.0%} start in lower case, {bands.no_end_mark:.0%} without an end mark, "
        f"{bands.polite:.0%} polite, {bands.emoji:.0%} with an emoji"
    )


def _slot(slot: Slot) -> str:
    style = slot.style
    told = [
        slot.topic.replace("_", " "),
        slot.situation or "a situation of your own, not an obvious one",
        f"{slot.intent.replace('_', ' ')}, {slot.complexity}, {slot.tone}",
        f"about {style.words} words, {style.sentences} sentence{'s' if style.sentences > 1 else ''}",
    ]
    told += ["polite"] if style.polite else []
    told += [f"names: {slot.mention}"] if slot.mention else []
    told += [f"{slot.turns} turns"] if slot.turns > 1 else []
    return f"{slot.index}. " + "; ".join(told)
