"""Settings: one precedence, every form of the documentation, mistakes with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxloop.errors import ConfigError, NotFound
from fluxloop.schema.config import FewShot, ModelPrice, PersonaShare, Settings
from fluxloop.store.project import find_project
from fluxloop.store.settings import load_settings

CONFIG = """\
generation:
  provider: openai  # or anthropic
  model: gpt-4o
  temperature: 0.6
  max_tokens: 90

personas:
  - id: novice_user
    count: 60
  - id: expert_user
    count: 30
  - id: frustrated_user
    count: 10

constraints:
  topics:
    - authentication
    - user_management
    - billing

  max_length: 200
  min_length: 10
  language: english
"""


@pytest.fixture
def load(tmp_path):
    """Write files into a project and load its settings; a keyword without `_yaml` is a flag."""

    def loaded(config="", project="", personas=None, named=None, **flags):
        (tmp_path / "configs").mkdir(exist_ok=True)
        (tmp_path / "configs" / "input.yaml").write_text(config)
        (tmp_path / "fluxloop.yaml").write_text(project)
        if personas is not None:
            (tmp_path / "personas.yaml").write_text(personas)
        return load_settings(find_project(tmp_path), flags, named)

    return loaded


def fails(load, *args, **kwargs):
    with pytest.raises(ConfigError) as caught:
        load(*args, **kwargs)
    return caught.value


def test_the_documented_config_file(load):
    """Every key of the reference's own file arrives."""
    settings, notices = load(CONFIG)
    assert notices == []
    assert settings == Settings(
        provider="openai", model="gpt-4o", temperature=0.6, max_tokens=90,
        personas=tuple(PersonaShare(id=name, count=count) for name, count in
                       [("novice_user", 60), ("expert_user", 30), ("frustrated_user", 10)]),
        topics=("authentication", "user_management", "billing"), min_length=10, max_length=200, language="english",
    )  # fmt: skip


def test_no_file_at_all_gives_the_defaults(tmp_path):
    """A folder without any file works."""
    assert load_settings(find_project(tmp_path), {}) == (Settings(), [])


def test_flag_over_config_over_project_over_default(load):
    """The nearest source holds; 0 is a value, None and () are not given."""
    project = "generation: {temperature: 0.1, max_tokens: 7, chain_of_thought: true}\nseed: 4\n"
    config = "generation: {temperature: 0.2, max_tokens: 8}\n"
    settings, _ = load(config, project, temperature=0.0, count=None, topics=(), provider=None)
    assert (settings.temperature, settings.max_tokens, settings.seed) == (0.0, 8, 4)
    assert settings.chain_of_thought
    assert settings.count is None


def test_a_named_config_takes_the_place_of_the_default_one(load, tmp_path):
    """`--config F` is read instead of configs/input.yaml; one that is not there is not found."""
    (tmp_path / "other.yaml").write_text("generation: {model: x}\n")
    settings, _ = load(CONFIG, named=tmp_path / "other.yaml")
    assert (settings.model, settings.provider) == ("x", None)
    assert load(CONFIG, named=Path("other.yaml"))[0].model == "x"
    with pytest.raises(NotFound):
        load(CONFIG, named=tmp_path / "none.yaml")


def test_topics_flags_replace_and_a_context_flag_adds(load):
    """`--topic` overrides the file's topics whole, `--context` is one paragraph more after product and context."""
    project = "product: {name: Parcelo, description: A shop.}\n"
    config = "generation:\n  context: |\n    No widgets.\nconstraints: {topics: [a, b]}\n"
    settings, _ = load(config, project, topics=("c",), context="It is Monday.")
    assert settings.topics == ("c",)
    assert settings.context == "A shop.\n\nNo widgets.\n\nIt is Monday."
    assert settings.product_name == "Parcelo"


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"provider": "anthropic"}, ("anthropic", None)),
        ({"provider": "openai"}, ("openai", "gpt-4o")),
        ({"model": "gpt-4o-mini"}, ("openai", "gpt-4o-mini")),
        ({"model": "claude-3-haiku"}, (None, "claude-3-haiku")),
        ({"provider": "embedded"}, ("embedded", None)),
    ],
)
def test_a_model_belongs_to_its_provider(load, flags, expected):
    """A flag that changes the provider does not send it the file's model of another one."""
    settings, _ = load(CONFIG, **flags)
    assert (settings.provider, settings.model) == expected


