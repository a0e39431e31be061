"""The command line against a model's server on this machine, through the vendors' SDKs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.server.wire import WireServer

from .conftest import Ran, clean_env, run

KEY = "sk-test-2f8d1c0b7a6e5f4d3c2b1a09"
VENDORS = ("openai", "anthropic")
COMMAND = [sys.executable, "-m", "fluxloop.cli.main", "inputs", "generate"]


def keys(server: WireServer, vendor: str = "openai", key: str = KEY) -> dict[str, str]:
    """The environment of somebody who uses this server in place of the vendor's own."""
    url = server.openai_url if vendor == "openai" else server.anthropic_url
    return {f"{vendor.upper()}_API_KEY": key, f"{vendor.upper()}_BASE_URL": url}


def generate(project: Path, server: WireServer, *args: str, vendor: str = "openai") -> Ran:
    """`fluxloop inputs generate` to its end."""
    return run(["inputs", "generate", *args], project, keys(server, vendor))


def started(project: Path, server: WireServer, *args: str, **options: Any) -> subprocess.Popen[str]:
    """`fluxloop inputs generate`, under way."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    return subprocess.Popen([*COMMAND, *args], cwd=project, env=clean_env(keys(server)), **pipes, **options)


def made(project: Path, name: str = "inputs/generated.yaml") -> list[dict[str, Any]]:
    """What stands in the file; nothing when there is none."""
    path = project / name
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return list((yaml.load(text, yaml.CSafeLoader) or {}).get("generated_inputs", []))


def journal_of(project: Path) -> Path:
    """The newest journal; one that is not there when none is."""
    found = sorted((project / ".fluxloop" / "journal").glob("*.jsonl"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else project / "none"


def whole_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a file that are whole."""
    text = path.read_bytes() if path.exists() else b""
    return [json.loads(line) for line in text.split(b"\n")[:-1]]


def journaled_slots(project: Path) -> list[int]:
    """The slots whose answers are in the newest journal."""
    return [slot["index"] for line in whole_lines(journal_of(project)) if "call" in line for slot in line["slots"]]


def paid_slots(server: WireServer, since: int = 0) -> list[int]:
    """The slots that the server has answered, from a call on."""
    return [slot for call in server.calls[since:] if call.status == 200 for slot in call.slots]


def ledger(project: Path) -> list[dict[str, Any]]:
    """The calls in the books."""
    return [line for line in whole_lines(project / ".fluxloop" / "ledger.jsonl") if "outcome" in line]


def holds(folder: Path, secret: str) -> list[str]:
    """The files below a folder that hold a text."""
    wanted = secret.encode()
    return [str(path) for path in folder.rglob("*") if path.is_file() and wanted in path.read_bytes()]
