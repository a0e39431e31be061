"""Example inputs chosen from real messages: unlike each other, fit to be shown, and with nobody's data in them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np

from fluxloop.curation.clusters import farthest_first, points_of
from fluxloop.curation.scrub import scrub
from fluxloop.filters.duplicate import fold_text
from fluxloop.filters.offensive import offence_in
from fluxloop.style.features import words_of
from fluxloop.style.surface import Matrix

EXAMPLES = 8
CANDIDATES = 400
LONGEST = 240
"""Characters; a longer message is a pasted one as often as not."""
TYPICAL = 0.9
"""Of the messages this share, the nearest to the middle, are candidates: the farthest of all are odd ones out."""
SEED = 7


def choose_examples(
    texts: Sequence[str], count: int = EXAMPLES, people: Sequence[str] = (), standing: Sequence[str] = ()
) -> tuple[str, ...]:
    """At most `count` messages, each as far as can be from those before it, the first a typical one.

    Messages without personal data come before scrubbed ones. What `standing` says already is not said again.
    """
    taken = {fold_text(text) for text in standing}
    shown: list[str] = []
    scrubbed: list[str] = []
    for text in _apart(_candidates(texts)):
        if len(shown) >= count:
            break
        found = scrub(text, people)
        if fold_text(found.text) in taken or offence_in(text):
            continue
        taken.add(fold_text(found.text))
        (scrubbed if found.kinds else shown).append(found.text)
    return tuple((shown + scrubbed)[:count])


def _candidates(texts: Sequence[str]) -> list[str]:
    """Different messages of a length that reads as an example, a seeded sample of them."""
    fit = {
        fold_text(text): text.strip() for text in reversed(texts) if len(text) <= LONGEST and len(words_of(text)) > 1
    }
    kept = list(reversed(fit.values()))
    return random.Random(SEED).sample(kept, CANDIDATES) if len(kept) > CANDIDATES else kept


def _apart(texts: Sequence[str]) -> Iterator[str]:
    """Typical messages, from the middle outwards to the farthest from those before."""
    if len(texts) < 3:
        yield from texts
        return
    points = points_of(texts)
    far = _from_middle(points)
    typical = np.argsort(far, kind="stable")[: max(3, int(TYPICAL * len(texts)))]
    yield from (texts[typical[row]] for row in farthest_first(points[typical], 0))


def _from_middle(points: Matrix) -> Matrix:
    return np.asarray(np.linalg.norm(points - points.mean(axis=0), axis=1))
