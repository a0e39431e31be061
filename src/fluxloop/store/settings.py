"""Every setting of a run, from the flags, the config file, the project file and the defaults: in that order.

`load_settings` is the one function of precedence. A file becomes a layer: the settings it gives, and where each stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from fluxloop.errors import ConfigError, NotFound, place
from fluxloop.schema.config import ConfigFile, PersonaShare, Settings
from fluxloop.schema.finding import Notice
from fluxloop.schema.vendors import vendor_of
from fluxloop.store.config_forms import Normal, normalise
from fluxloop.store.documents import Document, Step, read_document
from fluxloop.store.personas import LIST_NAMES
from fluxloop.store.project import Project
from fluxloop.store.records import read_record
from fluxloop.store.wording import shown

_OURS = {"openai", "anthropic", "embedded", "local"}
"""Providers whose model names we know; anyone else's may well have a model that is called `gpt-...`."""
_GENERATION = (
    "provider", "model", "base_url", "temperature", "max_tokens", "call_timeout", "batch_poll", "caching",
    "chain_of_thought", "style", "domain", "vocabulary", "context", "description", "prices",
)  # fmt: skip
_TEST = ("bundle", "iterations", "parallel", "timeout", "checks")
_LANGUAGES = {
    "en": "english", "de": "german", "es": "spanish", "fr": "french", "pt": "portuguese", "it": "italian",
    "nl": "dutch", "pl": "polish", "ja": "japanese", "ko": "korean", "zh": "chinese",
}  # fmt: skip


