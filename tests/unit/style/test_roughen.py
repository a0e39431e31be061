"""Roughening only lowers polish, leaves what it must not touch, and gives the same for the same seed."""

import random
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxloop.schema.plan import StyleTarget
from fluxloop.style.features import features_of
from fluxloop.style.misspell import misspell, misspell_word
from fluxloop.style.roughen import roughen

NEAT = StyleTarget(
    words=10, sentences=1, lower_start=False, end_mark=True, polite=False, emoji=False, casual=0.0,
    abbreviations=False, misspellings=0.0, shouting=False, excess=False,
)  # fmt: skip
SLOPPY = replace(NEAT, lower_start=True, end_mark=False, casual=1.0, abbreviations=True, misspellings=200.0)
TEXT = 'My invoice INV-2041 shows $14.90 at https://example.com/Pay?x=1, anna.k@example.com got "Card Declined" again.'


def rough(text: str, style: StyleTarget, seed: int = 1, **more: object) -> str:
    """One roughening with a seed."""
    return roughen(text, style, rng=random.Random(seed), **more)  # type: ignore[arg-type]


def test_a_neat_writer_stays_neat() -> None:
    """Nothing to lower, nothing changed."""
    assert rough(TEXT, NEAT) == TEXT


@pytest.mark.parametrize("seed", range(25))
def test_links_addresses_numbers_and_quotes_are_never_touched(seed: int) -> None:
    """Whatever happens to the words round them."""
    result = rough(TEXT, SLOPPY, seed)
    for kept in ("INV-2041", "$14.90", "https://example.com/Pay?x=1", "anna.k@example.com", '"Card Declined"'):
        assert kept in result


@pytest.mark.parametrize("seed", range(25))
def test_protected_terms_and_names_are_never_touched(seed: int) -> None:
    """The product's own terms stay as they are written; names keep their capital."""
    assert "Parcelo rewards programme" in rough(
        "Where is the Parcelo rewards programme mentioned?", SLOPPY, seed, protect=("Parcelo rewards programme",)
    )
    assert rough("Anna sees it.", replace(SLOPPY, misspellings=0.0), seed, names=frozenset({"Anna"})).startswith("Anna")


def test_each_target_is_reached() -> None:
    """Lower-case start, no end mark, an emoji, repeated marks."""
    assert rough("Where is it?", replace(NEAT, lower_start=True)) == "where is it?"
    assert rough("Where is it?", replace(NEAT, end_mark=False)) == "Where is it"
    assert rough("Where is it?", replace(NEAT, excess=True)).rstrip("?!") == "Where is it"
    assert rough("Where is it?", replace(NEAT, emoji=True), tone="angry")[-1] in "😡🤬😠"
    assert rough("I can't find it.", replace(SLOPPY, misspellings=0.0)).startswith(("i can't", "i cant"))


@pytest.mark.parametrize(
    ("language", "text", "loud"),
    [
        ("en", "The front desk at 10 told me to write and still nothing came.", {"STILL", "NOTHING"}),
        ("en", "The second item of order 12 is a no.", {"SECOND", "NO"}),
        ("de", "Der Kunde wartet seit 3 Tagen und es passiert nichts.", {"NICHTS"}),
        ("fr", "Le cabinet a annulé, j'ai essayé 2 fois et rien.", {"FOIS", "RIEN"}),
        ("en", "The front desk called.", set()),
    ],
)
def test_one_word_that_carries_weight_is_shouted(language: str, text: str, loud: set[str]) -> None:
    """Capitals fall on one word of a message that people do shout, or on all of it, never on `the front DESK`."""
    for seed in range(30):
        result = rough(text, replace(NEAT, shouting=True), seed, language=language)
        if result != text.upper():
            shouted = [word for word in re.findall(r"\w+", result) if word.isupper() and not word.isdigit()]
            assert len(shouted) == bool(loud) and set(shouted) <= loud, result


def test_acronyms_and_code_keep_their_first_letter() -> None:
    """`API` does not become `aPI`."""
    assert rough("API calls fail", replace(NEAT, lower_start=True)) == "API calls fail"


def test_neat_typography_of_other_languages_goes_first() -> None:
    """Hardly anybody types the Spanish opening mark or the French space; a neat writer may."""
    assert rough("¿Dónde está?", replace(NEAT, casual=1.0), language="es") == "Dónde está?"
    assert rough("C'est où ?", replace(NEAT, casual=1.0), language="fr") == "C'est où?"


@settings(max_examples=200, deadline=None)
@given(st.text(), st.integers(0, 1000))
def test_any_text_survives_and_is_the_same_for_the_same_seed(text: str, seed: int) -> None:
    """No text breaks it; seeds decide everything."""
    assert rough(text, SLOPPY, seed) == rough(text, SLOPPY, seed)


def test_the_rate_of_misspellings_is_what_was_asked_for() -> None:
    """10 per 1,000 words over a long text is 10, give or take."""
    text = "where does this setting live because the picture never loads properly today " * 1500
    wrong = sum(a != b for a, b in zip(text.split(), misspell(text, 10, random.Random(3)).split(), strict=True))
    assert 6 <= wrong / len(text.split()) * 1000 <= 16


def test_the_first_letter_is_rarely_hit() -> None:
    """People get the beginning right: under 6 %."""
    rng = random.Random(5)
    hits = sum(misspell_word("yesterday", rng)[0] != "y" for _ in range(2000))
    assert hits / 2000 < 0.06


def test_japanese_gets_no_english_typos() -> None:
    """Scripts without letters to swap are left alone."""
    assert misspell("ログインできません", 1000, random.Random(1), "ja") == "ログインできません"


@pytest.mark.parametrize(
    ("text", "words", "sentences", "lower", "mark", "polite"),
    [
        ("where's my parcel", 3, 1, True, False, False),
        ("It broke. Again! Please fix it.", 6, 3, False, True, True),
        ("version 2.1.0 fails", 5, 1, True, False, False),
        ("ok 👍", 1, 1, True, False, False),
        ("Done? 🙂", 1, 1, False, True, False),
        ("", 0, 0, False, False, False),
        ("ログインできません。", 1, 1, False, True, False),
    ],
)
def test_features(text: str, words: int, sentences: int, lower: bool, mark: bool, polite: bool) -> None:
    """What is counted is what a reader would count."""
    seen = features_of(text)
    assert (seen.words, seen.sentences, seen.lower_start, seen.end_mark, seen.polite) == (
        words, sentences, lower, mark, polite,
    )  # fmt: skip
