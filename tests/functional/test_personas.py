"""`fluxloop personas`: list, show, create, edit, validate, update."""

from __future__ import annotations

import json
import os
import pty
import sys
from pathlib import Path

import pytest

from .conftest import clean_env, run, tree, write_files

BOB = """\
# Our oldest customer
persona_id: bob
name: Bob
description: Phones us every Monday.
attributes: {expertise: beginner}   # was: expert
communication: {formality: casual, verbosity: terse}
example_inputs:
  - "hello?"
  - "\\e[31mred\\e[0m"
"""
BAD = """\
persona_id: bob
trates: [shy]
communication:
  formality: cassual
example_inputs: ["hi"]
use_cases: [delivry]
"""


def test_list_shows_the_projects_own_personas_first(project: Path) -> None:
    """One line a persona with where it comes from, and how many there are."""
    write_files(project, {"personas/bob.yaml": BOB})
    code, out, err = run(["personas", "list"], project)
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0].split() == ["id", "pack", "writes", "in", "expertise", "name", "from"]
    assert lines[1].split() == ["bob", "-", "english", "beginner", "Bob", "personas/bob.yaml"]
    assert lines[-1] == f"{len(lines) - 2} personas; `fluxloop personas show ID` shows one."
    assert len(lines) >= 27


def test_list_works_in_any_folder_and_writes_nothing(tmp_path: Path) -> None:
    """The built-in personas need no project."""
    code, out, _ = run(["personas", "list", "--json"], tmp_path)
    personas = json.loads(out)
    assert (code, len(personas) >= 24, tree(tmp_path)) == (0, True, {})
    assert {"novice_user", "expert_user", "frustrated_user", "support_agent"} <= {one["persona_id"] for one in personas}
    keys = ("persona_id", "name", "pack", "description", "weight", "language", "level", "builtin", "file")
    assert all(tuple(one) == keys for one in personas)


def test_list_of_a_pack_and_an_unknown_pack(tmp_path: Path) -> None:
    """`--pack` narrows; a pack that is not there is exit 5 and names the nearest."""
    out = run(["personas", "list", "--pack", "healthcare", "--json"], tmp_path)[1]
    assert {one["pack"] for one in json.loads(out)} == {"healthcare"}
    code, out, err = run(["personas", "list", "--pack", "helthcare"], tmp_path)
    assert (code, out) == (5, "")
    assert err == "Error: There is no pack `helthcare`.\nDid you mean `healthcare`?\n"


def test_show_is_a_card_with_the_style_in_numbers(project: Path) -> None:
    """Everything in the file, and the bands it means; escape sequences are shown, not obeyed."""
    write_files(project, {"personas/bob.yaml": BOB})
    code, out, err = run(["personas", "show", "bob"], project)
    assert (code, err) == (0, "")
    assert (
        out
        == """\
Bob · bob · personas/bob.yaml
  Phones us every Monday.

  attributes      expertise: beginner
  communication   formality: casual · verbosity: terse
  types like this “hello?”
                  “\\x1b[31mred\\x1b[0m”

In numbers, as its messages are written and checked:
  words               6.5 typically, up to 30   misspellings        1.5 in 1,000 words
  start in lower case 42% of messages           end without a mark  42% of messages
  several sentences   10% of messages           polite words        6% of messages
  emoji               2% of messages            abbreviations       5% of messages
  repeated marks      2% of messages            capitals            0% of messages
  casual              70%
"""
    )


def test_show_json_has_the_whole_persona_and_its_bands(tmp_path: Path) -> None:
    """One object: the persona's keys as in the file, and `bands`."""
    code, out, err = run(["personas", "show", "novice_user", "--json"], tmp_path)
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert data["attributes"]["expertise"] == "beginner"
    assert data["bands"]["words_median"] > 1
    assert (data["builtin"], data["file"]) == (True, None)


@pytest.mark.parametrize("args", [["show", "novic_user"], ["edit", "novic_user"], ["validate", "novic_user"]])
def test_an_unknown_persona_names_the_nearest(args: list[str], tmp_path: Path) -> None:
    """Exit 5, nothing written."""
    code, out, err = run(["personas", *args], tmp_path)
    assert (code, out) == (5, "")
    assert err == "Error: There is no persona `novic_user`.\nDid you mean `novice_user`?\n"
    assert tree(tmp_path) == {}


