"""Frames make situations of words, and only of the words they fit."""

import re

import pytest

from fluxloop.topics.frame import load_frames, written_languages
from fluxloop.topics.match import known_topics
from fluxloop.topics.pack import Situation, load_pack
from fluxloop.topics.situations import situations_of, term_situations
from fluxloop.topics.terms import is_digital

STUTTER = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)


def lines_as_written(situation: Situation) -> list[str]:
    """Every line of a framed situation with its word in place."""
    plain = situation.plain
    word = situation.bind[situation.kind]
    return [
        line.replace(f"{{{situation.kind}}}", word) for line in (*plain.state, *plain.ask, *plain.short, *plain.detail)
    ]


@pytest.mark.parametrize("language", written_languages())
def test_no_frame_repeats_the_word_it_joins(language: str) -> None:
    """`possible to {verb} again` is left out for a verb that ends in `again`, `myself?` for one in `myself`."""
    framed = [each for topic in known_topics() for each in situations_of(topic, language) if each.kind != "pack"]
    assert framed
    for situation in framed:
        for line in lines_as_written(situation):
            assert not STUTTER.search(line), (language, situation.about, line)


@pytest.mark.parametrize(
    ("term", "digital"),
    [
        ("gardening tools", False),
        ("return label", False),
        ("loyalty points", False),
        ("API keys", True),
        ("patient records", True),
        ("HIPAA compliance", True),
        ("POST /api/v2/users", True),
        ("scenarios", True),
    ],
)
def test_software_is_told_from_other_things(term: str, digital: bool) -> None:
    """By acronyms, names, paths and the words of the trade."""
    assert is_digital(term) is digital


@pytest.mark.parametrize("language", written_languages())
def test_what_is_no_software_is_not_exported_or_set_up(language: str) -> None:
    """A thing of the world gets the frames that fit anything, in enough variety, and no talk of caches."""
    tools = term_situations("gardening tools", language)
    records = term_situations("patient records", language)
    assert 3 <= len(tools) < len(records)
    assert not any(each.digital for each in tools) and any(each.digital for each in records)
    assert all(each.matter for each in tools) and not any(each.matter for each in records)
    if language == "en":
        said = " ".join(line for each in tools for line in lines_as_written(each))
        assert not re.search(r"export|\bfile|\{plan\}|\{device\}|\blogs?\b|share", said)


@pytest.mark.parametrize("language", written_languages())
def test_matters_of_the_world_have_extras_of_their_own(language: str) -> None:
    """Nobody restarts a phone because a parcel is late: what is added to such a message names no device."""
    frames = load_frames(language)
    delivery = load_pack("delivery", language)
    errors = load_pack("errors", language)
    assert frames is not None and delivery is not None and errors is not None
    assert all(each.matter for each in delivery.situations) and not any(each.matter for each in errors.situations)
    lines = [
        *frames.parts["attempts_matter"],
        *frames.parts["extras"]["problem_matter"],
        *frames.parts["extras"]["question_matter"],
    ]
    assert len(lines) >= 15
    assert not any(name in line for line in lines for name in ("{device}", "{browser}", "{plan}"))
