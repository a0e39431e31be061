"""Learning from real messages: examples, personas one has, personas one has not."""

from __future__ import annotations

import random

import numpy as np
import pytest

from fluxloop.curation.clusters import cluster, farthest_first, silhouette
from fluxloop.curation.discovering import discover_personas
from fluxloop.curation.exemplars import choose_examples
from fluxloop.curation.learning import learn_personas
from fluxloop.curation.traits import traits_of
from fluxloop.errors import NotFound, UsageError
from fluxloop.schema.persona import Persona
from fluxloop.store.logs import LogMessage
from fluxloop.style.telling import communication_for

ASKS = ["refund", "parcel", "invoice", "voucher", "delivery", "address", "receipt", "exchange"]
TERSE = ["wheres my {}", "no {} yet", "{} pls", "still waiting on {}", "{} is wrong"]
WORDY = [
    "Good morning, I would like to ask about my {}. Could you please tell me what happened to it?",
    "Dear team, the {} has not arrived so far. I have waited for two weeks now, thank you for your help.",
    "Hello, please help me with the {}. It was charged twice and I do not understand the reason.",
]


def _log(writers: int, each: int = 6, seed: int = 1) -> list[LogMessage]:
    """Two kinds of users, terse and wordy ones, in turns."""
    dice = random.Random(seed)
    found = []
    for number in range(writers * each):
        writer = number % writers
        frame = dice.choice(TERSE if writer % 2 else WORDY)
        found.append(LogMessage(frame.format(dice.choice(ASKS)) + f" {number}", user=f"u{writer}"))
    return found


def test_two_kinds_of_users_are_found() -> None:
    """Whoever types alike is one persona; each user is in one only; bands, words and examples are their own."""
    found = discover_personas(_log(20))
    assert len(found) == 2 and sum(one.messages for one in found) == 120
    assert sum(one.writers for one in found) == 20 and sum(one.share for one in found) == pytest.approx(1)
    terse = min(found, key=lambda one: one.measured.bands["words_median"]).persona
    wordy = max(found, key=lambda one: one.measured.bands["words_median"]).persona
    assert (terse.communication["verbosity"], wordy.communication["politeness"]) == ("terse", "high")
    assert terse.style["lower_start"] == 1.0 and wordy.style["lower_start"] == 0.0
    assert "brief" in terse.persona_id and {"detailed", "polite"} & set(wordy.persona_id.split("_"))
    assert all(any(text.startswith(frame.split("{}")[0]) for frame in WORDY) for text in wordy.example_inputs)


def test_the_same_log_gives_the_same_personas_and_no_name_twice() -> None:
    """Deterministic; an id that is taken gets another word."""
    first, again = discover_personas(_log(20)), discover_personas(_log(20))
    assert first == again
    ids = [one.persona.persona_id for one in first]
    others = [one.persona.persona_id for one in discover_personas(_log(20), taken=ids)]
    assert len({*ids, *others}) == 4


def test_a_count_is_kept_and_too_few_messages_are_told() -> None:
    """Thirty messages a persona is the least that can be measured."""
    assert len(discover_personas(_log(20), count=2)) == 2
    with pytest.raises(UsageError, match="120 messages are too few for 5 personas"):
        discover_personas(_log(20), count=5)
    with pytest.raises(UsageError, match="12 messages are too few"):
        discover_personas(_log(2))


def test_messages_without_writers_stand_for_themselves() -> None:
    """A log without users works too, and says nothing of writers."""
    found = discover_personas([LogMessage(message.text) for message in _log(20)], count=2)
    assert [one.writers for one in found] == [0, 0]
    assert len({"lower_start" in one.persona.style for one in found}) == 1


def test_examples_are_unlike_each_other_and_hold_nobodys_data() -> None:
    """Messages without personal data first; what has some is scrubbed; nothing is said twice."""
    texts = [
        "where is it",
        "Where is it?",
        "WHERE IS IT",
        "call me on 555-010-4477 please",
        "mail ann@example.org today",
    ]
    found = choose_examples(texts, 8)
    assert found[0] == "where is it" and len(found) == 3
    assert set(found[1:]) == {"call me on [phone] please", "mail [email] today"}
    assert choose_examples(texts, 1) == ("where is it",)
    assert choose_examples(texts, 8, standing=["where is it!"]) == found[1:]
    assert choose_examples([], 8) == choose_examples(["hi", "x" * 500], 8) == ()


