"""Which inputs a bundle gets."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.curation.bundling import BundleDiff, diff_bundles, is_critical, make_bundle, select_inputs
from fluxloop.schema.input import Input
from fluxloop.schema.persona import Persona
from fluxloop.store.bundles import hash_bundle

statuses = st.sampled_from(["approved", "approved", "approved", "pending", "rejected"])


@st.composite
def many_inputs(draw: st.DrawFn) -> list[Input]:
    """Inputs of three personas and topics, some critical."""
    count = draw(st.integers(0, 40))
    return [
        Input(
            id=f"input_{number}",
            text=f"text {number}",
            persona=draw(st.sampled_from(["ann", "bob", None])),
            metadata={"topic": draw(st.sampled_from(["billing", "refunds", "orders"]))},
            source=draw(st.sampled_from(["synthetic", "manual"])),
            status=draw(statuses),
            importance=draw(st.sampled_from([None, None, None, "critical"])),
        )
        for number in range(count)
    ]


def _inputs(synthetic: int, manual: int = 0, critical: int = 0) -> list[Input]:
    made = [Input(id=f"s{n}", text="t", source="synthetic", status="approved") for n in range(synthetic)]
    made += [Input(id=f"m{n}", text="t", status="approved") for n in range(manual)]
    return made + [Input(id=f"c{n}", text="t", status="approved", importance="critical") for n in range(critical)]


def _sources(inputs: tuple[Input, ...]) -> tuple[int, int]:
    counts = Counter(item.source for item in inputs)
    return counts["synthetic"], counts["manual"]


@given(
    inputs=many_inputs(),
    size=st.none() | st.integers(1, 50),
    mix=st.none() | st.sampled_from([(80.0, 20.0), (0.0, 1.0), (50.0, 50.0), (1.0, 2.0), (100.0, 0.0)]),
    exact=st.booleans(),
    seed=st.integers(0, 3),
    pending=st.booleans(),
)
def test_laws_of_a_selection(
    inputs: list[Input], size: int | None, mix: tuple[float, float] | None, exact: bool, seed: int, pending: bool
) -> None:
    """Nothing rejected, every critical one, the size kept or explained, the old order, the same for the same seed."""
    asked = {"size": size, "mix": mix, "exact_mix": exact, "seed": seed, "include_pending": pending}
    selection = select_inputs(inputs, **asked)  # type: ignore[arg-type]
    ids = [item.id for item in selection.inputs]
    assert ids == [item.id for item in inputs if item.id in set(ids)]
    assert all(item.status != "rejected" for item in selection.inputs)
    assert all(item.id in ids for item in inputs if is_critical(item) and item.status != "rejected")
    if not pending:
        assert all(item.status == "approved" or is_critical(item) for item in selection.inputs)
    if size is not None:
        available = sum(item.status == "approved" or (pending and item.status == "pending") for item in inputs)
        assert len(ids) == size or selection.notes
        assert len(ids) >= min(size, available)
    assert select_inputs(inputs, **asked) == selection  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("inputs", "size", "expected", "notes"),
    [
        (_inputs(100, 100), 50, (40, 10), 0),
        (_inputs(100, 3), 50, (47, 3), 1),
        (_inputs(10, 100), 50, (10, 40), 1),
        (_inputs(100, 100, 4), 50, (40, 10), 0),
        (_inputs(100, 0, 20), 50, (30, 20), 1),
        (_inputs(100, 5), None, (100, 5), 1),
    ],
)
def test_the_mix_is_kept_as_far_as_there_are_inputs(
    inputs: list[Input], size: int | None, expected: tuple[int, int], notes: int
) -> None:
    """80:20 by largest remainder, critical ones counting as manual; a note says when one side has too few."""
    selection = select_inputs(inputs, size=size, mix=(80, 20))
    assert _sources(selection.inputs) == expected
    assert len(selection.notes) == notes, selection.notes


def test_an_exact_mix_leaves_out_what_has_no_place() -> None:
    """The greatest total that rounds to the mix (22 of 27 are 80 %); with one side empty there is none."""
    assert _sources(select_inputs(_inputs(100, 5), mix=(80, 20), exact_mix=True).inputs) == (22, 5)
    alone = select_inputs(_inputs(100), mix=(80, 20), exact_mix=True)
    assert _sources(alone.inputs) == (100, 0)
    assert "too few manual" in alone.notes[0]


def test_what_is_left_out_and_what_comes_uncalled_is_told() -> None:
    """A mix that drops inputs says how many; a choice that nothing fits says that only the critical ones are in."""
    mixed = select_inputs(_inputs(100, 5), mix=(80, 20), exact_mix=True)
    assert mixed.notes == ("78 of 105 inputs are left out, to keep the mix.",)
    uncalled = select_inputs(_inputs(5, 0, 2), personas=["ann"])
    assert len(uncalled.inputs) == 2 and "always in" in uncalled.notes[0]
    assert select_inputs(_inputs(0, 0, 2)).notes == ()


def test_critical_inputs_are_in_beyond_the_size_and_whatever_is_asked_for() -> None:
    """They guard what must never break; one that nobody approved is in as well, and is told."""
    inputs = [*_inputs(5, 0, 3), Input(id="p", text="t", importance="critical", persona="bob")]
    selection = select_inputs(inputs, size=2, personas=["ann"], topics=["billing"])
    assert [item.id for item in selection.inputs] == ["c0", "c1", "c2", "p"]
    assert any("pending" in note for note in selection.notes)
    assert any("always in" in note for note in selection.notes)


def test_a_size_is_spread_evenly_over_persona_and_topic() -> None:
    """A cell with a hundred inputs does not crowd out one with three; few inputs still meet every persona."""
    cells = {("ann", "billing"): 100, ("ann", "refunds"): 3, ("bob", "billing"): 10, ("cy", "User_Management"): 10}
    inputs = [
        Input(id=f"{persona}-{topic}-{n}", text="t", persona=persona, metadata={"topic": topic}, status="approved")
        for (persona, topic), count in cells.items()
        for n in range(count)
    ]
    chosen = Counter((item.persona, item.metadata["topic"]) for item in select_inputs(inputs, size=21).inputs)
    assert chosen == {("ann", "billing"): 6, ("ann", "refunds"): 3, ("bob", "billing"): 6, ("cy", "User_Management"): 6}
    assert {item.persona for item in select_inputs(inputs, size=3).inputs} == {"ann", "bob", "cy"}
    assert len(select_inputs(inputs, topics=["user management"]).inputs) == 10


def test_pending_inputs_come_in_only_when_asked_for() -> None:
    """A bundle is what somebody approved, unless told otherwise; then it says so."""
    inputs = [
        Input(id="a", text="t", status="approved"),
        Input(id="p", text="t"),
        Input(id="r", text="t", status="rejected"),
    ]
    assert [item.id for item in select_inputs(inputs).inputs] == ["a"]
    both = select_inputs(inputs, include_pending=True)
    assert [item.id for item in both.inputs] == ["a", "p"]
    assert both.notes == ("1 of 2 inputs are pending: nobody has approved them.",)
    assert [item.id for item in select_inputs(inputs, status="pending").inputs] == ["p"]


def test_a_bundle_is_frozen_with_its_personas_and_its_hash() -> None:
    """Only the personas of its inputs, in their order; name and day do not count in the hash."""
    personas = {name: Persona(persona_id=name) for name in ("ann", "bob", "cy")}
    inputs = [Input(id="a", text="t", persona="bob", status="approved"), Input(id="b", text="t", persona="nobody")]
    bundle = make_bundle("smoke", select_inputs(inputs, include_pending=True), personas, created="2026-11-23")
    assert [persona.persona_id for persona in bundle.personas] == ["bob"]
    assert bundle.content_hash == hash_bundle(bundle.model_copy(update={"name": "other", "created": ""}))


def test_what_sets_two_bundles_apart() -> None:
    """By id: added, taken out, changed; personas too."""
    ann, other_ann, bob = (
        Persona(persona_id="ann"),
        Persona(persona_id="ann", description="new"),
        Persona(persona_id="bob"),
    )
    one = [Input(id=name, text=name, persona="ann", status="approved") for name in "abc"]
    two = [one[0], one[1].model_copy(update={"text": "B"}), Input(id="d", text="d", persona="bob", status="approved")]
    before = make_bundle("one", select_inputs(one), {"ann": ann})
    after = make_bundle("two", select_inputs(two), {"ann": other_ann, "bob": bob})
    assert diff_bundles(before, after) == BundleDiff(("d",), ("c",), ("b",), ("bob",), (), ("ann",))
    assert diff_bundles(before, before).is_empty
