"""Runs that end before their time, and are taken up again: nothing lost, nothing doubled, nothing paid for twice."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server import faults
from tests.server.script import Script
from tests.server.wire import WireServer

from .conftest import run, tree, write_files
from .wired import generate, journal_of, journaled_slots, keys, made, paid_slots, started, whole_lines

RESUME = ["inputs", "generate", "--resume"]
Moment = Callable[[Path], bool]


def answers(least: int) -> Moment:
    """So many answers are in the journal (0: it has been begun)."""
    return lambda project: len(whole_lines(journal_of(project))) > least


def writing(project: Path) -> bool:
    """The journal says that the file is about to be written."""
    return b'{"writing"' in (journal_of(project).read_bytes() if journal_of(project).exists() else b"")


def written(project: Path) -> bool:
    """The file is there."""
    return (project / "inputs/generated.yaml").exists()


def wait_for(moment: Moment, project: Path, process: subprocess.Popen[str]) -> None:
    """Until it has come, or the process has ended."""
    deadline = time.monotonic() + 60
    while not moment(project) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def kill_at(moment: Moment, project: Path, server: WireServer, *args: str) -> None:
    """Start a run, and end it the hard way."""
    process = started(project, server, *args)
    wait_for(moment, project, process)
    process.kill()
    process.communicate()


def assert_taken_up(project: Path, server: WireServer, count: int, at_once: int) -> None:
    """`--resume` completes the count, and asks for no slot whose answer was kept."""
    kept, stopped = journaled_slots(project), server.count
    lost = set(paid_slots(server)) - set(kept)
    assert len(lost) <= at_once * 10, "only what was on its way may be lost"
    code, out, err = run(RESUME, project, keys(server))
    items = made(project)
    assert code == 0 or (code == 5 and len(items) == count), out + err
    assert len(items) == count
    assert len({item["id"] for item in items}) == len({item["text"] for item in items}) == count
    assert not set(kept) & set(paid_slots(server, stopped)), "paid twice"
    assert run(["inputs", "validate"], project)[0] == 0
    assert run(RESUME, project, keys(server))[0] == 5


def kill_and_resume(project: Path, moments: list[Moment]) -> None:
    with WireServer(latency=0.05) as server:
        args = ["--count", "300", "--concurrency", "4"]
        for moment in moments:
            kill_at(moment, project, server, *args)
            args = ["--resume"]
        assert_taken_up(project, server, 300, at_once=4 * len(moments))


@pytest.mark.parametrize(
    "moment", [answers(0), answers(random.randint(1, 30)), writing], ids=["begun", "random", "writing"]
)
def test_killed_and_taken_up(project: Path, moment: Moment) -> None:
    """Row 9: kill -9 at the start, somewhere, and as the file is written: 300 of 300, no answer paid for twice."""
    kill_and_resume(project, [moment])


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment", [*(answers(random.randint(0, 34)) for _ in range(10)), writing, writing, written, written]
)
def test_killed_at_many_moments(project: Path, moment: Moment) -> None:
    """Row 9: the same, at moments drawn anew each time, and in the short time between journal and file."""
    kill_and_resume(project, [moment])


@pytest.mark.slow
def test_killed_again_and_again(project: Path) -> None:
    """Row 9: the run that takes up is killed as well, four times."""
    kill_and_resume(project, [answers(4), answers(9), answers(17), writing])


def test_ctrl_c_waits_for_what_is_paid(project: Path) -> None:
    """Row 9: calls under way are answered and kept, no new one is sent, exit 130, and --resume does the rest."""
    with WireServer(latency=0.4) as server:
        process = started(project, server, "--count", "120", "--concurrency", "4")
        wait_for(answers(4), project, process)
        process.send_signal(signal.SIGINT)
        sent = server.count
        _, err = process.communicate(timeout=30)
        assert process.returncode == 130, err
        assert "--resume" in err and "Traceback" not in err
        assert server.count <= sent + 4
        assert sorted(journaled_slots(project)) == sorted(paid_slots(server))
        assert 40 <= len(made(project)) < 120
        server.latency = 0.02
        assert_taken_up(project, server, 120, at_once=0)


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_when_nothing_moves(project: Path, times: int) -> None:
    """Row 9: once is enough while the server wants silence; twice also ends the calls that are under way."""
    endless = faults.rate_limited(retry_after=60) if times == 1 else faults.silent()
    with WireServer(script=Script().on(range(5, 99), endless)) as server:
        process = started(project, server, "--count", "120", "--concurrency", "4")
        wait_for(lambda _: server.count >= (5 if times == 1 else 8), project, process)
        time.sleep(0.3)
        began = time.monotonic()
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
        _, err = process.communicate(timeout=30)
        assert time.monotonic() - began < 8
        assert process.returncode == 130 and "--resume" in err and "Traceback" not in err, err
        assert len(made(project)) >= 30
        server.script.rules.clear()
        assert_taken_up(project, server, 120, at_once=0)


def limited_to(size: int) -> Callable[[], None]:
    """No file may grow beyond this, as on a disk that is full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_while_the_journal_grows(project: Path) -> None:
    """Row 9: a clear error and the way on; what is there is whole; --resume completes."""
    with WireServer(latency=0.02) as server:
        process = started(project, server, "--count", "120", "--concurrency", "2", preexec_fn=limited_to(30_000))
        _, err = process.communicate(timeout=60)
        assert process.returncode == 1, err
        assert "cannot be written" in err and "--resume" in err and "Traceback" not in err
        assert len(made(project)) < 120
        assert_taken_up(project, server, 120, at_once=2)


