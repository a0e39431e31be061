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
from fluxloop.evaluation.record import Copies, record_run
from fluxloop.evaluation.run import TestSettings
from fluxloop.runners.function import FunctionRunner
from fluxloop.schema.bundle import Bundle
from fluxloop.schema.input import Input
from fluxloop.store.results import read_results

ECHO = "def answer(text):\n    return text"
INPUTS = [Input(id="a", text="hello"), Input(id="b", text="")]


def test_everything_is_written(load: Callable[..., FunctionRunner], tmp_path: Path) -> None:
    """Results, summary, settings, JUnit and HTML stand in the run's folder, and copies where they are wanted."""
    copies = Copies(junit=tmp_path / "ci" / "junit.xml", html=tmp_path / "page.html")
    copies.junit.parent.mkdir()  # type: ignore[union-attr]
    bundle = Bundle(name="regression_v1", content_hash="sha256:1")
    kept = asyncio.run(
        record_run(
            INPUTS, load(ECHO), TestSettings(checks=("not_empty",)), tmp_path / "results", bundle=bundle, copies=copies
        )
    )
    assert kept.folder.parent == tmp_path / "results"
    assert kept.folder.name == kept.summary.run
    summary = json.loads((kept.folder / "summary.json").read_text(encoding="utf-8"))
    assert (summary["total"], summary["passed"], summary["bundle"]) == (2, 1, "regression_v1")
    config = yaml.safe_load((kept.folder / "config.yaml").read_text(encoding="utf-8"))
    assert (config["target"], config["content_hash"], config["checks"]) == ("agent:answer", "sha256:1", ["not_empty"])
    assert {result.input_id for result in read_results(kept.folder)} == {"a", "b"}
    for name, copy in (("junit.xml", copies.junit), ("report.html", copies.html)):
        assert (kept.folder / name).read_bytes() == copy.read_bytes()  # type: ignore[union-attr]


def test_results_are_on_disk_as_they_come(load: Callable[..., FunctionRunner], tmp_path: Path) -> None:
    """When progress tells of a result, a kill would not lose it any more."""
    on_disk: list[int] = []

    def look(event: Event) -> None:
        if isinstance(event, Finished):
            (folder,) = (tmp_path / "results").iterdir()
            on_disk.append(len(read_results(folder)))

    asyncio.run(record_run(INPUTS, load(ECHO), TestSettings(iterations=3), tmp_path / "results", on_event=look))
    assert on_disk == [1, 2, 3, 4, 5, 6]


def test_a_bad_check_leaves_nothing_behind(load: Callable[..., FunctionRunner], tmp_path: Path) -> None:
    """A mistake in the settings is told before a folder is made."""
    with pytest.raises(ConfigError):
        asyncio.run(record_run(INPUTS, load(ECHO), TestSettings(checks=("nonsense",)), tmp_path / "results"))
    assert not (tmp_path / "results").exists()
