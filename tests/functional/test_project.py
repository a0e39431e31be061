"""`fluxloop init`, `fluxloop schema`, and what every command says of mistakes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import clean_env, run, tree, write_files

NEXT = """
Next:
  cd shop
  fluxloop inputs generate   write inputs in the voices of the personas
  fluxloop inputs approve    keep those that pass validation (`fluxloop inputs review`: one by one)
  fluxloop test              run them against the sample agent in agent.py
"""


def test_init_prints_the_tree_of_what_it_wrote_and_what_comes_next(tmp_path: Path) -> None:
    """The new project is shown whole, and the next three commands with it."""
    code, out, err = run(["init", "shop"], tmp_path)
    assert (code, err) == (0, "")
    assert out.startswith("✅ Wrote a project into shop\n")
    assert "├── fluxloop.yaml\n" in out
    assert "├── configs/\n│   └── input.yaml\n" in out
    assert out.endswith(NEXT)
    shown = {line.lstrip("│├└─ ") for line in out.splitlines()}
    written = [name for name in tree(tmp_path / "shop") if not name.startswith(".fluxloop/")]
    assert {Path(name).name for name in written} <= shown


def test_init_overwrites_nothing_and_says_what_it_left(tmp_path: Path) -> None:
    """A file that is there stays byte for byte, and is named on stderr."""
    write_files(tmp_path, {"fluxloop.yaml": "product: mine\n"})
    code, out, err = run(["init"], tmp_path)
    assert (code, err) == (0, "Left as they are: fluxloop.yaml\n")
    assert (tmp_path / "fluxloop.yaml").read_text() == "product: mine\n"
    assert "  cd " not in out


def test_init_twice_changes_nothing(tmp_path: Path) -> None:
    """The second run says so, and the files are the same."""
    run(["init", "shop"], tmp_path)
    before = tree(tmp_path)
    code, out, err = run(["init", "shop"], tmp_path)
    assert (code, out.splitlines()[0], err) == (0, "Everything is there already; nothing was changed.", "")
    assert tree(tmp_path) == before


def test_the_new_project_has_nothing_to_complain_of(tmp_path: Path) -> None:
    """What init writes, validate and the readers pass without a word."""
    run(["init"], tmp_path)
    code, out, err = run(["personas", "validate"], tmp_path)
    assert (code, out, err) == (0, "✅ 3 personas checked, no findings\n", "")
    assert run(["personas", "update"], tmp_path)[1] == "✅ 3 persona files checked, nothing to update\n"


def test_init_into_a_file_or_below_one_is_an_error_and_writes_nothing(tmp_path: Path) -> None:
    """Place first, then cause, then what to do; no traceback."""
    (tmp_path / "notes").write_text("mine")
    for target in ("notes", "notes/shop"):
        code, out, err = run(["init", target], tmp_path)
        assert (code, out) == (1, "")
        assert err.startswith("Error: notes")
        assert "Traceback" not in err
    assert tree(tmp_path) == {"notes": b"mine"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_init_into_a_folder_without_permission_is_an_error(tmp_path: Path) -> None:
    """The folder is named, and what to do."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    code, out, err = run(["init", "locked"], tmp_path)
    assert (code, out) == (1, "")
    assert "Permission denied" in err
    assert tree(tmp_path) == {}


def test_init_into_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    """As on a read-only system: nothing is half written, nothing is a traceback."""
    code, out, err = run(["init", "/proc/shop"], tmp_path)
    assert (code, out) == (1, "")
    assert "cannot be" in err
    assert "Traceback" not in err


def test_schema_writes_the_files_that_the_yaml_headers_point_to(tmp_path: Path) -> None:
    """Paths on stdout, how editors use them on stderr."""
    run(["init"], tmp_path)
    code, out, err = run(["schema"], tmp_path)
    names = ("persona", "inputs", "config", "bundle")
    assert (code, out) == (0, "".join(f".fluxloop/schemas/{name}.json\n" for name in names))
    assert "yaml-language-server" in err
    headers = [text.decode().splitlines()[0] for name, text in tree(tmp_path).items() if name.endswith(".yaml")]
    assert all(header.startswith("# yaml-language-server: $schema=") for header in headers)


def test_schema_print_is_json_alone(tmp_path: Path) -> None:
    """For a pipe: one schema on stdout, nothing else anywhere, nothing written."""
    code, out, err = run(["schema", "--print", "persona"], tmp_path)
    assert (code, err) == (0, "")
    assert json.loads(out)["title"] == "fluxloop persona"
    assert tree(tmp_path) == {}


def test_an_unknown_schema_names_the_nearest(tmp_path: Path) -> None:
    """Exit 5, as for anything that is not there."""
    code, out, err = run(["schema", "--print", "personna"], tmp_path)
    assert (code, out) == (5, "")
    assert err == "Error: There is no schema `personna`.\nDid you mean `persona`?\n"


@pytest.mark.parametrize("args", [["persona"], ["personas", "lst"], ["bundles", "creat"]])
def test_an_unknown_command_is_a_usage_error_that_names_the_nearest(args: list[str], tmp_path: Path) -> None:
    """Exit 2, and the command that was probably meant."""
    code, out, err = run(args, tmp_path)
    assert (code, out) == (2, "")
    assert "Did you mean `" in err


def test_a_project_folder_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    """`--project` names a folder; a missing one is exit 5 and is not made."""
    code, out, err = run(["--project", "nowhere", "personas", "list"], tmp_path)
    assert (code, out, "nowhere" in err) == (5, "", True)
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("args", [["--help"], ["personas", "--help"], ["bundles", "--help"], ["results", "--help"]])
def test_help_imports_nothing_heavy(args: list[str], tmp_path: Path) -> None:
    """Help costs what click costs: no pydantic, no YAML, no rich, no asyncio."""
    code = (
        "import sys, atexit\n"
        "heavy = ('pydantic', 'yaml', 'rich', 'asyncio', 'fluxloop.store', 'fluxloop.schema')\n"
        "atexit.register(lambda: print('HEAVY', [name for name in heavy if name in sys.modules]))\n"
        f"sys.argv = ['fluxloop', *{args!r}]\n"
        "from fluxloop.cli.main import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=clean_env(), capture_output=True, text=True)
    assert done.stdout.endswith("HEAVY []\n")
