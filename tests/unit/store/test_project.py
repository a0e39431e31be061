"""Where a project is found, and what `init` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxloop.errors import NotFound, StoreError
from fluxloop.store.ids import next_ids
from fluxloop.store.inputs import read_project_inputs
from fluxloop.store.personas import load_personas
from fluxloop.store.project import Project, find_project
from fluxloop.store.scaffold import init_project
from fluxloop.store.settings import load_settings


def test_a_project_is_found_upwards(tmp_path):
    """From any folder below; a folder without one above it is a project of its own, unconfigured."""
    assert find_project(tmp_path) == Project(tmp_path, configured=False)
    (tmp_path / "fluxloop.yaml").write_text("")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_project(deep) == Project(tmp_path, configured=True)


def test_a_named_project_must_exist(tmp_path):
    """`--project` is taken as it is, or is not found."""
    assert find_project(Path("/"), tmp_path) == Project(tmp_path, configured=False)
    with pytest.raises(NotFound):
        find_project(tmp_path, tmp_path / "none")


def test_the_sample_project_reads_without_a_notice(tmp_path):
    """What `init` writes has no mistake, no unknown key, 150 inputs to make, and a critical one by hand."""
    root = tmp_path / "shop"
    written = init_project(root)
    project = find_project(root)
    settings, notices = load_settings(project, {})
    personas = load_personas(project, notices)
    inputs = read_project_inputs(project, notices)
    assert notices == []
    assert sum(share.count for share in settings.personas) == 150
    assert all(share.id in personas.own for share in settings.personas)
    assert "critical" in [item.input.importance for item in inputs]
    assert "" in [item.input.text for item in inputs]
    assert root / ".gitignore" in written
    for path in written:
        head = path.read_text().split("\n", 1)[0]
        if "$schema=" in head:
            assert (path.parent / head.split("$schema=")[1]).is_file()


def test_init_overwrites_nothing(tmp_path):
    """A file that is there stays, and is told."""
    (tmp_path / "fluxloop.yaml").write_text("mine: 1\n")
    kept = []
    written = init_project(tmp_path, kept)
    assert (tmp_path / "fluxloop.yaml").read_text() == "mine: 1\n"
    assert kept == [tmp_path / "fluxloop.yaml"]
    assert kept[0] not in written
    assert init_project(tmp_path) == []
    with pytest.raises(StoreError):
        init_project(tmp_path / "fluxloop.yaml")


def test_ids_go_on_and_are_never_used_twice():
    """After the greatest number of all files; a thousandth has four digits; other ids do not count."""
    assert next_ids([], 2) == ["input_001", "input_002"]
    assert next_ids(["input_007", "input_998", "mine", "input_x"], 2) == ["input_999", "input_1000"]
