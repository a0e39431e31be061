"""The protocol every provider speaks: a prompt in, a completion out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from fluxloop.schema.plan import Batch


@dataclass(frozen=True, slots=True)
class Prompt:
    """One call. A model reads `system` and `user`; a writer in code reads `batch`, which says the same in values."""

    system: str
    """The part that stays the same over a run, so that prompt caching helps."""
    user: str
    batch: Batch | None = None
    max_tokens: int = 1000
    """Most tokens of the whole answer."""
    temperature: float = 0.7


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call took, in tokens; zeros when the provider counts none."""

    input_tokens: int = 0
    """All tokens of the prompt, those read from the vendor's cache included."""
    output_tokens: int = 0
    cached_tokens: int = 0
    """Of the input tokens: read from the vendor's prompt cache."""
    cache_write_tokens: int = 0
    """Of the input tokens: written to the vendor's prompt cache."""


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What a server said of its limits in the headers of an answer; None where it said nothing."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    requests_left: int | None = None
    tokens_left: int | None = None
    reset_seconds: float | None = None


Finish = Literal["stop", "length", "refused"]


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back, as text still to be parsed."""

    text: str
    model: str = ""
    usage: Usage = field(default_factory=Usage)
    finish: Finish = "stop"
    """`length` when the answer was cut off by `max_tokens`: its last item may not be whole."""
    limits: RateLimits | None = None
    source: Literal["call", "cache", "journal"] = "call"
    """Where it is from; only a call costs anything."""


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

        Raises AuthenticationFailed, RateLimited, ProviderUnavailable or PromptRefused, a plain ProviderError for what
        no second try can change, and nothing else.
        """
