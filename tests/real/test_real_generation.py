"""`fluxloop inputs generate` as a person runs it, with a small real model behind it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.functional.conftest import clean_env, write_files

from .model_server import KEY, MODEL, ModelServer

pytestmark = pytest.mark.slow

CONFIG = "generation: {max_tokens: 30}\nconstraints: {topics: [billing]}\n"
"""Short answers: the model writes some 30 tokens a second."""
PATIENCE = 200


def run(args: str, folder: Path, environ: Mapping[str, str]) -> tuple[int, str, str]:
    """Run `fluxloop ARGS` in a folder; whatever comes of it, it is no traceback and says no key."""
    command = [sys.executable, "-m", "fluxloop.cli.main", *args.split()]
    done = subprocess.run(
        command, cwd=folder, env=clean_env(environ), input="", capture_output=True, text=True, timeout=PATIENCE
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert KEY not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one topic."""
    write_files(tmp_path, {"fluxloop.yaml": "product: {name: Parcelo}\n", "configs/input.yaml": CONFIG})
    return tmp_path


@pytest.mark.parametrize(("vendor", "count"), [("openai", 4), ("anthropic", 1)], ids=["openai", "anthropic"])
def test_what_a_poor_model_writes_is_sifted(vendor: str, count: int, project: Path, model_server: ModelServer) -> None:
    """All of the count, or exit 11 and how many are short; what is kept passes validation, and every call is in the
    books with its tokens."""
    environ = model_server.environ()
    make = f"inputs generate --provider {vendor} --model {MODEL} --persona novice_user --count {count} --concurrency 1"
    code, out, err = run(f"{make} --yes", project, environ)
    assert code in (0, 11), out + err
    file = project / "inputs/generated.yaml"
    items = yaml.safe_load(file.read_text("utf-8"))["generated_inputs"] if file.exists() else []
    assert len(items) == count if code == 0 else len(items) < count
    assert code == 0 or f"novice_user is {count - len(items)} short" in err
    assert all((item["origin"]["provider"], item["origin"]["model"]) == (vendor, MODEL) for item in items)
    if items:
        assert run("inputs validate", project, environ)[0] == 0
    total = json.loads(run("costs --json", project, environ)[1])["total"]
    assert total["calls"] == total["unpriced_calls"] > 0 == total["failed"]
    assert total["input_tokens"] > 500 * total["calls"] and total["output_tokens"] > 0
    assert KEY.encode() not in b"".join(path.read_bytes() for path in project.rglob("*") if path.is_file())


def test_a_wrong_key_ends_the_run_at_once(project: Path, model_server: ModelServer) -> None:
    """Exit 3, and no file of inputs."""
    environ = model_server.environ(key="sk-wrong-0123456789abcdef")
    code, out, err = run("inputs generate --provider openai --count 4 --yes", project, environ)
    assert code == 3, out + err
    assert "OPENAI_API_KEY" in err and "sk-wrong" not in out + err
    assert not (project / "inputs/generated.yaml").exists()


def test_a_wrong_address_ends_the_run_at_once(project: Path, model_server: ModelServer) -> None:
    """Exit 4 and the address that was asked, the model not blamed."""
    environ = model_server.environ() | {"OPENAI_BASE_URL": f"{model_server.root}/nowhere"}
    code, out, err = run("inputs generate --provider openai --count 4 --yes", project, environ)
    assert code == 4, out + err
    assert f"The server at {model_server.root}/nowhere found nothing there" in err
    assert not (project / "inputs/generated.yaml").exists()
