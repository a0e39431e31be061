"""A persona's attributes become numbers, and the numbers are reached."""

import random
from statistics import median

import pytest

from fluxloop.errors import ConfigError
from fluxloop.schema.persona import Persona
from fluxloop.store.personas import builtin_personas
from fluxloop.style.bands import bands_of, language_of, level_of, mood_of, sample_style


def persona(**communication: str) -> Persona:
    """A persona that communicates so."""
    return Persona(persona_id="p", communication=communication)


def test_attributes_move_their_bands() -> None:
    """Each attribute has an effect, in the direction its word says."""
    plain = bands_of(persona())
    terse, verbose = bands_of(persona(verbosity="terse")), bands_of(persona(verbosity="verbose"))
    assert terse.words_median < plain.words_median < verbose.words_median
    formal, casual = bands_of(persona(formality="formal")), bands_of(persona(formality="very_casual"))
    assert formal.lower_start < plain.lower_start < casual.lower_start
    assert bands_of(persona(punctuation="minimal")).no_end_mark > plain.no_end_mark
    assert bands_of(persona(typos="frequent")).misspellings > plain.misspellings
    assert bands_of(persona(politeness="high")).polite > plain.polite
    assert bands_of(persona(emoji_usage="frequent")).emoji > plain.emoji


def test_a_persona_can_override_a_band_by_number() -> None:
    """`style:` wins over what the attributes imply; a wrong name or value is told."""
    assert bands_of(Persona(persona_id="p", style={"polite": 0.9})).polite == 0.9
    with pytest.raises(ConfigError, match="no style band"):
        bands_of(Persona(persona_id="p", style={"politness": 0.9}))
    with pytest.raises(ConfigError, match="number"):
        bands_of(Persona(persona_id="p", style={"polite": "very"}))


def test_samples_reach_their_bands() -> None:
    """Over 4,000 draws every rate is within four points of its band, and the lengths spread."""
    bands = bands_of(builtin_personas()["frustrated_user"])
    rng = random.Random(2)
    drawn = [sample_style(bands, rng) for _ in range(4000)]
    for name in ("lower_start", "emoji", "abbreviations", "excess", "shouting"):
        assert abs(sum(getattr(style, name) for style in drawn) / 4000 - getattr(bands, name)) < 0.04, name
    assert abs(sum(not style.end_mark for style in drawn) / 4000 - bands.no_end_mark) < 0.04
    assert abs(median(style.words for style in drawn) - bands.words_median) <= 1


def test_maps_and_words_are_read_alike() -> None:
    """`expertise` and `emotional_state` may be a word or a map, in the attributes or on top."""
    assert level_of(Persona(persona_id="p", expertise={"billing": "expert"})) == "expert"
    assert level_of(Persona(persona_id="p", attributes={"expertise": "Beginner"})) == "beginner"
    assert mood_of(Persona(persona_id="p", emotional_state={"initial": "calm", "later": "angry"})) == "calm"
    assert language_of(persona(language="Deutsch")) == "de"


@pytest.mark.parametrize("persona_id", list(builtin_personas()))
def test_every_built_in_persona_has_bands(persona_id: str) -> None:
    """No built-in persona has a value that nothing is made of."""
    bands = bands_of(builtin_personas()[persona_id])
    assert 2 <= bands.words_median <= 30
    assert all(0 <= getattr(bands, name) <= 1 for name in ("lower_start", "no_end_mark", "polite", "emoji", "casual"))
