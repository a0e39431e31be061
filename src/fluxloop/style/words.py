"""The word tables of roughening, read once."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml


@lru_cache(maxsize=1)
def word_tables() -> dict[str, Any]:
    """`words.yaml` as it stands."""
    text = (files("fluxloop.style") / "words.yaml").read_text(encoding="utf-8")
    return yaml.load(text, yaml.CSafeLoader)  # type: ignore[no-any-return]
