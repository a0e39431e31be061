"""The protocol every runner speaks: a message in, the agent's answer as text out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fluxloop.schema.result import Exchange


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a user to the agent, with what a runner may tell the agent about it."""

    text: str
    session_id: str = ""
    """The same for all turns of one conversation, never used for another."""
    turn: int = 1
    persona: str | None = None
    input_id: str = ""
    history: tuple[Exchange, ...] = ()
    """The turns before this one."""


class Runner(Protocol):
    """A way to reach one agent. It is called for many sessions at once, and for one session turn by turn."""

    @property
    def target(self) -> str:
        """The agent's name as it stands in reports."""

    async def call(self, message: Message) -> str:
        """The agent's answer to one message.

        Raises AgentFailed when the agent breaks on it. A call may be cancelled at any time (that is how a timeout
        comes), and must then return at once, whether or not the agent can be stopped.
        """

    async def end_session(self, session_id: str) -> None:
        """The conversation is over: let go of whatever is kept for it."""

    async def aclose(self) -> None:
        """The run is over: stop what can be stopped. `notes` is complete after this."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the run must know, such as calls that could not be stopped."""
