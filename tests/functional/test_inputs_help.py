"""`fluxloop inputs --help`: quick, and in the order one works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import clean_env, run

COMMANDS = ["plan", "generate", "list", "show", "validate", "review", "approve", "reject", "edit", "add", "stats"]
PROBE = """\
import sys
from fluxloop.cli.main import main
sys.argv = ["fluxloop", "inputs", "--help"]
try:
    main()
finally:
    print(sorted({"pydantic", "yaml", "rich", "asyncio", "numpy"} & set(sys.modules)), file=sys.stderr)
"""


def test_commands_stand_in_the_order_of_work(tmp_path: Path) -> None:
    """Plan, generate, look, check, decide; and nothing is written by asking."""
    code, out, _ = run(["inputs", "--help"], tmp_path)
    listed = re.findall(r"^  (\w+)  +\w", out.split("Commands:")[1].split("A round of work")[0], re.MULTILINE)
    assert (code, listed, list(tmp_path.iterdir())) == (0, COMMANDS, [])


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """Asking for help must not wait for the library."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=tmp_path, env=clean_env(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.decode()) == (0, "[]\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    """Each has a first sentence and a line for each option."""
    code, out, err = run(["inputs", command, "--help"], tmp_path)
    assert (code, err) == (0, "") and out.startswith(f"Usage: fluxloop inputs {command} ")
    assert re.search(r"\n\n  [A-Z][^\n]+", out)


def test_a_misspelt_command_names_the_nearest(tmp_path: Path) -> None:
    """Exit 2, as every mistake in a command's words."""
    code, out, err = run(["inputs", "aprove"], tmp_path)
    assert (code, out) == (2, "") and "There is no command `aprove`. Did you mean `approve`?" in err
