"""What is known of one call to a model: what the ledger keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Call:
    """One call that reached the wire, whatever became of it."""

    at: datetime
    """When it was sent."""
    provider: str
    model: str
    """As the server named it, else as it was asked for."""
    seconds: float
    outcome: str = "ok"
    """`ok`, `cancelled`, or the name of the error it ended with."""
    cost: Decimal | None = None
    """In dollars; None when nobody knows."""
    input_tokens: int = 0
    """All tokens of the prompt, those read from or written to the vendor's cache included."""
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
