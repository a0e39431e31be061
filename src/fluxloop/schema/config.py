"""Settings as they stand in `configs/input.yaml` and `fluxloop.yaml`. `store.settings` merges them into `Settings`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from fluxloop.schema.record import Record


class FewShot(Record):
    """Examples of one persona's messages, to guide the generation."""

    persona: str = Field("*", description="The persona these are for; `*` for all.")
    examples: tuple[str, ...] = Field(description="Messages as this persona types them.")


class DiversitySection(Record):
    """How different inputs must be."""

    min_similarity: float | None = Field(None, description="The reference's name for `min_distance`.", ge=0, le=1)
    min_distance: float | None = Field(
        None, description="Least distance (0-1) an input keeps from every other; higher is more diverse.", ge=0, le=1
    )


class FiltersSection(Record):
    """What is sifted out."""

    min_length: int | None = Field(None, description="Least length in characters.", ge=0)
    max_length: int | None = Field(None, description="Greatest length in characters.", ge=1)
    remove_duplicates: bool = Field(True, description="Drop exact and near duplicates.")
    remove_offensive: bool = Field(True, description="Drop slurs, threats and sexual content; mild words stay.")
    language: str | None = Field(None, description="The language inputs must be in; default: each persona's own.")


class ConstraintsSection(Record):
    """What inputs must keep to."""

    topics: tuple[str, ...] = Field((), description="What inputs are about.")
    forbidden_topics: tuple[str, ...] = Field((), description="What inputs must never be about.")
    min_length: int | None = Field(None, description="Least length in characters.", ge=0)
    max_length: int | None = Field(None, description="Greatest length in characters.", ge=1)
    language: str | None = Field(None, description="The language inputs must be in.")


class ModelPrice(Record):
    """What a model costs, in dollars per million tokens."""

    input: float = Field(description="Dollars per million tokens of the prompt.", ge=0, allow_inf_nan=False)
    output: float = Field(description="Dollars per million tokens of the answer.", ge=0, allow_inf_nan=False)
    cached: float | None = Field(
        None, description="For prompt tokens from the vendor's cache; default: `input`.", ge=0, allow_inf_nan=False
    )
    cache_write: float | None = Field(
        None, description="For prompt tokens written to that cache; default: `input`.", ge=0, allow_inf_nan=False
    )


class GenerationSection(Record):
    """How inputs are made."""

    provider: str | None = Field(None, description="openai, anthropic, embedded, local, scripted, or your own.")
    model: str | None = Field(None, description="The provider's model name; the provider is inferred from it.")
    base_url: str | None = Field(None, description="An OpenAI- or Anthropic-compatible server.")
    temperature: float | None = Field(
        None, description="0.0-1.0; above 1.0 only where the provider takes it.", ge=0, le=2
    )
    max_tokens: int | None = Field(None, description="Most tokens per input.", ge=1)
    call_timeout: float | None = Field(
        None, description="Seconds one call to the model may take; default 120.", gt=0, allow_inf_nan=False
    )
    batch_poll: float | None = Field(
        None,
        description="Seconds until a batch is first looked at again; ever longer, up to 60; default 5.",
        gt=0,
        le=60,
    )
    caching: bool = Field(False, description="Reuse the answers to identical prompts across runs.")
    chain_of_thought: bool = Field(False, description="Write a `thought_process` beside each text.")
    style: bool = Field(True, description="Roughen texts into their persona's style; false leaves them as written.")
    few_shot_examples: tuple[FewShot, ...] = Field((), description="Examples by persona.")
    domain: str | None = Field(None, description="The field the product is in, e.g. healthcare.")
    vocabulary: tuple[str, ...] = Field((), description="Terms that shall occur.")
    context: str | None = Field(None, description="What the product is, has, and has not.")
    description: str | None = Field(None, description="What inputs are wanted, in a sentence.")
    prices: dict[str, ModelPrice] = Field(
        default_factory=dict, description="Your own prices by model, `{my-model: {input: 0.15, output: 0.6}}`."
    )
    diversity: DiversitySection = Field(default_factory=DiversitySection)
    filters: FiltersSection = Field(default_factory=FiltersSection)
    constraints: ConstraintsSection = Field(default_factory=ConstraintsSection)


