"""What `personas validate` finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxloop.curation.persona_check import PersonaReport, check_file, check_personas
from fluxloop.errors import NotFound
from fluxloop.store.project import Project

GOOD = 'persona_id: bob\nexample_inputs: ["hi"]\n'


def check(tmp_path: Path, text: str) -> PersonaReport:
    path = tmp_path / "bob.yaml"
    path.write_text(text)
    return check_file(path)


def project_with(tmp_path: Path, **files: str) -> Project:
    folder = tmp_path / "personas"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return Project(tmp_path, configured=True)


def test_the_built_in_personas_have_no_findings(tmp_path: Path) -> None:
    """Without personas of its own, a project's validation looks at the built-in ones; they are clean."""
    report = check_personas(Project(tmp_path, configured=False))
    assert (len(report.checked) >= 24, report.findings) == (True, [])


@pytest.mark.parametrize(
    ("text", "line", "key", "message"),
    [
        ("trates: [shy]\n", 3, "", "unknown key `trates`; did you mean `traits`?"),
        (
            "communication:\n  formality: cassual\n",
            4,
            "communication.formality",
            "no table knows `cassual`; did you mean `casual`?",
        ),
        (
            "communication:\n  typos: 3\n",
            4,
            "communication.typos",
            "no table knows `3`; known: none, rare, occasional, frequent",
        ),
        ("attributes: {patience: very low}\n", 3, "attributes.patience", "did you mean `very_low`?"),
        ("style:\n  lower_start: 42\n", 4, "style.lower_start", "must lie between 0 and 1, not 42"),
        ("style: {lower_strat: .4}\n", 3, "style.lower_strat", "is no style band. Bands: abbreviations"),
        ("use_cases: [delivry]\n", 3, "use_cases", "no topic is called `delivry`; did you mean `delivery`?"),
        ("weight: -2\n", 3, "weight", "must be at least 0"),
    ],
)
def test_each_mistake_is_found_with_its_place(text: str, line: int, key: str, message: str, tmp_path: Path) -> None:
    """A finding names the line, the key, what is wrong and the nearest right value."""
    (finding,) = check(tmp_path, GOOD + text).findings
    assert (finding.line, finding.persona, finding.key) == (line, "bob", key)
    assert message in finding.message


def test_a_topic_of_ones_own_is_legal(tmp_path: Path) -> None:
    """A use case that resembles no pack is written about from its own words."""
    assert check(tmp_path, GOOD + "use_cases: [loyalty points, delivery times]\n").findings == []


def test_a_persona_without_examples_is_told(tmp_path: Path) -> None:
    """Examples are what makes a voice, but it works without: advice, no mistake."""
    report = check(tmp_path, "persona_id: bob\n")
    (finding,) = report.findings
    assert finding.key == "example_inputs" and finding.advice and not report.mistakes


def test_several_mistakes_of_one_file_are_told_together(tmp_path: Path) -> None:
    """All at once, each on its line: nobody corrects a file one message at a time."""
    report = check(tmp_path, GOOD + "weight: -2\nattributes: 7\ntraits: {a: 1}\n")
    assert len(report.findings) >= 2
    assert sorted({finding.line for finding in report.findings})[:2] == [3, 4]


def test_one_broken_file_hides_nothing_of_the_next(tmp_path: Path) -> None:
    """A file that cannot be read is a finding, and the others are checked all the same."""
    project = project_with(tmp_path, a="x: [\n", b=GOOD + "weight: -1\n")
    report = check_personas(project)
    assert [(finding.file.name, finding.persona) for finding in report.findings] == [("a.yaml", ""), ("b.yaml", "bob")]


def test_an_id_in_two_files_names_both_places(tmp_path: Path) -> None:
    """Two personas of one id cannot both be meant."""
    report = check_personas(project_with(tmp_path, a=GOOD, b=GOOD))
    (finding,) = report.findings
    assert finding.file.name == "b.yaml"
    assert "a.yaml:1" in finding.message


def test_only_the_named_personas_are_checked(tmp_path: Path) -> None:
    """With ids, findings on other personas are not told; a built-in id is looked up among the built-in ones."""
    project = project_with(tmp_path, a=GOOD, b="persona_id: eve\n")
    report = check_personas(project, ["bob", "nurse"])
    assert (report.checked, report.findings) == (["bob", "nurse"], [])


def test_an_unknown_id_is_not_found_and_the_nearest_is_named(tmp_path: Path) -> None:
    """Asking for what is nowhere is an error, not a clean report."""
    with pytest.raises(NotFound, match="bob"):
        check_personas(project_with(tmp_path, a=GOOD), ["bobb"])