@pytest.mark.parametrize(
    ("form", "shares"),
    [
        ("personas: [a, b]", [("a", None, None), ("b", None, None)]),
        ("personas: a", [("a", None, None)]),
        ("personas:\n  - id: a\n    weight: 2\n  - id: b\n    weight: 30%", [("a", None, 2), ("b", None, 30)]),
        ("personas:\n  a: 40%\n  b: '35%'\n  c: 25", [("a", None, 40), ("b", None, 35), ("c", None, 25)]),
        ("personas:\n  a: {count: 5}\n  b:\n    count: 6", [("a", 5, None), ("b", 6, None)]),
        ("personas:\n  - a: 40%\n  - persona_id: b\n    weight: 1", [("a", None, 40), ("b", None, 1)]),
    ],
)
def test_every_form_of_shares(load, form, shares):
    """Ids, shares with count or weight, and maps of percents."""
    settings, notices = load(form + "\n")
    assert [(share.id, share.count, share.weight) for share in settings.personas] == shares
    assert notices == []


def test_personas_yaml_chooses_when_nothing_else_does(load):
    """The reference's own `personas.yaml`; whole personas in it count with their weight."""
    listed = "personas:\n  - novice_user\n  - expert_user\n"
    assert [share.id for share in load(personas=listed)[0].personas] == ["novice_user", "expert_user"]
    assert [share.id for share in load("personas: [x]\n", personas=listed)[0].personas] == ["x"]
    whole = "- persona_id: a\n  attributes: {x: 1}\n  weight: 3\n- b\n"
    assert load(personas=whole)[0].personas == (PersonaShare(id="a", weight=3), PersonaShare(id="b"))


def test_a_whole_persona_in_the_settings_is_told(load):
    """It belongs into a file of personas; here only its share is read."""
    settings, notices = load("personas:\n  - id: a\n    attributes: {x: 1}\n    count: 2\n")
    assert settings.personas == (PersonaShare(id="a", count=2),)
    assert [(notice.line, notice.message) for notice in notices] == [(3, "unknown key `attributes` is not used")]


@pytest.mark.parametrize(
    "form",
    ["  few_shot_examples:\n    - persona: e\n      examples: [a, 5]\n", "  few_shot_examples: {e: [a, 5]}\n"],
)
def test_examples_by_persona(load, form):
    """A list of entries or a map."""
    assert load("generation:\n" + form)[0].few_shot == (FewShot(persona="e", examples=("a", "5")),)


def test_examples_for_all(load):
    """A plain list is for every persona."""
    assert load("generation: {few_shot_examples: [a]}\n")[0].few_shot == (FewShot(persona="*", examples=("a",)),)


def test_the_rest_of_the_reference(load):
    """Domain, vocabulary, forbidden topics, filters, the mix, and both names of the distance."""
    settings, notices = load(
        "generation:\n  domain: healthcare\n  vocabulary: [patient records]\n  caching: yes\n"
        "  diversity: {min_similarity: 0.4}\n  filters: {min_length: 10, max_length: 500, remove_offensive: false}\n"
        "  constraints: {topics: [testing], forbidden_topics: [cooking]}\n"
        "inputs:\n  synthetic: 80%  # Bulk coverage\n  manual: 20%\n"
    )
    assert notices == []
    assert settings == Settings(
        domain="healthcare", vocabulary=("patient records",), caching=True, min_distance=0.4, min_length=10,
        max_length=500, remove_offensive=False, topics=("testing",), forbidden_topics=("cooking",),
        mix_synthetic=80, mix_manual=20,
    )  # fmt: skip


def test_of_two_lengths_the_stricter_holds(load):
    """In constraints or filters, at the top or under generation."""
    settings, _ = load(
        "constraints: {min_length: 5, max_length: 100, topics: [a]}\n"
        "generation:\n  filters: {min_length: 10, max_length: 500}\n  constraints: {max_length: 90, topics: [b, a]}\n"
    )
    assert (settings.min_length, settings.max_length, settings.topics) == (10, 90, ("a", "b"))


