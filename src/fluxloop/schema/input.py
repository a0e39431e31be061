"""What a user types: an input, alone or as a conversation."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from fluxloop.schema.record import Record

Source = Literal["synthetic", "manual"]
Status = Literal["pending", "approved", "rejected"]


class Turn(Record):
    """One message of the user in a conversation."""

    turn: int = Field(description="1 for the first message.", ge=1)
    input: str = Field(description="What the user types.")


class Input(Record):
    """One test input. Either `text` or `conversation` stands in it; an empty `text` is legal when manual."""

    id: str = Field("", description="Unique in the project, never reused.")
    persona: str | None = Field(None, description="The persona who writes it.")
    text: str | None = Field(None, description="What the user types.")
    conversation: tuple[Turn, ...] = Field((), description="The user's side of a conversation, turn by turn.")
    source: Source = Field("manual", description="Written by a model or by a person.")
    status: Status = Field("pending", description="Where review stands.")
    reason: str | None = Field(None, description="Why it was rejected.")
    importance: str | None = Field(None, description="`critical`: always in a bundle.")
    tags: tuple[str, ...] = Field((), description="Your own labels.")
    thought_process: str | None = Field(None, description="Why the user writes this; never sent to the agent.")
    expected: str | None = Field(None, description="What a good reply would say; for checks and readers.")
    checks: tuple[Any, ...] = Field((), description="Checks for this input alone, in the form of `test.checks`.")
    metadata: dict[str, Any] = Field(default_factory=dict, description="topic, complexity, tone, ...")
    origin: dict[str, Any] = Field(
        default_factory=dict, description="How it was made: provider, model, prompt version, seed, clean text."
    )


def texts_of(item: Input) -> tuple[str, ...]:
    """The messages the user sends, in order: the turns, or the one text."""
    if item.conversation:
        return tuple(turn.input for turn in item.conversation)
    return (item.text or "",)
