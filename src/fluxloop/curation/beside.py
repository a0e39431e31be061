"""The inputs beside the user's own logs: how well the two can be told apart, and how well the logs from themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fluxloop.store.logs import LogMessage
from fluxloop.style.apart import LEAST, MOST, Apart, divided_auc, two_sample_auc

HIGHEST = 0.78
"""The AUC that inputs should stay under: about where two samples of people's messages on one matter lie."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A log as it stands beside the inputs."""

    messages: int
    apart: Apart | None
    """Inputs against logs; None when either has too few messages."""
    real: Apart | None
    """Logs against logs, at the same size: what cannot be undercut."""

    @property
    def inside(self) -> bool:
        """Whether the inputs are hard enough to tell from the logs."""
        return self.apart is not None and round(self.apart.auc, 3) <= HIGHEST


def compare_surface(messages: Sequence[str], reference: Sequence[LogMessage]) -> Beside:
    """Tell the inputs from the logs, and one half of the logs from the other, with equal numbers on every side.

    Where the logs name their writers, the halves share none, so that what differs from user to user is in the baseline.
    """
    size = min(len(messages), len(reference) // 2, MOST)
    if size < LEAST:
        return Beside(len(reference), None, None)
    texts = [message.text for message in reference]
    writers = [message.writer for message in reference]
    return Beside(len(reference), two_sample_auc(messages, texts, size), divided_auc(texts, writers, size))
