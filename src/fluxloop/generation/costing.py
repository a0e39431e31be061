"""What an order would cost, and whether it may."""

from __future__ import annotations

from fluxloop.errors import BudgetSpent
from fluxloop.generation.estimate import Estimate, estimate_run
from fluxloop.generation.order import BATCH_SIZE, SPARES, Order, prepare
from fluxloop.generation.stack import is_free, prices_of
from fluxloop.providers.base import Provider
from fluxloop.providers.prices import half
from fluxloop.store.project import Project


def estimate_order(project: Project, order: Order, provider: Provider) -> Estimate:
    """Draw the plan that a run would draw, and count; nothing is sent or written."""
    prepared = prepare(project, order)
    price = prices_of(order.settings, provider)
    return estimate_run(
        prepared.planner,
        prepared.quotas,
        batch_size=BATCH_SIZE,
        concurrency=1 if order.batch else order.concurrency,
        spares=0.0 if is_free(provider) else SPARES,
        price=half(price) if order.batch else price,
        provider=provider.name,
        model=provider.model,
    )


def require_affordable(project: Project, order: Order, provider: Provider) -> None:
    """Refuse a batch that might pass the budget: once handed in it cannot be stopped halfway."""
    if order.max_cost is None or order.resume is not None:
        return
    high = estimate_order(project, order, provider).high
    if high is not None and high > order.max_cost:
        raise BudgetSpent(
            f"This batch might cost ${high:.4f}, more than --max-cost ${order.max_cost}. Nothing was sent.",
            "Raise --max-cost, ask for fewer inputs, or look at --dry-run.",
        )
