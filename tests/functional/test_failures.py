"""What breaks other tools, through the real SDKs against a server that misbehaves: the count is the count."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.server import faults, spoils
from tests.server.calls import Call
from tests.server.script import Misdeed, Script
from tests.server.wire import WireServer

from .conftest import run, tree, write_files
from .wired import KEY, VENDORS, generate, holds, keys, ledger, made, paid_slots

ONE = ("--persona", "novice_user")
AS_WRITTEN = "generation: {style: false}\n"

SHAPES = {
    "fenced": spoils.fenced(),
    "prose": spoils.prose(),
    "thinking": spoils.thinking(),
    "json lines": spoils.json_lines(),
    "bare list": spoils.bare_list(),
    "numbered list": spoils.numbered_list(),
    "wrong keys": spoils.wrong_keys(),
    "trailing commas": spoils.trailing_commas(),
    "single quotes": spoils.single_quotes(),
    "html entities": spoils.html_entities(),
    "unknown persona": spoils.unknown_persona(),
}


def misbehaving(*misdeeds: Misdeed) -> Script:
    """One call after another gets its own misdeed, and the last one goes on for ever unless there are more calls."""
    script = Script()
    for number, misdeed in enumerate(misdeeds, 1):
        script.on(number, misdeed)
    return script


@pytest.mark.parametrize("vendor", VENDORS)
def test_fewer_than_asked_are_topped_up(project: Path, vendor: str) -> None:
    """Row 1: three for every ten, on each call: exactly 30 in the end."""
    with WireServer(script=Script().always(spoils.fewer(3))) as server:
        code, out, _ = generate(project, server, "--count", "30", vendor=vendor)
    assert (code, out.splitlines()[-1]) == (0, "✅ Generated 30 inputs from 3 personas")
    assert Counter(item["persona"] for item in made(project)).most_common() == [
        ("novice_user", 10), ("expert_user", 10), ("frustrated_user", 10)
    ]  # fmt: skip


@pytest.mark.parametrize("vendor", VENDORS)
def test_more_than_asked_are_spares(project: Path, vendor: str) -> None:
    """Row 2: exactly N are kept; what is too many is used where something is missing, so that less is asked for."""
    script = misbehaving(spoils.more(9), *[spoils.fewer(5)])
    with WireServer(script=script) as server:
        code, *_ = generate(project, server, *ONE, "--topic", "billing", "--count", "20", vendor=vendor)
    assert (code, len(made(project))) == (0, 20)
    assert server.count <= 3, "the spares of the first answer fill the gaps of the second"


@pytest.mark.parametrize(("shares", "count"), [("novice_user:60,expert_user:30,frustrated_user:10", 100), ("", 100)])
def test_quotas_are_exact(project: Path, shares: str, count: int) -> None:
    """Row 3: 60/30/10, and ten personas with ten each, while one call in four is cut off."""
    ten = "novice_user,expert_user,frustrated_user,intermediate_user,support_agent,mobile_user,non_native_english"
    ten += ",api_developer,junior_dev_frustrated,impatient_executive"
    with WireServer(script=Script().every(4, spoils.truncated())) as server:
        code, *_ = generate(project, server, "--personas", shares or ten, "--count", str(count))
    counts = Counter(item["persona"] for item in made(project))
    assert code == 0
    assert sorted(counts.values()) == ([10, 30, 60] if shares else [10] * 10)


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_answer_that_is_cut_off_gives_what_is_whole(project: Path, vendor: str) -> None:
    """Row 4: whole items are kept, only the others are asked for again, in smaller batches."""
    with WireServer(script=Script().always(spoils.truncated(0.6), times=1)) as server:
        code, *_ = generate(project, server, *ONE, "--count", "8", vendor=vendor)
    assert (code, len(made(project))) == (0, 8)
    first, *others = [call.slots for call in server.calls]
    again = [slot for slots in others for slot in slots if slot in first]
    assert 1 <= len(again) <= 5 and len(set(again)) == len(again)
    assert all(len(slots) <= 3 for slots in others)


def test_answers_that_are_always_cut_off_are_never_a_success(project: Path) -> None:
    """Row 4: nothing whole ever comes: exit 11, a table of who is short, and no endless bill."""
    with WireServer(script=Script().always(spoils.truncated(0.05))) as server:
        code, _, err = generate(project, server, *ONE, "--count", "10")
    assert code == 11 and made(project) == []
    assert "0 of 10" in err and "cut off or unreadable" in err
    assert server.count <= 40


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_shape_of_answer_is_read(project: Path, vendor: str) -> None:
    """Row 5 and 12: each call answers in another bad shape, and nothing is asked for twice."""
    count = len(SHAPES) * 8
    with WireServer(script=misbehaving(*SHAPES.values())) as server:
        code, *_ = generate(project, server, *ONE, "--count", str(count), vendor=vendor)
    assert (code, len(made(project))) == (0, count)
    assert {item["persona"] for item in made(project)} == {"novice_user"}
    assert server.count <= len(SHAPES) + 2, "some calls had to be made again"


def test_answers_with_nothing_in_them_are_asked_again(project: Path) -> None:
    """Row 5: an empty answer, null, integers for objects: short for now, complete in the end."""
    bad = (spoils.empty(), spoils.null_content(), spoils.integers())
    with WireServer(script=misbehaving(*bad)) as server:
        code, *_ = generate(project, server, *ONE, "--count", "24")
    assert (code, len(made(project))) == (0, 24)


TEXTS = [
    "it's \"broken\" & the page says 'no'",
    "None of these options fit my case",
    "“curly” quotes — and a dash… why?",
    "null",
    "who can reset 2FA for me 😅👩‍👩‍👧 pls",
    "first line of it\nsecond line, - with: yaml # marks\n\nand a third",
    "the invoice of Zoë & Łukasz is = SUM(A1) not {{ amount }}",
    "my name שלום עולם shows up reversed on the label",
    "yes: no, true # is that all you say?",
    "path C:\\temp\\new and 100% \\n literally",
    "&quot; appears in my exported file, why",
    "  <b>hi</b> <script>alert(1)</script> shows on my page ",
]


@pytest.mark.parametrize("vendor", VENDORS)
def test_texts_survive_byte_for_byte(project: Path, vendor: str) -> None:
    """Row 6: quotes, None, emoji, right-to-left, newlines, from the wire into the file; outer white space goes."""
    write_files(project, {"configs/input.yaml": AS_WRITTEN + "constraints: {min_length: 2}\n"})
    waiting = list(TEXTS)

    def reply(call: Call) -> str:
        entries = [{"slot": slot, "text": waiting.pop(0) if waiting else f"spare {slot}"} for slot in call.slots]
        return json.dumps({"inputs": entries}, ensure_ascii=call.number % 2 == 0)

    with WireServer() as server:
        server.reply_with = reply
        code, out, _ = generate(project, server, *ONE, "--count", str(len(TEXTS)), "--json", vendor=vendor)
    assert code == 0
    assert sorted(item["text"] for item in made(project)) == sorted(text.strip() for text in TEXTS)
    assert [i["text"] for i in json.loads(out)["inputs"]] == [item["text"] for item in made(project)]


def test_twins_are_dropped_across_batches_and_runs(project: Path) -> None:
    """Row 7: a text that was kept, or written by hand, comes in other case, spacing and marks: never kept again."""
    write_files(project, {"configs/input.yaml": AS_WRITTEN, "inputs/own.yaml": "inputs:\n  - How do I start?\n"})
    twins = ["how do i start", "HOW DO I START?", "How  do I start?!", "How do I start？"]

    def reply(call: Call) -> str | None:
        if call.number > 4:
            return None
        return json.dumps({"inputs": [{"slot": slot, "text": twins[slot % 4]} for slot in call.slots]})

    with WireServer() as server:
        server.reply_with = reply
        assert generate(project, server, *ONE, "--count", "12")[0] == 0
        server.calls.clear()
        server.script.always(spoils.duplicates(), times=2)
        assert generate(project, server, *ONE, "--count", "12")[0] == 0
    texts = [item["text"] for item in made(project)]
    assert len(texts) == 24 and len({text.casefold().strip(" .!?") for text in texts}) == 24
    assert not any("how do i start" in text.casefold() for text in texts)
    assert run(["inputs", "validate"], project)[0] == 0


STUMBLES = {
    "429 in a moment": faults.rate_limited(retry_after=0.2),
    "429 in milliseconds": faults.rate_limited(ms=150),
    "429 without a word": faults.rate_limited(),
    "500": faults.server_error(),
    "529": faults.overloaded(),
    "502 with a page": faults.bad_gateway(),
    "reset": faults.cut("before"),
    "cut in the body": faults.cut("body"),
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_stumble_on_any_call_costs_nothing(project: Path, vendor: str) -> None:
    """Row 8: 429s, server errors and cut connections, one call after another: exit 0, all there, no slot paid twice."""
    script = Script()
    for number, misdeed in enumerate(STUMBLES.values()):
        script.on(2 + 2 * number, misdeed)
    with WireServer(script=script, latency=0.02) as server:
        code, _, err = generate(project, server, "--count", "160", "--concurrency", "4", vendor=vendor)
    assert code == 0, err
    assert len(made(project)) == 160
    cut_off = {slot for call in server.calls if call.number in (14, 16) for slot in call.slots}
    paid = Counter(slot for slot in paid_slots(server) if slot not in cut_off)
    assert max(paid.values()) == 1
    assert len(ledger(project)) == server.count


def test_a_call_that_is_never_answered_is_made_again(project: Path) -> None:
    """Row 8: silence is cut off by our own timeout, and tried again."""
    write_files(project, {"configs/input.yaml": "generation: {call_timeout: 0.5}\n"})
    with WireServer(script=Script().on(2, faults.silent())) as server:
        code, *_ = generate(project, server, "--count", "40")
    assert (code, len(made(project))) == (0, 40)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_storm_that_never_ends_loses_nothing(project: Path, vendor: str) -> None:
    """Row 8: what was made is written, exit 4, and --resume asks only for the rest."""
    storm = Script().on(range(5, 1000), faults.rate_limited(retry_after=7200))
    with WireServer(script=storm, latency=0.02) as server:
        code, _, err = generate(project, server, "--count", "80", "--concurrency", "2", vendor=vendor)
        assert code == 4 and "429" in err and "--resume" in err
        before = made(project)
        paid = paid_slots(server)
        assert 20 <= len(before) == len(paid)
        server.script.rules.clear()
        stopped = server.count
        code, out, _ = run(["inputs", "generate", "--resume"], project, keys(server, vendor))
        assert code == 0, out
    assert not set(paid) & set(paid_slots(server, stopped))
    after = made(project)
    assert after[: len(before)] == before and len(after) == 80
    assert len({item["id"] for item in after}) == len({item["text"] for item in after}) == 80


@pytest.mark.parametrize(("vendor", "refusal"), [("openai", spoils.refusal()), ("anthropic", spoils.filtered())])
def test_a_refusal_is_reworded_once_and_never_an_input(project: Path, vendor: str, refusal: Misdeed) -> None:
    """Row 10: the same slots are asked for in other words; the count is met, and no refusal is kept."""
    with WireServer(script=Script().on(1, refusal)) as server:
        code, *_ = generate(project, server, *ONE, "--count", "8", vendor=vendor)
    assert (code, len(made(project))) == (0, 8)
    assert server.calls[0].slots == server.calls[1].slots
    assert "fictitious" in server.calls[1].system and "fictitious" not in server.calls[0].system
    assert not any("can't help" in item["text"] for item in made(project))


def test_a_model_that_always_refuses_is_told_and_not_asked_for_ever(project: Path) -> None:
    """Row 10: exit 11, the reason per persona, a bounded bill; refusals written as inputs are sifted out, too."""
    said = "I'm sorry, but I can't help with that request."
    with WireServer(script=Script().on(range(1, 500), spoils.refusal())) as server:
        code, _, err = generate(project, server, *ONE, "--count", "8")
        assert code == 11 and "refused by the model" in err and made(project) == []
        assert server.count <= 8
        server.script.rules.clear()
        server.reply_with = lambda call: json.dumps([{"slot": slot, "text": said} for slot in call.slots])
        assert generate(project, server, *ONE, "--count", "8")[0] == 11
    assert made(project) == []


def test_another_language_is_dropped_and_topped_up(project: Path) -> None:
    """Row 11: German for English is no input; the count is met in English."""
    with WireServer(script=Script().on({1, 2}, spoils.wrong_language("de"))) as server:
        code, out, _ = generate(project, server, *ONE, "--count", "16", "--json")
    told = json.loads(out)
    assert code == 0 and told["generated"] == 16
    assert sum(told["rejected"]["novice_user"].values()) >= 12
    assert not any(" und " in item["text"] or " nicht " in item["text"] for item in made(project))


def test_what_is_returned_is_what_is_stored(project: Path) -> None:
    """Row 14: --json, the file, `list` and the next reader agree to the letter, in every output format."""
    for name in ("inputs/generated.yaml", "inputs/more.jsonl"):
        with WireServer(script=Script().every(3, spoils.duplicates())) as server:
            _, out, _ = generate(project, server, "--count", "20", "--json", "--output", name)
        told = json.loads(out)["inputs"]
        assert len(told) == 20
        listed = json.loads(run(["inputs", "list", "--file", name, "--json"], project)[1])
        listed = listed["inputs"] if isinstance(listed, dict) else listed
        assert [(i["id"], i["text"], i["persona"]) for i in told] == [
            (i["id"], i["text"], i["persona"]) for i in listed
        ]
    assert [item["text"] for item in made(project)] != [item["text"] for item in told]


def test_the_same_seed_gives_the_same_plan(tmp_path: Path) -> None:
    """Row 15: two folders, one seed: the same slots in the same words are asked for, whatever the order of answers."""
    asked = []
    for name, concurrency in (("a", "1"), ("b", "1")):
        write_files(tmp_path / name, {"fluxloop.yaml": "product: {name: Parcelo}\n"})
        with WireServer(seed=int(concurrency)) as server:
            args = ("--count", "30", "--seed", "5", "--concurrency", concurrency)
            assert generate(tmp_path / name, server, *args)[0] == 0
        asked.append([(call.slots, call.system, call.prompt) for call in server.calls])
    assert asked[0] == asked[1]
    files = [(tmp_path / name / "inputs/generated.yaml").read_bytes() for name in "ab"]
    assert files[0] == files[1]


def test_an_unknown_price_is_said_and_never_zero(project: Path) -> None:
    """Row 28: a server of one's own has no price: `unknown` in the run, in the books, in the dry run, null in JSON."""
    with WireServer() as server:
        _, dry, _ = generate(project, server, "--count", "10", "--dry-run")
        assert server.count == 0
        _, out, _ = generate(project, server, *ONE, "--count", "8")
        _, told, _ = generate(project, server, *ONE, "--count", "8", "--json")
    books = run(["costs"], project)[1]
    for text in (dry, out, books):
        assert "unknown" in text and "$0" not in text, text
    assert json.loads(told)["cost_usd"] is None


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_server_of_ones_own_needs_no_key(project: Path, vendor: str) -> None:
    """Row 28: with a base URL and no key it just works; when that server wants one, the variable is named."""
    variable = f"{vendor.upper()}_API_KEY"
    with WireServer() as server:
        env = {name: value for name, value in keys(server, vendor).items() if name != variable}
        args = ["inputs", "generate", *ONE, "--count", "4", "--provider", vendor]
        assert run(args, project, env)[0] == 0
        server.script.always(faults.wrong_key())
        before = tree(project / "inputs")
        code, _, err = run(args, project, env)
    assert code == 3 and variable in err and "--resume" not in err
    assert tree(project / "inputs") == before