class PersonaShare(Record):
    """How much of a run one persona gets: a count or a weight."""

    id: str = Field(description="The persona.")
    count: int | None = Field(None, description="How many inputs.", ge=0)
    weight: float | None = Field(None, description="Share relative to the others; `40%` is read as 40.", ge=0)


class MixSection(Record):
    """The mix a bundle shall have, as shares that need not sum to 100."""

    synthetic: float | None = Field(None, description="Share of synthetic inputs; `80%` is read as 80.", ge=0)
    manual: float | None = Field(None, description="Share of manual inputs.", ge=0)


class ProductSection(Record):
    """The product the agent belongs to."""

    name: str = Field("", description="The product's name as users say it.")
    description: str = Field("", description="What it is, has, and has not; joined to `generation.context`.")


class RunnerSection(Record):
    """How the agent under test is called."""

    target: str | None = Field(
        None, description="`module:function`, `module:Class.method` or `module:instance.method`."
    )
    http: dict[str, Any] | None = Field(None, description="An HTTP endpoint: url, method, headers, body, output_path.")
    process: dict[str, Any] | None = Field(None, description="A command that speaks JSON lines.")
    openai: dict[str, Any] | None = Field(None, description="An OpenAI-compatible endpoint: base_url, model.")


class TestSection(Record):
    """How a test run goes."""

    __test__ = False  # not a pytest class

    bundle: str | None = Field(None, description="The bundle to run when none is named.")
    iterations: int | None = Field(None, description="How often each input is run; default 1.", ge=1)
    parallel: int | None = Field(None, description="How many inputs run at once; default 4.", ge=1)
    timeout: float | None = Field(None, description="Seconds each reply may take; default 30.", gt=0)
    checks: tuple[Any, ...] = Field(
        (), description="`not_empty`, {contains: x}, {not_contains: x}, {regex: p}, {max_latency: seconds}."
    )


class ConfigFile(Record):
    """`configs/input.yaml` and `fluxloop.yaml`: the same keys may stand in both."""

    product: ProductSection = Field(default_factory=ProductSection)
    generation: GenerationSection = Field(default_factory=GenerationSection)
    personas: tuple[PersonaShare, ...] = Field((), description="Ids, {id, count|weight}, or a map {id: 40%}.")
    count: int | None = Field(None, description="How many inputs when no flag says so.", ge=1)
    seed: int | None = Field(None, description="The seed of the plan.")
    constraints: ConstraintsSection = Field(default_factory=ConstraintsSection)
    inputs: MixSection = Field(default_factory=MixSection)
    runner: RunnerSection = Field(default_factory=RunnerSection)
    test: TestSection = Field(default_factory=TestSection)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of a run, after flag > config file > project file > default."""

    provider: str | None = None
    """None when nobody chose one."""
    model: str | None = None
    base_url: str | None = None
    temperature: float = 0.7
    max_tokens: int = 100
    call_timeout: float = 120.0
    """Seconds a call to a model may take."""
    batch_poll: float = 5.0
    """Seconds between the first two looks at a batch."""
    caching: bool = False
    prices: Mapping[str, ModelPrice] = field(default_factory=dict)
    """Own prices by model, in dollars per million tokens."""
    chain_of_thought: bool = False
    style: bool = True
    few_shot: tuple[FewShot, ...] = ()
    domain: str = ""
    vocabulary: tuple[str, ...] = ()
    product_name: str = ""
    context: str = ""
    description: str = ""
    min_distance: float = 0.3
    """1 - .7: the Jaccard similarity of 4-grams from which two short texts are twins."""
    min_length: int = 2
    max_length: int = 500
    remove_duplicates: bool = True
    remove_offensive: bool = True
    language: str | None = None
    topics: tuple[str, ...] = ()
    forbidden_topics: tuple[str, ...] = ()
    personas: tuple[PersonaShare, ...] = ()
    count: int | None = None
    seed: int = 0
    mix_synthetic: float | None = None
    mix_manual: float | None = None
    runner: RunnerSection = field(default_factory=RunnerSection)
    bundle: str | None = None
    iterations: int = 1
    parallel: int = 4
    timeout: float = 30.0
    checks: tuple[Any, ...] = ()
