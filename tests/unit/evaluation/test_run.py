"""Inputs run at once, each for itself, and no result is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from fluxloop.errors import ConfigError, StoreError
from fluxloop.evaluation.events import Event, Finished, Started
from fluxloop.evaluation.run import TestRun, TestSettings, run_tests
from fluxloop.runners.function import FunctionRunner
from fluxloop.schema.input import Input, Turn
from fluxloop.schema.result import Result

ECHO = "def answer(text):\n    return text"

COUNTING = {
    "sync": """
        import threading
        lock, together, now, most = threading.Lock(), threading.Barrier(PARALLEL), 0, 0
        def answer(text):
            global now, most
            with lock:
                now += 1
                most = max(most, now)
            together.wait(10)
            with lock:
                now -= 1
            return f"{most}"
        """,
    "async": """
        import asyncio
        together, now, most = asyncio.Barrier(PARALLEL), 0, 0
        async def answer(text):
            global now, most
            now += 1
            most = max(most, now)
            await together.wait()
            now -= 1
            return f"{most}"
        """,
}
"""Agents that answer only when as many messages are with them as the run says, and count how many there were."""


def replies(run: TestRun) -> list[str | None]:
    """The last reply of each result."""
    return [result.exchanges[-1].reply for result in run.results]


def outcomes(run: TestRun) -> list[str]:
    """The outcome of each result."""
    return [result.outcome for result in run.results]


@pytest.mark.parametrize("kind", COUNTING)
@pytest.mark.parametrize("parallel", [1, 8])
def test_parallel_is_what_it_says(run: Callable[..., TestRun], kind: str, parallel: int) -> None:
    """Of 40 inputs, as many as `parallel` says are with the agent at the same time, and never more."""
    done = run(COUNTING[kind].replace("PARALLEL", str(parallel)), ["hi"] * 40, TestSettings(parallel=parallel))
    assert max(int(reply or 0) for reply in replies(done)) == parallel
    assert outcomes(done) == ["passed"] * 40


BREAKING = {
    "raises": ("raise RuntimeError('boom')", "agent.py:6: RuntimeError: boom"),
    "returns None": ("return None", "the agent returned nothing (None)"),
    "hangs": ("time.sleep(3600)", "timed out after 0.5 s"),
    "exits": ("sys.exit(1)", "agent.py:6: the agent called sys.exit(1)"),
    "interrupts": ("raise KeyboardInterrupt", "agent.py:6: KeyboardInterrupt"),
    "returns no JSON": ("return {1, 2}", "the agent returned a `set`, which is neither text nor JSON"),
}


@pytest.mark.parametrize("parallel", [1, 4])
@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize(("body", "error"), BREAKING.values(), ids=BREAKING.keys())
def test_one_broken_input_harms_no_other(
    run: Callable[..., TestRun], kind: str, body: str, error: str, parallel: int
) -> None:
    """An agent that raises, returns nothing, hangs or exits on input 3 of 5 passes the other four."""
    body = body.replace("time.sleep", "await asyncio.sleep") if kind == "async def" else body
    code = (
        f"import asyncio, sys, time\n\n\n{kind} answer(text):\n    if text == 'break':\n        {body}\n    return text"
    )
    done = run(code, ["a", "b", "break", "d", "e"], TestSettings(parallel=parallel, timeout=0.5))
    assert outcomes(done) == ["passed", "passed", "error", "passed", "passed"]
    broken = done.results[2]
    assert (broken.error or "").startswith(error)
    assert (broken.blame, broken.exchanges[0].reply, broken.checks) == ("agent_error", None, ())
    assert "Latency leaves out 1 message that got no reply." in done.notes


def test_abandoned_calls_are_noted(run: Callable[..., TestRun]) -> None:
    """Calls that could not be stopped are counted in the notes, and their place is free for the next input."""
    code = "import time\ndef answer(text):\n    time.sleep(3600 if text == 'hang' else 0)\n    return text"
    done = run(code, ["hang", "hang", "ok", "ok"], TestSettings(parallel=1, timeout=0.05))
    assert outcomes(done) == ["error", "error", "passed", "passed"]
    assert "2 calls were still running and had to be abandoned." in done.notes


def test_results_come_in_the_order_of_the_inputs(run: Callable[..., TestRun]) -> None:
    """The sink sees results as they finish; the run has them by input and iteration."""
    code = "import time\ndef answer(text):\n    time.sleep(float(text))\n    return text"
    seen: list[Result] = []
    done = run(code, ["0.2", "0.0"], TestSettings(parallel=2, iterations=2), sink=seen.append)
    assert [(result.input_id, result.iteration) for result in done.results] == [
        ("i1", 1),
        ("i1", 2),
        ("i2", 1),
        ("i2", 2),
    ]
    assert seen[0].input_id == "i2"
    assert sorted(map(id, seen)) == sorted(map(id, done.results))


def test_progress_is_told_in_facts(run: Callable[..., TestRun]) -> None:
    """One Started with the total, then one Finished a result, each after the sink has it."""
    told: list[Event | Result] = []
    run(ECHO, ["a", "b"], TestSettings(iterations=2), sink=told.append, on_event=told.append)
    assert told[0] == Started(4)
    assert [event.done for event in told if isinstance(event, Finished)] == [1, 2, 3, 4]
    assert all(told[place - 1] is event.result for place, event in enumerate(told) if isinstance(event, Finished))


CONVERSATION = Input(id="c", persona="p", conversation=(Turn(turn=1, input="one"), Turn(turn=2, input="two")))


def test_a_conversation_is_one_session(run: Callable[..., TestRun]) -> None:
    """Turns follow one another in one session with their history; other conversations have other sessions."""
    code = """
        def answer(text, session_id, turn, persona, input_id, history):
            return f"{text}|{session_id}|{turn}|{persona}|{input_id}|{[item['content'] for item in history]}"
        """
    done = run(code, [CONVERSATION], TestSettings(iterations=2))
    first, second = ([exchange.reply.split("|") for exchange in result.exchanges] for result in done.results)
    assert [turn[0] + turn[2] for turn in first] == ["one1", "two2"]
    assert first[1][3:5] == ["p", "c"]
    assert "one" in first[1][5]
    assert first[0][1] == first[1][1] != second[0][1]


def test_a_conversation_ends_where_the_agent_breaks(run: Callable[..., TestRun]) -> None:
    """What was said stays, the broken turn is named, and no later turn is sent."""
    code = "def answer(text):\n    return {'one': 'fine'}[text]"
    items = (*CONVERSATION.conversation, Turn(turn=3, input="three"))
    result = run(code, [CONVERSATION.model_copy(update={"conversation": items})]).results[0]
    assert [(item.input, item.reply) for item in result.exchanges] == [("one", "fine"), ("two", None)]
    assert result.error == "turn 2: agent.py:2: KeyError: 'two'"


def test_checks_decide(run: Callable[..., TestRun]) -> None:
    """General checks and the input's own are asked; one that fails fails the input, and the agent is to blame."""
    items = [Input(id="a", text="refund"), Input(id="b", text="refund", checks=({"contains": "voucher"},))]
    done = run(ECHO, items, TestSettings(checks=("not_empty", {"contains": "refund"})))
    assert outcomes(done) == ["passed", "failed"]
    assert [check.check for check in done.results[1].checks] == ["not_empty", "contains: refund", "contains: voucher"]
    assert (done.results[0].blame, done.results[1].blame) == (None, "agent")


