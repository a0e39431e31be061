"""The protocol every provider speaks: a prompt in, a completion out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from fluxloop.schema.plan import Batch


@dataclass(frozen=True, slots=True)
class Prompt:
    """One call. A model reads `system` and `user`; a writer in code reads `batch`, which says the same in values."""

    system: str
    user: str
    batch: Batch | None = None
    max_tokens: int = 1000
    """Most tokens of the whole answer."""
    temperature: float = 0.7


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call took, in tokens; zeros when the provider counts none."""

    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back, as text still to be parsed."""

    text: str
    model: str = ""
    usage: Usage = field(default_factory=Usage)


class Provider(Protocol):
    """Anything that completes prompts. A wrapper that adds behaviour (cache, limit, ledger) is a provider too."""

    @property
    def name(self) -> str:
        """The name it is chosen by."""

    @property
    def model(self) -> str:
        """The model it asks, as written into `origin`."""

    def writes(self, language: str) -> bool:
        """Whether it can write this language (ISO 639-1 code); asked before any work is begun."""

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt.

        Raises AuthenticationFailed, RateLimited, ProviderUnavailable or PromptRefused; nothing else.
        """
