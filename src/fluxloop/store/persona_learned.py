"""What was learned of a persona from real messages, written into its file: bands set, examples added, the rest left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fluxloop.errors import StoreError
from fluxloop.schema.persona import Persona
from fluxloop.store.atomic import write_text
from fluxloop.store.documents import Document, Step, parse_document, read_text
from fluxloop.store.emit import emit_list, emit_mapping
from fluxloop.store.nodes import Node
from fluxloop.store.patches import Page, apply
from fluxloop.store.persona_file import persona_text
from fluxloop.store.persona_update import FileUpdate
from fluxloop.store.personas import KEY_ALIASES, PersonaShelf, find_persona, whole_entries
from fluxloop.store.project import Project
from fluxloop.store.spans import edit_document
from fluxloop.store.wording import shown


@dataclass(frozen=True, slots=True)
class Learned:
    """What real messages say about one persona."""

    style: Mapping[str, float]
    examples: Sequence[str] = ()
    """To stand behind the persona's own."""


def plan_learned(project: Project, shelf: PersonaShelf, learned: Mapping[str, Learned]) -> list[FileUpdate]:
    """What would become of the files of these personas. A built-in one gets a file in the project. Nothing is written.

    Raises NotFound for a persona nobody knows.
    """
    texts: dict[Path, tuple[str, str]] = {}
    changes: dict[Path, list[str]] = {}
    for persona_id, some in learned.items():
        persona = find_persona(shelf, persona_id)
        path = shelf.files.get(persona_id) or _new_file(project, persona_id)
        before, after = texts.get(path) or _standing(path, persona, persona_id in shelf.files)
        texts[path] = before, learned_text(path, after, persona_id, some)
        changes.setdefault(path, []).append(persona_id)
    return [
        FileUpdate(path, before, after, tuple(changes[path]) if before != after else ())
        for path, (before, after) in texts.items()
    ]


def write_learned(updates: Sequence[FileUpdate]) -> None:
    """Write the files as they were shown; one that somebody changed in the meantime stops all."""
    for update in updates:
        if update.path.exists() and read_text(update.path) != update.before:
            raise StoreError(f"{shown(update.path)}: has changed since it was read", "Nothing was written: try again.")
    for update in updates:
        if update.changes:
            write_text(update.path, update.after)


def learned_text(path: Path, text: str, persona_id: str, learned: Learned) -> str:
    """The text of a file with what was learned of one of its personas; comments, order and formatting stay."""
    body = text.removeprefix("\ufeff")
    document = parse_document(path, body)
    document = _with_style(document, _place(document, persona_id), learned.style)
    document = _with_examples(document, _place(document, persona_id), learned.examples)
    return text[: len(text) - len(body)] + document.text


def _new_file(project: Project, persona_id: str) -> Path:
    path = project.personas_dir / f"{persona_id}.yaml"
    if path.exists():
        raise StoreError(f"{shown(path)}: is there already and holds another persona", "Move it, then try again.")
    return path


def _standing(path: Path, persona: Persona, own: bool) -> tuple[str, str]:
    """The file's text before and, to begin with, after."""
    text = read_text(path) if own else persona_text(persona.persona_id, persona)
    return text, text


def _place(document: Document, persona_id: str) -> tuple[Step, ...]:
    for at, data in whole_entries(document):
        if isinstance(data, dict) and persona_id in (data.get("persona_id"), data.get("id")):
            return at
    named = [at for at, data in whole_entries(document) if isinstance(data, dict) and not data.get("persona_id")]
    if len(named) == 1:
        return named[0]
    what = f"{shown(document.path)}: `{persona_id}` does not say its id"
    raise StoreError(what, f"Add `persona_id: {persona_id}`, or run `fluxloop personas update`.")


def _with_style(document: Document, at: tuple[Step, ...], style: Mapping[str, float]) -> Document:
    """Bands set one by one where there are some; else a block of them at the end of the persona."""
    data = _value(document.data, at)
    node = _node(document, at)
    if data.get("style") or not style or node is None or node.style != ":":
        new = {name: value for name, value in style.items() if (data.get("style") or {}).get(name) != value}
        edits = [((*at, "style", name), value) for name, value in new.items()]
        return edit_document(document, edits) if edits else document
    if node.key("style") is not None:
        return edit_document(document, [((*at, "style"), dict(style))])
    return _appended(document, at, node, {"style": dict(style)})


def _with_examples(document: Document, at: tuple[Step, ...], examples: Sequence[str]) -> Document:
    data, node = _value(document.data, at), _node(document, at)
    key = next((name for name in data if KEY_ALIASES.get(name, name) == "example_inputs"), None)
    standing = data.get(key) if key else None
    new = [text for text in examples if text not in (standing or ())]
    if not new or node is None:
        return document
    found = node.child(key) if key else None
    if isinstance(standing, list) and standing and found is not None:
        page = Page(document.text, document.path.suffix.lower() == ".json")
        text = apply(document.text, page.append(found, emit_list(new), new, indent=found.column))
        return _checked(document, text, (*at, str(key)), [*standing, *new])
    if key is None and node.style == ":":
        return _appended(document, at, node, {"example_inputs": new})
    whole = [*([standing] if isinstance(standing, str) else standing or ()), *new]
    return edit_document(document, [((*at, key or "example_inputs"), whole)])


def _appended(document: Document, at: tuple[Step, ...], node: Node, values: Mapping[str, Any]) -> Document:
    """A new key with its block at the end of a mapping."""
    page = Page(document.text, strict=False)
    text = apply(document.text, page.add_block(node, emit_mapping(values)))
    (key, value), *_ = values.items()
    return _checked(document, text, (*at, key), value)


def _checked(document: Document, text: str, at: tuple[Step, ...], value: Any) -> Document:
    """The new text, which must say what was meant and nothing else."""
    new = parse_document(document.path, text)
    if new.data != _set(document.data, at, value):
        raise StoreError(
            f"{shown(document.path)}: cannot be edited as it stands", "Edit it by hand; nothing was changed."
        )
    return new


def _set(data: Any, at: Sequence[Step], value: Any) -> Any:
    if not at:
        return value
    step, *rest = at
    if isinstance(data, list):
        return [_set(part, rest, value) if index == step else part for index, part in enumerate(data)]
    return {**data, step: _set(data.get(step), rest, value)}


def _value(data: Any, at: Sequence[Step]) -> Any:
    for step in at:
        data = data[step]
    return data


def _node(document: Document, at: Sequence[Step]) -> Node | None:
    node = document.root
    for step in at:
        node = node.child(step) if node else None
    return node
