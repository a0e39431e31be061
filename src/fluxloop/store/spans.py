"""Edits that touch only what they must: a person's comments, order and formatting stay; `git diff` is the review.

An edit becomes patches (a span of the text and what stands there instead), found from the places of the parsed file.
The result is parsed again and compared with what was meant; if they differ, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fluxloop.errors import ConfigError, StoreError
from fluxloop.store.documents import Document, Step, parse_document
from fluxloop.store.nodes import Node, parse_yaml, scan_json
from fluxloop.store.patches import Page, apply
from fluxloop.store.records import dotted
from fluxloop.store.wording import shown

Path_ = tuple[Step, ...]
Edit = tuple[Path_, Any]
ITEM_KEY = "text"
"""Under this key goes the text of a plain item when the item must become a mapping."""


class _Remove:
    def __repr__(self) -> str:
        return "REMOVE"


REMOVE: Any = _Remove()
"""As a value: take the key out."""


class Leaf:
    """The value at the end of an edit's path."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = plainly(value)


Branch = dict[Step, Any]
"""Edits by step: to another branch, or to a leaf."""


def set_values(text: str, edits: Sequence[Edit], path: Path = Path("text.yaml")) -> str:
    """Set what stands at each path; a key that is missing is added to its mapping, one set to REMOVE is taken out.

    `path` tells YAML from JSON by its suffix, and names the file in an error.
    """
    body = text.removeprefix("\ufeff")
    return text[: len(text) - len(body)] + edit_document(parse_document(path, body), edits).text


def edit_document(document: Document, edits: Sequence[Edit]) -> Document:
    """As `set_values`, for a document that is at hand; gives the new one."""
    meant = _edited(document.data, _tree(edits))
    text, root = document.text, document.root
    for number, some in enumerate(_rounds(edits)):
        text = _one_round(text, _parse(text, document.path) if number else root, some, document.path)
    return _verified(text, meant, document.path, edits)


def append_items(text: str, key: str, block: str, path: Path = Path("text.yaml")) -> str:
    """Add the items of `block`, as `emit_inputs` writes them, to the list under a top-level key, made if it is missing.

    A document that is a bare list takes them at its end.
    """
    body = text.removeprefix("\ufeff")
    root = _parse(body, path)
    items = _items(block)
    page = Page(body, path.suffix.lower() == ".json")
    if root is None or root.data is None:
        new = page.with_new_list(key, block, items)
        meant: Any = {key: items}
    elif isinstance(root.data, list):
        new = apply(body, page.append(root, block, items, indent=root.column))
        meant = [*root.data, *items]
    elif isinstance(root.data, dict):
        new = _append_under(page, root, key, block, items)
        meant = root.data | {key: [*(root.data.get(key) or []), *items]}
    else:
        raise _refused(path, "it holds one text and no list")
    _verified(new, meant, path, [((key,), items)])
    return text[: len(text) - len(body)] + new


