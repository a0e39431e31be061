"""Personas: the built-in ones, overlaid by the project's own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fluxloop.errors import ConfigError, NotFound
from fluxloop.schema.finding import Notice
from fluxloop.schema.persona import Persona
from fluxloop.store.documents import Document, Step, read_document
from fluxloop.store.project import Project
from fluxloop.store.records import read_record
from fluxloop.store.wording import shown

BUILTIN_DIR = Path(__file__).parent / "builtin" / "personas"
PERSONA_SUFFIXES = (".yaml", ".yml", ".json")
LIST_NAMES = ("personas.yaml", "personas.yml", "personas.json")
KEY_ALIASES = {"id": "persona_id", "characteristics": "traits", "example_messages": "example_inputs"}
_JOINED = {"traits", "example_inputs"}
_SHARE_KEYS = {"id", "count", "weight"}


class PersonaShelf(Mapping[str, Persona]):
    """Personas by id: the project's first, then the built-in ones, each read only when it is asked for."""

    def __init__(self, own: dict[str, Persona], files: dict[str, Path]) -> None:
        self.own = own
        self.files = files
        """The file of each persona of the project."""

    def __getitem__(self, persona_id: str) -> Persona:
        if persona_id in self.own:
            return self.own[persona_id]
        if persona_id not in builtin_ids():
            raise KeyError(persona_id)
        return _builtin(persona_id)

    def __iter__(self) -> Iterator[str]:
        yield from self.own
        yield from (name for name in builtin_ids() if name not in self.own)

    def __len__(self) -> int:
        return len(self.own.keys() | set(builtin_ids()))


def load_personas(project: Project, notices: list[Notice]) -> PersonaShelf:
    """Every persona this project can use. Two files with the same id are an error that names both."""
    own: dict[str, Persona] = {}
    places: dict[str, tuple[Path, int]] = {}
    for path in persona_files(project):
        for persona, line in read_personas(path, notices):
            if persona.persona_id in own:
                raise _twice(persona.persona_id, path, line, places[persona.persona_id])
            own[persona.persona_id] = persona
            places[persona.persona_id] = (path, line)
    return PersonaShelf(own, {name: path for name, (path, _) in places.items()})


def persona_files(project: Project) -> list[Path]:
    """`personas.yaml` in the project's root, then `personas/*.yaml` by name."""
    listed = [project.root / name for name in LIST_NAMES if (project.root / name).is_file()]
    folder = project.personas_dir
    found = folder.iterdir() if folder.is_dir() else ()
    return listed + sorted(path for path in found if path.suffix in PERSONA_SUFFIXES and not path.name.startswith("."))


def read_personas(path: Path, notices: list[Notice]) -> list[tuple[Persona, int]]:
    """The whole personas in one file, each with its line; ids that only name a persona are passed over."""
    document = read_document(path)
    found = []
    for at, data in whole_entries(document):
        found.append((read_persona(data, document, at, notices), document.line(*at)))
    return found


def whole_entries(document: Document) -> list[tuple[tuple[Step, ...], Any]]:
    """The values of each whole persona of a file with their place, before they are read as a persona."""
    found = []
    for at, data in _entries(document):
        if at in ((), ("persona",)) or _is_whole(data):
            found.append((at, _with_id(data, at, document)))
    return found


def read_persona(data: Any, document: Document, at: tuple[Step, ...], notices: list[Notice]) -> Persona:
    """One persona in any of its shapes: `id` for `persona_id`, `characteristics` for `traits`, text for a list."""
    if not isinstance(data, dict):
        return read_record(Persona, data, document, at, notices)
    tidy: dict[str, Any] = {}
    places: dict[tuple[Step, ...], tuple[Step, ...]] = {}
    for key, value in data.items():
        name = str(KEY_ALIASES.get(key, key))
        if name in tidy and name in _JOINED:
            value = [*_as_list(tidy[name]), *_as_list(value)]
        elif name in tidy:
            what = f"`{key}` and `{name}` say the same thing twice"
            raise document.error(what, f"Keep `{name}`.", at=(*at, key), key=key)
        tidy[name] = value
        places[(name,)] = (key,)
    if "persona_id" not in tidy and data.get("name"):
        tidy["persona_id"] = slug(str(data["name"]))
    if isinstance(tidy.get("goals"), str):
        tidy["goals"] = [tidy["goals"]]
    return read_record(Persona, tidy, document, at, notices, places)


def slug(name: str) -> str:
    """`Novice User` → `novice_user`: an id for the command line, in any script."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^\w]+", "_", folded).strip("_")


@cache
def builtin_ids() -> tuple[str, ...]:
    """The ids of the built-in personas, which are the names of their files."""
    return tuple(sorted(path.stem for path in BUILTIN_DIR.glob("*.yaml")))


def builtin_personas() -> PersonaShelf:
    """The personas that are usable without a file."""
    return PersonaShelf({}, {})


def find_persona(personas: Mapping[str, Persona], persona_id: str) -> Persona:
    """The persona of that id, else NotFound that names the nearest."""
    if persona_id not in personas:
        raise NotFound("persona", persona_id, personas)
    return personas[persona_id]


def persona_path(project: Project, persona_id: str) -> Path | None:
    """The project's file that holds this persona; None for a built-in or unknown one."""
    return load_personas(project, []).files.get(persona_id)


@cache
def _builtin(persona_id: str) -> Persona:
    document = read_document(BUILTIN_DIR / f"{persona_id}.yaml")
    return read_persona(document.data, document, (), [])


def _entries(document: Document) -> list[tuple[tuple[Step, ...], Any]]:
    """Every entry of a personas file with its place, whatever the file's form."""
    data: Any = document.data
    at: tuple[Step, ...] = ()
    if data is None:
        return []
    if isinstance(data, dict) and "personas" in data:
        data, at = data["personas"], ("personas",)
        if isinstance(data, dict):
            return [((*at, name), data[name]) for name in data]
    elif isinstance(data, dict) and set(data) == {"persona"}:
        data, at = data["persona"], ("persona",)
    if isinstance(data, list):
        return [((*at, index), entry) for index, entry in enumerate(data)]
    if data is not None and not isinstance(data, dict):
        raise document.error("a persona must be a mapping of keys", "Start with `persona_id: ...`.", at=at)
    return [(at, data)] if data is not None else []


def _is_whole(data: Any) -> bool:
    """A persona, and not a share of one (`novice_user`, `{id: novice_user, count: 60}`, `{novice_user: 40%}`)."""
    if not isinstance(data, dict):
        return isinstance(data, list)
    is_share = set(data) <= _SHARE_KEYS or (len(data) == 1 and not isinstance(next(iter(data.values())), (dict, list)))
    return not is_share or "persona_id" in data


def _with_id(data: Any, at: tuple[Step, ...], document: Document) -> Any:
    """A persona that names itself nowhere is named by its key in a map, else by its file."""
    if not isinstance(data, dict) or any(data.get(key) for key in ("persona_id", "id", "name")):
        return data
    last = at[-1] if at else ""
    if isinstance(last, str) and last not in ("personas", "persona", ""):
        return {"persona_id": last, **data}
    return data if isinstance(last, int) else {"persona_id": slug(document.path.stem), **data}


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]


def _twice(persona_id: str, path: Path, line: int, first: tuple[Path, int]) -> ConfigError:
    what = f"the persona `{persona_id}` stands here and in {shown(first[0])}:{first[1]}"
    return ConfigError(what, "Give one of them another `persona_id`.", file=shown(path), line=line, key="persona_id")