def test_a_default_gives_way_to_a_length_that_was_asked_for(load):
    """A single bound never contradicts the default of the other."""
    assert load("constraints: {min_length: 600}\n")[0].max_length >= 600
    assert load("constraints: {max_length: 1}\n")[0].min_length <= 1


@pytest.mark.parametrize(
    ("config", "line", "other"),
    [
        ("generation:\n  filters:\n    language: en\nconstraints:\n  language: german\n", 3, "line 5"),
        ("generation:\n  diversity:\n    min_similarity: 0.3\n    min_distance: 0.4\n", 3, "line 4"),
        ("generation:\n  filters:\n    min_length: 50\nconstraints:\n  max_length: 20\n", 5, "line 3"),
        ("personas:\n  - a\n  - b\n  - a\n", 4, "line 2"),
        ("personas:\n  a: 1\n  b: -1\n", 3, "at least 0"),
        ("personas:\n  a: 0\n  b: 0%\n", 1, "share of 0"),
        ("personas:\n  - {id: a, count: 1}\n  - {id: b, weight: 1}\n", 1, "count"),
        ("inputs: {synthetic: 0, manual: 0%}\n", 1, "0"),
        ("generation:\n  temperature: hot\n", 2, "generation.temperature: must be a number, not `hot`"),
        ("- a\n", 1, "mapping"),
        ("count: 0\n", 1, "at least 1"),
    ],
)
def test_contradictions_and_wrong_values_name_their_places(load, config, line, other):
    """File, line, cause; for a contradiction both lines."""
    error = fails(load, config)
    assert error.line == line
    assert other in error.message
    assert "input.yaml" in error.message


def test_the_same_language_in_two_forms_is_no_contradiction(load):
    """`en` and `English` agree."""
    config = "generation: {filters: {language: en}}\nconstraints: {language: English}\n"
    assert load(config)[0].language == "English"


def test_all_mistakes_of_a_file_are_told_at_once(load):
    """Each with its own place, in the order of the file."""
    error = fails(load, "count: many\ngeneration:\n  temperature: 7\n  caching: maybe\n")
    assert [line.split(": ", 1)[1] for line in error.message.splitlines()] == [
        "count: must be a whole number, not `many`",
        "generation.temperature: must be at most 2, not `7`",
        "generation.caching: must be true or false, not `maybe`",
    ]


def test_unknown_keys_are_told_with_the_nearest_one(load):
    """At every level; a key that belongs into a section is led there."""
    _, notices = load("generation:\n  temprature: 1\n  filters: {remove_duplicate: true}\nmodel: gpt-4o\nzzz: 1\n")
    assert [(notice.line, notice.message) for notice in notices] == [
        (2, "unknown key `temprature`; did you mean `temperature`?"),
        (3, "unknown key `remove_duplicate`; did you mean `remove_duplicates`?"),
        (4, "unknown key `model`; did you mean `generation.model`?"),
        (5, "unknown key `zzz` is not used"),
    ]


def test_empty_sections_say_nothing(load):
    """A key whose lines are commented out is as good as not there."""
    assert load("generation:\n  filters:\n  max_tokens:\npersonas:\nconstraints:\n  topics:\n") == (Settings(), [])


def test_own_prices_are_joined_model_by_model(load):
    """The config file adds to the project's prices and overrides them by model; their mistakes have places too."""
    project = "generation:\n  prices:\n    mine: {input: 1, output: 2}\n    other: {input: 3, outputs: 0, output: 4}\n"
    settings, notices = load("generation:\n  prices:\n    mine: {input: 0, output: 0}\n", project)
    assert settings.prices == {"mine": ModelPrice(input=0, output=0), "other": ModelPrice(input=3, output=4)}
    assert [notice.message for notice in notices] == ["unknown key `outputs`; did you mean `output`?"]
    error = fails(load, "generation:\n  prices:\n    m: {input: -1}\n    n: .5\n")
    assert [line.split(": ", 1)[1] for line in error.message.splitlines()] == [
        "generation.prices.m.input: must be at least 0, not `-1`",
        "generation.prices.m.output: is missing",
        "generation.prices.n: must be a mapping of keys, not `0.5`",
    ]
