"""A run is kept in its folder while it goes, and told at its end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from fluxloop.errors import ConfigError
from fluxloop.evaluation.events import Event, Finished
from fluxloop.evaluation.run import TestSettings
from fluxloop.evaluation.session import Chosen, copy_report, run_inputs
from fluxloop.runners.function import FunctionRunner
from fluxloop.schema.input import Input
from fluxloop.store.results import read_results

ECHO = "def answer(text):\n    return text"
CHOSEN = Chosen((Input(id="a", text="hello"), Input(id="b", text="")), "regression_v1", "sha256:1")


def test_everything_is_written(load: Callable[..., FunctionRunner], tmp_path: Path) -> None:
    """Results, summary, settings, JUnit and HTML stand in the run's folder, and copies where they are wanted."""
    settings = TestSettings(checks=("not_empty",))
    tested = asyncio.run(run_inputs(CHOSEN, load(ECHO), settings, tmp_path / "results"))
    assert (tested.folder.parent, tested.folder.name) == (tmp_path / "results", tested.summary.run)
    summary = json.loads((tested.folder / "summary.json").read_text(encoding="utf-8"))
    assert (summary["total"], summary["passed"], summary["bundle"]) == (2, 1, "regression_v1")
    config = yaml.safe_load((tested.folder / "config.yaml").read_text(encoding="utf-8"))
    assert (config["target"], config["bundle"], config["checks"]) == ("agent:answer", "regression_v1", ["not_empty"])
    assert {result.input_id for result in read_results(tested.folder)} == {"a", "b"}
    for name in ("junit.xml", "report.html"):
        copy_report(tested, name, tmp_path / name)
        assert (tested.folder / name).read_bytes() == (tmp_path / name).read_bytes()


def test_results_are_on_disk_as_they_come(load: Callable[..., FunctionRunner], tmp_path: Path) -> None:
    """When progress tells of a result, a kill would not lose it any more."""
    on_disk: list[int] = []

    def look(event: Event) -> None:
        if isinstance(event, Finished):
            (folder,) = (tmp_path / "results").iterdir()
            on_disk.append(len(read_results(folder)))

    asyncio.run(run_inputs(CHOSEN, load(ECHO), TestSettings(iterations=3), tmp_path / "results", look))
    assert on_disk == [1, 2, 3, 4, 5, 6]


def test_a_bad_check_leaves_nothing_behind(load: Callable[..., FunctionRunner], tmp_path: Path) -> None:
    """A mistake in the settings is told before a folder is made."""
    with pytest.raises(ConfigError):
        asyncio.run(run_inputs(CHOSEN, load(ECHO), TestSettings(checks=("nonsense",)), tmp_path / "results"))
    assert not (tmp_path / "results").exists()
