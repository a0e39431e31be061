"""Whose model it is, by the model's name. The one place that knows."""

from __future__ import annotations

MODEL_PREFIXES = {
    "claude": "anthropic",
    "gpt-": "openai",
    "chatgpt": "openai",
    "ft:gpt-": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4": "openai",
}


def vendor_of(model: str | None) -> str | None:
    """`claude-3-haiku` → anthropic, `gpt-4o` → openai; None when the name tells nothing."""
    folded = (model or "").casefold()
    return next((vendor for prefix, vendor in MODEL_PREFIXES.items() if folded.startswith(prefix)), None)
