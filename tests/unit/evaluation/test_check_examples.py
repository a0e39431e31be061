"""No check without a table of what passes and what fails, and every row of it holds."""

from __future__ import annotations

import pytest

from fluxloop.evaluation.checks.base import Example
from fluxloop.evaluation.checks.registry import BUILT_IN, create_check, parse_spec
from fluxloop.schema.result import Exchange

ROWS = [
    (name, row) for name, module in BUILT_IN.items() for row in module.EXAMPLES if parse_spec(row.spec).name == name
]


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_check_has_examples(name: str) -> None:
    """A registered check shows at least one conversation that passes and one that fails."""
    assert {row.passes for owner, row in ROWS if owner == name} == {True, False}


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[f"{name}: {row.spec} {row.replies}" for name, row in ROWS])
def test_every_example_holds(name: str, row: Example) -> None:
    """The check says of each row what the table says; a failure says why; the check shows itself as it was set."""
    exchanges = tuple(Exchange(input="hi", reply=reply, seconds=row.seconds) for reply in row.replies)
    check = create_check(row.spec)
    outcome = check.check(exchanges, row.seconds * len(exchanges))
    assert (outcome.verdict == "pass") is row.passes
    assert bool(outcome.why) is not row.passes
    assert (check.name, outcome.check) == (name, check.describe())
    assert check.describe().startswith(name)
