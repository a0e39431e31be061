"""Packs and frames are data that people edit: their rules are checked here, line by line."""

import re
from importlib.resources import files

import pytest

from fluxloop.topics.frame import load_frames, written_languages
from fluxloop.topics.match import known_topics, match_topic, topics_in
from fluxloop.topics.pack import Lines, load_pack, packs_folder
from fluxloop.topics.situations import situations_of

LANGUAGES = ("en", "de", "es", "fr", "pt")
NAME = re.compile(r"\{(\w+)\}")
PACKS = [
    (language, file.name.removesuffix(".yaml"))
    for language in LANGUAGES
    for file in packs_folder(language).iterdir()
    if file.name.endswith(".yaml")
]
LEAST_SITUATIONS = {"en": 25}


@pytest.mark.parametrize(("language", "topic"), PACKS)
def test_every_line_of_a_pack_can_be_filled_and_used(language: str, topic: str) -> None:
    """Every name in a line has a filler, no line has an end mark of its own, only asks and shorts are questions."""
    pack = load_pack(topic, language)
    frames = load_frames(language)
    assert pack is not None and frames is not None
    assert pack.topic == topic
    known = {*frames.fill, *pack.fill, "thing", "error", "verb"}
    for situation in pack.situations:
        for lines in filter(None, (situation.plain, situation.technical)):
            for kind in ("state", "ask", "short", "detail"):
                for line in getattr(lines, kind):
                    place = f"{language}/{topic} [{situation.about}] {kind}: {line!r}"
                    assert isinstance(line, str), place
                    assert set(NAME.findall(line)) <= known, place
                    assert not line.endswith((".", "!")), place
                    assert kind in {"ask", "short"} or not line.endswith("?"), place


@pytest.mark.parametrize(("language", "topic"), PACKS)
def test_a_pack_is_big_enough_to_be_varied(language: str, topic: str) -> None:
    """English packs have 25 situations or more, the others 8, none twice, each with several lines of every kind."""
    pack = load_pack(topic, language)
    assert pack is not None
    about = [situation.about for situation in pack.situations]
    assert len(about) == len(set(about)) >= LEAST_SITUATIONS.get(language, 8)
    assert min(len(pack.things), len(pack.verbs)) >= 8 and len(pack.errors) >= 5
    for situation in pack.situations:
        assert situation.intent in {"problem", "how_to", "request", "question"}
        assert situation.level in {"novice", "any", "technical"}
        assert _least(situation.plain) >= 2, situation.about


@pytest.mark.parametrize("language", written_languages())
def test_frames_of_every_language_have_the_parts_of_english(language: str) -> None:
    """The writer asks every language for the same parts, tones and intents."""
    english, frames = load_frames("en"), load_frames(language)
    assert english is not None and frames is not None
    assert set(english.parts) <= set(frames.parts)
    for part in ("openers", "closers", "extras", "followups", "polite", "greetings", "glue", "agreement"):
        assert set(frames.parts[part]) >= set(english.parts[part]), part
    assert set(english.fill) <= set(frames.fill)
    for kind, situations in frames.about.items():
        allowed = {*frames.fill, *frames.parts["agreement"]["singular"], kind, "error"}
        for situation in situations:
            for lines in (situation.plain.state, situation.plain.ask, situation.plain.short, situation.plain.detail):
                assert all(set(NAME.findall(line)) <= allowed for line in lines), (language, situation.about, lines)


def test_every_topic_of_the_index_has_an_english_pack_and_the_other_way_round() -> None:
    """The index names no pack that is missing, and no pack is unreachable."""
    there = {topic for language, topic in PACKS if language == "en"}
    assert set(known_topics()) == there
    assert len(there) >= 24


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("authentication", "authentication"),
        ("API authentication", "api_authentication"),
        ("user_management", "user_management"),
        ("Returns & refunds", "refunds"),
        ("invoices", "billing"),
        ("getting started", "onboarding"),
        ("cooking", None),
    ],
)
def test_topics_are_known_by_the_names_people_give_them(name: str, topic: str | None) -> None:
    """Ids, aliases, plurals and spellings lead to the pack; an unknown topic to none."""
    assert match_topic(name) == topic


def test_a_context_names_its_topics() -> None:
    """What a product description speaks of is found in it."""
    assert topics_in("AI agent testing platform with scenarios and bundles")[0] == "agent_testing"


def test_a_topic_without_a_pack_still_has_situations() -> None:
    """Frames about the topic's own name stand in; they name it in every situation."""
    situations = situations_of("quantum teapots", "en")
    assert situations and all("quantum teapots" in situation.about for situation in situations)


def test_packs_are_in_the_package() -> None:
    """The data files are found as package resources, not by a path of the checkout."""
    assert (files("fluxloop.topics") / "packs" / "en" / "billing.yaml").is_file()


def _least(lines: Lines) -> int:
    return min(len(lines.state), len(lines.ask), len(lines.short), len(lines.detail))