def test_a_broken_file_is_an_error_with_its_place(project: Path) -> None:
    """File and line first, then the cause; exit 2, no traceback."""
    write_files(project, {"personas/bob.yaml": "persona_id: bob\ntraits: [shy\n"})
    for args in (["list"], ["show", "bob"], ["create", "eve"], ["update"]):
        code, out, err = run(["personas", *args], project)
        assert (code, out) == (2, ""), args
        assert err.startswith("Error: personas/bob.yaml:2: ")
        assert "Traceback" not in err
    assert set(tree(project)) - {".fluxloop/.gitignore", ".fluxloop/lock"} == {"fluxloop.yaml", "personas/bob.yaml"}


def test_create_writes_a_commented_file_that_validates(project: Path) -> None:
    """A new persona starts from something whole."""
    code, out, err = run(["personas", "create", "bob"], project)
    assert (code, err) == (0, "")
    assert (
        out == "✅ Wrote personas/bob.yaml\nNext: `fluxloop personas edit bob`, then `fluxloop personas validate bob`\n"
    )
    assert "\n# How they write." in (project / "personas/bob.yaml").read_text()
    assert run(["personas", "validate", "bob"], project)[:2] == (0, "✅ 1 persona checked, no findings\n")


def test_create_after_another_persona_takes_its_ways(project: Path) -> None:
    """`--from` copies everything but the name."""
    code, out, _ = run(["personas", "create", "ward_clerk", "--from", "nurse"], project)
    assert (code, out.splitlines()[0]) == (0, "✅ Wrote personas/ward_clerk.yaml, after nurse")
    new = json.loads(run(["personas", "show", "ward_clerk", "--json"], project)[1])
    nurse = json.loads(run(["personas", "show", "nurse", "--json"], project)[1])
    assert new["name"] == "Ward Clerk"
    assert (new["communication"], new["bands"]) == (nurse["communication"], nurse["bands"])


@pytest.mark.parametrize(
    ("args", "code"), [(["bob"], 1), (["../evil"], 2), (["a b"], 2), (["eve", "--from", "nurs"], 5), ([""], 2)]
)
def test_create_refuses_and_writes_nothing(args: list[str], code: int, project: Path) -> None:
    """An existing persona is never overwritten, and an id must be safe as a file's name."""
    write_files(project, {"personas/bob.yaml": BOB})
    before = tree(project)
    ended, out, err = run(["personas", "create", *args], project)
    assert (ended, out, tree(project)) == (code, "", before)
    assert err.startswith("Error: ")
    assert "Traceback" not in err


def test_edit_without_a_terminal_says_the_path(project: Path) -> None:
    """The result is the path, so that `$(fluxloop personas edit bob)` can be used."""
    write_files(project, {"personas/bob.yaml": BOB})
    assert run(["personas", "edit", "bob"], project, {"EDITOR": "false"}) == (0, "personas/bob.yaml\n", "")


def test_edit_of_a_built_in_copies_it_first(project: Path) -> None:
    """The project's own version holds from then on, and says the same until it is changed."""
    before = json.loads(run(["personas", "show", "nurse", "--json"], project)[1])
    code, out, err = run(["personas", "edit", "nurse"], project)
    assert (code, out) == (0, "personas/nurse.yaml\n")
    assert err == "Copied the built-in persona to personas/nurse.yaml; the project uses this one now.\n"
    after = json.loads(run(["personas", "show", "nurse", "--json"], project)[1])
    assert after == before | {"builtin": False, "file": "personas/nurse.yaml"}


def test_edit_on_a_terminal_opens_the_editor_and_validates(project: Path) -> None:
    """What the editor leaves behind is checked at once; findings end with 1."""
    write_files(project, {"personas/bob.yaml": BOB})
    editor = project / "editor.py"
    editor.write_text(
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "path.write_text(path.read_text().replace('casual', 'cassual'))\n"
    )
    code, shown = _on_a_terminal(["personas", "edit", "bob"], project, f"{sys.executable} {editor}")
    assert (
        "personas/bob.yaml:6: bob: communication.formality: no table knows `cassual`; did you mean `casual`?" in shown
    )
    assert code == 1


