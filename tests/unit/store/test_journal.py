"""Nothing that was paid for is lost, however a run ends."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fluxloop.errors import NotFound, StoreError
from fluxloop.schema.plan import Slot, StyleTarget
from fluxloop.store import journal
from fluxloop.store.journal import JournalCall, JournalHeader, Writing, slot_data, slot_of
from fluxloop.store.project import find_project

TEXT = st.text(max_size=20)
STYLES = st.builds(StyleTarget, casual=st.floats(0, 1), misspellings=st.floats(0, 100))
SLOTS = st.builds(Slot, persona_id=TEXT, topic=TEXT, situation=TEXT, intent=TEXT, language=TEXT, style=STYLES)
CALLS = st.builds(
    JournalCall, key=TEXT, slots=st.lists(SLOTS, max_size=3).map(tuple), text=TEXT, usage=st.just({"input_tokens": 7})
)
STYLE = StyleTarget(8, 1, True, False, False, True, 0.4, False, 12.5, False, True)
SLOT = Slot(3, "novice_user", "billing", "was charged twice", "ask", "simple", "worried", "en", STYLE, seed=9)
CALL = JournalCall("abc", (SLOT,), 'he said "no"\n😅', (3,), "m", {"input_tokens": 5})

IDS = ("input_001", "input_002")


def header(run="gen_20261123_080000", **other):
    """A run's header."""
    quotas = {"novice_user": 60, "expert_user": 40}
    output, settings = "inputs/generated.yaml", {"count": 100}
    return JournalHeader(run, "2026-11-23T08:00:00Z", output, "0/input_001", settings, quotas, **other)


@pytest.fixture
def project(tmp_path):
    """An empty folder."""
    return find_project(tmp_path)


def test_what_is_kept_is_read_back(project):
    """Header, calls, what was about to be written, and that it is done."""
    kept = journal.create(project, header(about="100 inputs"))
    kept.call(CALL)
    kept.call(replace(CALL, key="def", slots=()))
    kept.writing(Writing("inputs/generated.yaml", "input_001", "input_002", 2, (1, 2), IDS, ("d1", "d2")))
    record = journal.read(project, kept.run)
    assert record.header == header(about="100 inputs")
    assert record.calls == (CALL, replace(CALL, key="def", slots=()))
    assert record.writing == (Writing("inputs/generated.yaml", "input_001", "input_002", 2, (1, 2), IDS, ("d1", "d2")),)
    assert not record.done
    kept.finish()
    assert journal.read(project, kept.run).done
    with pytest.raises(StoreError):
        kept.call(CALL)


@given(SLOTS)
def test_slots_are_plain_data_and_come_back(slot):
    """The same as `asdict`, through JSON and back."""
    assert slot_data(slot) == asdict(slot)
    assert slot_of(json.loads(json.dumps(slot_data(slot)))) == slot


@given(calls=st.lists(CALLS, max_size=5), cut=st.floats(0, 1), more=st.lists(CALLS, max_size=2))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cut_anywhere_all_whole_calls_are_read_back(tmp_path_factory, calls, cut, more):
    """Whatever byte a write ended at; and whoever goes on adds whole lines after the last whole one."""
    project = find_project(tmp_path_factory.mktemp("project"))
    kept = journal.create(project, header())
    begun = kept.path.stat().st_size
    ends = []
    for call in calls:
        kept.call(call)
        ends.append(kept.path.stat().st_size)
    kept.close()
    size = begun + round(cut * (kept.path.stat().st_size - begun))
    with kept.path.open("r+b") as file:
        file.truncate(size)
    whole = tuple(call for call, end in zip(calls, ends, strict=True) if end <= size)
    assert journal.read(project, kept.run).calls == whole
    again = journal.reopen(project, kept.run)
    for call in more:
        again.call(call)
    again.close()
    assert journal.read(project, kept.run).calls == (*whole, *more)


@given(st.binary(max_size=200))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_line_costs_only_itself(tmp_path_factory, damage):
    """The calls before and after it are read."""
    project = find_project(tmp_path_factory.mktemp("project"))
    kept = journal.create(project, header())
    kept.call(CALL)
    with kept.path.open("ab") as file:
        file.write(b"{" + damage.replace(b"\n", b"") + b"\n")
    kept.call(CALL)
    assert journal.read(project, kept.run).calls == (CALL, CALL)


def test_a_run_that_died_at_once_is_no_journal(project):
    """A header that was cut off: nothing was paid for yet."""
    path = journal.create(project, header()).path
    path.write_bytes(path.read_bytes()[:-5])
    assert journal.open_journals(project) == []


def test_unfinished_runs_are_listed_newest_first(project):
    """In the order they were made, ten of one second included; those that are done are not listed."""
    names = []
    for _ in range(11):
        names.append(journal.new_run(project, datetime(2026, 11, 23, 8)))
        kept = journal.create(project, header(names[-1]))
        kept.call(CALL)
        kept.close()
    assert names[:2] == ["gen_20261123_080000", "gen_20261123_080000_2"]
    journal.reopen(project, names[3]).finish()
    listed = journal.open_journals(project)
    assert [info.header.run for info in listed] == [name for name in reversed(names) if name != names[3]]
    assert listed[0].calls == 1
    assert listed[0].path.is_file()


