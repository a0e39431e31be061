"""A frozen selection of inputs."""

from __future__ import annotations

from pydantic import Field

from fluxloop.schema.input import Input
from fluxloop.schema.persona import Persona
from fluxloop.schema.record import Record


class Bundle(Record):
    """Inputs with their text and their personas, frozen, so that a bundle means the same for ever."""

    name: str = Field(description="The file's name without `.yaml`.", min_length=1)
    description: str = Field("", description="What this bundle is for.")
    version: int = Field(1, description="Counts the updates.", ge=1)
    created: str = Field("", description="The day it was frozen, YYYY-MM-DD.")
    content_hash: str = Field("", description="sha256 over inputs and personas; a changed file fails `verify`.")
    inputs: tuple[Input, ...] = Field((), description="The inputs, whole.")
    personas: tuple[Persona, ...] = Field((), description="The personas of these inputs, whole.")
