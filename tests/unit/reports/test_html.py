"""The HTML page: one file, whole without help, and inert whatever agents print."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import ALL, ATTACKS, BROKEN, FAILED, PASSED, exchange, hostile

from fluxloop.reports.html import CONTROLS, content_hash, make_bar, picture_latency, render_html, worst_first
from fluxloop.reports.summary import percent
from fluxloop.schema.result import Result, RunSummary


class Page(HTMLParser):
    """Reads a page: its elements, its attributes, and the texts inside of transcripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.turns: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._open = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Counts the element, and notes where a turn begins."""
        self.tags.append(tag)
        self.attributes += attrs
        self._open = tag
        if tag == "p" and ("dir", "auto") in attrs:
            self.turns.append("")
            self._open = "turn"

    def handle_endtag(self, tag: str) -> None:
        """A turn ends with its paragraph."""
        self._open = ""

    def handle_data(self, data: str) -> None:
        """Text inside of turns, scripts and styles is kept."""
        if self._open == "turn":
            self.turns[-1] += data
        elif self._open == "script":
            self.scripts.append(data)
        elif self._open == "style":
            self.styles.append(data)


def test_the_page_needs_nothing_else(summary_of: Callable[..., RunSummary]) -> None:
    """No address is in it, one style and one script, and the policy allows those two by hash and nothing besides."""
    text = render_html(summary_of(ALL), ALL)
    page = Page(text)
    assert not re.search(r"https?://|//[a-z]", text)
    assert {"link", "img", "iframe", "object", "base"}.isdisjoint(page.tags)
    style, script = content_hash(page.styles[0]), content_hash(page.scripts[0])
    policy = f"default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'"
    assert ("content", policy) in page.attributes
    assert (len(page.styles), len(page.scripts)) == (1, 1)
    assert "style" not in {name for name, _ in page.attributes}


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_adds_no_element(summary_of: Callable[..., RunSummary], attack: str) -> None:
    """A page with hostile texts everywhere has the same elements and attributes as one with harmless texts."""
    pages = [Page(render_html(summary_of([hostile(text)]), [hostile(text)])) for text in (attack, "harmless")]
    assert pages[0].tags == pages[1].tags
    assert [name for name, _ in pages[0].attributes] == [name for name, _ in pages[1].attributes]
    assert pages[0].scripts == pages[1].scripts


@given(text=st.text(alphabet=st.characters(codec="utf-8")).filter(str.strip))
def test_any_text_survives(summary_of: Callable[..., RunSummary], text: str) -> None:
    """Messages and replies stand in the page as they were; controls that HTML cannot hold are shown as pictures."""
    page = Page(render_html(summary_of([hostile(text)]), [hostile(text)]))
    shown = page.turns[0]
    assert page.turns == [shown, shown]
    assert len(shown) == len(text)
    assert all(a == b or CONTROLS.match(b) for a, b in zip(shown, text, strict=True))


def test_what_failed_comes_first(summary_of: Callable[..., RunSummary]) -> None:
    """Failed, then broken, then open, then passed; inside of these the order of the inputs."""
    page = Page(render_html(summary_of(ALL), ALL))
    outcomes = [value for name, value in page.attributes if name == "data-outcome"]
    chips = 5
    assert outcomes[chips:] == ["failed", "error", "inconclusive", "passed"]


def test_a_message_without_text_is_said_so(summary_of: Callable[..., RunSummary]) -> None:
    """An empty message, an empty reply and a reply that never came are told apart."""
    result = Result(input_id="a", outcome="error", error="boom", exchanges=(exchange("", text=""), exchange(None)))
    text = render_html(summary_of([result]), [result])
    for words in ("<em>empty message</em>", "<em>empty reply</em>", "no reply after"):
        assert words in text


def test_an_empty_or_interrupted_run_has_a_page(summary_of: Callable[..., RunSummary]) -> None:
    """No results at all, or a run that was cut off, still give a page that says so."""
    assert "This run was interrupted" in render_html(summary_of([], complete=False, notes=("<b>",)), [])


@pytest.mark.parametrize(
    ("passed", "total", "shown"),
    [(0, 0, "–"), (0, 9, "0%"), (9, 9, "100%"), (999, 1000, "99%"), (1, 1000, "1%"), (1, 2, "50%")],
)
def test_a_rate_is_never_rounded_to_all_or_nothing(passed: int, total: int, shown: str) -> None:
    """100% means that all passed, 0% that none did."""
    assert percent(passed, total) == shown


@given(st.dictionaries(st.sampled_from(["passed", "failed", "error", "skipped"]), st.integers(0, 1000)))
def test_the_parts_of_a_bar_fill_it(counts: dict[str, int]) -> None:
    """Widths add up to the whole, each part begins where the last one ends, and nothing empty is drawn."""
    bar = make_bar("x", counts)
    ends = [round(part.start + part.width, 2) for part in bar.segments]
    assert [round(part.start, 2) for part in bar.segments[1:]] == pytest.approx(ends[:-1], abs=0.02)
    assert not bar.segments or ends[-1] == pytest.approx(100, abs=0.02)
    assert all(part.count for part in bar.segments)


def test_groups_stand_worst_first() -> None:
    """The lowest pass rate is on top, and what has no name at the end."""
    groups = {"good": {"passed": 2}, "(none)": {"failed": 1}, "bad": {"passed": 1, "failed": 2}}
    assert [bar.name for bar in worst_first(groups)] == ["bad", "good", "(none)"]


def test_the_latency_picture_holds_every_reply(summary_of: Callable[..., RunSummary]) -> None:
    """Columns reach from 0 to the slowest reply, and without a reply there is no picture."""
    results = [PASSED, FAILED]
    picture = picture_latency(summary_of(results).latency, results)
    assert picture is not None
    assert (max(picture.columns), picture.columns[-1], picture.p95) == (100, 100, 100)
    assert picture_latency({}, [BROKEN]) is None
