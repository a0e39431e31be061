"""Which of a message's facts an agent's function is given: the text, and what it declares by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from inspect import BoundArguments, Parameter, Signature
from typing import Any

from fluxloop.errors import RunnerError
from fluxloop.runners.base import Message

NAMES = ("session_id", "turn", "persona", "history", "input_id")
"""Passed when a parameter of that name is declared; `**kwargs` declares none of them."""

SINGLE = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True)
class Binding:
    """How one function takes a message."""

    signature: Signature
    text: str
    """The parameter that gets the message's text."""
    names: tuple[str, ...]
    """The parameters that get a fact of the same name."""

    def arguments(self, message: Message) -> BoundArguments:
        """The arguments of one call."""
        given: dict[str, Any] = {name: fact_of(message, name) for name in self.names}
        starred = self.signature.parameters[self.text].kind is Parameter.VAR_POSITIONAL
        given[self.text] = (message.text,) if starred else message.text
        ordered = {name: given[name] for name in self.signature.parameters if name in given}
        return BoundArguments(self.signature, ordered)


def bind_function(function: Callable[..., Any], shown: str, *, skip_self: bool = False) -> Binding:
    """Work out once how `function` takes a message. RunnerError when it cannot take one."""
    signature = signature_of(function, skip_self)
    parameters = signature.parameters.values()
    names = tuple(item.name for item in parameters if item.name in NAMES and item.kind in SINGLE)
    text = text_parameter(signature)
    if text is None:
        raise RunnerError(
            f"`{shown}{signature}` takes no message.",
            f"Give it a first parameter for the user's text: `def answer(message: str) -> str`. "
            f"By name it may also take {', '.join(NAMES)}.",
        )
    unmet = [item.name for item in parameters if is_required(item) and item.name not in {text, *names}]
    if unmet:
        raise RunnerError(
            f"`{shown}{signature}` needs `{'`, `'.join(unmet)}`, and nothing is known to pass there.",
            f"Give it a default value. Known by name are {', '.join(NAMES)}.",
        )
    return Binding(signature, text, names)


def signature_of(function: Callable[..., Any], skip_self: bool) -> Signature:
    """The signature without `self`; for what has none (some built-ins), one that takes the text alone."""
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        return Signature([Parameter("text", Parameter.POSITIONAL_ONLY)])
    parameters = list(signature.parameters.values())
    return signature.replace(parameters=parameters[1:]) if skip_self and parameters else signature


def text_parameter(signature: Signature) -> str | None:
    """The first positional parameter that is not one of NAMES; else `*args`; else the first required keyword."""
    free = [item for item in signature.parameters.values() if item.name not in NAMES]
    for kinds in ((Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD), (Parameter.VAR_POSITIONAL,)):
        for item in free:
            if item.kind in kinds:
                return item.name
    return next((item.name for item in free if item.kind is Parameter.KEYWORD_ONLY), None)


def is_required(item: Parameter) -> bool:
    """Whether a call without it would fail."""
    return item.default is Parameter.empty and item.kind in SINGLE


def fact_of(message: Message, name: str) -> Any:
    """A message's fact as an agent takes it; the history as the usual list of role and content, its own to change."""
    if name != "history":
        return getattr(message, name)
    turns: list[dict[str, str]] = []
    for exchange in message.history:
        turns.append({"role": "user", "content": exchange.input})
        turns.append({"role": "assistant", "content": exchange.reply or ""})
    return turns
