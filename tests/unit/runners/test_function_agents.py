"""Every kind of Python function is an agent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from fluxloop.errors import AgentFailed
from fluxloop.runners.base import Message
from fluxloop.runners.function import FunctionRunner
from fluxloop.schema.result import Exchange

KINDS = {
    "sync": "def answer(text):\n    return 'you said ' + text",
    "async": "import asyncio\nasync def answer(text):\n    await asyncio.sleep(0)\n    return 'you said ' + text",
    "generator": "def answer(text):\n    yield 'you '\n    yield None\n    yield 'said '\n    yield {'text': text}",
    "async generator": "async def answer(text):\n    yield 'you said '\n    yield text",
    "decorated async": (
        "async def real(text):\n    return 'you said ' + text\ndef answer(text):\n    return real(text)"
    ),
    "sync giving an async generator": (
        "async def parts(text):\n    yield 'you said '\n    yield text\ndef answer(text):\n    return parts(text)"
    ),
    "lambda": "answer = lambda text: 'you said ' + text",
    "partial": (
        "from functools import partial\ndef say(verb, text):\n    return f'you {verb} {text}'\n"
        "answer = partial(say, 'said')"
    ),
    "callable object": (
        "class Agent:\n    def __call__(self, text):\n        return 'you said ' + text\nanswer = Agent()"
    ),
    "callable async object": (
        "class Agent:\n    async def __call__(self, text):\n        return 'you said ' + text\nanswer = Agent()"
    ),
    "callable class": "class answer:\n    def __call__(self, text):\n        return 'you said ' + text",
}


@pytest.mark.parametrize("code", KINDS.values(), ids=KINDS.keys())
def test_any_callable_answers(ask: Callable[..., str], code: str) -> None:
    """Sync, async, streamed or wrapped: the answer is one text."""
    assert ask(code) == "you said hi"


METHODS = {
    "agent:Agent.answer": "class Agent:\n    def answer(self, text):\n        return text",
    "agent:agent.answer": "class Agent:\n    async def answer(self, text):\n        return text\nagent = Agent()",
    "agent:Agent.fixed": "class Agent:\n    @staticmethod\n    def fixed(text):\n        return text",
    "agent:Agent.made": "class Agent:\n    @classmethod\n    def made(cls, text):\n        return text",
    "agent:Outer.Agent.answer": (
        "class Outer:\n    class Agent:\n        async def answer(self, text):\n            yield text"
    ),
}


@pytest.mark.parametrize("target", METHODS)
def test_a_method_is_a_target(ask: Callable[..., str], target: str) -> None:
    """Methods of classes, of instances, static and class methods are found by their dotted name."""
    assert ask(METHODS[target], target) == "hi"


REPLIES = {
    "text": ("'plain'", "plain"),
    "dict with text": ("{'text': 'from text', 'sources': [1]}", "from text"),
    "dict with content": ("{'role': 'assistant', 'content': 'from content'}", "from content"),
    "dict with output": ("{'output': {'text': 'deep'}}", "deep"),
    "dict with answer": ("{'answer': 42}", "42"),
    "message object": ("__import__('types').SimpleNamespace(content='from a message')", "from a message"),
    "other dict": ("{'label': 'spam', 'score': 0.5}", '{"label": "spam", "score": 0.5}'),
    "list": ("['é', 1, None]", '["é", 1, null]'),
    "number": ("0", "0"),
    "bytes": ("'grüß'.encode()", "grüß"),
    "empty": ("''", ""),
}


@pytest.mark.parametrize(("returned", "text"), REPLIES.values(), ids=REPLIES.keys())
def test_a_reply_becomes_text(ask: Callable[..., str], returned: str, text: str) -> None:
    """Text stays as it is, text inside a dict or message is taken out, anything else is written as JSON."""
    assert ask(f"def answer(text):\n    return {returned}") == text


FAILURES = {
    "raises": ("raise ValueError('no such order')", "agent.py:2: ValueError: no such order"),
    "raises deeper": ("return {}[text]", "agent.py:2: KeyError: 'hi'"),
    "returns None": ("pass", "the agent returned nothing (None)"),
    "returns an object": ("return object()", "the agent returned a `object`, which is neither text nor JSON"),
    "exits": ("raise SystemExit(3)", "agent.py:2: the agent called sys.exit(3)"),
    "interrupts": ("raise KeyboardInterrupt", "agent.py:2: KeyboardInterrupt"),
    "stops iteration": ("raise StopIteration('x')", "agent.py:2: StopIteration: x"),
    "cancels": ("import asyncio; raise asyncio.CancelledError", "agent.py:2: asyncio.exceptions.CancelledError"),
}


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize(("body", "message"), FAILURES.values(), ids=FAILURES.keys())
def test_whatever_an_agent_raises_is_its_own_failure(
    ask: Callable[..., str], kind: str, body: str, message: str
) -> None:
    """sys.exit, Ctrl-C and a cancellation raised inside the agent are told with their place and end nothing else."""
    if kind == "async def" and "StopIteration" in body:
        message = "agent.py:2: RuntimeError: coroutine raised StopIteration"
    with pytest.raises(AgentFailed) as caught:
        ask(f"{kind} answer(text):\n    {body}")
    assert caught.value.message.startswith(message)


def test_an_error_that_cannot_be_shown_is_still_told(ask: Callable[..., str]) -> None:
    """An exception whose text raises in turn does not get past us."""
    code = "class Bad(Exception):\n    def __str__(self):\n        raise RuntimeError\ndef answer(text):\n    raise Bad"
    with pytest.raises(AgentFailed, match=r"agent\.py:5: agent\.Bad"):
        ask(code)


MESSAGE = Message("hi", "s1", 2, "novice_user", "input_007", (Exchange(input="hello", reply="Hello!"),))


@pytest.mark.parametrize(
    ("signature", "given"),
    [
        ("text", "'hi'"),
        ("input, session_id", "'hi', 's1'"),
        ("session_id, message", "'s1', 'hi'"),
        ("text, /, *, turn, persona=None", "'hi', 2, 'novice_user'"),
        ("text, model='small', *, input_id", "'hi', 'small', 'input_007'"),
        ("*args", "('hi',)"),
        ("*, question", "'hi'"),
        ("text, **kwargs", "'hi', {}"),
    ],
)
def test_an_agent_gets_what_it_declares(ask: Callable[..., str], signature: str, given: str) -> None:
    """Facts go by name to the parameters that are declared, the text to the first other one, nothing to **kwargs."""
    names = [name.split("=")[0].strip(" *") for name in signature.split(",") if name.strip() not in {"*", "/"}]
    code = f"def answer({signature}):\n    return ', '.join(map(repr, ({', '.join(names)},)))"
    assert ask(code, message=MESSAGE) == given


def test_the_history_is_the_usual_list(ask: Callable[..., str]) -> None:
    """History comes as role and content, oldest first, and is the agent's own to change."""
    code = "def answer(text, history):\n    shown = str(history)\n    history.clear()\n    return shown"
    turns = [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "Hello!"}]
    assert ask(code, message=MESSAGE) == str(turns)


def test_sessions_never_share_an_instance(write_agent: Callable[..., Path]) -> None:
    """A class is made afresh for each session, kept between its turns, and let go at its end."""
    root = write_agent(
        """
        class Agent:
            def __init__(self):
                self.heard = []
            def answer(self, text):
                self.heard.append(text)
                return ",".join(self.heard)
        """
    )

    async def talk() -> list[str]:
        runner = FunctionRunner("agent:Agent.answer", root)
        calls = [("a", "1"), ("b", "2"), ("a", "3")]
        heard = [await runner.call(Message(text, session)) for session, text in calls]
        await runner.end_session("a")
        heard.append(await runner.call(Message("4", "a")))
        await runner.aclose()
        return heard

    assert asyncio.run(talk()) == ["1", "2", "1,3", "4"]
