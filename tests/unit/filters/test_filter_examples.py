"""Every filter stands beside a table of what it catches and what it lets pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from fluxloop.filters.base import Filter, Text
from fluxloop.filters.registry import BUILT_IN, create_filters
from fluxloop.schema.config import Settings
from fluxloop.schema.persona import Persona

FOLDER = Path(__file__).parent / "examples"
EVERY_FILTER_ON = {"forbidden_topics": ["politics"]}


def _table(name: str) -> dict[str, Any]:
    file = FOLDER / f"{name}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _filter(name: str) -> Filter:
    values = {**EVERY_FILTER_ON, **_table(name).get("settings", {})}
    settings = Settings(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
    return next(each for each in create_filters(settings) if each.name == name)


def _text(name: str, example: str | dict[str, Any]) -> Text:
    table = _table(name)
    values = {**table.get("defaults", {}), **(example if isinstance(example, dict) else {"text": example})}
    told = values.pop("persona", None)
    persona = Persona(persona_id=told, **table["personas"][told]) if told else None
    return Text(persona=persona, **values)


def _cases(column: str) -> list[Any]:
    return [
        pytest.param(name, example, id=f"{name}: {(example if isinstance(example, str) else example['text'])[:50]}")
        for name in BUILT_IN
        for example in _table(name).get(column, ())
    ]


@pytest.mark.parametrize("name", list(BUILT_IN))
def test_no_filter_is_without_examples(name: str) -> None:
    """A filter without three examples of each kind cannot be judged, so it may not exist."""
    table = _table(name)
    assert len(table.get("caught", ())) >= 3, f"write {FOLDER / name}.yaml"
    assert len(table.get("passes", ())) >= 3, f"write {FOLDER / name}.yaml"


def test_no_table_is_without_its_filter() -> None:
    """A table whose filter is gone is dead."""
    assert {file.stem for file in FOLDER.glob("*.yaml")} == set(BUILT_IN)


@pytest.mark.parametrize(("name", "example"), _cases("caught"))
def test_what_must_go_is_caught(name: str, example: str | dict[str, Any]) -> None:
    """Every example of the left column gives a finding that names its filter and says why."""
    finding = _filter(name).check(_text(name, example))
    assert finding is not None
    assert finding.filter == name
    assert finding.what and finding.why


@pytest.mark.parametrize(("name", "example"), _cases("passes"))
def test_what_may_stay_passes(name: str, example: str | dict[str, Any]) -> None:
    """Every example of the right column gives none."""
    assert _filter(name).check(_text(name, example)) is None