PARAMS = [("openai", "temperature"), ("openai", "max_tokens"), ("openai", "response_format")]
PARAMS += [("anthropic", "temperature"), ("anthropic", "output_config")]


@pytest.mark.parametrize(("vendor", "param"), PARAMS)
def test_a_refused_parameter_is_left_out_and_told(project: Path, vendor: str, param: str) -> None:
    """Row 28: the model is called without it; a notice says so on stderr, and stdout stays JSON."""
    with WireServer(script=Script().always(faults.refuses(param))) as server:
        code, out, err = generate(project, server, *ONE, "--count", "16", "--json", vendor=vendor)
    assert code == 0 and json.loads(out)["generated"] == 16
    assert "note:" in err and "note:" not in out
    assert server.calls[-1].body.get(param) is None or param in ("response_format", "output_config")


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_key_is_nowhere(project: Path, vendor: str) -> None:
    """In no output, journal, ledger, cache or result, also when the server says it again; every file is read."""
    write_files(project, {"configs/input.yaml": "generation: {caching: true}\n", ".env": "UNRELATED=1\n"})
    script = Script().on(1, faults.server_error()).on(range(6, 99), faults.wrong_key(echo=True))
    with WireServer(script=script) as server:
        server.reply_with = lambda call: (
            None if call.number != 2 else json.dumps([{"slot": s, "text": f"is {KEY} a key {s}?"} for s in call.slots])
        )
        outputs = generate(project, server, "--count", "60", "--concurrency", "2", vendor=vendor)
        server.script.rules.clear()
        resumed = run(["inputs", "generate", "--resume"], project, keys(server, vendor))
    assert (outputs[0], resumed[0]) == (3, 0)
    assert KEY not in "".join(map(str, (*outputs, *resumed)))
    assert holds(project, KEY) == []
    assert len(made(project)) == 60