def test_without_checks_an_empty_reply_fails(run: Callable[..., TestRun]) -> None:
    """With no check set, not_empty is looked at, and a note says so."""
    done = run(ECHO, ["hi", ""])
    assert outcomes(done) == ["passed", "failed"]
    assert any("No checks are set" in note for note in done.notes)


def test_a_bad_check_stops_before_the_first_call(run: Callable[..., TestRun]) -> None:
    """Mistakes in the general checks and in the inputs' own are told together, and the agent is not called."""
    items = [Input(id="a", text="x", checks=("nonsense",)), Input(id="b", text="x", checks=({"regex": "("},))]
    called: list[object] = []
    with pytest.raises(ConfigError) as caught:
        run(ECHO, items, TestSettings(checks=({"max_latency": "soon"},)), sink=called.append, on_event=called.append)
    for words in ("test.checks, entry 1", "checks of input `a`", "checks of input `b`"):
        assert words in caught.value.message
    assert called == []


def test_the_topic_comes_from_the_metadata(run: Callable[..., TestRun]) -> None:
    """A result knows its input's persona and topic."""
    result = run(ECHO, [Input(id="a", persona="p", text="x", metadata={"topic": "refunds"})]).results[0]
    assert (result.persona, result.topic) == ("p", "refunds")


def test_broken_surrogates_can_be_stored(run: Callable[..., TestRun]) -> None:
    """A reply or an error with half a character in it becomes text that a file can hold."""
    code = (
        "def answer(text):\n    if text == 'raise': raise ValueError('\\ud83d')\n    return '\\ud83d\\ude00 \\ud83d!'"
    )
    done = run(code, ["hi", "raise"])
    assert replies(done)[0] == "😀 \ufffd!"
    assert "\ufffd" in (done.results[1].error or "")


def test_a_cancelled_run_keeps_what_is_done(load: Callable[..., FunctionRunner]) -> None:
    """Cancelling returns the finished results, marked incomplete, and lets go of calls that are under way."""
    runner = load("import time\ndef answer(text):\n    time.sleep(3600 if text == 'hang' else 0)\n    return text")
    items = [Input(id=text, text=text) for text in ("a", "b", "hang", "c", "d")]

    async def interrupt() -> TestRun:
        two_done = asyncio.Event()
        task = asyncio.create_task(
            run_tests(items, runner, TestSettings(parallel=1), on_event=lambda event: stop_at_two(event, two_done))
        )
        await two_done.wait()
        await asyncio.sleep(0.05)
        task.cancel()
        return await task

    done = asyncio.run(interrupt())
    assert ([result.input_id for result in done.results], done.complete) == (["a", "b"], False)
    assert any("interrupted" in note and "were not run" in note for note in done.notes)


def stop_at_two(event: Event, reached: asyncio.Event) -> None:
    """Set when two results are there."""
    if isinstance(event, Finished) and event.done == 2:
        reached.set()


def test_a_full_disk_ends_the_run(load: Callable[..., FunctionRunner]) -> None:
    """When a result cannot be kept, the run stops with that error, not with a group of them."""

    def full(_: Result) -> None:
        raise StoreError("results.jsonl: cannot be written: no space left on device")

    with pytest.raises(StoreError, match="no space left"):
        asyncio.run(run_tests([Input(id="a", text="x")] * 9, load(ECHO), TestSettings(), sink=full))


def test_no_thread_is_left_after_a_clean_run(run: Callable[..., TestRun]) -> None:
    """When nothing hangs, the run ends with the threads it began with."""
    before = threading.active_count()
    run("async def answer(text):\n    return text", ["a"] * 20)
    assert threading.active_count() == before


def test_nothing_to_run_is_an_empty_run(run: Callable[..., TestRun]) -> None:
    """No inputs, no results, complete."""
    done = run(ECHO, [])
    assert (done.results, done.complete, done.notes) == ((), True, ())
