"""What people write for `--personas` and `--mix`."""

from __future__ import annotations

from fluxloop.errors import UsageError
from fluxloop.schema.config import FewShot, PersonaShare

MIX_HINT = "Write --mix synthetic=80,manual=20."


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


def parse_mix(text: str) -> tuple[float, float]:
    """`synthetic=80,manual=20` → (80, 20); a source that is not named gets the rest of 100.

    Raises UsageError for another source, a share that is no number or is negative, and for nothing at all.
    """
    shares: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        source, _, share = (piece.strip() for piece in part.replace(":", "=").partition("="))
        if source not in ("synthetic", "manual") or source in shares:
            raise UsageError(f"--mix: `{part}` is no share of synthetic or manual.", MIX_HINT)
        shares[source] = _share_of(source, share)
    synthetic = shares.get("synthetic", max(0.0, 100 - shares.get("manual", 100)))
    manual = shares.get("manual", max(0.0, 100 - shares.get("synthetic", 100)))
    if not synthetic + manual:
        raise UsageError("--mix: both shares are 0.", MIX_HINT)
    return synthetic, manual


def _share_of(source: str, share: str) -> float:
    try:
        value = float(share.removesuffix("%"))
    except ValueError:
        raise UsageError(f"--mix: the share of {source} is `{share}`, and that is no number.", MIX_HINT) from None
    if not 0 <= value < float("inf"):
        raise UsageError(f"--mix: the share of {source} is {share}; shares are 0 or more.", MIX_HINT)
    return value