def plainly(value: Any) -> Any:
    """A value as a parser gives it back."""
    if isinstance(value, Mapping):
        return {str(key): plainly(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plainly(part) for part in value]
    return value


def _append_under(page: Page, root: Node, key: str, block: str, items: list[Any]) -> str:
    node, key_node = root.child(key), root.key(key)
    if node is None or key_node is None:
        if root.style == "{":
            return apply(page.text, page.add_keys(root, {key: items}))
        return page.with_new_list(key, block, items)
    if node.data is None:
        if root.style == "{":
            return apply(page.text, page.replace(key_node, node, items))
        return apply(page.text, page.fill(key_node, node, block, root.column + 2))
    if not isinstance(node.data, list):
        raise StoreError(f"`{key}` on line {key_node.line} is no list", "Make it a list, or choose another file.")
    if not node.data and root.style != "{":
        return apply(page.text, page.fill(key_node, node, block, root.column + 2))
    return apply(page.text, page.append(node, block, items, indent=node.column))


def _one_round(text: str, root: Node | None, edits: Sequence[Edit], path: Path) -> str:
    if root is None:
        raise _refused(path, "there is nothing in it")
    page = Page(text, path.suffix.lower() == ".json")
    try:
        return apply(text, _patches(page, root, _tree(edits)))
    except ValueError as error:
        raise _refused(path, str(error)) from error


def _patches(page: Page, node: Node, branch: Branch) -> list[tuple[int, int, str]]:
    """Depth first: where two insertions meet at the end of a line, the inner mapping's comes first."""
    if node.alias:
        raise ValueError(f"line {node.line} leads by `*` to a value that stands elsewhere: write it out first")
    if node.style in ("-", "["):
        return [patch for step, part in branch.items() for patch in _item_patches(page, node, step, part)]
    patches = []
    added: dict[str, Any] = {}
    for step, part in branch.items():
        key, value = node.key(str(step)), node.child(str(step))
        if isinstance(part, Leaf) and part.value is REMOVE:
            patches += page.remove(node, str(step)) if key else []
        elif key is None or value is None:
            added[str(step)] = _edited(None, part)
        elif isinstance(part, Leaf):
            patches += page.replace(key, value, part.value)
        elif value.literal is not None:
            patches += page.replace(key, value, _edited(value.data, part))
        else:
            patches += _patches(page, value, part)
    return patches + (page.add_keys(node, added) if added else [])


def _item_patches(page: Page, node: Node, step: Step, part: Any) -> list[tuple[int, int, str]]:
    item = node.child(step)
    if item is None:
        raise ValueError(f"the list on line {node.line} has no item {step}")
    if isinstance(part, Leaf):
        return page.replace(None, item, part.value)
    if item.literal is None:
        return _patches(page, item, part)
    more = {str(key): _edited(None, value) for key, value in part.items() if key != ITEM_KEY}
    new_text = part.get(ITEM_KEY)
    more = {key: value for key, value in more.items() if value is not REMOVE}
    return page.wrap(node, item, ITEM_KEY, new_text.value if new_text else None, more)


def _tree(edits: Sequence[Edit]) -> Branch:
    tree: Branch = {}
    for path, value in edits:
        branch = tree
        for step in path[:-1]:
            branch = branch.setdefault(step, {})
        branch[path[-1]] = Leaf(value)
    return tree


def _edited(data: Any, part: Any) -> Any:
    """The values as they shall be; containers on the way are copied, so nothing shared by anchors changes twice."""
    if isinstance(part, Leaf):
        return part.value
    if isinstance(data, list):
        changed = list(data)
        for step, inner in part.items():
            if not isinstance(step, int) or not -1 < step < len(changed):
                raise StoreError(f"there is no item {step} in this list of {len(changed)}")
            base = changed[step]
            plain = not isinstance(base, (dict, list)) and not isinstance(inner, Leaf)
            changed[step] = _edited({ITEM_KEY: base} if plain else base, inner)
        return changed
    if data is not None and not isinstance(data, dict):
        raise StoreError(f"`{data}` is a text and has no key `{next(iter(part))}`")
    mapping = dict(data or {})
    for step, inner in part.items():
        if isinstance(inner, Leaf) and inner.value is REMOVE:
            mapping.pop(str(step), None)
        else:
            mapping[str(step)] = _edited(mapping.get(str(step)), inner)
    return mapping


def _rounds(edits: Sequence[Edit]) -> list[list[Edit]]:
    """First all that is set; then what is removed, one key of a mapping at a time, so that no two patches overlap."""
    rounds: list[list[Edit]] = [[edit for edit in edits if edit[1] is not REMOVE]]
    waiting = [edit for edit in edits if edit[1] is REMOVE]
    while waiting:
        chosen = {path[:-1]: (path, value) for path, value in reversed(waiting)}
        rounds.append(list(chosen.values()))
        waiting = [edit for edit in waiting if edit not in rounds[-1]]
    return [some for some in rounds if some]


def _items(block: str) -> list[Any]:
    root = parse_yaml("items:\n" + block, "the new items")
    data = root.data["items"] if root else None
    return data if isinstance(data, list) else []


def _parse(text: str, path: Path) -> Node | None:
    return scan_json(text, shown(path)) if path.suffix.lower() == ".json" else parse_yaml(text, shown(path))


def _verified(text: str, meant: Any, path: Path, edits: Sequence[Edit]) -> Document:
    """The new text as a document, which must hold what was meant and nothing else."""
    try:
        found = parse_document(path, text)
    except ConfigError as error:
        raise _refused(path, f"`{dotted(edits[0][0])}` cannot be set without breaking it") from error
    if found.data != meant:
        raise _refused(path, f"setting `{dotted(edits[0][0])}` would change something else too")
    return found


def _refused(path: Path, why: str) -> StoreError:
    return StoreError(f"{shown(path)}: cannot be edited: {why}", "Edit it by hand; nothing was changed.")