def test_a_full_disk_when_the_file_is_written(project: Path) -> None:
    """Row 9: the old file stays to the last byte, nothing half written lies about, and --resume pays for nothing."""
    old = "inputs:\n" + "".join(f"  - own text number {number} about {number * 7919}\n" for number in range(2000))
    write_files(project, {"inputs/generated.yaml": old})
    with WireServer() as server:
        process = started(project, server, "--count", "40", preexec_fn=limited_to(len(old) + 2000))
        _, err = process.communicate(timeout=60)
        assert process.returncode == 1 and "generated.yaml" in err and "--resume" in err, err
        assert list(tree(project / "inputs")) == ["generated.yaml"]
        assert (project / "inputs/generated.yaml").read_text(encoding="utf-8") == old
        paid = server.count
        assert run(RESUME, project, keys(server))[0] == 0
        assert server.count == paid
    assert len(made(project)) == 40


def test_two_runs_at_once(project: Path) -> None:
    """Row 9: the second waits and says so; both counts are right, no id and no text comes twice."""
    with WireServer(latency=0.3) as server:
        both = [started(project, server, "--count", "30") for _ in range(2)]
        told = [process.communicate(timeout=60)[1] for process in both]
        assert [process.returncode for process in both] == [0, 0], told
    items = made(project)
    assert len(items) == len({item["id"] for item in items}) == len({item["text"] for item in items}) == 60
    assert sum("waiting" in err for err in told) == 1


def test_what_was_edited_meanwhile_stays(project: Path) -> None:
    """An interrupted run's inputs are edited, approved and thrown away before --resume: all of that holds."""
    with WireServer(script=Script().on(range(6, 99), faults.rate_limited(retry_after=7200))) as server:
        assert generate(project, server, "--count", "120", "--concurrency", "2")[0] == 4
        first = made(project)
        assert run(["inputs", "edit", "input_001", "--text", "my very own words, thank you"], project)[0] == 0
        assert run(["inputs", "approve", "input_002"], project)[0] == 0
        path = project / "inputs/generated.yaml"
        text = path.read_text(encoding="utf-8")
        start, end = text.index("  - id: input_003"), text.index("  - id: input_004")
        path.write_text(text[:start] + text[end:], encoding="utf-8")
        server.script.rules.clear()
        paid, stopped = set(paid_slots(server)), server.count
        assert run(RESUME, project, keys(server))[0] == 0
        assert not paid & set(paid_slots(server, stopped))
    items = {item["id"]: item for item in made(project)}
    assert len(items) == 119
    assert items["input_001"]["text"] == "my very own words, thank you"
    assert items["input_002"]["status"] == "approved"
    texts = {item["text"] for item in items.values()}
    assert not {first[0]["text"], first[2]["text"]} & texts


def test_a_file_that_was_thrown_away_is_written_again_for_nothing(project: Path) -> None:
    """What an interrupted run had written and somebody removed comes back from the journal."""
    with WireServer(script=Script().on(range(6, 99), faults.rate_limited(retry_after=7200))) as server:
        assert generate(project, server, "--count", "60", "--concurrency", "2")[0] == 4
        (project / "inputs/generated.yaml").unlink()
        server.script.rules.clear()
        assert_taken_up(project, server, 60, at_once=0)


def test_resumed_twice(project: Path) -> None:
    """The storm comes back while the run is taken up: the next --resume goes on from there."""
    storm = faults.rate_limited(retry_after=7200)
    script = Script().on({4, 7}, storm)
    with WireServer(script=script) as server:
        assert generate(project, server, "--count", "120", "--concurrency", "1")[0] == 4
        counts = [len(made(project))]
        for _ in range(2):
            code, *_ = run([*RESUME, "--concurrency", "1"], project, keys(server))
            counts.append(len(made(project)))
        assert code == 0
        assert counts == sorted(counts) and counts[-1] == 120
        assert len(paid_slots(server)) == len(set(paid_slots(server)))


def test_nothing_to_resume(project: Path) -> None:
    """Exit 5 in plain words; a flag that would make it another run is exit 2; a failed start leaves nothing open."""
    with WireServer() as server:
        code, _, err = run(RESUME, project, keys(server))
        assert code == 5 and "nothing to resume" in err
        assert run([*RESUME, "--count", "5"], project, keys(server))[0] == 2
        server.script.always(faults.wrong_key())
        assert generate(project, server, "--count", "5")[0] == 3
        assert run(RESUME, project, keys(server))[0] == 5


def test_the_next_run_names_the_one_that_died(project: Path) -> None:
    """A new run without --resume says that one is waiting, and both can be completed."""
    with WireServer(latency=0.05) as server:
        kill_at(answers(3), project, server, "--count", "80", "--concurrency", "2")
        code, _, err = generate(project, server, "--count", "10")
        assert code == 0 and "--resume" in err
        assert run(RESUME, project, keys(server))[0] == 0
    assert len(made(project)) == 90
    assert len({item["id"] for item in made(project)}) == 90
