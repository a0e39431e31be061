"""What the server keeps of each call, and what it is about to answer: plain values, of no vendor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.server.writer import Asked


@dataclass(slots=True)
class Call:
    """One call for a completion, as it came."""

    number: int
    """From 1, in the order of coming."""
    vendor: Literal["openai", "anthropic"]
    headers: Mapping[str, str]
    body: dict[str, Any]
    query: str
    """What stood behind the path."""
    at: float
    """Seconds of a clock that only goes up."""
    asked: list[Asked] = field(default_factory=list)
    batch: bool = False
    """It stood in a batch."""
    status: int = 0
    """What was answered; 0 while nothing was."""

    @property
    def key(self) -> str:
        """The key it came with."""
        return self.headers.get("x-api-key") or self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def slots(self) -> list[int]:
        """The slots it asked for."""
        return [asked.slot for asked in self.asked]

    @property
    def system(self) -> str:
        """The text of its system prompt."""
        if self.vendor == "anthropic":
            return _text(self.body.get("system") or "")
        return "\n".join(_text(m["content"]) for m in self.body["messages"] if m["role"] == "system")

    @property
    def prompt(self) -> str:
        """The text of its messages, without the system prompt."""
        return "\n".join(_text(m["content"]) for m in self.body["messages"] if m["role"] != "system")


def _text(content: str | list[dict[str, Any]]) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(block.get("text", "") for block in content)


Finish = Literal["stop", "length", "filtered", "refused"]


@dataclass(slots=True)
class Answer:
    """What a model is about to say."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    """The inputs, as they will stand in the JSON."""
    text: str | None = None
    """The text itself; None is said as null."""
    finish: Finish = "stop"
    refusal: str = ""
    thinking: int = 0
    """Tokens it thought with before it wrote."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in place of an answer, before a vendor's wire has put it into its own form."""

    status: int
    kind: str
    message: str
    code: str = ""
    param: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    """HTML in place of JSON, as proxies send it."""
