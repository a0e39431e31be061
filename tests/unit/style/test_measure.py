"""Bands measured of real messages."""

from __future__ import annotations

import random
from dataclasses import asdict, replace
from statistics import fmean

import pytest

from fluxloop.style.bands import Bands, sample_style
from fluxloop.style.measure import LEAST_MESSAGES, measure_bands

NEAT = ["Where is my parcel?", "Please send it again. It never came!", "I would like a refund for the second order."]
LOOSE = ["where is it", "it never came... send it again", "pls refund", "WHERE IS MY MONEY NOW", "still NOT here 😤"]


def _messages(bands: Bands, count: int) -> list[str]:
    """Messages made after a style's numbers, of one word over and over."""
    dice = random.Random(3)
    return [_message(sample_style(bands, dice)) for _ in range(count)]


def _message(style: object) -> str:
    told = asdict(style)  # type: ignore[call-overload]
    words = ["word"] * told["words"]
    if told["polite"]:
        words[-1] = "please"
    if told["sentences"] > 1:
        words[0] += "."
    text = " ".join(words)
    text = text if told["lower_start"] else text.capitalize()
    text += ("??" if told["excess"] else "?") if told["end_mark"] else ""
    return text + (" 😀" if told["emoji"] else "")


@pytest.mark.parametrize(
    "bands",
    [
        Bands(),
        Bands(words_median=6.5, words_sigma=0.5, lower_start=0.8, no_end_mark=0.7, several_sentences=0.1, emoji=0.3),
        Bands(
            words_median=21,
            words_sigma=0.5,
            words_max=90,
            several_sentences=0.4,
            polite=0.4,
            excess=0.3,
            no_end_mark=0.0,
        ),
    ],
)
def test_what_is_measured_is_what_was_sampled(bands: Bands) -> None:
    """Messages drawn by some bands measure as those bands: measuring and sampling mean the same by each number."""
    found = measure_bands(_messages(bands, 4000)).bands
    for name in ("lower_start", "no_end_mark", "several_sentences", "polite", "emoji"):
        assert found[name] == pytest.approx(getattr(bands, name), abs=0.03), name
    assert found["words_median"] == pytest.approx(bands.words_median, rel=0.06)
    assert found["words_sigma"] == pytest.approx(bands.words_sigma, abs=0.08)
    assert found["excess"] == pytest.approx(bands.excess * (1 - bands.no_end_mark), abs=0.03)


def test_rates_of_a_few_messages() -> None:
    """Case, marks and capitals as they stand."""
    loose = measure_bands(LOOSE).bands
    assert (loose["lower_start"], loose["no_end_mark"], loose["excess"], loose["shouting"]) == (0.8, 1.0, 0.2, 0.4)
    assert (loose["emoji"], loose["polite"]) == (0.2, 0.25)  # drawn of messages of three words or more
    neat = measure_bands(NEAT).bands
    assert (neat["lower_start"], neat["no_end_mark"], neat["emoji"]) == (0, 0, 0)


def test_acronyms_are_not_shouted() -> None:
    """`API` and `JSON` are words like others; `NOT` is none."""
    assert measure_bands(["the API gives JSON", "OK", "HTTP 500"]).bands["shouting"] == 0
    assert measure_bands(["it does NOT work"]).bands["shouting"] == 1


def test_one_pasted_log_does_not_change_the_length() -> None:
    """A message of 900 words among hundreds of short ones is no way of typing."""
    texts = [f"where is order number {n} now" for n in range(300)]
    clean, pasted = measure_bands(texts).bands, measure_bands([*texts, "line " * 900]).bands
    assert pasted == clean


def test_few_messages_are_not_enough() -> None:
    """What has no words does not count."""
    assert measure_bands(["hi"] * LEAST_MESSAGES).enough
    assert not measure_bands(["hi"] * (LEAST_MESSAGES - 1) + ["?", "😀"]).enough
    assert measure_bands([]).bands == {}


def test_scripts_without_case_or_spaces_are_measured_for_what_they_have() -> None:
    """No word lengths in Japanese, no lower case in Arabic; misspellings in no language at all."""
    japanese = measure_bands(["荷物が届きません。", "どこですか？"], "ja").bands
    assert not japanese.keys() & {"words_median", "words_sigma", "words_max", "lower_start", "shouting"}
    assert "no_end_mark" in japanese and "lower_start" not in measure_bands(["أين طلبي؟"], "ar").bands
    assert "misspellings" not in measure_bands(NEAT).bands


def test_every_measured_band_is_one_a_persona_can_have() -> None:
    """The names are those of `Bands`, and the values such as `style:` takes."""
    found = measure_bands(NEAT + LOOSE).bands
    assert replace(Bands(), **found) and all(value >= 0 for value in found.values())
    assert all(value <= 1 for name, value in found.items() if not name.startswith("words_"))
    assert fmean(found.values()) > 0
