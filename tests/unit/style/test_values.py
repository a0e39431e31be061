"""What a persona's keys can take."""

from __future__ import annotations

import pytest

from fluxloop.schema.persona import Persona
from fluxloop.store.personas import builtin_personas
from fluxloop.style.values import unknown_values


def test_every_built_in_persona_uses_only_known_values() -> None:
    """The built-in personas are written in the words the tables know."""
    odd = [(name, value) for name, persona in builtin_personas().items() for value in unknown_values(persona)]
    assert odd == []


@pytest.mark.parametrize("value", ["cassual", "3", "False", "very-casual"])
def test_a_communication_value_that_no_table_knows_is_told(value: str) -> None:
    """`communication` holds choices only, so any other value changes nothing and must be said."""
    persona = Persona(persona_id="bob", communication={"formality": value})
    assert [(odd.section, odd.key, odd.value) for odd in unknown_values(persona)] == [
        ("communication", "formality", value)
    ]


@pytest.mark.parametrize("value", ["casual", "Very Casual", "FORMAL", None])
def test_case_and_spaces_do_not_matter_where_the_bands_ignore_them(value: str | None) -> None:
    """What `bands_of` understands is no finding."""
    assert not list(unknown_values(Persona(persona_id="bob", communication={"formality": value})))


def test_prose_and_keys_of_ones_own_are_left_alone() -> None:
    """Attributes may describe in place of choosing: both reach the prompt as they stand."""
    attributes = {"emotional_state": "worried about losing the data", "favourite_shop": "the corner one", "age": 7}
    assert not list(unknown_values(Persona(persona_id="bob", attributes=attributes, expertise={"python": "guru"})))


def test_a_short_word_that_is_no_level_is_told_wherever_expertise_stands() -> None:
    """`expertise` is read from the attributes and from the top, so it is checked in both."""
    persona = Persona(persona_id="bob", attributes={"expertise": "begginer"}, expertise="wizard")
    assert [(odd.section, odd.value) for odd in unknown_values(persona)] == [("attributes", "begginer"), ("", "wizard")]


def test_an_unknown_language_is_told() -> None:
    """A language nobody knows would be written as English by no one: it is a finding with the known ones."""
    (odd,) = unknown_values(Persona(persona_id="bob", communication={"language": "klingon"}))
    assert (odd.key, "german" in odd.known) == ("language", True)
