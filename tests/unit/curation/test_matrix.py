"""Coverage of persona × topic."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fluxloop.curation.matrix import cover
from fluxloop.schema.input import Input


def _inputs(*pairs: tuple[str | None, str]) -> list[Input]:
    return [Input(id=str(n), persona=who, text="hi", metadata={"topic": what}) for n, (who, what) in enumerate(pairs)]


def test_what_nobody_wrote_is_a_hole() -> None:
    """Every persona that is there, times every topic that is there; what has no persona or topic is in no cell."""
    found = cover(_inputs(("ann", "orders"), ("ann", "orders"), ("bob", "refunds"), (None, "orders"), ("bob", "")))
    assert found.topics == ("orders", "refunds")
    assert found.cells == {"ann": {"orders": 2, "refunds": 0}, "bob": {"orders": 0, "refunds": 1}}
    assert (found.holes, found.meant) == ((("ann", "refunds"), ("bob", "orders")), 4)


def test_what_is_wanted_has_a_row_and_a_column() -> None:
    """A persona or topic of the settings that has no input at all is all holes; other topics are shown and no holes."""
    found = cover(_inputs(("ann", "Orders"), ("ann", "gossip")), ["ann", "eve"], ["orders", "refunds"])
    assert found.topics == ("orders", "refunds", "gossip")
    assert found.cells["ann"] == {"orders": 1, "refunds": 0, "gossip": 1}
    assert (found.holes, found.meant) == ((("ann", "refunds"), ("eve", "orders"), ("eve", "refunds")), 4)


def test_a_persona_is_held_to_its_own_use_cases() -> None:
    """As long as it mostly keeps to them: an expert need not ask how to begin."""
    inputs = _inputs(("ann", "orders"), ("bob", "api"), ("bob", "gossip"))
    found = cover(inputs, use_cases={"ann": ["orders", "refunds"], "bob": ["webhooks"]})
    assert found.holes == (("ann", "refunds"), ("bob", "orders"), ("bob", "refunds"))
    assert found.meant == 2 + 4


def test_nothing_covers_nothing() -> None:
    """No inputs, no matrix."""
    assert cover([]) == cover([], ["ann"]) == cover(_inputs((None, "orders")))
    assert cover([]).topics == ()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y", "X-y"]))))
def test_cells_sum_to_the_inputs(pairs: list[tuple[str, str]]) -> None:
    """Nothing is counted twice, and holes are exactly the empty cells where no use cases speak."""
    found = cover(_inputs(*pairs))
    assert sum(sum(row.values()) for row in found.cells.values()) == len(pairs)
    assert len(found.holes) == sum(not count for row in found.cells.values() for count in row.values())
