"""Which filters there are, and the ones the settings ask for."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points

from fluxloop.filters.base import Filter
from fluxloop.filters.similarity import Twins
from fluxloop.schema.config import Settings

BUILT_IN = {
    "length": "fluxloop.filters.length",
    "topic": "fluxloop.filters.topic",
    "refusal": "fluxloop.filters.refusal",
    "persona_match": "fluxloop.filters.persona_match",
    "language": "fluxloop.filters.language",
    "offensive": "fluxloop.filters.offensive",
}
"""Name to module, the cheapest first; each has `create(settings) -> Filter | None`, None when it is not asked for."""

GROUP = "fluxloop.filters"
"""Entry points of this group are filters too: `create(settings) -> Filter | None`."""


def create_filters(settings: Settings) -> list[Filter]:
    """Every filter that the settings ask for, in the order they are laid on a text."""
    makers = [import_module(module).create for module in BUILT_IN.values()]
    makers += [point.load() for point in entry_points(group=GROUP)]
    made = (make(settings) for make in makers)
    return [each for each in made if each is not None]


def create_twins(settings: Settings) -> Twins:
    """The index that finds twins; it stands apart from the filters because it holds what is kept."""
    return Twins(settings.min_distance, active=settings.remove_duplicates)