def test_examples_spread_over_what_is_said() -> None:
    """Fifty ways of one thing and a few others: the others are among the first."""
    texts = [f"where is my parcel number {n}" for n in range(50)]
    texts += [f"I was charged twice for {n} months. Why?" for n in range(20)] + ["please cancel everything now!!"] * 20
    found = choose_examples(texts, 4)
    assert any("charged" in text for text in found) and any("parcel" in text for text in found)


PERSONAS = {
    "bob": Persona(persona_id="bob", example_inputs=("hello?",)),
    "eve": Persona(persona_id="eve", communication={"language": "german"}),
}


def test_each_persona_learns_from_its_own_messages() -> None:
    """By the log's column; unknown names and short measure are told, and the rest is learned all the same."""
    log = [LogMessage(message.text, persona="bob") for message in _log(10)]
    log += [LogMessage("Wo ist es?", persona="eve")] * 5 + [LogMessage("hi", persona="bobb")]
    lesson = learn_personas(log, PERSONAS)
    assert lesson.messages == {"bob": 60} and len(lesson.learned["bob"].examples) == 7
    assert lesson.left == (
        "bobb: 1 messages are of a persona nobody knows; did you mean `bob`?",
        "eve: 5 messages are too few to measure; 30 are needed",
    )


def test_a_log_without_personas_is_of_the_one_named() -> None:
    """And when nobody is named, that is asked for."""
    log = _log(10)
    assert learn_personas(log, PERSONAS, "bob").messages == {"bob": 60}
    with pytest.raises(UsageError, match="does not say which persona"):
        learn_personas(log, PERSONAS)
    with pytest.raises(NotFound, match="no persona `bobb`"):
        learn_personas(log, PERSONAS, "bobb")
    with pytest.raises(UsageError, match="No message of the log is of the persona `eve`"):
        learn_personas([LogMessage("hi", persona="bob")], PERSONAS, "eve")


def test_clusters_are_found_and_numbered_by_size() -> None:
    """Three heaps of points, whatever order they come in."""
    dice = np.random.default_rng(3)
    heaps = [dice.normal(centre, 0.2, size=(size, 2)) for centre, size in ((0, 40), (5, 20), (-5, 10))]
    labels = cluster(np.vstack(heaps), 3)
    assert labels.tolist() == [0] * 40 + [1] * 20 + [2] * 10
    assert silhouette(np.vstack(heaps), labels) > 0.8 > silhouette(np.vstack(heaps), cluster(np.vstack(heaps), 6))
    assert set(cluster(np.zeros((5, 2)), 3).tolist()) <= {0, 1, 2}


def test_farthest_first_starts_where_it_is_told() -> None:
    """Each next point is the one farthest from all before; every point comes once."""
    points = np.array([[0.0], [1.0], [10.0], [4.0]])
    assert farthest_first(points, 0) == [0, 2, 3, 1]
    assert sorted(farthest_first(np.zeros((4, 1)), 2)) == [0, 1, 2, 3]


def test_traits_are_what_sets_a_kind_apart() -> None:
    """The strongest first; what is as everywhere is no trait."""
    everything = {"words_median": 10.0, "lower_start": 0.3, "polite": 0.1}
    found = list(traits_of({"words_median": 5.0, "lower_start": 0.5, "polite": 0.1}, everything))
    assert [trait.word for trait in found] == ["brief", "lowercase"]
    assert list(traits_of(everything, everything)) == []


def test_numbers_are_said_in_the_words_of_the_tables() -> None:
    """The nearest word of each, so that a reader and a prompt know what the numbers mean."""
    terse = {"words_median": 6.0, "lower_start": 0.8, "no_end_mark": 0.7, "emoji": 0.3, "polite": 0.0, "excess": 0.0}
    assert communication_for(terse) == {
        "verbosity": "terse",
        "formality": "very_casual",
        "emoji_usage": "frequent",
        "politeness": "low",
        "caps_usage": "lowercase",
        "punctuation": "minimal",
    }
    assert communication_for({"no_end_mark": 0.02})["punctuation"] == "full"
