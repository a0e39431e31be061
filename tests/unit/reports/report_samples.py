"""Results to report on, harmless and hostile."""

from __future__ import annotations

from fluxloop.schema.result import CheckOutcome, Exchange, Result


def exchange(reply: str | None = "Gladly!", seconds: float = 0.25, text: str = "hi") -> Exchange:
    """One message and its answer."""
    return Exchange(input=text, reply=reply, seconds=seconds)


PASSED = Result(
    input_id="input_001",
    persona="novice_user",
    topic="refunds",
    outcome="passed",
    seconds=0.25,
    exchanges=(exchange(),),
    checks=(CheckOutcome(check="not_empty", verdict="pass"),),
)
FAILED = Result(
    input_id="input_002",
    persona="novice_user",
    topic="refunds",
    iteration=2,
    outcome="failed",
    blame="agent",
    seconds=0.5,
    exchanges=(exchange("No.", text="refund?"), exchange("Still no.", text="please")),
    checks=(
        CheckOutcome(check="not_empty", verdict="pass"),
        CheckOutcome(check="contains: yes", verdict="fail", why="the last reply has no “yes”"),
        CheckOutcome(check="regex: \\d", verdict="fail", why="the last reply does not match: “Still no.”"),
    ),
)
BROKEN = Result(
    input_id="input_003",
    persona="expert_user",
    outcome="error",
    blame="agent_error",
    error="agent.py:7: KeyError: 'x'",
    seconds=0.1,
    exchanges=(exchange(None),),
)
OPEN = Result(input_id="input_004", outcome="inconclusive", blame="judge", exchanges=(exchange(),))
ALL = (PASSED, FAILED, BROKEN, OPEN)

ATTACKS = (
    "<script>document.title='pwned'</script>",
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "\" onmouseover=\"alert(1)' onclick='alert(1)",
    "<!-- --><svg/onload=alert(1)>",
    "javascript:alert(1)",
)


def hostile(text: str) -> Result:
    """A result with this text wherever a person's or an agent's text can stand."""
    return Result(
        input_id=text,
        persona=text or None,
        topic=text or None,
        outcome="failed",
        exchanges=(exchange(text, text=text),),
        checks=(CheckOutcome(check=text, verdict="fail", why=text),),
    )
