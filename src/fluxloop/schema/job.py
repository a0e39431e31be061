"""Many calls handed to a vendor at once: what is kept of it, so that nobody pays for it twice.

Vendors call it a batch; here a batch is the slots of one call, and this is a job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fluxloop.schema.plan import Slot


@dataclass(frozen=True, slots=True)
class BatchJob:
    """A job as it was handed in."""

    tag: str
    """Our own name for it, given before the vendor has one: its items begin with it."""
    provider: str
    address: str
    """The server it is at, as far as it may be shown."""
    at: str
    """When it was handed in; ISO 8601."""
    items: Mapping[str, tuple[Slot, ...]]
    """Each call by its custom id: the slots it asks for."""
    id: str = ""
    """The vendor's name for it; empty when the process ended before it was told."""
