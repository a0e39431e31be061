"""Decisions, and the queue of what waits for one, written into real files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.curation.review import ReviewQueue, approve, choose_for_approval, edit, reject, reopen
from fluxloop.curation.validate import validate
from fluxloop.errors import UsageError
from fluxloop.schema.config import Settings
from fluxloop.schema.input import Input
from fluxloop.store.inputs import StoredInput, edit_inputs, read_inputs

FILE = """\
generated_inputs:   # made on Monday
  - id: input_001
    text: "where is my order"   # short
    source: synthetic
    status: pending
    origin: {provider: embedded, seed: 4}
  - id: input_002
    conversation:
      - {turn: 1, input: it is broken}
      - {turn: 2, input: still broken}
    source: synthetic
    status: pending
inputs:
  - "How do I start?"
"""


def _file(tmp_path: Path) -> Path:
    path = tmp_path / "review.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def _memory(*statuses: str) -> list[StoredInput]:
    return [
        StoredInput(Input(id=str(n), text=f"text {n}", status=status), Path("x.yaml"), n, (n,))  # type: ignore[arg-type]
        for n, status in enumerate(statuses)
    ]


def test_a_decision_names_only_what_changes() -> None:
    """Approving the approved touches no file; a reason goes with the rejection it was for."""
    pending, approved = _memory("pending", "approved")
    assert approve(pending) == {"status": "approved"}
    assert approve(approved) == {}
    assert reject(pending, "  too polite ") == {"status": "rejected", "reason": "too polite"}
    assert reject(pending, "  ") == {"status": "rejected"}
    rejected = StoredInput(Input(id="r", text="t", status="rejected", reason="no"), Path("x.yaml"), 1, (0,))
    assert approve(rejected) == {"status": "approved", "reason": None}
    assert reopen(rejected) == {"status": "pending", "reason": None}


def test_an_edit_marks_what_was_generated(tmp_path: Path) -> None:
    """A later run must not write over a person's words; a person's own input needs no mark."""
    message, talk, manual = read_inputs(_file(tmp_path), [])
    assert edit(message, "where is it") == {
        "text": "where is it",
        "origin": {"provider": "embedded", "seed": 4, "edited": True},
    }
    assert edit(message, "where is my order") == {}
    assert edit(manual, "How?") == {"text": "How?"}
    assert [turn.input for turn in edit(talk, ["it is broken", "hello?"])["conversation"]] == ["it is broken", "hello?"]
    with pytest.raises(UsageError, match="input_001 is one message"):
        edit(message, ["one", "two"])
    with pytest.raises(UsageError, match="needs a text"):
        edit(talk, [])


def test_bare_approval_takes_what_passes_and_tells_what_it_leaves() -> None:
    """Pending inputs only; each one left comes with its reason."""
    items = _memory("pending", "pending", "rejected", "approved")
    items[1] = StoredInput(items[1].input.model_copy(update={"text": "i will kill you"}), Path("x.yaml"), 1, (1,))
    fit, left = choose_for_approval(items, validate(items, Settings(remove_duplicates=False), {}))
    assert [stored.input.id for stored in fit] == ["0"]
    assert [(stored.input.id, why) for stored, why in left] == [("1", "threat: “i will kill you”")]


def test_a_review_is_written_as_it_goes_and_can_be_undone_to_the_letter(tmp_path: Path) -> None:
    """Approve, edit, reject with a reason, skip: after undoing all of it, texts and statuses are as before."""
    path = _file(tmp_path)
    before = [stored.input for stored in read_inputs(path, [])]
    queue = ReviewQueue(read_inputs(path, []))
    assert queue.current is not None
    edit_inputs([queue.edit(edit(queue.current, "where is it"))])
    edit_inputs([queue.decide(approve(queue.current))])
    queue.skip()
    edit_inputs([queue.decide(reject(queue.current, "not ours"))])
    assert (queue.decided, queue.left, queue.only_skipped) == (2, 1, True)
    now = {stored.input.text or "": stored.input for stored in read_inputs(path, [])}
    assert now["where is it"].status == "approved"
    assert (now["How do I start?"].status, now["How do I start?"].reason) == ("rejected", "not ours")
    while (step := queue.undo()) is not None:
        edit_inputs([step])
    assert [stored.input for stored in read_inputs(path, [])] == before
    assert "# made on Monday" in path.read_text(encoding="utf-8")
    assert queue.left == 3 and queue.current.input.id == "input_001"


def test_a_broken_off_review_goes_on_with_what_is_pending(tmp_path: Path) -> None:
    """Nothing but the files remembers the review."""
    path = _file(tmp_path)
    queue = ReviewQueue(read_inputs(path, []))
    assert queue.current is not None
    edit_inputs([queue.decide(approve(queue.current))])
    again = [stored for stored in read_inputs(path, []) if stored.input.status == "pending"]
    assert ReviewQueue(again).left == 2


@given(st.lists(st.sampled_from(["approve", "reject", "edit", "skip", "undo"]), max_size=40))
def test_undo_is_the_exact_inverse_of_everything(steps: list[str]) -> None:
    """Whatever was done, undoing it all leads back to the queue at the start."""
    items = _memory("pending", "pending", "pending")
    queue = ReviewQueue(items)
    for step in steps:
        if step == "undo":
            queue.undo()
        elif queue.current is None:
            continue
        elif step == "skip":
            queue.skip()
        elif step == "edit":
            queue.edit(edit(queue.current, "other"))
        else:
            queue.decide(approve(queue.current) if step == "approve" else reject(queue.current))
    while queue.undo():
        pass
    assert queue.left == 3 and queue.decided == 0 and not queue.only_skipped
    order = []
    while queue.current is not None:
        order.append(queue.current.input)
        queue.decide({})
    assert order == [stored.input for stored in items]
