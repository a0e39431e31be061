"""What validation says of the inputs in files."""

from __future__ import annotations

from pathlib import Path

from fluxloop.curation.validate import Report, validate
from fluxloop.schema.config import Settings
from fluxloop.schema.persona import Persona
from fluxloop.store.inputs import StoredInput, read_inputs

PERSONAS = {
    "novice_user": Persona(persona_id="novice_user", attributes={"expertise": "beginner", "patience": "low"}),
    "german_customer": Persona(persona_id="german_customer", communication={"language": "german"}),
}
FIVE = ["No duplicates", "Appropriate length", "Matches persona", "No offensive content", "Language correctness"]


def _stored(tmp_path: Path, text: str, name: str = "inputs.yaml") -> list[StoredInput]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_inputs(path, [])


def _found(report: Report) -> list[tuple[str, int, str, str]]:
    return [
        (each.stored.input.id, each.stored.line, each.finding.filter, each.finding.twin) for each in report.findings
    ]


def test_clean_inputs_give_the_five_lines_without_findings(tmp_path: Path) -> None:
    """The lines and their order are those of the reference."""
    items = _stored(
        tmp_path, "inputs:\n- {id: a, persona: novice_user, text: where do i start?}\n- {id: b, text: ''}\n"
    )
    report = validate(items, Settings(), PERSONAS)
    assert report.checked == 2
    assert [(line.title, line.findings) for line in report.lines] == [(title, ()) for title in FIVE]


def test_every_kind_of_finding_stands_under_its_line(tmp_path: Path) -> None:
    """One bad input for each line, and lines of their own for topics and refusals only where there are any."""
    items = _stored(
        tmp_path,
        "generated_inputs:\n"
        "- {id: a, persona: novice_user, text: where is my refund for the broken lamp}\n"
        "- {id: b, persona: novice_user, text: Where is my refund for the broken lamp?!}\n"
        "- {id: c, persona: novice_user, text: '?'}\n"
        "- {id: d, persona: novice_user, text: 'take your time, but where is the lamp'}\n"
        "- {id: e, persona: novice_user, text: i know where you live}\n"
        "- {id: f, persona: german_customer, text: where can I see the invoice}\n"
        "- {id: g, persona: novice_user, text: what do you think about politics}\n"
        "- {id: h, persona: novice_user, text: 'I am sorry, but I cannot assist with that.'}\n",
    )
    report = validate(items, Settings(forbidden_topics=("politics",)), PERSONAS)
    lines = {line.title: [each.stored.input.id for each in line.findings] for line in report.lines}
    assert lines == {
        **dict(zip(FIVE, (["b"], ["c"], ["d"], ["e"], ["f"]), strict=True)),
        "On topic": ["g"],
        "No refusals": ["h"],
    }
    assert [each.stored.line for each in report.findings] == [3, 4, 5, 6, 7, 8, 9]


def test_the_later_twin_is_the_finding_unless_it_is_approved(tmp_path: Path) -> None:
    """What is approved stays; among equals the first does. The twin is named."""
    items = _stored(
        tmp_path,
        "inputs:\n"
        "- {id: a, text: how do i cancel}\n"
        "- {id: b, text: how do i cancel, status: approved}\n"
        "- {id: c, text: How do I cancel?}\n",
    )
    assert _found(validate(items, Settings(), {})) == [("a", 2, "duplicate", "b"), ("c", 4, "duplicate", "b")]


def test_rejected_inputs_are_neither_checked_nor_twins(tmp_path: Path) -> None:
    """They stay in the file as a memory only."""
    items = _stored(
        tmp_path, "inputs:\n- {id: a, text: how do i cancel, status: rejected}\n- {id: b, text: how do i cancel}\n"
    )
    report = validate(items, Settings(), {})
    assert (report.checked, report.findings) == (1, ())


def test_inputs_beside_count_as_kept(tmp_path: Path) -> None:
    """A file is held against the other files without those being checked."""
    here = _stored(tmp_path, "inputs:\n- {id: a, text: how do i cancel}\n")
    there = _stored(tmp_path, "inputs:\n- {id: z, text: 'How do I cancel?'}\n- {id: y, text: '?'}\n", "other.yaml")
    assert _found(validate(here, Settings(), {}, beside=there)) == [("a", 2, "duplicate", "z")]


def test_an_unknown_persona_is_a_finding_with_the_nearest(tmp_path: Path) -> None:
    """A misspelt name would otherwise switch the persona's checks off in silence."""
    items = _stored(tmp_path, "inputs:\n- {id: a, persona: novice_usr, text: how do i cancel}\n")
    (only,) = validate(items, Settings(), PERSONAS).findings
    assert only.finding.filter == "persona_match"
    assert "`novice_usr`" in only.finding.why and "`novice_user`" in only.finding.why


def test_conversations_are_checked_turn_by_turn_and_twins_as_a_whole(tmp_path: Path) -> None:
    """A shared first turn makes no twins; a bad turn is named."""
    items = _stored(
        tmp_path,
        "inputs:\n"
        "- {id: a, text: it is broken}\n"
        "- id: b\n  conversation:\n  - {turn: 1, input: it is broken}\n  - {turn: 2, input: I will kill you}\n"
        "- id: c\n  conversation:\n  - {turn: 1, input: It is broken!}\n  - {turn: 2, input: I will kill you}\n",
    )
    report = validate(items, Settings(), {})
    assert [(each.stored.input.id, each.finding.filter) for each in report.findings] == [
        ("b", "offensive"),
        ("c", "duplicate"),
        ("c", "offensive"),
    ]
    assert report.findings[0].finding.why.startswith("turn 2: ")
