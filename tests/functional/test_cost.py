"""What a run costs: known beforehand, never passed, and the same in the books as in the report."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.server import faults, spoils
from tests.server.counting import Spent
from tests.server.script import Script
from tests.server.wire import WireServer

from .conftest import run, write_files
from .wired import VENDORS, generate, keys, ledger, made, paid_slots

MODEL = "house-model"
PRICES = f"generation: {{model: {MODEL}, prices: {{{MODEL}: {{input: 2.5, output: 10}}}}}}\n"


@pytest.fixture
def priced(project: Path) -> Path:
    """A project with a price of its own for its model."""
    write_files(project, {"configs/input.yaml": PRICES})
    return project


def tokens_of(server: WireServer) -> list[Spent]:
    """What the server counts from here on."""
    counted: list[Spent] = []
    spend = server.meter.spend

    def counting(*args: object) -> Spent:
        counted.append(spend(*args))  # type: ignore[arg-type]
        return counted[-1]

    server.meter.spend = counting  # type: ignore[method-assign, assignment]
    return counted


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_books_the_report_and_the_bill_agree(priced: Path, vendor: str) -> None:
    """Row 24: retries, top-ups and refusals counted: server's tokens times price = ledger = summary = `costs`."""
    script = Script().on(2, faults.server_error()).on(3, spoils.refusal()).on(4, spoils.fewer(2)).on(6, spoils.empty())
    with WireServer(script=script) as server:
        counted = tokens_of(server)
        args = ("--count", "40", "--json", "--provider", vendor)
        code, out, err = generate(priced, server, *args, vendor=vendor)
        assert code == 0, err
        assert len(ledger(priced)) == server.count == json.loads(out)["calls"]
    bill = sum((Decimal("2.5") * one.input + 10 * one.output for one in counted), Decimal(0)) / 1_000_000
    books = sum(Decimal(line["cost"]) for line in ledger(priced))
    listed = json.loads(run(["costs", "--json"], priced)[1])
    assert books == bill == Decimal(listed["total"]["cost_usd"])
    assert json.loads(out)["cost_usd"] == pytest.approx(float(bill))
    assert listed["total"]["calls"] == server.count and listed["total"]["inputs"] == 40


def test_max_cost_is_never_passed(priced: Path) -> None:
    """It stops before, keeps and writes what is done, exit 11; --resume under the same limit keeps to it as well."""
    with WireServer(latency=0.01) as server:
        estimate = json.loads(
            generate(priced, server, "--provider", "openai", "--count", "200", "--dry-run", "--json")[1]
        )
        most = Decimal(str(round(estimate["estimate"]["cost"] * 0.5, 4)))
        args = ("--provider", "openai", "--count", "200", "--concurrency", "4", "--max-cost", str(most))
        code, _, err = generate(priced, server, *args)
        assert code == 11 and "--max-cost" in err and "--resume" in err
        spent = sum(Decimal(line["cost"]) for line in ledger(priced))
        assert 0 < spent <= most
        assert 20 <= len(made(priced)) < 200
        sent, paid = server.count, set(paid_slots(server))
        assert run(["inputs", "generate", "--resume", "--max-cost", str(most)], priced, keys(server))[0] == 11
        assert sum(Decimal(line["cost"]) for line in ledger(priced)) <= most, "the limit is that of the whole run"
        assert server.count <= sent + 2, "a smaller call may still have fitted"
        assert run(["inputs", "generate", "--resume"], priced, keys(server))[0] == 0
        assert not paid & set(paid_slots(server, sent))
    assert len(made(priced)) == 200


def test_max_cost_wants_a_known_price(project: Path) -> None:
    """Without one nothing is sent: exit 2, and how to give one."""
    with WireServer() as server:
        code, _, err = generate(project, server, "--count", "5", "--max-cost", "1")
        assert code == 2 and "prices" in err and server.count == 0


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_identical_second_run_is_free(project: Path, vendor: str) -> None:
    """`caching: true`: no call, no cost, the same inputs."""
    write_files(project, {"configs/input.yaml": "generation: {caching: true}\n"})
    with WireServer(script=Script().on(2, spoils.fewer(3))) as server:
        assert generate(project, server, "--count", "100", vendor=vendor)[0] == 0
        first, sent = made(project), server.count
        (project / "inputs/generated.yaml").unlink()
        code, out, _ = generate(project, server, "--count", "100", "--json", vendor=vendor)
        assert (code, server.count) == (0, sent)
    assert (json.loads(out)["calls"], json.loads(out)["cost_usd"]) == (0, 0)
    assert {item["text"] for item in made(project)} == {item["text"] for item in first}


def test_the_estimate_is_near_the_bill(priced: Path) -> None:
    """Row 24: within 15 % of the books on a well-behaved server, with nothing sent for it."""
    with WireServer() as server:
        args = ("--provider", "openai", "--count", "200")
        estimate = json.loads(generate(priced, server, *args, "--dry-run", "--json")[1])["estimate"]["cost"]
        assert server.count == 0
        assert generate(priced, server, *args)[0] == 0
    spent = float(sum(Decimal(line["cost"]) for line in ledger(priced)))
    assert abs(estimate / spent - 1) < 0.15
