"""What a set of texts looks like as a whole: rates of its surface, and how much it repeats itself.

`distinct_2`, `gzip_ratio` and `commonest_opening` depend on how many texts there are: compare sets of equal size only.
"""

from __future__ import annotations

import gzip
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from statistics import fmean, pstdev

from fluxloop.style.features import features_of, words_of

FEW_WORDS = 5
OPENING = 3
DRAWS = 5
"""How many samples a figure is averaged over when a set is cut down to size."""


@dataclass(frozen=True, slots=True)
class SetMetrics:
    """Figures of one set. Rates are shares of its texts, 0-1; all are 0 for an empty set."""

    five_words_or_fewer: float = 0.0
    lower_start: float = 0.0
    no_end_mark: float = 0.0
    polite: float = 0.0
    several_sentences: float = 0.0
    length_cv: float = 0.0
    """Standard deviation of the length in words by its mean."""
    distinct_2: float = 0.0
    """Different pairs of neighbouring words by all such pairs."""
    gzip_ratio: float = 0.0
    """Bytes by compressed bytes: the more a set repeats itself, the higher."""
    commonest_opening: float = 0.0
    """Share of the texts that begin with the commonest three words."""
    assistant_phrases: float = 0.0


def set_metrics(texts: Sequence[str]) -> SetMetrics:
    """Measure a set; empty texts are no messages and do not count."""
    spoken = [text for text in texts if text.strip()]
    if not spoken:
        return SetMetrics()
    each = [features_of(text) for text in spoken]
    return SetMetrics(
        five_words_or_fewer=fmean(one.words <= FEW_WORDS for one in each),
        lower_start=fmean(one.lower_start for one in each),
        no_end_mark=fmean(not one.end_mark for one in each),
        polite=fmean(one.polite for one in each),
        several_sentences=fmean(one.sentences > 1 for one in each),
        length_cv=length_cv(spoken),
        distinct_2=distinct_2(spoken),
        gzip_ratio=gzip_ratio(spoken),
        commonest_opening=commonest_opening(spoken),
        assistant_phrases=fmean(one.assistant for one in each),
    )


def metrics_at(texts: Sequence[str], size: int, seed: int = 0) -> SetMetrics:
    """The figures of a set cut down to a size: the mean over a few seeded samples; of all when it is no larger."""
    if len(texts) <= size:
        return set_metrics(texts)
    dice = random.Random(seed)
    draws = [set_metrics(dice.sample(texts, size)) for _ in range(DRAWS)]
    return SetMetrics(*(fmean(getattr(draw, field.name) for draw in draws) for field in fields(SetMetrics)))


def length_cv(texts: Sequence[str]) -> float:
    """Coefficient of variation of the length in words."""
    lengths = [len(words_of(text)) for text in texts]
    mean = fmean(lengths) if lengths else 0.0
    return pstdev(lengths) / mean if mean else 0.0


def distinct_2(texts: Sequence[str]) -> float:
    """Different word pairs by all word pairs, case folded, never across two texts."""
    pairs = list(_pairs(texts))
    return len(set(pairs)) / len(pairs) if pairs else 0.0


def gzip_ratio(texts: Sequence[str]) -> float:
    """Bytes by bytes compressed, one text a line."""
    data = "\n".join(texts).encode("utf-8", "surrogatepass")
    return len(data) / len(gzip.compress(data, 9, mtime=0)) if data else 0.0


def commonest_opening(texts: Sequence[str]) -> float:
    """Share of the texts that share the commonest first three words."""
    openings = Counter(opening for text in texts if (opening := _opening(text)))
    return max(openings.values(), default=0) / len(texts) if texts else 0.0


def _opening(text: str) -> tuple[str, ...] | None:
    words = words_of(text.casefold())[:OPENING]
    return tuple(words) if len(words) == OPENING else None


def _pairs(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        yield from pairwise(words_of(text.casefold()))
