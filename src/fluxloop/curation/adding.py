"""An input that a person writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fluxloop.schema.input import Input, Turn
from fluxloop.store.bundles import bundled_ids
from fluxloop.store.ids import next_ids
from fluxloop.store.inputs import StoredInput
from fluxloop.store.project import Project


def free_id(project: Project, inputs: Iterable[StoredInput]) -> str:
    """The next id: above those of all inputs given and of all bundles."""
    return next_ids([*(stored.input.id for stored in inputs), *bundled_ids(project)], 1)[0]


def manual_input(
    input_id: str,
    texts: Sequence[str],
    *,
    persona: str | None = None,
    topic: str | None = None,
    importance: str | None = None,
    tags: Sequence[str] = (),
    pending: bool = False,
) -> Input:
    """One text, or the turns of a conversation. Its author stands behind it, so it is approved unless `pending`."""
    return Input(
        id=input_id,
        persona=persona,
        text=texts[0] if len(texts) == 1 else None,
        conversation=() if len(texts) == 1 else tuple(Turn(turn=n, input=text) for n, text in enumerate(texts, 1)),
        source="manual",
        status="pending" if pending else "approved",
        importance=importance,
        tags=tuple(tags),
        metadata={"topic": topic} if topic else {},
    )
