"""Topic packs: what people say about a topic, as data files under `packs/<language>/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one situation in one register; `{name}` in a line is filled in when it is used."""

    state: tuple[str, ...]
    ask: tuple[str, ...]
    short: tuple[str, ...]
    detail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """One thing that makes a person write."""

    about: str
    """In the third person, for plans and prompts: `charged twice for the same month`."""
    intent: str
    """problem, how_to, request or question."""
    level: str
    """Who can be in it: novice, any or technical."""
    plain: Lines
    technical: Lines | None = None
    bind: dict[str, str] = field(default_factory=dict)
    """Fillers that are fixed in this situation, such as its verb."""
    kind: str = "pack"
    """pack (written by hand), or verb, thing, error, term (a frame about a word)."""
    matter: bool = False
    """Happens in the world, not on a screen: a parcel, a bill, a visit. Nobody clears a cache for it."""
    digital: bool = False
    """A frame only for a term of software."""


@dataclass(frozen=True, slots=True)
class TopicPack:
    """A topic in one language."""

    topic: str
    title: str
    things: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    fill: dict[str, tuple[str, ...]] = field(default_factory=dict)
    situations: tuple[Situation, ...] = ()


def packs_folder(language: str) -> Traversable:
    """Where the packs of a language are; the folder may be missing."""
    return files("fluxloop.topics") / "packs" / language


@lru_cache(maxsize=128)
def load_pack(topic: str, language: str = "en") -> TopicPack | None:
    """The pack with this id, or None when that language has none."""
    file = packs_folder(language) / f"{topic}.yaml"
    if not file.is_file():
        return None
    return _pack_of(load_yaml(file))


def load_yaml(file: Traversable) -> dict[str, Any]:
    """A data file of ours, by the C loader (ten times quicker than the Python one)."""
    return yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)  # type: ignore[no-any-return]


def lines_of(data: dict[str, Any]) -> Lines:
    """The four kinds of lines as they stand in a pack or a frame."""
    return Lines(*(tuple(data[key]) for key in ("state", "ask", "short", "detail")))


def situation_of(data: dict[str, Any], kind: str = "pack", *, matter: bool = False) -> Situation:
    """A situation as it stands in a pack or a frame."""
    technical = data.get("technical")
    return Situation(
        about=data["about"],
        intent=data["intent"],
        level=data.get("level", "any"),
        plain=lines_of(data),
        technical=lines_of(technical) if technical else None,
        kind=kind,
        matter=matter,
        digital=data.get("digital", False),
    )


def _pack_of(data: dict[str, Any]) -> TopicPack:
    return TopicPack(
        topic=data["topic"],
        title=data["title"],
        things=tuple(data["things"]),
        verbs=tuple(data["verbs"]),
        errors=tuple(data["errors"]),
        fill={name: tuple(values) for name, values in (data.get("fill") or {}).items()},
        situations=tuple(situation_of(item, matter=data.get("matter", False)) for item in data["situations"]),
    )
