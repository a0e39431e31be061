"""Inputs in files: read in every shape, added to and edited in place."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fluxloop.schema.finding import Notice
from fluxloop.schema.input import Input
from fluxloop.store.atomic import write_text
from fluxloop.store.documents import READ_SUFFIXES, read_document, read_text
from fluxloop.store.edits import edited_text
from fluxloop.store.emit import emit_inputs, plain_input
from fluxloop.store.nodes import paused_gc
from fluxloop.store.project import Project, find_project
from fluxloop.store.rows import Table, append_json_lines
from fluxloop.store.spans import append_items
from fluxloop.store.stored import StoredInput, inputs_of, is_table, refuse_twins, with_file_name

__all__ = ["StoredInput", "append_inputs", "edit_inputs", "input_files", "read_inputs", "read_project_inputs"]


def read_inputs(path: Path, notices: list[Notice]) -> list[StoredInput]:
    """The inputs of one file, whatever its shape. All its mistakes come in one error."""
    return inputs_of(read_document(path), notices)


def read_project_inputs(project: Project, notices: list[Notice]) -> list[StoredInput]:
    """The inputs of every file in `inputs/`, files sorted by name. An id that stands twice names both places."""
    files = input_files(project)
    stems = Counter(path.stem for path in files)
    found: list[StoredInput] = []
    for path in files:
        stored = read_inputs(path, notices)
        if stems[path.stem] > 1:
            stored = [with_file_name(item, path.relative_to(project.inputs_dir).as_posix()) for item in stored]
        found += stored
    refuse_twins(found)
    return found


def input_files(project: Project) -> list[Path]:
    """Every file in `inputs/` and the folders in it that can hold inputs."""
    folder = project.inputs_dir
    if not folder.is_dir():
        return []
    found = (path for path in folder.rglob("*") if path.suffix.lower() in READ_SUFFIXES and path.is_file())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def append_inputs(path: Path, inputs: Sequence[Input]) -> None:
    """Add inputs at the end of a file, which is made if it is not there: all of them or, on an error, none."""
    if not inputs:
        return
    text = read_text(path) if path.exists() else _new_text(path)
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        new = append_json_lines(text, inputs)
    elif is_table(path):
        table = Table(text)
        for item in inputs:
            table.append(plain_input(item))
        new = table.text()
    else:
        written_by_hand = all(item.source == "manual" for item in inputs)
        new = append_items(text, "inputs" if written_by_hand else "generated_inputs", emit_inputs(inputs), path)
    write_text(path, new)


def edit_inputs(edits: Sequence[tuple[StoredInput, Mapping[str, Any]]]) -> None:
    """Set fields of inputs in their files; None takes a field out. Only their own lines change.

    Every file is checked before the first is written. A file that has changed since it was read is left alone.
    """
    by_file: dict[Path, list[tuple[StoredInput, dict[str, Any]]]] = {}
    for stored, changes in edits:
        fresh = {name: value for name, value in changes.items() if value != getattr(stored.input, name)}
        if fresh:
            by_file.setdefault(stored.file, []).append((stored, fresh))
    with paused_gc():
        written = {path: edited_text(path, read_text(path), some) for path, some in by_file.items()}
    for path, text in written.items():
        write_text(path, text)


def _new_text(path: Path) -> str:
    """What a new file starts with: where editors find its schema, for YAML in a project."""
    project = find_project(path.parent)
    if path.suffix.lower() not in (".yaml", ".yml") or not (project.configured or path.parent.name == "inputs"):
        return ""
    root = project.root if project.configured else path.parent.resolve().parent
    schema = os.path.relpath(root / ".fluxloop" / "schemas" / "inputs.json", path.parent.resolve())
    return f"# yaml-language-server: $schema={Path(schema).as_posix()}\n"