@dataclass
class Layer:
    """What one source gives, and where it stands in its file."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)

    def put(self, name: str, value: Any, document: Document, at: tuple[Step, ...]) -> None:
        """Keep a setting with its place."""
        self.values[name] = value
        self.places[name] = (shown(document.path), document.line(*at))

    def put_over(self, upper: Layer) -> Layer:
        """The settings of both; where both speak, `upper` holds."""
        below = dict(self.values)
        if _changes_vendor(below, upper.values):
            below = {name: value for name, value in below.items() if name not in ("provider", "model", "base_url")}
        values = below | upper.values
        if "prices" in below and "prices" in upper.values:
            values["prices"] = below["prices"] | upper.values["prices"]
        return Layer(values, self.places | upper.places)


def load_settings(
    project: Project, flags: Mapping[str, Any], config: Path | None = None
) -> tuple[Settings, list[Notice]]:
    """Flag > `config` (or `configs/input.yaml`, if there) > `fluxloop.yaml` > default.

    A flag of None or () is not given. A missing `config` is NotFound. What the user should know of the files without
    being stopped comes as notices.
    """
    notices: list[Notice] = []
    merged = Layer()
    for path in _files(project, config):
        merged = merged.put_over(read_layer(path, notices))
    merged = merged.put_over(_flag_layer(flags))
    _check_lengths(merged)
    return _settings(merged, flags), notices


def _files(project: Project, config: Path | None) -> list[Path]:
    """The files that hold settings, weakest first."""
    found = [*(project.root / name for name in LIST_NAMES), project.config_file]
    if config is None:
        found.append(project.input_config)
    else:
        inside = project.root / config
        named = config if config.is_file() else inside
        if not named.is_file():
            hint = "Check the path given to --config."
            raise NotFound("config file", str(config), hint=hint)
        found.append(named)
    unique = {path.resolve(): path for path in found if path.is_file()}
    return list(unique.values())


def read_layer(path: Path, notices: list[Notice]) -> Layer:
    """The settings one file gives."""
    document = read_document(path)
    if document.data is None:
        return Layer()
    if path.name in LIST_NAMES:
        return _persona_layer(document, notices)
    if not isinstance(document.data, dict):
        raise document.error("settings must be a mapping of keys", "Start with `generation:` or `personas:`.")
    normal = normalise(document)
    record = read_record(ConfigFile, normal.data, document, (), notices, normal.places)
    layer = Layer()
    _put_plain(layer, record, document)
    _put_personas(layer, record.personas, document, normal)
    _put_constraints(layer, record, document)
    _put_distance(layer, record, document)
    _put_mix(layer, record, document)
    return layer


def _persona_layer(document: Document, notices: list[Notice]) -> Layer:
    """`personas.yaml` chooses personas when nothing else does: its list of ids, shares or whole personas."""
    layer = Layer()
    normal = normalise(document, only_personas=True)
    record = read_record(ConfigFile, normal.data, document, (), notices, normal.places)
    _put_personas(layer, record.personas, document, normal)
    return layer


def _put_plain(layer: Layer, record: ConfigFile, document: Document) -> None:
    """Settings that stand under one name in one place."""
    names = [(("generation", name), name, record.generation) for name in _GENERATION]
    names += [(("test", name), name, record.test) for name in _TEST]  # type: ignore[misc]
    names += [((name,), name, record) for name in ("count", "seed", "runner")]  # type: ignore[misc]
    for at, name, section in names:
        value = getattr(section, name)
        if name in section.model_fields_set and value is not None:
            layer.put(name, value, document, at)
    if record.generation.few_shot_examples:
        layer.put("few_shot", record.generation.few_shot_examples, document, ("generation", "few_shot_examples"))
    if record.product.name:
        layer.put("product_name", record.product.name, document, ("product", "name"))
    if record.product.description:
        layer.put("product_description", record.product.description, document, ("product", "description"))


def _put_personas(layer: Layer, shares: tuple[PersonaShare, ...], document: Document, normal: Normal) -> None:
    if not shares:
        return
    seen: dict[str, int] = {}
    for index, share in enumerate(shares):
        at = normal.places.get(("personas", index), ("personas", index))
        if share.id in seen:
            what = f"the persona `{share.id}` stands here and on line {seen[share.id]}"
            raise document.error(what, "Keep one of the two.", at=at, key="personas")
        seen[share.id] = document.line(*at)
    counted, weighed = [s for s in shares if s.count is not None], [s for s in shares if s.weight is not None]
    if counted and weighed:
        what = f"`{counted[0].id}` has a count and `{weighed[0].id}` a weight"
        raise document.error(what, "Give all personas counts, or all weights.", at=("personas",), key="personas")
    if all(share.count == 0 or share.weight == 0 for share in shares):
        hint = "Give at least one persona more than 0."
        raise document.error("every persona has a share of 0", hint, at=("personas",), key="personas")
    layer.put("personas", shares, document, ("personas",))


def _put_constraints(layer: Layer, record: ConfigFile, document: Document) -> None:
    """A constraint may stand in three sections: the stricter length holds, topics add up, languages must agree."""
    sections = (
        (("constraints",), record.constraints),
        (("generation", "constraints"), record.generation.constraints),
        (("generation", "filters"), record.generation.filters),
    )
    for name, stricter in (("min_length", max), ("max_length", min)):
        found = [(getattr(section, name), (*at, name)) for at, section in sections]
        given = [pair for pair in found if pair[0] is not None]
        if given:
            value, where = stricter(given, key=lambda pair: pair[0])
            layer.put(name, value, document, where)
    for name in ("topics", "forbidden_topics"):
        both = [(at, getattr(section, name)) for at, section in sections[:2] if getattr(section, name)]
        if both:
            everything = dict.fromkeys(topic for _, topics in both for topic in topics)
            layer.put(name, tuple(everything), document, (*both[0][0], name))
    _put_agreed(layer, "language", [((*at, "language"), section.language) for at, section in sections], document)
    filters = record.generation.filters
    for name in ("remove_duplicates", "remove_offensive"):
        if name in filters.model_fields_set:
            layer.put(name, getattr(filters, name), document, ("generation", "filters", name))


def _put_distance(layer: Layer, record: ConfigFile, document: Document) -> None:
    """`min_similarity` is the reference's name for `min_distance`."""
    section = record.generation.diversity
    at = ("generation", "diversity")
    both = [((*at, "min_distance"), section.min_distance), ((*at, "min_similarity"), section.min_similarity)]
    _put_agreed(layer, "min_distance", both, document)


