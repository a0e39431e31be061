"""Which inputs go into a bundle, from what the flags and the settings say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fluxloop.cli.inputs_select import named_file, read_for
from fluxloop.cli.opening import Opened
from fluxloop.cli.shares import parse_mix
from fluxloop.curation.bundling import Mix, Selection, select_inputs
from fluxloop.curation.searching import fold_name, topic_of
from fluxloop.errors import FluxloopError, NotFound, UsageError
from fluxloop.schema.config import Settings
from fluxloop.schema.input import Input
from fluxloop.store.personas import find_persona


def choose_inputs(
    opened: Opened,
    files: Sequence[str],
    more_files: Sequence[str],
    personas: Sequence[str],
    topics: Sequence[str],
    status: Any,
    size: int | None,
    mix: str | None,
    include_pending: bool,
) -> Selection:
    """The inputs asked for; none at all is an error that says what is missing."""
    settings = opened.settings()
    wanted = parse_mix(mix) if mix is not None else _settings_mix(settings)
    inputs = _inputs(opened, files, more_files)
    _refuse_strangers(opened, inputs, personas, topics)
    asked: dict[str, Any] = {
        "personas": personas,
        "topics": topics,
        "status": status,
        "include_pending": include_pending,
    }
    if not _is_there(select_inputs(inputs, **asked), include_pending, status):
        raise _nothing(inputs, personas, topics, status)
    return select_inputs(inputs, **asked, size=size, mix=wanted, exact_mix=mix is not None, seed=settings.seed)


def _settings_mix(settings: Settings) -> Mix | None:
    """The mix of `inputs: {synthetic: 80%}`; a source that is not named gets the rest of 100."""
    synthetic, manual = settings.mix_synthetic, settings.mix_manual
    if synthetic is None and manual is None:
        return None
    return (
        100 - min(100, manual or 0) if synthetic is None else synthetic,
        100 - min(100, synthetic or 0) if manual is None else manual,
    )


def _inputs(opened: Opened, files: Sequence[str], more_files: Sequence[str]) -> list[Input]:
    """The inputs of the project, or of the files named; `--inputs a.yaml b.yaml` is taken as it is meant."""
    if more_files and not files:
        raise UsageError(f"`{more_files[0]}` belongs to no option.", f"Did you mean `--inputs {more_files[0]}`?")
    named = [named_file(opened, file) for file in (*files, *more_files)]
    return [stored.input for stored in read_for(opened, named)[1]]


def _refuse_strangers(opened: Opened, inputs: Sequence[Input], personas: Sequence[str], topics: Sequence[str]) -> None:
    """A persona or a topic that nobody knows is a slip of the pen, not an empty choice."""
    written = {item.persona for item in inputs}
    for name in personas:
        if name not in written:
            find_persona(opened.personas(), name)
    known = {fold_name(topic_of(item)): topic_of(item) for item in inputs if topic_of(item)}
    for name in topics:
        if inputs and fold_name(name) not in known:
            raise NotFound("input on the topic", name, sorted(known.values()))


def _is_there(selection: Selection, include_pending: bool, status: str | None) -> bool:
    """Whether anything was asked for that is there: critical inputs that wait for approval come along by themselves."""
    if include_pending or status:
        return bool(selection.inputs)
    return any(item.status == "approved" for item in selection.inputs)


def _nothing(inputs: Sequence[Input], personas: Sequence[str], topics: Sequence[str], status: str | None) -> Exception:
    pending = sum(item.status == "pending" for item in inputs)
    if not inputs:
        return FluxloopError("There are no inputs to freeze.", "Write some with `fluxloop inputs generate`.")
    if pending and not any(item.status == "approved" for item in inputs):
        hint = "Run `fluxloop inputs approve` (or `fluxloop inputs review`), or take them with --include-pending."
        return FluxloopError(f"No input is approved yet; {pending} are pending.", hint)
    asked = [f"status {status or 'approved'}", *(f"persona {name}" for name in personas)]
    asked += [f"topic {name}" for name in topics]
    return FluxloopError(f"None of {len(inputs)} inputs has {', '.join(asked)}.", "Ask for less, or see `inputs list`.")
