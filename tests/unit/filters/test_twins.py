"""Twins: exact by fold, near by exact Jaccard."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxloop.filters.duplicate import fold_text
from fluxloop.filters.similarity import Twins, grams_of, jaccard

SENTENCES = (
    "how do i reset my password",
    "where is my refund for order 4471",
    "the export button does nothing in the browser",
    "i was charged twice for the same month",
    "can my assistant get access to the billing page",
    "webhook retries stopped on sunday",
)
words = st.sampled_from([word for sentence in SENTENCES for word in sentence.split()])
texts = st.lists(words, min_size=1, max_size=8).map(" ".join) | st.sampled_from(SENTENCES) | st.text(max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How do I start?", "how do i start"),
        ("How do I start?", "  How  do I\nstart ??!! 😅"),
        ("don't", "dont"),
        ("don’t work", "DON'T WORK."),
        ("Caf\u00e9 closed", "Cafe\u0301 closed"),
        ("ＡＰＩ key", "api key"),
        ("e-mail", "e mail"),
        ("pass\u200bword reset", "password reset"),
        ("STRASSE gesperrt", "Straße gesperrt"),
    ],
)
def test_texts_that_say_the_same_fold_alike(one: str, other: str) -> None:
    """Case, marks, emoji, spacing and Unicode form do not make another input."""
    assert fold_text(one) == fold_text(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("C#", "C"),
        ("5 €", "5 $"),
        ("👍", "👎"),
        ("?", "!"),
        ("", "?"),
        ("1.5", "15"),
        ("a < b", "a > b"),
        ("がく", "かく"),
    ],
)
def test_texts_that_say_something_else_fold_apart(one: str, other: str) -> None:
    """Signs that carry meaning are kept."""
    assert fold_text(one) != fold_text(other)


def test_an_exact_twin_names_the_first_that_was_kept() -> None:
    """Who reads the finding can look the kept one up."""
    twins = Twins()
    twins.add("input_001", "How do I start?")
    twins.add("input_002", "how do i start")
    finding = twins.find("HOW DO I START")
    assert finding is not None
    assert (finding.filter, finding.twin) == ("duplicate", "input_001")
    assert len(twins) == 1


def test_a_near_twin_is_told_with_its_number() -> None:
    """Similarity comes with the figure that was too high, and the twin most alike."""
    twins = Twins(0.3)
    twins.add("a", "the export button does nothing in chrome")
    twins.add("b", "the export buton does nothing in chrome")
    finding = twins.find("the export button does nothing in chrom")
    assert finding is not None
    assert (finding.filter, finding.twin) == ("similarity", "a")
    assert "0.9" in finding.why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How do I start?", "How do I begin?"),
        ("upgrade my subscription", "cancel my subscription"),
        ("where is my order", "where is my refund"),
        ("no", "on"),
    ],
)
def test_different_questions_are_kept(one: str, other: str) -> None:
    """Shared words alone make no twins."""
    twins = Twins(0.3)
    twins.add("a", one)
    assert twins.find(other) is None


def test_inactive_twins_find_nothing() -> None:
    """`remove_duplicates: false` turns exact and near twins off."""
    twins = Twins(0.3, active=False)
    twins.add("a", "How do I start?")
    assert twins.find("How do I start?") is None


def test_at_distance_zero_only_exact_twins_are_found() -> None:
    """Nobody asked for a distance, so any difference will do."""
    twins = Twins(0)
    twins.add("a", "the export button does nothing in chrome")
    assert twins.find("the export button does nothing in chrom") is None
    assert twins.find("The export button does nothing in Chrome!") is not None


@given(kept=st.lists(texts, max_size=20), asked=texts, distance=st.sampled_from([0.1, 0.3, 0.5, 0.8]))
@settings(max_examples=300, deadline=None)
def test_what_is_found_is_a_twin_by_brute_force(kept: list[str], asked: str, distance: float) -> None:
    """No distinct text is ever dropped: every finding is confirmed by folding and comparing exactly."""
    twins = Twins(distance)
    for number, text in enumerate(kept):
        twins.add(str(number), text)
    finding = twins.find(asked)
    if finding is None:
        assert fold_text(asked) not in map(fold_text, kept)
        return
    twin = fold_text(kept[int(finding.twin)])
    if finding.filter == "duplicate":
        assert twin == fold_text(asked)
    else:
        assert jaccard(grams_of(twin), grams_of(fold_text(asked))) >= 1 - distance - 1e-9


@given(one=texts, other=texts)
@settings(max_examples=300, deadline=None)
def test_being_twins_is_mutual(one: str, other: str) -> None:
    """Whichever was kept first, the other is its twin or neither is."""
    first, second = Twins(), Twins()
    first.add("x", one)
    second.add("x", other)
    assert (first.find(other) is None) == (second.find(one) is None)


def test_nearly_all_pairs_at_the_threshold_are_found() -> None:
    """Bands are chosen so that 99.5 % of pairs just above the threshold come up as candidates."""
    dice = random.Random(4)
    found = pairs = 0
    while pairs < 600:
        one = " ".join(dice.sample(" ".join(SENTENCES).split(), 7))
        spot = dice.randrange(len(one) - 3)
        other = one[:spot] + dice.choice("abcxyz") + one[spot + dice.randrange(1, 4) :]
        if not 0.7 <= jaccard(grams_of(fold_text(one)), grams_of(fold_text(other))) < 0.78:
            continue
        twins = Twins(0.3)
        twins.add("a", one)
        pairs += 1
        found += twins.find(other) is not None
    assert found / pairs >= 0.995


def test_the_same_twins_in_every_process() -> None:
    """Nothing depends on the seed of Python's hashes."""
    program = (
        "from fluxloop.filters.similarity import Twins\n"
        "twins = Twins(.5)\n"
        "for n, text in enumerate(('where is my refund', 'where is my order', 'where is my other order')):\n"
        "    print(twins.find(text)); twins.add(str(n), text)\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
