"""Who writes: a persona."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from fluxloop.schema.record import Record


class Persona(Record):
    """One kind of user. Everything in the file reaches the generation; nothing is silently ignored."""

    persona_id: str = Field(description="Unique name, used on the command line and in files.", min_length=1)
    name: str = Field("", description="The name shown to people.")
    pack: str = Field("", description="The group a built-in persona belongs to: general, saas, ecommerce, ...")
    description: str = Field("", description="Who this is, what they want, how they type.")
    weight: float = Field(1.0, description="How common this persona is, relative to the others.", ge=0)
    demographics: dict[str, Any] = Field(default_factory=dict, description="Age, occupation, location, ...")
    attributes: dict[str, Any] = Field(
        default_factory=dict,
        description="expertise, patience, technical_background, emotional_state, device, language_proficiency, "
        "native_language, previous_attempts, ... and any key of your own.",
    )
    expertise: str | dict[str, Any] | None = Field(None, description="A level, or levels by field.")
    goals: list[str] | dict[str, Any] | None = Field(None, description="A list, or {primary, secondary, constraints}.")
    emotional_state: str | dict[str, Any] | None = Field(None, description="A state, or states by occasion.")
    communication: dict[str, Any] = Field(
        default_factory=dict,
        description="formality, verbosity, emoji_usage, caps_usage, typos, abbreviations, punctuation, grammar, "
        "jargon, uncertainty, politeness, language, ... and any key of your own.",
    )
    traits: tuple[str, ...] = Field((), description="Short words on character (`characteristics` is read too).")
    behaviors: tuple[str, ...] = Field((), description="Sentences on how this persona writes.")
    example_inputs: tuple[str, ...] = Field((), description="Real messages of this persona (`example_messages` too).")
    use_cases: tuple[str, ...] = Field((), description="Topics this persona writes about.")
    style: dict[str, Any] = Field(
        default_factory=dict, description="Numeric style bands that override what the attributes imply."
    )
