"""Bring a text down to its style target, as people type: seeded, and only ever *lowering* polish.

Never touched: code, URLs, e-mail addresses, numbers and identifiers, names, quoted text, and the terms one protects.
What it takes from published lists of real misspellings: of single edits 37 % substitute, 28 % omit, 27 % insert and 7 %
transpose a letter; the first letter is hit in a few per cent; only a quarter of substitutions are keyboard neighbours.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from fluxloop.schema.plan import StyleTarget
from fluxloop.style.misspell import misspell
from fluxloop.style.words import word_tables

PROTECTED = re.compile(
    r"```.*?```|`[^`]*`"  # code
    r"|https?://\S+|www\.\S+|\S+@\S+\.\S+"  # links, addresses
    r"|\"[^\"]*\"|“[^”]*”|«[^»]*»|„[^“]*“"  # quoted text
    r"|\S*[\d/_\\{}<>=#@$€£]\S*"  # numbers, paths, identifiers, amounts
    r"|\b[A-Z]{2,}\w*\b|\b\w+[a-z][A-Z]\w*\b",  # acronyms, camelCase
    re.DOTALL,
)
CONTRACTION = re.compile(
    r"(don|can|won|doesn|didn|isn|aren|wasn|couldn|wouldn|shouldn|haven|hasn)'t"
    r"|([Ii])'(m|ve)|([Tt]hat|[Ww]hat|[Ii]t)'s"
)


def roughen(
    text: str,
    style: StyleTarget,
    *,
    rng: random.Random,
    tone: str = "neutral",
    language: str = "en",
    protect: Sequence[str] = (),
    names: frozenset[str] = frozenset(),
) -> str:
    """The text as this person would really leave it; the same text, style and seed give the same result.

    `protect` are terms that stay as they are, `names` words that keep their capital.
    """
    rough = _outside(text, protect, lambda part: _soften_words(part, style, rng, language))
    rough = _stress_one(rough, protect, rng, language) if style.shouting else rough
    if rng.random() < 0.4 + style.casual:
        # What neat typography asks for and hardly anybody types: the Spanish opening mark, the French space.
        rough = rough.replace("¿", "").replace(" ?", "?")
    rough = _lower_start(rough, language, protect, names) if style.lower_start else rough
    rough = _loosen_marks(rough, style, rng)
    rough = rough.upper() if style.shouting and rng.random() < 0.2 else rough
    if style.emoji and not _has_emoji(rough):
        signs = word_tables()["emoji"]
        rough = f"{rough} {rng.choice(_signs(signs.get(tone, signs['neutral'])))}"
    return rough


def _outside(text: str, protect: Sequence[str], change: Callable[[str], str]) -> str:
    """Apply `change` to what is not protected."""
    parts: list[str] = []
    position = 0
    for start, end in _protected_spans(text, protect):
        if start < position:
            continue
        parts += (change(text[position:start]), text[start:end])
        position = end
    parts.append(change(text[position:]))
    return "".join(parts)


def _protected_spans(text: str, protect: Sequence[str]) -> list[tuple[int, int]]:
    spans = [match.span() for match in PROTECTED.finditer(text)]
    for term in protect:
        spans += [match.span() for match in re.finditer(re.escape(term), text, re.IGNORECASE)] if term else []
    return sorted(spans, key=lambda span: (span[0], -span[1]))


def _soften_words(part: str, style: StyleTarget, rng: random.Random, language: str) -> str:
    if style.abbreviations:
        part = _abbreviate(part, style, rng, language)
    if language == "en" and style.lower_start and style.casual >= 0.6:
        part = re.sub(r"\bI\b(?!\s+\d)", "i", part)
        part = (
            CONTRACTION.sub(lambda match: match.group().replace("'", ""), part)
            if style.casual >= rng.random()
            else part
        )
    if style.misspellings:
        part = misspell(part, style.misspellings, rng, language)
    return part


def _abbreviate(part: str, style: StyleTarget, rng: random.Random, language: str) -> str:
    very_casual = word_tables()["very_casual"]
    for word, short in word_tables()["abbreviations"].get(language, {}).items():
        if word in very_casual and (style.casual < 0.9 or rng.random() < 0.4):
            continue
        if word in part:
            part = re.sub(rf"\b{re.escape(word)}\b", short, part)
    return part


def _stress_one(text: str, protect: Sequence[str], rng: random.Random, language: str) -> str:
    """Capitals for one word of the message that carries weight: nobody shouts `the front DESK`."""
    stressed = word_tables()["stressed"].get(language, ())
    spans = _protected_spans(text, protect)
    words = [
        match
        for match in re.finditer(r"[^\W\d_]+(?:'t)?", text)
        if match.group().lower() in stressed and not any(start <= match.start() < end for start, end in spans)
    ]
    if not words:
        return text
    chosen = rng.choice(words)
    return text[: chosen.start()] + chosen.group().upper() + text[chosen.end() :]


def _lower_start(text: str, language: str, protect: Sequence[str], names: frozenset[str]) -> str:
    """Lower the first letter of every sentence; acronyms, German nouns further in, and protected words keep theirs."""
    firsts = [0, *(match.end() for match in re.finditer(r"[.!?…]+\s+|^[¿¡]|(?<=\s)[¿¡]", text))]
    spans = _protected_spans(text, protect)
    kept_upper = names | ({"I"} if language == "en" else set())
    for position in firsts:
        first = re.match(r"[^\W\d_]+", text[position:])
        inside = any(start <= position < end for start, end in spans)
        if first and not inside and first.group() not in kept_upper and not first.group()[1:2].isupper():
            text = text[:position] + text[position].lower() + text[position + 1 :]
    return text


def _loosen_marks(text: str, style: StyleTarget, rng: random.Random) -> str:
    if not style.end_mark and text[-1:] in ".?!" and not text.endswith("..."):
        text = text[:-1]
        if style.casual >= 0.6 and rng.random() < 0.5:
            text = re.sub(r"(?<=[a-z])\. (?=[a-zI])", lambda _: rng.choice((", ", " ", ", ")), text, count=1)
    elif style.excess and text[-1:] in ".?!":
        mark = text[-1]
        text = text[:-1] + rng.choice(
            {"?": ("??", "???", "?!", "??"), "!": ("!!", "!!!"), ".": ("...", "!!", "!", "..")}[mark]
        )
    return text


def _has_emoji(text: str) -> bool:
    return any(ord(char) > 0x1F000 for char in text)


def _signs(text: str) -> list[str]:
    """The emoji of a string, a variation selector kept with its sign."""
    return re.findall(r".\ufe0f?", text)
