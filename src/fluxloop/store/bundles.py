"""Bundles: inputs frozen with their text and their personas, one file each, with a hash that tells any change."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from fluxloop.errors import FluxloopError, NotFound, StoreError, UsageError
from fluxloop.schema.bundle import Bundle
from fluxloop.schema.finding import Notice
from fluxloop.schema.persona import Persona
from fluxloop.store.atomic import cannot_write, write_text
from fluxloop.store.documents import Document, read_document
from fluxloop.store.emit import emit_inputs, emit_list, emit_mapping
from fluxloop.store.personas import read_persona
from fluxloop.store.project import Project
from fluxloop.store.records import read_record
from fluxloop.store.stored import inputs_of
from fluxloop.store.wording import shown

_NAME = re.compile(r"\w[\w. -]{0,99}")
_HEADER = "# yaml-language-server: $schema=../.fluxloop/schemas/bundle.json\n"


def bundle_path(project: Project, name: str) -> Path:
    """The file of a bundle of that name, there or not; a name that is no safe file name is refused."""
    name = name.removesuffix(".yaml")
    if not _NAME.fullmatch(name) or name.endswith((".", " ")):
        hint = "Use letters, digits, `-`, `_` and `.`, and start with a letter or a digit."
        raise UsageError(f"`{name}` cannot be the name of a bundle.", hint)
    return project.bundles_dir / f"{name}.yaml"


def list_bundles(project: Project) -> list[str]:
    """The names of all bundles, sorted."""
    if not project.bundles_dir.is_dir():
        return []
    return sorted(path.stem for path in project.bundles_dir.glob("*.yaml") if _NAME.fullmatch(path.stem))


def newest_bundle(project: Project) -> str | None:
    """The name of the bundle whose file was written last."""
    files = [bundle_path(project, name) for name in list_bundles(project)]
    return max(files, key=lambda path: (path.stat().st_mtime_ns, path.name)).stem if files else None


def read_bundle(project: Project, name: str, notices: list[Notice]) -> Bundle:
    """The bundle as its file has it. Whether it is still the one that was frozen says `is_intact`."""
    path = bundle_path(project, name)
    if not path.is_file():
        raise NotFound("bundle", name, list_bundles(project))
    return read_bundle_file(path, notices)


def read_bundle_file(path: Path, notices: list[Notice]) -> Bundle:
    """A bundle from any file, such as one that is imported."""
    document = read_document(path)
    if not isinstance(document.data, dict):
        raise document.error("a bundle must be a mapping of keys", "Make bundles with `fluxloop bundles create`.")
    rest = {key: value for key, value in document.data.items() if key not in ("inputs", "personas")}
    head = read_record(Bundle, {"name": path.stem, **rest}, document, (), notices)
    inputs = _part(document, "inputs")
    frozen = tuple(stored.input for stored in inputs_of(inputs, notices))
    return head.model_copy(update={"inputs": frozen, "personas": _personas(document, notices)})


def bundled_ids(project: Project) -> list[str]:
    """Ids that live on in bundles: never given again, whatever became of their inputs."""
    ids: list[str] = []
    for name in list_bundles(project):
        try:
            ids += [item.id for item in read_bundle(project, name, []).inputs]
        except FluxloopError:
            continue  # a broken bundle is told by `bundles verify`; it must not keep anyone from adding an input
    return ids


def write_bundle(project: Project, bundle: Bundle, overwrite: bool = False) -> Path:
    """Freeze a bundle with its hash into `bundles/<name>.yaml`. An existing one is replaced only when told to."""
    path = bundle_path(project, bundle.name)
    if path.exists() and not overwrite:
        hint = f"Choose another name, or remove it first: `fluxloop bundles delete {bundle.name}`."
        raise StoreError(f"{shown(path)}: this bundle is there already", hint)
    write_text(path, emit_bundle(bundle))
    return path


def emit_bundle(bundle: Bundle) -> str:
    """A bundle as its file, with the hash of what is in it."""
    head = {"name": bundle.name, "description": bundle.description, "version": bundle.version}
    head |= {"created": bundle.created, "content_hash": hash_bundle(bundle)}
    text = _HEADER + emit_mapping({key: value for key, value in head.items() if value != ""})
    text += "inputs:\n" + emit_inputs(bundle.inputs) if bundle.inputs else "inputs: []\n"
    personas = [plain_persona(persona) for persona in bundle.personas]
    return text + ("personas:\n" + emit_list(personas) if personas else "personas: []\n")


def plain_persona(persona: Persona) -> dict[str, Any]:
    """A persona as plain values, without what is empty or default."""
    return persona.model_dump(mode="json", exclude_defaults=True)


def hash_bundle(bundle: Bundle) -> str:
    """sha256 over inputs and personas in their order; name, description, version and day do not count."""
    content = {
        "inputs": [item.model_dump(mode="json", exclude_defaults=True) for item in bundle.inputs],
        "personas": [plain_persona(persona) for persona in bundle.personas],
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def is_intact(bundle: Bundle) -> bool:
    """Whether inputs and personas are those that were frozen."""
    return bundle.content_hash == hash_bundle(bundle)


def delete_bundle(project: Project, name: str) -> Path:
    """Remove the file of a bundle; its path is returned."""
    path = bundle_path(project, name)
    try:
        path.unlink()
    except FileNotFoundError as error:
        raise NotFound("bundle", name, list_bundles(project)) from error
    except OSError as error:
        raise cannot_write(path, error) from error
    return path


def _part(document: Document, key: str) -> Document:
    """The document with only one of its lists."""
    data = {key: document.data[key]} if key in document.data else None
    return Document(document.path, data, document.marks, document.text)


def _personas(document: Document, notices: list[Notice]) -> tuple[Persona, ...]:
    found = document.data.get("personas") or []
    if not isinstance(found, list):
        raise document.error("`personas` must be a list", at=("personas",), key="personas")
    return tuple(read_persona(data, document, ("personas", index), notices) for index, data in enumerate(found))
