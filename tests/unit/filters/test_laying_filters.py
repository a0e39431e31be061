"""How filters are chosen by the settings and laid on inputs."""

from __future__ import annotations

import subprocess
import sys

from fluxloop.filters.base import findings_for, first_finding, texts_of_input
from fluxloop.filters.registry import create_filters, create_twins
from fluxloop.schema.config import Settings
from fluxloop.schema.input import Input, Turn
from fluxloop.schema.persona import Persona

GERMAN = Persona(persona_id="hanna", communication={"language": "german", "emoji_usage": "none"})


def test_settings_switch_filters_off() -> None:
    """Without forbidden topics there is no topic filter; `remove_offensive: false` leaves that one out."""
    names = [each.name for each in create_filters(Settings(remove_offensive=False))]
    assert names == ["length", "refusal", "persona_match", "language"]


def test_remove_duplicates_false_makes_twins_blind() -> None:
    """One setting for exact and near twins."""
    twins = create_twins(Settings(remove_duplicates=False))
    twins.add("a", "refund please")
    assert twins.find("refund please") is None


def test_a_text_is_held_to_its_personas_language_unless_the_settings_name_one() -> None:
    """`language:` in the settings stands above the persona's own."""
    item = Input(id="a", text="Wo ist meine Rechnung?", persona="hanna")
    assert texts_of_input(item, GERMAN)[0].language == "de"
    assert texts_of_input(item, GERMAN, "English")[0].language == "en"
    assert texts_of_input(item, None)[0].language == ""


def test_each_filter_speaks_once_and_names_the_turn() -> None:
    """A conversation is checked turn by turn."""
    turns = ("Ich finde die Rechnung nicht", "where is the invoice then", "danke 🙂", "where is it now, please")
    item = Input(id="a", conversation=tuple(Turn(turn=n, input=text) for n, text in enumerate(turns, 1)))
    findings = findings_for(create_filters(Settings()), texts_of_input(item, GERMAN))
    assert [(finding.filter, finding.why[:7]) for finding in findings] == [
        ("persona_match", "turn 3:"),
        ("language", "turn 2:"),
    ]


def test_first_finding_agrees_with_all_findings() -> None:
    """The short way stops early but says nothing else."""
    filters = create_filters(Settings())
    texts = texts_of_input(Input(id="a", text="where is my invoice 🙂", source="synthetic"), GERMAN)
    assert first_finding(filters, texts) == findings_for(filters, texts)[0]


def test_heavy_libraries_load_only_when_needed() -> None:
    """A run over plain texts pays for neither the language model nor the profanity scanner."""
    program = (
        "import sys\n"
        "from fluxloop.filters.registry import create_filters\n"
        "from fluxloop.filters.base import Text, findings_for\n"
        "from fluxloop.schema.config import Settings\n"
        "print(findings_for(create_filters(Settings()), [Text('where is the invoice for my order', 'en')]))\n"
        "print([name for name in ('py3langid', 'glin_profanity', 'numpy', 'emoji') if name in sys.modules])\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n[]\n"
