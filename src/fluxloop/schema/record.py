"""The ground every file record stands on."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen noun that stands in a file.

    Unknown keys never reach a record: the reader takes them out first and reports each with file, line and nearest
    known key (see `store.records`), so `extra` is forbidden here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
