"""Dollars, as people read them; unknown is said, never shown as $0."""

from __future__ import annotations

from decimal import Decimal

FEW = Decimal("0.1")


def dollars(cost: Decimal | None) -> str:
    """`$0.15`, `$0.0042`, `unknown`."""
    if cost is None:
        return "unknown"
    if 0 < cost < Decimal("0.0001"):
        return "under $0.0001"
    return f"${cost:.4f}" if 0 < cost < FEW else f"${cost:,.2f}"


def spent(cost: Decimal, unpriced: int) -> str:
    """What was spent when so many calls have no price: `unknown`, or `at least $0.15`."""
    if not unpriced:
        return dollars(cost)
    return f"at least {dollars(cost)}" if cost else "unknown"
