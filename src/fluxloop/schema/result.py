"""What came of a test: replies, check outcomes, results, runs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from fluxloop.schema.record import Record

Verdict = Literal["pass", "fail", "inconclusive"]
Outcome = Literal["passed", "failed", "error", "inconclusive", "skipped"]


class Reply(Record):
    """What the agent answered to one message."""

    text: str = Field(description="The answer as text; anything else is written as JSON.")
    seconds: float = Field(description="From the call to the last part of the answer.", ge=0)


class CheckOutcome(Record):
    """What one check said of one input's replies."""

    check: str = Field(description="The check as it stands in the settings, e.g. `contains: refund`.")
    verdict: Verdict = Field(description="pass, fail, or inconclusive when it could not be decided.")
    why: str = Field("", description="Why it did not pass.")


class Exchange(Record):
    """One message and the answer to it."""

    input: str = Field(description="What the user typed.")
    reply: str | None = Field(None, description="What the agent answered; None when it did not.")
    seconds: float = Field(0.0, description="How long the answer took.", ge=0)


class Result(Record):
    """One input, run once."""

    input_id: str = Field(description="Which input.")
    persona: str | None = Field(None, description="Who wrote it.")
    topic: str | None = Field(None, description="What it is about.")
    iteration: int = Field(1, description="1 for the first time this input was run.", ge=1)
    outcome: Outcome = Field(description="passed, failed (a check), error (the agent broke), inconclusive, skipped.")
    blame: str | None = Field(None, description="agent, agent_error, simulator, judge, provider; None when passed.")
    error: str | None = Field(None, description="What the agent raised, or `timed out after 30 s`.")
    seconds: float = Field(0.0, description="Wall time of the whole input.", ge=0)
    exchanges: tuple[Exchange, ...] = Field((), description="The conversation as it went.")
    checks: tuple[CheckOutcome, ...] = Field((), description="What each check said.")


class RunSummary(Record):
    """A test run in numbers; `summary.json`."""

    run: str = Field(description="The folder's name, run_YYYYMMDD_HHMMSS.")
    target: str = Field(description="The agent that was tested.")
    bundle: str | None = Field(None, description="The bundle, when one was used.")
    content_hash: str | None = Field(None, description="The bundle's content hash.")
    started: str = Field(description="ISO 8601 with offset.")
    seconds: float = Field(description="Wall time of the run.")
    total: int = Field(description="Results, counting every iteration.")
    passed: int = 0
    failed: int = 0
    errors: int = 0
    inconclusive: int = 0
    skipped: int = 0
    complete: bool = Field(True, description="False when the run was interrupted.")
    latency: dict[str, float] = Field(default_factory=dict, description="Seconds per reply: mean, p50, p95, max.")
    by_persona: dict[str, dict[str, int]] = Field(default_factory=dict, description="Outcome counts by persona.")
    by_topic: dict[str, dict[str, int]] = Field(default_factory=dict, description="Outcome counts by topic.")
    checks: dict[str, dict[str, int]] = Field(default_factory=dict, description="Verdict counts by check.")
    notes: tuple[str, ...] = Field((), description="What a reader of the numbers must know.")
    settings: dict[str, Any] = Field(default_factory=dict, description="Parallel, timeout, iterations, checks.")