def test_validate_tells_every_finding_with_its_place(project: Path) -> None:
    """`file:line: persona: key: what`, then how many; exit 1."""
    write_files(project, {"personas/bob.yaml": BAD, "personas/eve.yaml": "persona_id: eve\nweight: -1\n"})
    code, out, err = run(["personas", "validate"], project)
    assert (code, err) == (1, "")
    assert (
        out
        == """\
personas/bob.yaml:2: bob: unknown key `trates`; did you mean `traits`?
personas/bob.yaml:4: bob: communication.formality: no table knows `cassual`; did you mean `casual`?
personas/bob.yaml:6: bob: use_cases: no topic is called `delivry`; did you mean `delivery`?
personas/eve.yaml:2: eve: weight: must be at least 0, not `-1`
❌ 4 findings; 2 personas checked
"""
    )


def test_validate_json_has_stable_keys(project: Path) -> None:
    """`checked` and `findings`, each finding with the same six keys."""
    write_files(project, {"personas/bob.yaml": BAD, "personas/eve.yaml": "a: [\n"})
    code, out, _ = run(["personas", "validate", "--json"], project)
    data = json.loads(out)
    assert (code, list(data), data["checked"]) == (1, ["checked", "findings"], ["bob"])
    assert all(list(finding) == ["file", "line", "persona", "key", "message", "advice"] for finding in data["findings"])
    assert (data["findings"][-1]["file"], data["findings"][-1]["persona"]) == ("personas/eve.yaml", None)


def test_update_renames_old_keys_and_shows_the_diff(project: Path) -> None:
    """Only the keys change; the diff is what `git diff` will show."""
    write_files(project, {"personas/bob.yaml": "id: bob  # mine\ncharacteristics: [shy]\nexample_messages: [hi]\n"})
    code, out, err = run(["personas", "update"], project)
    assert (code, err) == (0, "")
    assert (
        out
        == """\
--- personas/bob.yaml
+++ personas/bob.yaml
@@ -1,3 +1,3 @@
-id: bob  # mine
-characteristics: [shy]
-example_messages: [hi]
+persona_id: bob  # mine
+traits: [shy]
+example_inputs: [hi]
✅ Updated 1 of 1 persona files
"""
    )
    written = (project / "personas/bob.yaml").read_text()
    assert written == "persona_id: bob  # mine\ntraits: [shy]\nexample_inputs: [hi]\n"
    assert run(["personas", "update"], project)[1] == "✅ 1 persona file checked, nothing to update\n"


def test_update_dry_run_writes_nothing(project: Path) -> None:
    """The diff can be looked at first."""
    write_files(project, {"personas/bob.yaml": "id: bob\n"})
    before = tree(project)
    code, out, _ = run(["personas", "update", "--dry-run"], project)
    assert (code, out.splitlines()[-1], tree(project)) == (0, "Would update 1 of 1 persona files", before)


def test_update_without_persona_files_says_so(tmp_path: Path) -> None:
    """Nothing to do is no error, and leaves no trace."""
    code, out, err = run(["personas", "update"], tmp_path)
    assert (code, err, tree(tmp_path)) == (0, "", {})
    assert out == "No persona files in this project; the built-in ones are always current.\n"


def _on_a_terminal(args: list[str], cwd: Path, editor: str) -> tuple[int, str]:
    """Run a command on a terminal of its own; its exit code and all it showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        command = [sys.executable, "-m", "fluxloop.cli.main", *args]
        os.execve(sys.executable, command, clean_env({"EDITOR": editor, "TERM": "dumb"}))
    shown = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def test_a_persona_without_examples_is_sound_and_gets_advice(project: Path) -> None:
    """The smallest persona of the guide is no mistake: exit 0, and a hint how to make it better."""
    write_files(project, {"personas/novice_user.yaml": "persona_id: novice_user\nattributes: {expertise: beginner}\n"})
    code, out, _ = run(["personas", "validate"], project)
    assert code == 0 and "advice: has no example inputs" in out and out.splitlines()[-1].startswith("✅")
    found = json.loads(run(["personas", "validate", "--json"], project)[1])["findings"]
    assert [finding["advice"] for finding in found] == [True]
