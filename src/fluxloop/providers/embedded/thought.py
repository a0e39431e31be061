"""Why the user writes this: the plan's reason, in words, for `chain_of_thought`."""

from __future__ import annotations

from fluxloop.schema.persona import Persona
from fluxloop.schema.plan import Slot
from fluxloop.style.bands import level_of


def reason_of(slot: Slot, persona: Persona) -> str:
    """Three or four short lines: who, what is going on, what they want, how they write."""
    name = persona.name or persona.persona_id.replace("_", " ")
    lines = [f"User is {_article(name)} {name} ({level_of(persona)}), writing about {slot.topic.replace('_', ' ')}."]
    lines.append(f"What is going on: {slot.situation}.")
    goal = _goal(persona)
    if goal:
        lines.append(f"What they want: {goal}.")
    lines.append(f"Mood: {slot.tone}. {_length(slot.style.words)}")
    return "\n".join(lines) + "\n"


def _goal(persona: Persona) -> str:
    if isinstance(persona.goals, dict):
        return str(persona.goals.get("primary") or "")
    return str(persona.goals[0]) if persona.goals else ""


def _length(words: int) -> str:
    if words <= 5:
        return "Too busy for more than a few words."
    return "Says it in a sentence or two." if words <= 20 else "Tells the whole story."


def _article(name: str) -> str:
    return "an" if name[:1].casefold() in "aeiou" else "a"
