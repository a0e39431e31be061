"""What a run will take, before anything is sent: calls, tokens, dollars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from fluxloop.generation.plan import Planner
from fluxloop.generation.prompting import build_prompt, system_part
from fluxloop.generation.work import Cell, WorkList, even_size
from fluxloop.providers.base import Usage
from fluxloop.providers.prices import PriceOf
from fluxloop.schema.plan import Batch, Slot

PIECE = re.compile(
    r"(?P<latin>[A-Za-z]+)|(?P<digits>\d{1,3})|(?P<signs>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)"
    r"|(?P<cyrillic>[\u0400-\u04ff]+)|(?P<letters>[^\W\d_]+)|(?P<lines>\s*\n\s*)|(?P<marks>[^\w\s]+|_)"
)
ENTRY_TOKENS = 11
"""What `{"slot": 12, "text": ""},` takes."""
THOUGHT_TOKENS = 55
WORD_TOKENS = {"ja": 1.9, "zh": 1.9, "th": 2.5, "ko": 2.2, "ru": 1.9, "uk": 2.1, "ar": 1.8, "he": 1.9, "hi": 1.7}
"""Tokens a word; 1.35 in languages of Latin script (a short word and its share of marks), measured on user messages."""
LATIN_WORD_TOKENS = 1.35
TOP_UP = 0.04
"""Share of calls beyond the plan that rejects have cost in runs so far; the range goes from none to four times that."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The size of a run."""

    calls: int
    input_tokens: int
    output_tokens: int
    cost: Decimal | None
    """Dollars; None when the price is not known."""
    low: Decimal | None
    high: Decimal | None


def count_tokens(text: str) -> int:
    """About how many tokens a text is, within some 10 % of the vocabularies that vendors publish."""
    return round(sum(_tokens(match.lastgroup or "", len(match.group())) for match in PIECE.finditer(text)))


def estimate_run(
    planner: Planner,
    quotas: Mapping[str, int],
    *,
    batch_size: int,
    concurrency: int,
    spares: float,
    price: PriceOf,
    provider: str,
    model: str,
) -> Estimate:
    """Draw the plan, write its prompts, and count: the same slots and batches as the run will have."""
    slots = planner.plan(quotas).slots
    work = WorkList(planner, slots, batch_size=even_size(len(slots), batch_size, concurrency), rounds=1)
    work.add_spares(planner.spares(quotas, spares))
    systems: dict[str, int] = {}
    calls = input_tokens = output_tokens = 0
    per_call: list[Usage] = []
    cells: list[set[Cell]] = []
    answered: set[Cell] = set()
    while (batch := work.take(eager=True)) is not None:
        cells.append({(slot.persona_id, slot.topic) for slot in batch.slots})
        # A prompt shows what is kept of its cells: of calls that are answered by then.
        answered |= cells[-concurrency - 1] if len(cells) > concurrency else set()
        shown = len(cells[-1] & answered)
        usage = _usage_of(batch, systems, shown)
        calls += 1
        input_tokens += usage.input_tokens
        output_tokens += usage.output_tokens
        per_call.append(usage)
    costs = [price(provider, model, usage) for usage in per_call]
    known = None if any(cost is None for cost in costs) else sum((cost for cost in costs if cost), Decimal(0))
    return Estimate(calls, input_tokens, output_tokens, *_range(known))


def _range(cost: Decimal | None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    if cost is None:
        return None, None, None
    factors = (Decimal(str(1 + TOP_UP)), Decimal("0.85"), Decimal(str(1 + 4 * TOP_UP)))
    return cost * factors[0], cost * factors[1], cost * factors[2]


def _usage_of(batch: Batch, systems: dict[str, int], shown: int) -> Usage:
    persona = batch.persona
    if persona.persona_id not in systems:
        systems[persona.persona_id] = count_tokens(system_part(persona, batch.brief))
    existing = ["a message that exists already, of some ten words or so"] * shown
    prompt = build_prompt(batch, system="", existing=existing, max_tokens=1, temperature=0)
    answer = sum(_answer_tokens(slot, chain=batch.brief.chain_of_thought) for slot in batch.slots)
    return Usage(systems[persona.persona_id] + count_tokens(prompt.user) + 12, round(answer) + 6)


def _answer_tokens(slot: Slot, *, chain: bool) -> float:
    per_word = WORD_TOKENS.get(slot.language, LATIN_WORD_TOKENS)
    words = slot.style.words + (slot.turns - 1) * 8
    return ENTRY_TOKENS + words * per_word + (slot.turns - 1) * 3 + (THOUGHT_TOKENS if chain else 0)


def _tokens(kind: str, length: int) -> float:
    if kind == "latin":
        return 1.0 if length <= 7 else 1 + (length - 7) * 0.17
    if kind == "signs":
        return length * 0.6
    if kind in {"cyrillic", "letters"}:
        return max(1.0, length * (0.26 if kind == "cyrillic" else 0.33))
    if kind == "marks":
        return 1.0 if length <= 3 else length / 3.2
    return 0.8 if kind == "lines" else 1.0
