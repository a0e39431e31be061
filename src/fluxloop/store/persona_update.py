"""Bring a person's persona files to the current schema, touching only the keys that have other names today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from fluxloop.errors import StoreError
from fluxloop.store.atomic import write_text
from fluxloop.store.documents import Step, parse_document, read_text
from fluxloop.store.emit import scalar
from fluxloop.store.nodes import Node, parse_yaml
from fluxloop.store.personas import KEY_ALIASES, persona_files, slug, whole_entries
from fluxloop.store.project import Project
from fluxloop.store.wording import shown

Patch = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class FileUpdate:
    """What would become of one file."""

    path: Path
    before: str
    after: str
    changes: tuple[str, ...]
    """Each in words: `line 3: id → persona_id`."""
    left: tuple[str, ...] = ()
    """What a person must settle, with its line."""

    @property
    def diff(self) -> str:
        """The change as `git diff` would show it."""
        name = shown(self.path)
        lines = unified_diff(self.before.splitlines(True), self.after.splitlines(True), name, name)
        return "".join(line if line.endswith("\n") else line + "\n" for line in lines)


def plan_updates(project: Project) -> list[FileUpdate]:
    """The files that are not in the current schema. Nothing is written; a broken file is an error with its place."""
    planned = (plan_update(path) for path in persona_files(project) if path.suffix != ".json")
    return [update for update in planned if update.changes or update.left]


def plan_update(path: Path) -> FileUpdate:
    """What would become of one YAML file: old key names replaced, an id that was only implied written down."""
    text = read_text(path)
    body = text.removeprefix("\ufeff")
    root = parse_yaml(body, shown(path))
    line_end = "\r\n" if "\r\n" in body else "\n"
    patches: list[Patch] = []
    changes: list[str] = []
    left: list[str] = []
    for at, data in whole_entries(parse_document(path, body)):
        node = _at(root, at)
        if node is not None and isinstance(data, dict):
            patches += _missing_id(node, data, line_end, changes)
            patches += _renames(node, changes, left)
    after = text[: len(text) - len(body)] + _apply(body, patches)
    _verify(path, body, after.removeprefix("\ufeff"))
    return FileUpdate(path, text, after, tuple(changes), tuple(left))


def write_updates(updates: list[FileUpdate]) -> None:
    """Write the files that change."""
    for update in updates:
        if update.after != update.before:
            write_text(update.path, update.after)


def _renames(node: Node, changes: list[str], left: list[str]) -> Iterator[Patch]:
    names = {key.literal for key in node.keys}
    for key in node.keys:
        new = KEY_ALIASES.get(str(key.literal))
        if new is None:
            continue
        if new in names:
            left.append(f"line {key.line}: `{key.literal}` stands beside `{new}`; move its items there by hand")
            continue
        names.add(new)
        changes.append(f"line {key.line}: {key.literal} → {new}")
        yield key.start, key.end, new


def _missing_id(node: Node, data: dict[str, object], line_end: str, changes: list[str]) -> Iterator[Patch]:
    """A persona named only by its name, its file or its key gets its id as the first key."""
    if any(data_key.literal in ("persona_id", "id") for data_key in node.keys) or not node.keys:
        return
    name = str(data.get("persona_id") or slug(str(data.get("name"))))
    first = node.keys[0]
    between = ", " if node.style == "{" else line_end + " " * first.column
    changes.append(f"line {first.line}: persona_id: {name} added")
    yield first.start, first.start, f"persona_id: {scalar(name)}{between}"


def _at(root: Node | None, path: tuple[Step, ...]) -> Node | None:
    node = root
    for step in path:
        node = node.child(step) if node else None
    return node if node is not None and node.literal is None and node.keys else None


def _apply(text: str, patches: list[Patch]) -> str:
    for start, end, new in sorted(patches, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _verify(path: Path, before: str, after: str) -> None:
    """The personas must come out of the new text as they came out of the old one."""
    if _personas(path, before) != _personas(path, after):
        raise StoreError(f"{shown(path)}: cannot be updated without changing what it says.", "Edit it by hand.")


def _personas(path: Path, text: str) -> list[dict[str, object]]:
    found = []
    for _, data in whole_entries(parse_document(path, text)):
        plain: dict[str, object] = {}
        if isinstance(data, dict):
            plain = {KEY_ALIASES.get(str(key), str(key)): value for key, value in data.items()}
        if "persona_id" not in plain and plain.get("name"):
            plain["persona_id"] = slug(str(plain["name"]))
        found.append(plain)
    return found
