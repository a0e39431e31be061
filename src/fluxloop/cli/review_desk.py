"""The terminal side of a review: shows an input, takes a key, writes what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import click

from fluxloop.cli.console import say, visible
from fluxloop.cli.editor import edit_texts
from fluxloop.cli.inputs_findings import counted
from fluxloop.cli.inputs_view import inline, place_of, texts_card
from fluxloop.cli.keys import END, ask_key
from fluxloop.cli.opening import Opened
from fluxloop.curation import review
from fluxloop.curation.searching import topic_of
from fluxloop.curation.validate import validate
from fluxloop.schema.finding import Finding
from fluxloop.schema.input import Input, texts_of
from fluxloop.store.inputs import StoredInput, edit_inputs

GO_ON = " `fluxloop inputs review` goes on."
KEYS = "[a]pprove  [r]eject  [e]dit  [s]kip  [u]ndo  [q]uit"
QUIT = "q"
SHOWN = ("situation", "intent", "complexity", "tone", "language")
"""Of the metadata, what helps to judge a text."""


class Desk:
    """One sitting of a review. Nothing is kept here that is not in the files: a killed terminal loses nothing."""

    def __init__(self, opened: Opened, waiting: Sequence[StoredInput], everything: Sequence[StoredInput]) -> None:
        self.opened = opened
        self.queue = review.ReviewQueue(waiting)
        self.total = len(waiting)
        self.everything = everything
        self.settings, self.personas = opened.settings(), opened.personas()
        self.findings: dict[str, list[Finding]] = {}
        for each in validate(everything, self.settings, self.personas).findings:
            self.findings.setdefault(each.stored.input.id, []).append(each.finding)

    def work(self) -> None:
        """Show and decide until nothing is left or somebody quits."""
        actions: Mapping[str, Callable[[StoredInput], None]] = {
            "a": self._approve, "r": self._reject, "e": self._edit, "s": self._skip, "u": self._undo,
        }  # fmt: skip
        try:
            while (stored := self.queue.current) is not None:
                key = ask_key(partial(self._show, stored), {*actions, QUIT})
                if key in (QUIT, END):
                    break
                actions[key](stored)
        finally:
            self._sum_up()

    def _show(self, stored: StoredInput) -> None:
        item = stored.input
        number = min(self.queue.decided + 1, self.total)
        say()
        say(click.style(f"{number}/{self.total}  {visible(item.id)}", bold=True) + f"  {place_of(stored)}")
        for line in _facts(item):
            say(visible(line))
        if self.queue.only_skipped:
            say("Skipped before.")
        say("\n".join(texts_card(texts_of(item))))
        for finding in self.findings.get(item.id, []):
            say(visible(f"⚠ {finding.what}: {finding.why}"))
        say(click.style(KEYS, dim=True))

    def _approve(self, stored: StoredInput) -> None:
        self._decide(stored, review.approve(stored))
        say(f"✅ {visible(stored.input.id)} approved")

    def _reject(self, stored: StoredInput) -> None:
        try:
            reason = click.prompt("Reason (Enter for none)", default="", show_default=False)
        except click.Abort:
            say("\nNot rejected.")
            return
        self._decide(stored, review.reject(stored, reason))
        say(f"❌ {visible(stored.input.id)} rejected")

    def _edit(self, stored: StoredInput) -> None:
        texts = edit_texts(texts_of(stored.input))
        if texts is None:
            say("Nothing changed.")
            return
        changes = review.edit(stored, texts)
        self._write(stored, changes)
        self.queue.edit(changes)
        self._check_again(stored.input.id)

    def _skip(self, _stored: StoredInput) -> None:
        self.queue.skip()

    def _undo(self, _stored: StoredInput) -> None:
        """Take back the last step; also in the file, when it was written."""
        undone = self.queue.undo()
        if undone is None:
            say("There is nothing to undo.")
            return
        self._write(*undone)
        say(f"Undone: {visible(undone[0].input.id)}")
        if "text" in undone[1] or "conversation" in undone[1]:
            self._check_again(undone[0].input.id)

    def _decide(self, stored: StoredInput, changes: review.Changes) -> None:
        """First in the file, then on the desk: when writing fails, it is not counted as done."""
        self._write(stored, changes)
        self.queue.decide(changes)

    def _write(self, stored: StoredInput, changes: review.Changes) -> None:
        with self.opened.locked():
            edit_inputs([(stored, changes)])

    def _check_again(self, input_id: str) -> None:
        """Whether the text as it is now passes."""
        current = self.queue.current
        assert current is not None
        others = [stored for stored in self.everything if stored.input.id != input_id]
        report = validate([current], self.settings, self.personas, beside=others)
        self.findings[input_id] = [each.finding for each in report.findings]

    def _sum_up(self) -> None:
        left = self.queue.left
        say()
        say(f"{counted(self.queue.decided, 'input')} decided, {left or 'none'} left." + (GO_ON if left else ""))


def _facts(item: Input) -> list[str]:
    """Who writes, about what, in which situation: without a line for what nobody said."""
    who = " · ".join(part for part in (item.persona, topic_of(item), item.source, item.importance) if part)
    metadata = {key: item.metadata[key] for key in SHOWN if item.metadata.get(key)}
    return [who, *([inline(metadata)] if metadata else [])]
