"""Every command of every group can be loaded, and says of itself what the table of its group says."""

from __future__ import annotations

import click
import pytest

from fluxloop.cli.lazy import LazyGroup
from fluxloop.cli.main import fluxloop


def groups() -> dict[str, LazyGroup]:
    """`fluxloop` and the groups in it, by their words: the modules that hold nothing but a table."""
    places = {name: place for name, (place, _) in fluxloop._lazy.items() if place.endswith(f".{name}:{name}")}
    inner = {name: fluxloop.get_command(click.Context(fluxloop), name) for name in places if name != "test"}
    return {"": fluxloop} | {name: group for name, group in inner.items() if isinstance(group, LazyGroup)}


NAMES = [(words, name) for words, group in groups().items() for name in group._lazy]


@pytest.mark.parametrize(("words", "name"), NAMES, ids=[" ".join(names).strip() for names in NAMES])
def test_a_command_is_what_its_table_says(words: str, name: str) -> None:
    """It loads, is called as it was declared, and it and each of its flags has a sentence of help."""
    group = groups()[words]
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.name == name
    assert group._lazy[name][1].endswith(".")
    assert command.help
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []
