"""Terms are read out of what people write about their product."""

import pytest

from fluxloop.topics.forbidden import forbidden_in
from fluxloop.topics.terms import read_context, spoken, terms_in_examples


def test_a_context_gives_features_and_what_is_absent() -> None:
    """Lists become terms; a line that begins with `No:` names what inputs must not speak of."""
    read = read_context(
        "Product: AI agent testing platform\nFeatures: Synthetic testing, scenarios\nNo: widgets, shops"
    )
    assert {"synthetic testing", "scenarios"} <= set(read.terms)
    assert read.absent == ("widgets", "shops")
    assert read.product == ""


def test_a_product_name_is_read_when_the_line_gives_one() -> None:
    """A short capitalised line after `Product:` is its name, a description is none."""
    assert read_context("Product: Parcelo").product == "Parcelo"
    assert read_context("Product: Night Owl, a booking app").product == "Night Owl"


def test_examples_give_their_noun_phrases_and_paths() -> None:
    """What examples name can be named again."""
    terms = terms_in_examples(["What's the rate limit for POST /api/v2/users?", "Any bulk update endpoints?"])
    assert "rate limit" in terms and "POST /api/v2/users" in terms


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("patient portal", "the patient portal"),
        ("patient records", "patient records"),
        ("HIPAA compliance", "HIPAA compliance"),
        ("billing", "billing"),
        ("my invoice", "my invoice"),
        ("Slack", "Slack"),
    ],
)
def test_terms_take_an_article_only_where_one_would_say_it(term: str, said: str) -> None:
    """A countable singular takes `the`; plurals, names and matters do not."""
    assert spoken(term) == said


@pytest.mark.parametrize(
    ("text", "topics", "found"),
    [
        ("I was cooking dinner", ["cooking", "sports"], ["cooking"]),
        ("she cooks", ["cooking"], ["cooking"]),
        ("the transport is late", ["sports"], []),
        ("credit-card please", ["credit card"], ["credit card"]),
        ("anything", [""], []),
    ],
)
def test_forbidden_topics_are_found_in_their_usual_forms(text: str, topics: list[str], found: list[str]) -> None:
    """Endings and hyphens do not hide a topic; a word inside another word is none."""
    assert forbidden_in(text, topics) == found
