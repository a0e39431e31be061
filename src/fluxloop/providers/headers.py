"""What servers say of time in headers: when to come again, and when a limit is full again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SPAN = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?")
TRY_AGAIN = re.compile(r"try again in ([\dhms.]+[hms])", re.IGNORECASE)


def retry_after(headers: Mapping[str, str], message: str = "", now: datetime | None = None) -> float | None:
    """Seconds to wait: from `retry-after-ms`, from `retry-after` in seconds or as a date, else from the message."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    told = headers.get("retry-after")
    seconds = _number(told)
    if seconds is None and told:
        seconds = seconds_until(told, now)
    if seconds is None and (said := TRY_AGAIN.search(message)):
        seconds = span_seconds(said.group(1))
    return None if seconds is None else max(0.0, seconds)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def seconds_until(date: str, now: datetime | None = None) -> float | None:
    """Seconds until a date, in either of the forms that are in use."""
    try:
        when = datetime.fromisoformat(date) if date[:2].isdigit() else parsedate_to_datetime(date)
    except ValueError:
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return (aware - (now or datetime.now(UTC))).total_seconds()


def span_seconds(text: str) -> float | None:
    """`6m0s`, `1.5s`, `20ms` → seconds; None for anything else."""
    found = SPAN.fullmatch(text.strip())
    if not found or not any(found.groups()):
        return None
    hours, minutes, seconds, milliseconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000


def whole(text: str | None) -> int | None:
    """A count, or None for what is none."""
    number = _number(text)
    return None if number is None else int(number)


def longest(spans: Iterable[float | None]) -> float | None:
    """The longest of those that are known."""
    return max((max(0.0, span) for span in spans if span is not None), default=None)
