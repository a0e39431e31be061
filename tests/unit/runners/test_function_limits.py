"""No agent can hold up, end or spoil the process that tests it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fluxloop.errors import AgentFailed
from fluxloop.runners.base import Message
from fluxloop.runners.function import FunctionRunner

HANGING = {
    "sync": "import time\ndef answer(text):\n    time.sleep(0 if text == 'ok' else 3600)\n    return text",
    "async": (
        "import asyncio\nasync def answer(text):\n    await asyncio.sleep(0 if text == 'ok' else 3600)\n    return text"
    ),
    "deaf": textwrap.dedent(
        """
        import asyncio
        async def answer(text):
            while text != 'ok':
                try:
                    await asyncio.sleep(3600)
                except asyncio.CancelledError:
                    pass
            return text
        """
    ),
}


async def hang_then_answer(runner: FunctionRunner, pause: float = 0) -> str:
    """One call that must time out, then one that must not."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await runner.call(Message("hang"))
    await asyncio.sleep(pause)
    async with asyncio.timeout(5):
        reply = await runner.call(Message("ok"))
    await runner.aclose()
    return reply


@pytest.mark.parametrize("kind", HANGING)
def test_a_hanging_call_is_left_behind(write_agent: Callable[..., Path], kind: str) -> None:
    """A timeout comes when it is due, whether or not the agent can be stopped, and the next call is answered."""
    runner = FunctionRunner("agent:answer", write_agent(HANGING[kind]))
    began = time.monotonic()
    assert asyncio.run(hang_then_answer(runner)) == "ok"
    assert time.monotonic() - began < 5
    abandoned = ("1 call was still running and had to be abandoned.",)
    assert runner.notes == (() if kind == "async" else abandoned)


def test_a_blocked_event_loop_is_replaced(write_agent: Callable[..., Path]) -> None:
    """A blocking call inside an async function stops that loop only: later calls get another, and a note says so."""
    code = "import time\nasync def answer(text):\n    time.sleep(0 if text == 'ok' else 3600)\n    return text"
    runner = FunctionRunner("agent:answer", write_agent(code))
    assert asyncio.run(hang_then_answer(runner, pause=0.8)) == "ok"
    assert any("blocked its own event loop" in note for note in runner.notes)


def test_a_background_task_cannot_end_the_loop(write_agent: Callable[..., Path]) -> None:
    """sys.exit in a task that the agent has started itself takes no other call down."""
    root = write_agent(
        """
        import asyncio, sys
        async def leave():
            sys.exit(1)
        async def answer(text):
            task = asyncio.create_task(leave())
            await asyncio.wait([task])
            return f"{text} {task.exception()!r}"
        """
    )

    async def twice() -> list[str]:
        runner = FunctionRunner("agent:answer", root)
        async with asyncio.timeout(5):
            replies = [await runner.call(Message("one")), await runner.call(Message("two"))]
        await runner.aclose()
        return replies

    assert asyncio.run(twice()) == ["one SystemExit(1)", "two SystemExit(1)"]


def test_one_loop_serves_all_calls(ask: Callable[..., str], write_agent: Callable[..., Path]) -> None:
    """Clients that an async agent keeps belong to one event loop, so all calls share it."""
    root = write_agent("import asyncio\nasync def answer(text):\n    return str(id(asyncio.get_running_loop()))")

    async def three() -> set[str]:
        runner = FunctionRunner("agent:answer", root)
        replies = {await runner.call(Message(text)) for text in "abc"}
        await runner.aclose()
        return replies

    assert len(asyncio.run(three())) == 1


PROGRAM = """
import asyncio, sys
from pathlib import Path
from fluxloop.runners.base import Message
from fluxloop.runners.function import FunctionRunner

async def main():
    runner = FunctionRunner("agent:answer", Path(sys.argv[1]))
    try:
        async with asyncio.timeout(0.2):
            await runner.call(Message("hi"))
    except TimeoutError:
        pass
    await runner.aclose()

asyncio.run(main())
print("result")
"""


def run_program(root: Path) -> subprocess.CompletedProcess[str]:
    """A process of its own that calls the agent once and prints its result."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", PROGRAM, str(root)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment, check=False)


@pytest.mark.parametrize("kind", HANGING)
def test_a_hanging_agent_does_not_keep_the_process(write_agent: Callable[..., Path], kind: str) -> None:
    """The process ends by itself although a call of the agent never does."""
    ended = run_program(write_agent(HANGING[kind]))
    assert (ended.returncode, ended.stdout) == (0, "result\n")


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_prints_go_to_standard_error(write_agent: Callable[..., Path], kind: str) -> None:
    """What an agent prints on import, in a call and in threads of its own never reaches our standard output."""
    ended = run_program(
        write_agent(
            f"""
            import threading
            print("at import")
            {kind} answer(text):
                print("in the call")
                other = threading.Thread(target=print, args=("in a thread",))
                other.start()
                other.join()
                return text
            """
        )
    )
    assert ended.stdout == "result\n"
    assert ended.stderr.splitlines() == ["at import", "in the call", "in a thread"]


def test_a_quick_agent_leaves_nothing_behind(write_agent: Callable[..., Path]) -> None:
    """After a run without hanging calls there is no note, and standard output is the same object as before."""
    before = sys.stdout
    runner = FunctionRunner("agent:answer", write_agent("def answer(text):\n    return text"))
    assert sys.stdout is not before
    asyncio.run(runner.call(Message("hi")))
    asyncio.run(runner.aclose())
    assert (runner.notes, sys.stdout) == ((), before)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_no_agent_can_end_the_process_at_once(ask: Callable[..., str], kind: str) -> None:
    """os._exit in an agent is its own failure: with a 0 it would end the run and look as if all had passed."""
    before = os._exit
    with pytest.raises(AgentFailed, match=r"agent\.py:4: the agent called os\._exit\(0\)"):
        ask(f"import os\n\n{'async ' if kind == 'async' else ''}def answer(text):\n    os._exit(0)\n")
    assert os._exit is before


def test_children_of_an_agent_end_as_they_always_did(ask: Callable[..., str]) -> None:
    """A forked child leaves with os._exit, and only the child."""
    code = """
        import os
        def answer(text):
            child = os.fork()
            if not child:
                os._exit(7)
            return str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """
    assert ask(code) == "7"
