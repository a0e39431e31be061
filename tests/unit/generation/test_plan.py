"""A plan is drawn in code: exact, spread, licensed by the persona, and the same for the same seed."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxloop.errors import ConfigError
from fluxloop.generation.coverage import summarise_plan
from fluxloop.generation.plan import create_planner
from fluxloop.schema.config import Settings
from fluxloop.schema.plan import Brief
from fluxloop.store.personas import builtin_personas

SHELF = builtin_personas()


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 5))
def test_quotas_and_topics_are_exact(first: int, second: int, topics: int) -> None:
    """Each persona has its quota, and its topics differ by at most one input."""
    chosen = ("billing", "delivery", "errors", "api", "privacy")[:topics]
    personas = {name: SHELF[name] for name in ("novice_user", "expert_user")}
    planner = create_planner(personas, Settings(topics=chosen), Brief(), seed="x")
    plan = planner.plan({"novice_user": first, "expert_user": second})
    made = Counter(slot.persona_id for slot in plan.slots)
    assert (made["novice_user"], made["expert_user"]) == (first, second)
    for persona in made:
        per_topic = Counter(slot.topic for slot in plan.slots if slot.persona_id == persona)
        counts = [per_topic[topic] for topic in chosen]
        assert max(counts) - min(counts) <= 1


def test_the_same_seed_gives_the_same_plan_and_another_seed_another(make_planner) -> None:
    """Plans are reproducible to the last slot."""
    quotas = {"novice_user": 20, "expert_user": 20}
    plans = [make_planner("novice_user", "expert_user", seed=seed).plan(quotas) for seed in ("1", "1", "2")]
    assert plans[0] == plans[1]
    assert plans[0].slots != plans[2].slots


def test_situations_come_round_before_one_comes_twice(make_planner) -> None:
    """30 slots of one cell have 30 different situations."""
    plan = make_planner("intermediate_user").plan({"intermediate_user": 30})
    assert len({slot.situation for slot in plan.slots}) == 30


def test_a_beginner_gets_no_technical_situation(make_planner) -> None:
    """Situations are licensed by the persona's expertise."""
    from fluxloop.topics.situations import situations_of

    technical = {s.about for s in situations_of("api", "en") if s.level == "technical"}
    plan = make_planner("novice_user", topics=("api",)).plan({"novice_user": 60})
    assert technical and not technical & {slot.situation for slot in plan.slots}


def test_vocabulary_and_context_are_named_by_some_slots(make_planner) -> None:
    """Every term of a given vocabulary is planned into some inputs."""
    planner = make_planner("novice_user", vocabulary=("patient records", "clinical notes"))
    mentions = summarise_plan(planner.plan({"novice_user": 40})).mentions
    assert set(mentions) == {"patient records", "clinical notes"}


def test_forbidden_topics_are_never_planned(make_planner) -> None:
    """A topic that is forbidden is left out; when all are, that is an error."""
    planner = create_planner(
        {"novice_user": SHELF["novice_user"]}, Settings(topics=("billing", "delivery")),
        Brief(forbidden_topics=("billing",)), seed="1",
    )  # fmt: skip
    assert {slot.topic for slot in planner.plan({"novice_user": 10}).slots} == {"delivery"}
    with pytest.raises(ConfigError, match="forbidden"):
        make_planner("novice_user", forbidden_topics=("billing",))


def test_conversations_have_two_turns_or_more_and_at_most_the_limit(make_planner) -> None:
    """`--max-turns 4` plans conversations of 2 to 4 turns."""
    plan = make_planner("novice_user", max_turns=4).plan({"novice_user": 30})
    assert {slot.turns for slot in plan.slots} <= {2, 3, 4}


def test_the_summary_counts_what_is_there(make_planner) -> None:
    """Cells, dimensions and pairs of the summary are those of the slots."""
    planner = make_planner("novice_user", "expert_user", topics=("billing", "api"))
    plan = planner.plan({"novice_user": 10, "expert_user": 6})
    summary = summarise_plan(plan)
    assert summary.total == 16
    assert summary.cells == {"novice_user": {"billing": 5, "api": 5}, "expert_user": {"billing": 3, "api": 3}}
    assert 0 < summary.pairs_covered <= summary.pairs_possible
    assert sum(summary.dimensions["tone"].values()) == 16
