"""The page in a real browser: our script runs, nobody else's does, and the filters work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from report_samples import ALL, ATTACKS, exchange, hostile

from fluxloop.reports.html import content_hash, render_html
from fluxloop.schema.result import Result, RunSummary

pytestmark = pytest.mark.slow

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=3000",
    "--dump-dom",
)

Open = Callable[..., tuple[str, str]]


def with_script(page: str, script: str) -> str:
    """The page with one more script, allowed by its hash as the page's own is."""
    allowed = page.replace("script-src ", f"script-src '{content_hash(script)}' ")
    return allowed.replace("</body>", f"<script>{script}</script></body>")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; as root on a machine with apt-get it is installed, elsewhere its absence is said."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run("apt-get update && apt-get install -y chromium", shell=True, capture_output=True, check=False)
        found = shutil.which("chromium")
    if not found:
        pytest.skip("no chromium here: the report was NOT opened in a browser")
    return found


@pytest.fixture
def open_page(chromium: str, tmp_path: Path) -> Open:
    """Open a page, with a script that the policy allows; gives the document and what was written to the console."""

    def render(text: str, script: str = "", width: int = 1200) -> tuple[str, str]:
        page = tmp_path / "report.html"
        page.write_text(with_script(text, script) if script else text, encoding="utf-8")
        size, profile = f"--window-size={width},900", f"--user-data-dir={tmp_path / 'profile'}"
        command = [chromium, *FLAGS, size, profile, page.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
        return done.stdout, "\n".join(console)

    return render


def test_nothing_an_agent_says_runs(open_page: Open, summary_of: Callable[..., RunSummary]) -> None:
    """With hostile texts everywhere our own script still runs, the title is ours, and the console stays silent."""
    results = [hostile(attack) for attack in ATTACKS]
    document, console = open_page(render_html(summary_of(results), results))
    assert '<form class="tools" id="tools">' in document
    assert "<title>0% passed" in document
    assert console == ""


def test_the_policy_stops_a_foreign_script(open_page: Open, summary_of: Callable[..., RunSummary]) -> None:
    """Even a script element that had got into the page would not run."""
    text = render_html(summary_of(ALL), ALL)
    document, console = open_page(text.replace("</body>", "<script>document.title = 'pwned'</script></body>"))
    assert "<title>25% passed" in document
    assert "Content Security Policy" in console


@pytest.mark.parametrize(
    ("act", "shown"),
    [
        ("", ["input_002", "input_003", "input_004", "input_001"]),
        ("document.querySelector('[data-outcome=error][aria-pressed]').click()", ["input_003"]),
        ("search.value = 'STILL please'; search.dispatchEvent(new Event('input'))", ["input_002"]),
        ("persona.value = 'novice_user'; persona.dispatchEvent(new Event('change'))", ["input_002", "input_001"]),
        ("search.value = 'nowhere'; search.dispatchEvent(new Event('input'))", []),
    ],
    ids=["nothing", "outcome", "search", "persona", "no match"],
)
def test_filters_show_what_fits(
    open_page: Open, summary_of: Callable[..., RunSummary], act: str, shown: list[str]
) -> None:
    """Outcome, persona and words narrow the list down; when nothing fits, the page says so."""
    script = f"const search = document.getElementById('search'), persona = document.getElementById('persona'); {act}"
    document, console = open_page(render_html(summary_of(ALL), ALL), script)
    results = re.findall(r'<details class="result"([^>]*)>.*?<span class="facts"><span>(\S+?)[ <]', document, re.DOTALL)
    assert [name for attributes, name in results if "hidden" not in attributes] == shown
    assert ('id="none" class="empty" hidden' in document) is bool(shown)
    assert console == ""


def test_a_long_word_does_not_widen_a_phone(open_page: Open, summary_of: Callable[..., RunSummary]) -> None:
    """At a phone's width nothing sticks out to the right, however long a word or a name is."""
    long = "x" * 900
    result = Result(input_id=long, persona=long, topic=long, outcome="passed", exchanges=(exchange(long, text=long),))
    script = (
        "document.querySelector('details').open = true;"
        "document.title = `${innerWidth} ${document.documentElement.scrollWidth}`"
    )
    document, _ = open_page(render_html(summary_of([result]), [result]), script, width=390)
    window, content = re.findall(r"<title>(\d+) (\d+)</title>", document)[0]
    assert int(content) <= int(window) <= 500  # 500 is the narrowest that a headless window gets
