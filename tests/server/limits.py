"""What a vendor grants a minute, counted as vendors count it: a bucket that fills up steadily."""

from __future__ import annotations

import time


class Bucket:
    """So many a minute, all of them at once at most."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._left = float(per_minute)
        self._at = time.monotonic()

    @property
    def left(self) -> int:
        """How many may be taken now."""
        now = time.monotonic()
        self._left = min(self.per_minute, self._left + (now - self._at) * self.per_minute / 60)
        self._at = now
        return int(self._left)

    @property
    def reset(self) -> float:
        """Seconds until it is full again."""
        return (self.per_minute - self.left) * 60 / self.per_minute

    def take(self, amount: int) -> float:
        """Take some: 0, or the seconds after which so many will be there."""
        short = min(amount, self.per_minute) - self.left
        if short > 0:
            return short * 60 / self.per_minute
        self._left -= amount
        return 0.0
