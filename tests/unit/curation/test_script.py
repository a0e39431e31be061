"""A conversation as a page for an editor."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from fluxloop.curation.script import as_script, from_script

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=5)


@given(TEXTS)
@example(["--- turn 1 ---", "b"])
@example(["a\n--- turn 2 ---\nb", "---- turn 9 ----", ""])
@example(["", ""])
@example(["\n", "\n\n"])
def test_an_untouched_page_gives_the_same_texts(texts: list[str]) -> None:
    """A page that is read back as it was written changes nothing, whatever stands in the texts."""
    assert from_script(as_script(texts), texts) == tuple(texts)


@given(TEXTS)
def test_the_line_break_of_an_editor_is_no_part_of_the_text(texts: list[str]) -> None:
    """Editors end a file with a line break; a text that did not end in one does not get it."""
    page = as_script(texts)
    assert from_script(page if page.endswith("\n") else f"{page}\n", texts) == tuple(texts)


def test_one_text_stands_without_a_heading() -> None:
    """A single message is edited as it is."""
    assert as_script(["how do i start?"]) == "how do i start?"


def test_a_turn_can_be_changed_added_and_taken_out() -> None:
    """The headings part the turns: what is below one is a turn."""
    turns = ["This isn't working", "I already tried that!"]
    assert as_script(turns) == "--- turn 1 ---\nThis isn't working\n--- turn 2 ---\nI already tried that!"
    assert from_script("--- turn 1 ---\nIt broke\n--- turn 2 ---\nI already tried that!\n", turns) == (
        "It broke",
        "I already tried that!",
    )
    assert from_script("--- turn 2 ---\nI already tried that!\n", turns) == ("I already tried that!",)
    assert from_script("--- turn 1 ---\na\n--- turn 2 ---\nb\n--- turn 3 ---\nc\n", turns) == ("a", "b", "c")
