"""JUnit files that every reader takes, whatever agents print."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from report_samples import ALL, exchange

from fluxloop.reports.junit import FORBIDDEN, render_junit
from fluxloop.schema.result import Result, RunSummary

COUNTS = {"tests", "failures", "errors", "skipped"}
SHAPE: dict[str, tuple[set[str], set[str]]] = {
    "testsuites": ({"name", "time", *COUNTS}, {"testsuite"}),
    "testsuite": ({"name", "time", "timestamp", *COUNTS}, {"testcase"}),
    "testcase": ({"name", "classname", "time"}, {"failure", "error", "skipped", "system-out"}),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}
"""What the schemas of Jenkins and GitLab agree on: element to (attributes, children)."""


def check_shape(element: ElementTree.Element) -> None:
    """Every element has exactly the attributes it must have, and only children it may have, verdict before output."""
    attributes, children = SHAPE[element.tag]
    assert set(element.attrib) == attributes
    assert {child.tag for child in element} <= children
    if element.tag == "testcase":
        assert [child.tag for child in element][-1] == "system-out"
        assert len(element) <= 2
    if "tests" in element.attrib:
        assert int(element.attrib["tests"]) == len(element.findall(".//testcase"))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.attrib[name]) == len(element.findall(f".//{tag}"))
    for child in element:
        check_shape(child)


def test_the_structure_is_junit(summary_of: Callable[..., RunSummary]) -> None:
    """One suite a persona, one case a result; a failed check, a broken agent and an open verdict are told apart."""
    root = ElementTree.fromstring(render_junit(summary_of(ALL), ALL))
    check_shape(root)
    assert [suite.get("name") for suite in root] == ["novice_user", "expert_user", "fluxloop"]
    assert [case.get("name") for case in root.iter("testcase")] == [
        "input_001 [1]",
        "input_002 [2]",
        "input_003 [1]",
        "input_004 [1]",
    ]
    assert [case[0].tag for case in root.iter("testcase")] == ["system-out", "failure", "error", "skipped"]
    assert (root[0].get("timestamp"), root[0].get("time")) == ("2026-11-23T07:30:00", "0.750")
    assert root.find(".//error").get("message") == "agent.py:7: KeyError: 'x'"  # type: ignore[union-attr]
    assert root.find(".//failure").text == (  # type: ignore[union-attr]
        "contains: yes: the last reply has no “yes”\nregex: \\d: the last reply does not match: “Still no.”"
    )
    assert root[0][1][1].text == "user: refund?\nagent: No.\nuser: please\nagent: Still no."


@given(text=st.text(alphabet=st.characters(codec="utf-8")))
def test_any_text_survives(summary_of: Callable[..., RunSummary], text: str) -> None:
    """Whatever stands in messages, errors, ids and personas parses, and reads back but for what XML forbids."""
    failed = Result(
        input_id=text,
        persona=f"p{text}",
        outcome="error",
        error=text,
        exchanges=(exchange(text, text=text), exchange(None)),
    )
    root = ElementTree.fromstring(render_junit(summary_of([failed]), [failed]).encode())
    kept = FORBIDDEN.sub("", text)
    assert root.find(".//error").text == (kept or None)  # type: ignore[union-attr]
    assert root.find(".//testcase").get("name") == f"{kept} [1]"  # type: ignore[union-attr]
    assert root.find(".//system-out").text == f"user: {kept}\nagent: {kept}\nuser: hi\nagent: (no reply)"  # type: ignore[union-attr]


def test_forbidden_characters_are_stripped(summary_of: Callable[..., RunSummary]) -> None:
    """NUL, escape and other controls are gone; tabs, line ends of every kind, emoji and quotes stay."""
    result = Result(input_id="a", outcome="passed", exchanges=(exchange("\x00\x1b[31m\ufffe]]> <&\"' \r\n\t😀\r"),))
    root = ElementTree.fromstring(render_junit(summary_of([result]), [result]))
    assert root.find(".//system-out").text == "user: hi\nagent: [31m]]> <&\"' \r\n\t😀\r"  # type: ignore[union-attr]
