"""What people write for `--personas`."""

from __future__ import annotations

from fluxloop.errors import UsageError
from fluxloop.schema.config import FewShot, PersonaShare


def parse_shares(text: str) -> tuple[PersonaShare, ...]:
    """`a,b` or `a:60,b:30%` → shares; a name without a number weighs 1 where nobody has a number.

    Raises UsageError for a weight that is no number, is negative, or is given to some and not to others.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise UsageError(
            "--personas is empty.", "Write --personas novice_user,expert_user or novice_user:60,expert_user:40."
        )
    weighted = [":" in part for part in parts]
    if any(weighted) and not all(weighted):
        plain = parts[weighted.index(False)]
        raise UsageError(
            f"--personas: `{plain}` has no weight, and others have.", f"Write `{plain}:10`, or no weights at all."
        )
    return tuple(_share(part) for part in parts)


def _share(part: str) -> PersonaShare:
    name, colon, weight = (piece.strip() for piece in part.partition(":"))
    if not colon:
        return PersonaShare(id=name)
    try:
        value = float(weight.removesuffix("%"))
    except ValueError:
        raise UsageError(f"--personas: the weight of `{name}` is `{weight}`, and that is no number.") from None
    if not 0 <= value < float("inf"):
        raise UsageError(f"--personas: the weight of `{name}` is {weight}; weights are 0 or more.")
    return PersonaShare(id=name, weight=value)


def read_few_shot(text: str, persona: str) -> tuple[FewShot, ...]:
    """One example a line; empty lines are left out."""
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    return (FewShot(persona=persona, examples=lines),) if lines else ()
