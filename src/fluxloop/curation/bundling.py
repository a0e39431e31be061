"""Which inputs go into a bundle, the bundle itself, and what sets two bundles apart."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fluxloop.curation.searching import fold_name, topic_of
from fluxloop.schema.bundle import Bundle
from fluxloop.schema.input import Input, Source, Status
from fluxloop.schema.persona import Persona
from fluxloop.store.bundles import hash_bundle

Mix = tuple[float, float]
"""Shares of synthetic and manual inputs; they need not sum to 100."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen inputs in their old order, and what one should know about the choice."""

    inputs: tuple[Input, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BundleDiff:
    """Ids by what became of them from the first bundle to the second."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    personas_added: tuple[str, ...]
    personas_removed: tuple[str, ...]
    personas_changed: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the bundles hold the same."""
        return not any(getattr(self, name) for name in self.__slots__)


def select_inputs(
    inputs: Sequence[Input],
    *,
    personas: Collection[str] = (),
    topics: Collection[str] = (),
    status: Status | None = None,
    size: int | None = None,
    mix: Mix | None = None,
    exact_mix: bool = False,
    include_pending: bool = False,
    seed: int = 0,
) -> Selection:
    """Choose the inputs of a bundle: the approved ones unless `status` says otherwise, evenly over persona and topic.

    Critical manual inputs are always in, beyond `size` and whatever the personas, topics and status asked for, unless
    they are rejected. Of the rest as many as `size` leaves room for, in the shares of `mix` as far as there are enough
    of each source. Without a size all are taken; `exact_mix` then leaves out what the mix has no place for.
    """
    critical = [item for item in inputs if is_critical(item) and item.status != "rejected"]
    allowed = {status or "approved", *(["pending"] if include_pending else [])}
    pool = [
        item for item in inputs if item.status in allowed and not is_critical(item) and _asked(item, personas, topics)
    ]
    total = _total(critical, pool, size, mix if exact_mix else None)
    parts, note = _parts(critical, pool, total, mix)
    chosen = {id(item) for item in critical}
    for part, count in parts:
        chosen |= {id(item) for item in spread_evenly(part, count, seed)}
    selected = tuple(item for item in inputs if id(item) in chosen)
    notes = [*_pending_note(selected), *_size_note(selected, critical, size), *note]
    if critical and not pool and (personas or topics or status):
        notes.append("Nothing has what was asked for; these are the critical inputs, which are always in.")
    if size is None and (left_out := len(critical) + len(pool) - len(selected)):
        notes.append(f"{left_out} of {left_out + len(selected)} inputs are left out, to keep the mix.")
    return Selection(selected, tuple(notes))


def make_bundle(
    name: str,
    selection: Selection,
    personas: Mapping[str, Persona],
    *,
    description: str = "",
    version: int = 1,
    created: str = "",
) -> Bundle:
    """Freeze a selection with the personas of its inputs and the hash of both; `created` is today unless given."""
    named = dict.fromkeys(item.persona for item in selection.inputs if item.persona)
    bundle = Bundle(
        name=name,
        description=description,
        version=version,
        created=created or date.today().isoformat(),
        inputs=selection.inputs,
        personas=tuple(personas[persona] for persona in named if persona in personas),
    )
    return bundle.model_copy(update={"content_hash": hash_bundle(bundle)})


def diff_bundles(before: Bundle, after: Bundle) -> BundleDiff:
    """What was added, taken out and changed from one bundle to another, by id."""
    inputs = _diff({item.id: item for item in before.inputs}, {item.id: item for item in after.inputs})
    one = {persona.persona_id: persona for persona in before.personas}
    other = {persona.persona_id: persona for persona in after.personas}
    return BundleDiff(*inputs, *_diff(one, other))


def is_critical(item: Input) -> bool:
    """Whether a person wrote it and calls it critical."""
    return item.source == "manual" and (item.importance or "").strip().casefold() == "critical"


def spread_evenly(items: Sequence[Input], count: int, seed: int = 0) -> list[Input]:
    """As many items as asked for, as evenly over persona and topic as can be; the same ones for the same seed."""
    if count >= len(items):
        return list(items)
    cells: dict[tuple[str, str], list[Input]] = {}
    for item in items:
        cells.setdefault((item.persona or "", fold_name(topic_of(item))), []).append(item)
    dice = random.Random(seed)
    for cell in cells.values():
        dice.shuffle(cell)
    ordered = [cells[key] for key in _in_turns(cells)]
    rounds = (cell[turn] for turn in range(max(map(len, ordered))) for cell in ordered if turn < len(cell))
    return [item for item, _ in zip(rounds, range(count), strict=False)]


def _in_turns(keys: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Cells ordered so that the personas take turns: a short walk then meets all of them."""
    seen: dict[str, int] = {}
    ranked = []
    for place, (persona, topic) in enumerate(keys):
        seen[persona] = seen.get(persona, 0) + 1
        ranked.append((seen[persona], place, (persona, topic)))
    return [key for _, _, key in sorted(ranked)]


def _asked(item: Input, personas: Collection[str], topics: Collection[str]) -> bool:
    folded = {fold_name(topic) for topic in topics}
    return (not personas or item.persona in personas) and (not folded or fold_name(topic_of(item)) in folded)


def _total(critical: Sequence[Input], pool: Sequence[Input], size: int | None, mix: Mix | None) -> int:
    """How many inputs there will be; without a size, as many as there are, or as keep to the mix when one is given."""
    everything = len(critical) + len(pool)
    if size is not None:
        return min(max(size, len(critical)), everything)
    synthetic = sum(item.source == "synthetic" for item in pool)
    if mix is None or not synthetic or synthetic == everything:
        return everything
    return max(len(critical), _greatest_total(synthetic, everything - synthetic, mix))


def _parts(
    critical: Sequence[Input], pool: Sequence[Input], total: int, mix: Mix | None
) -> tuple[list[tuple[list[Input], int]], tuple[str, ...]]:
    """Parts of the pool, each with how many to take of it beside the critical ones; a note when the mix is not kept."""
    room = total - len(critical)
    if mix is None:
        return [(list(pool), room)], ()
    synthetic = [item for item in pool if item.source == "synthetic"]
    manual = [item for item in pool if item.source == "manual"]
    wanted = _round_share(mix[0], mix[1], total)
    taken = min(max(wanted, room - len(manual)), len(synthetic), room)
    note = (
        () if taken == wanted else (_mix_note(taken, total - taken, mix, "manual" if taken > wanted else "synthetic"),)
    )
    return [(synthetic, taken), (manual, room - taken)], note


def _round_share(share: float, other: float, total: int) -> int:
    """The first one's part of the total by largest remainder; ties go to the first."""
    exact = [Fraction(str(value)) for value in (share, other)]
    if not sum(exact):
        return 0
    return int(exact[0] * total / sum(exact) + Fraction(1, 2))


def _greatest_total(synthetic: int, manual: int, mix: Mix) -> int:
    """The greatest total whose shares there are enough inputs for."""
    for total in range(synthetic + manual, 0, -1):
        first = _round_share(mix[0], mix[1], total)
        if first <= synthetic and total - first <= manual:
            return total
    return 0


def _mix_note(synthetic: int, manual: int, mix: Mix, short: Source) -> str:
    asked = f"{mix[0]:g}:{mix[1]:g}"
    if short == "synthetic" and manual and not mix[1]:
        return f"{manual} manual inputs are in, although none were asked for: critical ones always are."
    total = synthetic + manual
    return f"{synthetic} synthetic and {manual} manual inputs, not {asked}: there are too few {short} ones for {total}."


def _pending_note(selected: Sequence[Input]) -> tuple[str, ...]:
    pending = sum(item.status == "pending" for item in selected)
    return (f"{pending} of {len(selected)} inputs are pending: nobody has approved them.",) if pending else ()


def _size_note(selected: Sequence[Input], critical: Sequence[Input], size: int | None) -> tuple[str, ...]:
    if size is None or len(selected) == size:
        return ()
    if len(selected) > size:
        return (f"{len(selected)} inputs, more than {size}: all {len(critical)} critical ones are always in.",)
    return (f"{len(selected)} inputs, fewer than {size}: there are no more.",)


def _diff(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[tuple[str, ...], ...]:
    added = tuple(name for name in after if name not in before)
    removed = tuple(name for name in before if name not in after)
    changed = tuple(name for name in after if name in before and before[name] != after[name])
    return added, removed, changed
