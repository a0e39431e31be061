"""The batches that were handed to a vendor: `.fluxloop/batches.jsonl`, written before anybody waits for one.

Lines of a batch: it is about to be handed in, with all it asks for; the vendor has given it a name; and, if so, which
of its items came to nothing. Whoever takes a run up again fetches what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from fluxloop.errors import StoreError
from fluxloop.schema.job import BatchJob
from fluxloop.schema.plan import Slot
from fluxloop.store.journal import slot_data, slot_of
from fluxloop.store.lines import LineFile, read_lines
from fluxloop.store.project import Project, make_private_dir


class JobBook:
    """The part of the book that one run writes. Several runs may write at once."""

    def __init__(self, project: Project, run: str) -> None:
        make_private_dir(project.root)
        self._project, self._run = project, run
        self._file = LineFile(book_path(project), shared=True)

    def submitting(self, job: BatchJob) -> None:
        """Enter a job that is about to be handed in, and have it on the disk."""
        items = {name: [slot_data(slot) for slot in slots] for name, slots in job.items.items()}
        told = {"run": self._run, "provider": job.provider, "address": job.address, "at": job.at}
        self._file.append({"submitting": job.tag, **told, "items": items})
        self._file.sync()

    def submitted(self, tag: str, job_id: str) -> None:
        """Enter the vendor's name for a job."""
        self._file.append({"submitted": tag, "id": job_id})
        self._file.sync()

    def failed(self, tag: str, items: Sequence[str]) -> None:
        """Enter that some items came to nothing: nobody needs to fetch them."""
        self._file.append({"failed": tag, "items": list(items)})

    def ids(self) -> set[str]:
        """The vendors' names of all jobs, of this run and others."""
        return {str(line["id"]) for line in read_lines(self._file.path) if "submitted" in line}

    def jobs(self) -> list[BatchJob]:
        """The jobs of this run, with the items that have not come to nothing, in the order they were handed in."""
        return jobs_of(self._project, self._run)

    def close(self) -> None:
        """Close the book."""
        self._file.close()


def book_path(project: Project) -> Path:
    """Where the book is."""
    return project.private_dir / "batches.jsonl"


def jobs_of(project: Project, run: str) -> list[BatchJob]:
    """The jobs of a run, with the items that have not come to nothing. Raises StoreError for another version's."""
    lines = list(read_lines(book_path(project)))
    ids = {str(line["submitted"]): str(line["id"]) for line in lines if "submitted" in line}
    nothing = {str(name) for line in lines if "failed" in line for name in line["items"]}
    jobs = [_job(line, ids, nothing) for line in lines if "submitting" in line and line.get("run") == run]
    return [job for job in jobs if job.items]


def _job(line: dict[str, Any], ids: dict[str, str], nothing: set[str]) -> BatchJob:
    tag = str(line["submitting"])
    items = {name: _slots(slots) for name, slots in line["items"].items() if name not in nothing}
    return BatchJob(tag, line["provider"], line["address"], line["at"], items, ids.get(tag, ""))


def _slots(data: Iterable[dict[str, Any]]) -> tuple[Slot, ...]:
    try:
        return tuple(map(slot_of, data))
    except StoreError as error:
        hint = "Its answers are at the vendor, in the batch of that name."
        raise StoreError(f".fluxloop/batches.jsonl: {error.message}", hint) from error
