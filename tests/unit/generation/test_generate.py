"""The count is the count: quotas are met after filtering, or what is short is told and the rest kept."""

import json
from collections import Counter

import pytest

from fluxloop.errors import LanguageUnsupported, ProviderUnavailable
from fluxloop.providers.base import Prompt
from fluxloop.providers.embedded.provider import EmbeddedProvider
from fluxloop.providers.scripted import ScriptedProvider

NOUNS = """invoice refund parcel password coupon address ticket webhook export seat trial label receipt calendar
badge""".split()  # noqa: SIM905


def fresh(prompt: Prompt, number: int) -> str:
    """A text no other call gives."""
    return f"{NOUNS[number % 15]} {number} {NOUNS[(number * 7) % 15]} is {number * 31} wrong again"


def answering(how):
    """A scripted provider that answers each slot by `how(slot, nth call, nth text)`."""
    state = Counter()

    def reply(prompt: Prompt) -> str:
        state["calls"] += 1
        entries = []
        for slot in prompt.batch.slots:
            state["texts"] += 1
            entries += how(slot, state["calls"], state["texts"], prompt)
        return json.dumps({"inputs": entries})

    return ScriptedProvider(reply)


def test_shares_are_exact_and_no_two_alike(make_planner, run) -> None:
    """60/30/10 gives exactly that, all different."""
    quotas = {"novice_user": 60, "expert_user": 30, "frustrated_user": 10}
    outcome = run(make_planner(*quotas, topics=("billing", "delivery", "errors")), quotas, EmbeddedProvider())
    assert Counter(candidate.slot.persona_id for candidate in outcome.kept) == quotas
    assert len({candidate.texts for candidate in outcome.kept}) == 100
    assert not outcome.missing()


def test_a_model_that_gives_fewer_is_asked_again(make_planner, run) -> None:
    """Three for ten: topped up until the quota is met."""
    provider = answering(lambda slot, call, n, p: [{"slot": slot.index, "text": fresh(p, n)}] if n % 3 == 0 else [])
    outcome = run(make_planner("novice_user"), {"novice_user": 12}, provider, rounds=20)
    assert len(outcome.kept) == 12


def test_a_model_that_gives_more_gives_no_more_than_asked(make_planner, run) -> None:
    """Thirty for ten: exactly ten are kept."""
    provider = answering(lambda slot, call, n, p: [{"slot": slot.index, "text": fresh(p, n * 3 + k)} for k in range(3)])
    assert len(run(make_planner("novice_user"), {"novice_user": 10}, provider).kept) == 10


def test_twins_are_dropped_and_counted(make_planner, run) -> None:
    """The same text for every slot: one is kept, the shortfall says why."""
    provider = answering(lambda slot, call, n, p: [{"slot": slot.index, "text": "my invoice is wrong again"}])
    outcome = run(make_planner("novice_user"), {"novice_user": 5}, provider, rounds=3, style=False)
    assert len(outcome.kept) == 1
    assert outcome.missing() == {"novice_user": 4}
    assert sum(outcome.rejected["novice_user"].values()) == 4 + 4 + 4


def test_a_refusal_is_never_an_input(make_planner, run) -> None:
    """What a model says instead of an input is sifted out."""
    refusal = "I'm sorry, but I can't help with that."
    provider = answering(lambda slot, call, n, p: [{"slot": slot.index, "text": refusal}])
    outcome = run(make_planner("novice_user"), {"novice_user": 3}, provider, rounds=2)
    assert outcome.kept == [] and outcome.missing() == {"novice_user": 3}


def test_garbage_now_and_then_costs_a_round_not_the_run(make_planner, run) -> None:
    """An unreadable answer counts as short and is asked again."""
    state = Counter()

    def reply(prompt: Prompt) -> str:
        state["calls"] += 1
        if state["calls"] == 1:
            return "I could not do it, sorry."
        state["texts"] += 1
        number = state["calls"] * 100
        return json.dumps([{"slot": s.index, "text": fresh(prompt, number + s.index)} for s in prompt.batch.slots])

    outcome = run(make_planner("novice_user"), {"novice_user": 4}, ScriptedProvider(reply))
    assert len(outcome.kept) == 4
    assert outcome.rejected["novice_user"]["answer cut off or unreadable"] == 4


def test_a_provider_that_dies_leaves_what_was_made(make_planner, run) -> None:
    """The first call's inputs are kept; the error stands in the outcome."""
    calls = iter(range(100))

    def reply(prompt: Prompt) -> str:
        if next(calls):
            raise ProviderUnavailable("The server is gone.")
        return json.dumps([{"slot": s.index, "text": fresh(prompt, s.index)} for s in prompt.batch.slots])

    planner = make_planner("novice_user")
    outcome = run(planner, {"novice_user": 20}, ScriptedProvider(reply), concurrency=1)
    assert len(outcome.kept) == 10
    assert isinstance(outcome.error, ProviderUnavailable)


def test_a_language_nobody_can_write_stops_before_any_work(make_planner, run) -> None:
    """Never English instead."""
    with pytest.raises(LanguageUnsupported, match="japanese"):
        run(make_planner("japanese_customer"), {"japanese_customer": 3}, EmbeddedProvider())


def test_the_same_seed_gives_the_same_texts(make_planner, run) -> None:
    """Twice the same run, twice the same inputs."""
    first, second = (
        [c.texts for c in run(make_planner("mobile_user"), {"mobile_user": 30}, EmbeddedProvider()).kept]
        for _ in range(2)
    )
    assert first == second


def test_the_clean_text_stands_beside_the_rough_one(make_planner, run) -> None:
    """Roughening is reversible; with style off nothing is changed."""
    rough = run(make_planner("mobile_user"), {"mobile_user": 30}, EmbeddedProvider()).kept
    assert any(candidate.clean and candidate.clean != candidate.texts for candidate in rough)
    plain = run(make_planner("mobile_user"), {"mobile_user": 30}, EmbeddedProvider(), style=False).kept
    assert not any(candidate.clean for candidate in plain)