def test_old_journals_that_are_done_are_removed(project):
    """Ten stay; unfinished ones stay however old."""
    unfinished = journal.create(project, header("gen_20200101_000000"))
    unfinished.call(CALL)
    unfinished.close()
    for number in range(15):
        journal.create(project, header(f"gen_20261123_0800{number:02}")).finish()
    left = sorted(path.stem for path in journal.journal_dir(project).iterdir())
    assert left == ["gen_20200101_000000", *(f"gen_20261123_0800{number:02}" for number in range(5, 15))]


def test_a_run_has_one_journal(project):
    """A second one of the same name is an error, and an unknown name leads to a known one."""
    journal.create(project, header())
    with pytest.raises(StoreError, match="has a journal already"):
        journal.create(project, header())
    with pytest.raises(NotFound, match="Did you mean `gen_20261123_080000`"):
        journal.read(project, "gen_20261123_08000")


FOREIGN = [
    ("version", lambda line: line | {"version": 99}),
    ("more", lambda line: line | {"colour": "red"}),
    ("fewer", lambda line: {name: value for name, value in line.items() if name != "quotas"}),
]
FOREIGN_SLOTS = [
    lambda slot: slot | {"colour": "red"},
    lambda slot: {name: value for name, value in slot.items() if name != "tone"},
    lambda slot: slot | {"style": {**slot["style"], "bold": True}},
    lambda slot: slot | {"style": None},
    lambda slot: "slot",
]


@pytest.mark.parametrize("change", [change for _, change in FOREIGN])
def test_a_journal_of_another_version_says_where_the_texts_are(project, change):
    """It is not listed, it cannot be read, and nothing in it is lost."""
    kept = journal.create(project, header())
    kept.call(CALL)
    first, rest = kept.path.read_text().split("\n", 1)
    kept.path.write_text(json.dumps(change(json.loads(first))) + "\n" + rest)
    assert journal.open_journals(project) == []
    with pytest.raises(StoreError, match="written by another version") as caught:
        journal.read(project, kept.run)
    assert str(kept.path) in caught.value.hint


@pytest.mark.parametrize("change", FOREIGN_SLOTS)
def test_slots_of_another_version_are_told_too(project, change):
    """Missing and unknown keys alike."""
    kept = journal.create(project, header())
    kept.call(CALL)
    kept.close()
    first, line, _ = kept.path.read_text().split("\n")
    data = json.loads(line)
    data["slots"] = [change(data["slots"][0])]
    kept.path.write_text(f"{first}\n{json.dumps(data)}\n")
    with pytest.raises(StoreError, match="written by another version"):
        journal.read(project, kept.run)


def test_half_a_surrogate_pair_survives(project):
    """A model may cut an emoji in two; the text is kept as it came."""
    kept = journal.create(project, header())
    kept.call(replace(CALL, text="\ud83d"))
    assert journal.read(project, kept.run).calls[0].text == "\ud83d"


WRITER = """
import resource, signal, sys
from dataclasses import replace
sys.path.insert(0, sys.argv[2])
from test_journal import CALL, header
from pathlib import Path
from fluxloop.errors import StoreError
from fluxloop.store import journal
from fluxloop.store.project import find_project
kept = journal.create(find_project(Path(sys.argv[1])), header())
if len(sys.argv) > 3:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
number = 0
while True:
    try:
        kept.call(replace(CALL, key=str(number)))
    except StoreError as error:
        print("full", error.message)
        sys.exit(7)
    number += 1
    print(number, flush=True)
"""


def started(tmp_path, *more):
    """A process that writes calls, and says after each how many those are."""
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", WRITER, str(tmp_path), here, *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_process_has_lost_nothing(tmp_path, project, seed):
    """Killed at any moment: every call that it had kept is there, and at most one more."""
    process = started(tmp_path)
    for _ in range(random.Random(seed).randrange(1, 200)):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    said = [line for line in process.communicate()[0].splitlines() if line]
    calls = journal.read(project, "gen_20261123_080000").calls
    assert [call.key for call in calls] == [str(number) for number in range(len(calls))]
    assert len(calls) >= int(said[-1] if said else 1)


@pytest.mark.parametrize("room", [2000, 2345, 5000])
def test_a_full_disk_is_told_and_leaves_whole_lines(tmp_path, project, room):
    """The call that does not fit is an error, nothing of it stays, and the others are there."""
    process = started(tmp_path, str(room))
    said = process.communicate()[0].splitlines()
    assert process.returncode == 7
    assert "cannot be written" in said[-1]
    path = journal.journal_dir(project) / "gen_20261123_080000.jsonl"
    assert path.read_bytes().endswith(b"\n")
    calls = journal.read(project, "gen_20261123_080000").calls
    assert len(calls) == int(said[-2]) if len(said) > 1 else not calls
