"""Who is approved when several are to be, and what is found against some inputs in the light of all."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxloop.curation.approving import plan_approval
from fluxloop.curation.checking import validate_among
from fluxloop.schema.config import Settings
from fluxloop.store.inputs import StoredInput, read_inputs
from fluxloop.store.personas import builtin_personas

A = """\
inputs:
  - {id: first, text: "wheres my stuff"}
  - {id: fine, text: "can i change the delivery address?"}
"""
B = """\
inputs:
  - {id: twin, text: "Wheres my stuff?"}
  - {id: gone, text: "WHERES MY STUFF", status: rejected}
  - {id: done, text: "how much is shipping to Jersey?", status: approved}
"""


@pytest.fixture
def inputs(tmp_path: Path) -> list[StoredInput]:
    """Two files; the second repeats an input of the first."""
    stored = []
    for name, text in {"a.yaml": A, "b.yaml": B}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        stored += read_inputs(tmp_path / name, [])
    return stored


def ids(items: list[StoredInput]) -> list[str]:
    """The ids, in order."""
    return [stored.input.id for stored in items]


def test_one_of_two_twins_passes_whichever_file_is_looked_at(inputs: list[StoredInput]) -> None:
    """Looked at file by file, two twins must not each be left for the other."""
    personas = builtin_personas()
    first = validate_among(inputs, inputs[:2], Settings(), personas)
    second = validate_among(inputs, inputs[2:], Settings(), personas)
    assert (first.checked, first.findings) == (2, ())
    assert (second.checked, [each.finding.twin for each in second.findings]) == (2, ["first"])


def test_what_passes_is_approved_and_the_rest_is_told(inputs: list[StoredInput]) -> None:
    """Approved and rejected inputs are left alone; a pending one that does not pass is told with its finding."""
    approval = plan_approval(inputs, inputs, [], Settings(), builtin_personas())
    assert ids([stored for stored, _ in approval.changes]) == ["first", "fine"]
    assert ids([each.stored for each in approval.left]) == ["twin"] and approval.despite == ()


def test_a_named_input_is_approved_whatever_is_found(inputs: list[StoredInput]) -> None:
    """Naming overrules validation and an earlier rejection; what is found is told, and nothing else is touched."""
    approval = plan_approval(inputs, [], inputs[2:], Settings(), builtin_personas())
    assert ids([stored for stored, _ in approval.changes]) == ["twin", "gone"]
    assert ids([each.stored for each in approval.despite]) == ["twin"] and approval.left == ()


def test_an_input_that_is_named_and_chosen_is_approved_once(inputs: list[StoredInput]) -> None:
    """A file and one of its ids on one command line are no contradiction."""
    approval = plan_approval(inputs, inputs[2:], [inputs[2]], Settings(), builtin_personas())
    assert ids([stored for stored, _ in approval.changes]) == ["twin"] and approval.left == ()