def _put_agreed(layer: Layer, name: str, given: Sequence[tuple[tuple[Step, ...], Any]], document: Document) -> None:
    """One setting that may stand in several places: they must say the same."""
    found = [(at, value) for at, value in given if value is not None]
    if not found:
        return
    at, value = found[0]
    for other_at, other in found[1:]:
        if _plain(other) != _plain(value):
            names = ".".join(map(str, at)), ".".join(map(str, other_at))
            what = f"`{names[1]}` is {other} here, but `{names[0]}` is {value} on line {document.line(*at)}"
            raise document.error(what, "They are one setting: keep one of them.", at=other_at, key=names[1])
    layer.put(name, value, document, at)


def _plain(value: Any) -> Any:
    """`en` and `English` are one language."""
    folded = value.strip().casefold() if isinstance(value, str) else value
    return _LANGUAGES.get(folded, folded) if isinstance(folded, str) else folded


def _put_mix(layer: Layer, record: ConfigFile, document: Document) -> None:
    mix = record.inputs
    if mix.synthetic == 0 and mix.manual == 0:
        hint = "Write for example `inputs: {synthetic: 80%, manual: 20%}`."
        raise document.error("both shares of the mix are 0", hint, at=("inputs",), key="inputs")
    for name in ("synthetic", "manual"):
        if getattr(mix, name) is not None:
            layer.put(f"mix_{name}", getattr(mix, name), document, ("inputs", name))


def _flag_layer(flags: Mapping[str, Any]) -> Layer:
    """The flags that were given; `context` is no override but a paragraph more, so it is left to `_settings`."""
    return Layer({name: value for name, value in flags.items() if value not in (None, (), []) and name != "context"})


def _changes_vendor(below: Mapping[str, Any], upper: Mapping[str, Any]) -> bool:
    """A model belongs to its provider: when a stronger source names another provider, the weaker model goes too."""
    chosen, before = (values.get("provider") or vendor_of(str(values.get("model") or "")) for values in (upper, below))
    if "provider" not in upper and (below.get("base_url") or before not in _OURS):
        return False
    return bool(chosen and before and chosen != before)


def _check_lengths(merged: Layer) -> None:
    """A least length above the greatest one names both places; a default gives way to what was asked for."""
    low, high = merged.values.get("min_length"), merged.values.get("max_length")
    if low is not None and high is not None and low > high:
        (low_file, low_line), (file, line) = _placed(merged, "min_length"), _placed(merged, "max_length")
        where = f"on line {low_line}" if low_file == file else f"in {place(low_file, low_line).removesuffix(': ')}"
        what = f"max_length is {high} here, but min_length is {low} {where}"
        hint = "The stricter of several lengths holds: make the least one smaller than the greatest."
        raise ConfigError(what, hint, file=file or None, line=line or None, key="max_length")
    if low is not None and high is None and low > Settings().max_length:
        merged.values["max_length"] = low * 2
    if high is not None and low is None and high < Settings().min_length:
        merged.values["min_length"] = high


def _placed(merged: Layer, name: str) -> tuple[str, int]:
    return merged.places.get(name, ("", 0))


def _settings(merged: Layer, flags: Mapping[str, Any]) -> Settings:
    """The settings, with the product's description, the context and the flag's context as paragraphs of one text."""
    values = dict(merged.values)
    parts = (values.pop("product_description", ""), values.pop("context", ""), flags.get("context"))
    paragraphs = dict.fromkeys(part.strip() for part in parts if part and part.strip())
    if paragraphs:
        values["context"] = "\n\n".join(paragraphs)
    unknown = values.keys() - {setting.name for setting in fields(Settings)}
    if unknown:
        raise TypeError(f"no such setting: {', '.join(sorted(unknown))}")
    return Settings(**values)
