"""The only way a status moves: each decision as the changes to write, and the queue of what waits for one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from fluxloop.curation.validate import Report
from fluxloop.errors import UsageError
from fluxloop.schema.input import Turn
from fluxloop.store.inputs import StoredInput

Changes = dict[str, Any]
"""Fields and their new values as `store.inputs.edit_inputs` takes them; None takes a field out."""


def approve(stored: StoredInput) -> Changes:
    """It may go into bundles and tests; a reason it was rejected for is gone."""
    return _changed(stored, {"status": "approved", "reason": None})


def reject(stored: StoredInput, reason: str | None = None) -> Changes:
    """It stays in its file and goes nowhere else."""
    return _changed(stored, {"status": "rejected", "reason": (reason or "").strip() or None})


def reopen(stored: StoredInput) -> Changes:
    """It waits for review again."""
    return _changed(stored, {"status": "pending", "reason": None})


def edit(stored: StoredInput, texts: str | Sequence[str]) -> Changes:
    """A new text, or new turns; a generated input is marked as edited, so that no later run writes over it."""
    turns = (texts,) if isinstance(texts, str) else tuple(texts)
    if not turns:
        raise UsageError(f"{stored.input.id}: an input needs a text.", f"fluxloop inputs reject {stored.input.id}")
    if stored.input.conversation:
        new: Changes = {"conversation": tuple(Turn(turn=n, input=text) for n, text in enumerate(turns, 1))}
    elif len(turns) == 1:
        new = {"text": turns[0]}
    else:
        hint = "Give one text, or add a conversation with `fluxloop inputs add`."
        raise UsageError(f"{stored.input.id} is one message, and {len(turns)} texts were given.", hint)
    changes = _changed(stored, new)
    if changes and stored.input.origin:
        changes["origin"] = {**stored.input.origin, "edited": True}
    return changes


def choose_for_approval(
    items: Iterable[StoredInput], report: Report
) -> tuple[list[StoredInput], list[tuple[StoredInput, str]]]:
    """Of the pending inputs, those that validation found nothing against; and the others, each with why it is left."""
    against: dict[str, list[str]] = {}
    for each in report.findings:
        against.setdefault(each.stored.input.id, []).append(f"{each.finding.what}: {each.finding.why}")
    pending = [stored for stored in items if stored.input.status == "pending"]
    fit = [stored for stored in pending if stored.input.id not in against]
    left = [(stored, "; ".join(against[stored.input.id])) for stored in pending if stored.input.id in against]
    return fit, left


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing done, and the input as it was before."""

    what: Literal["decide", "edit", "skip"]
    before: StoredInput
    changes: Changes


class ReviewQueue:
    """Inputs that wait for review, one at a time; skipped ones come again after all others.

    It changes no file. `decide`, `edit` and `undo` give what is to be written with `edit_inputs`; a review that was
    broken off goes on with what is still pending.
    """

    def __init__(self, items: Iterable[StoredInput]) -> None:
        self._waiting = deque(items)
        self._steps: list[_Step] = []
        self._skipped = 0

    @property
    def current(self) -> StoredInput | None:
        """The input to look at, as it stands now; None when none is left."""
        return self._waiting[0] if self._waiting else None

    @property
    def decided(self) -> int:
        """How many were approved or rejected."""
        return sum(step.what == "decide" for step in self._steps)

    @property
    def left(self) -> int:
        """How many still wait, skipped ones too."""
        return len(self._waiting)

    @property
    def only_skipped(self) -> bool:
        """Whether everything that is left has been skipped already."""
        return bool(self._waiting) and self._skipped >= len(self._waiting)

    def decide(self, changes: Changes) -> tuple[StoredInput, Changes]:
        """The current input gets these changes (of `approve` or `reject`), and the next one comes up."""
        stored = self._take()
        self._steps.append(_Step("decide", stored, changes))
        return stored, changes

    def edit(self, changes: Changes) -> tuple[StoredInput, Changes]:
        """The current input gets these changes (of `edit`) and stays."""
        stored = self._take()
        self._steps.append(_Step("edit", stored, changes))
        self._waiting.appendleft(after(stored, changes))
        return stored, changes

    def skip(self) -> None:
        """The current input comes again after all others."""
        stored = self._take()
        self._steps.append(_Step("skip", stored, {}))
        self._waiting.append(stored)
        self._skipped += 1

    def undo(self) -> tuple[StoredInput, Changes] | None:
        """Take back the last thing done; its input is the current one again. None when nothing was done.

        The changes are empty when nothing was written, as after a skip.
        """
        if not self._steps:
            return None
        step = self._steps.pop()
        if step.what == "skip":
            self._waiting.pop()
            self._skipped -= 1
        elif step.what == "edit":
            self._waiting.popleft()
        now = after(step.before, step.changes)
        back = {name: _written(getattr(step.before.input, name)) for name in step.changes}
        self._waiting.appendleft(replace(now, input=step.before.input))
        return now, back

    def _take(self) -> StoredInput:
        if not self._waiting:
            raise IndexError("no input is left to review")
        return self._waiting.popleft()


def after(stored: StoredInput, changes: Changes) -> StoredInput:
    """The input as it stands once the changes are written; an id that was only derived is written with them."""
    if not changes:
        return stored
    return replace(stored, input=stored.input.model_copy(update=changes), has_id=True)


def _changed(stored: StoredInput, new: Changes) -> Changes:
    """Only what differs, so that a decision taken twice touches no file."""
    return {name: value for name, value in new.items() if getattr(stored.input, name) != value}


def _written(value: Any) -> Any:
    """A value as an edit takes it: what is empty is taken out again."""
    return None if value in ((), {}) else value
