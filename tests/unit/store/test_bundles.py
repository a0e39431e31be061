"""Bundles mean the same for ever, and any change to one is seen."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fluxloop.errors import ConfigError, NotFound, StoreError, UsageError
from fluxloop.schema.bundle import Bundle
from fluxloop.schema.input import Input
from fluxloop.store.bundles import (
    bundle_path,
    delete_bundle,
    hash_bundle,
    is_intact,
    list_bundles,
    newest_bundle,
    read_bundle,
    write_bundle,
)
from fluxloop.store.personas import builtin_ids, builtin_personas
from fluxloop.store.project import find_project

SHELF = builtin_personas()
TEXT = st.text(st.characters(exclude_categories=("Cs",)))


def some_bundle(name="v1", **more):
    items = (Input(id="input_001", text="hi 😅", status="approved", metadata={"topic": "a"}), Input(id="b", text=""))
    return Bundle(name=name, inputs=items, personas=tuple(SHELF[name] for name in builtin_ids()), **more)


def test_a_bundle_comes_back_whole(tmp_path):
    """Inputs and personas with all that is in them, and a hash that fits."""
    project = find_project(tmp_path)
    bundle = some_bundle(description="for\nreleases", created="2026-11-23", version=3)
    path = write_bundle(project, bundle)
    notices = []
    found = read_bundle(project, "v1", notices)
    assert notices == []
    assert found == bundle.model_copy(update={"content_hash": hash_bundle(bundle)})
    assert is_intact(found)
    path.write_text(path.read_text().replace("hi 😅", "hi"))
    assert not is_intact(read_bundle(project, "v1", []))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXT, max_size=3), st.dictionaries(TEXT, TEXT | st.integers() | st.booleans() | st.none(), max_size=3))
def test_the_hash_of_what_is_read_is_that_of_what_was_written(tmp_path, texts, metadata):
    """A law, whatever texts and metadata there are."""
    items = tuple(Input(id=f"i{n}", text=text, metadata=metadata) for n, text in enumerate(texts))
    project = find_project(tmp_path)
    write_bundle(project, Bundle(name="law", inputs=items), overwrite=True)
    assert is_intact(read_bundle(project, "law", []))


def test_the_hash_is_of_content_in_its_order_only():
    """Name, day and description do not count; order does."""
    bundle = some_bundle()
    assert hash_bundle(bundle) == hash_bundle(some_bundle("other", description="x", created="y", version=2))
    assert hash_bundle(bundle) != hash_bundle(bundle.model_copy(update={"inputs": bundle.inputs[::-1]}))


def test_bundles_are_listed_replaced_and_deleted(tmp_path):
    """An existing one is replaced only when told to; one that is not there is not found, with the nearest named."""
    project = find_project(tmp_path)
    assert (list_bundles(project), newest_bundle(project)) == ([], None)
    write_bundle(project, some_bundle("v2"))
    write_bundle(project, some_bundle("v1"))
    with pytest.raises(StoreError, match="already"):
        write_bundle(project, some_bundle("v1"))
    write_bundle(project, some_bundle("v1", description="new"), overwrite=True)
    assert (list_bundles(project), newest_bundle(project)) == (["v1", "v2"], "v1")
    with pytest.raises(NotFound, match="v1"):
        read_bundle(project, "v11", [])
    delete_bundle(project, "v1")
    with pytest.raises(NotFound):
        delete_bundle(project, "v1")


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a\\b", "x.", "a\nb", "x" * 200, "con:1"])
def test_a_name_must_be_safe_as_a_file_name(tmp_path, name):
    """Nothing is read or written outside the bundles' folder."""
    with pytest.raises(UsageError):
        bundle_path(find_project(tmp_path), name)


def test_a_broken_bundle_names_its_place(tmp_path):
    """Like every other file."""
    project = find_project(tmp_path)
    path = write_bundle(project, some_bundle())
    path.write_text("name: v1\ninputs:\n  - {id: a, text: x, status: maybe}\n")
    with pytest.raises(ConfigError, match=r"v1\.yaml:3: "):
        read_bundle(project, "v1", [])
