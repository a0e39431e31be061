"""The folder of a test run."""

from __future__ import annotations

from datetime import datetime

import pytest

from fluxloop.errors import ConfigError, NotFound
from fluxloop.schema.result import Exchange, Result
from fluxloop.store.results import ResultFolder, find_run, list_runs, read_results

WHEN = datetime(2026, 11, 23, 8, 30, 1)


def test_results_are_streamed_and_read_back(tmp_path):
    """Any text survives; a last line that was cut off is passed over, a broken one before it is told."""
    folder = ResultFolder.create(tmp_path / "results", WHEN)
    results = [
        Result(input_id=f"input_{n}", outcome="passed", exchanges=(Exchange(input="a\u2028\n😅", reply='"'),))
        for n in range(3)
    ]
    for result in results:
        folder.append(result)
    assert read_results(folder.path) == results
    path = folder.path / "results.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert read_results(folder.path) == results[:2]
    folder.append(results[2])
    assert read_results(folder.path) == results
    path.write_bytes(whole[20:])
    with pytest.raises(ConfigError, match="jsonl:1: "):
        read_results(folder.path)


def test_a_reply_no_file_can_hold_is_kept_as_far_as_it_can_be(tmp_path):
    """An agent that answers with half a character costs that character and nothing else."""
    folder = ResultFolder.create(tmp_path, WHEN)
    folder.append(Result(input_id="input_001", outcome="passed", exchanges=(Exchange(input="a", reply="b\ud83dc"),)))
    assert read_results(folder.path)[0].exchanges[0].reply == "b?c"


def test_runs_of_one_second_have_folders_of_their_own(tmp_path):
    """No run writes into another's folder, and they are listed as they were made."""
    names = [ResultFolder.create(tmp_path, WHEN).name for _ in range(11)]
    assert names[:2] == ["run_20261123_083001", "run_20261123_083001_2"]
    assert [path.name for path in list_runs(tmp_path)] == names
    assert find_run(tmp_path).name == names[-1]
    with pytest.raises(NotFound):
        find_run(tmp_path, "run_1")


def test_other_files_of_a_run_are_written_whole(tmp_path):
    """A summary or a report stands in the run's folder."""
    folder = ResultFolder.create(tmp_path, WHEN)
    assert folder.write("summary.json", "{}").read_text() == "{}"
    assert read_results(folder.path) == []
