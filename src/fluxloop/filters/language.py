"""The language a message is in, judged so that real messages pass: short, misspelt, full of product words.

Language identifiers misread short messages. So a message is called wrong only on strong evidence: its letters are of
another script, or it has three words or more, no everyday word of its own language, and the identifier is sure of
another one. Code, links, quotes, names of things and numbers do not count.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from fluxloop.filters.base import Text
from fluxloop.filters.patterns import words_in
from fluxloop.schema.config import Settings
from fluxloop.schema.finding import Finding
from fluxloop.style.languages import NAMES, language_name

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SURE = 0.8
"""Of another language, from here on."""
UNLIKELY = 0.05
"""Of the expected language, up to here."""
LEAST_WORDS = 3
LETTERS_A_WORD = 2.5
"""In scripts without spaces, about as many letters carry what a word carries."""

NOT_PROSE = re.compile(
    r"```.*?(?:```|$)|`[^`]*`"  # code
    r"|https?://\S+|www\.\S+|\S+@\S+"  # links, addresses
    r"|\"[^\"]*\"|“[^”]*”|«[^»]*»|„[^“”]*[“”]|「[^」]*」|『[^』]*』"  # quotes
    r"|(?<!\w)'[^']+'(?!\w)"
    r"|[!-~\u00a1-\u024f]*[\d/_\\{}<>=#$€£|][!-~\u00a1-\u024f]*"  # numbers, paths, identifiers, amounts
    r"|\b[A-Z]{2,}\w*\b|\b\w+[a-z][A-Z]\w*\b",  # acronyms, camelCase
    re.DOTALL,
)

SCRIPTS = (
    ("han", re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")),
    ("kana", re.compile(r"[\u3040-\u30ff\uff66-\uff9f]")),
    ("hangul", re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")),
    ("cyrillic", re.compile(r"[\u0400-\u052f]")),
    ("greek", re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")),
    ("arabic", re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")),
    ("hebrew", re.compile(r"[\u0590-\u05ff]")),
    ("devanagari", re.compile(r"[\u0900-\u097f]")),
    ("thai", re.compile(r"[\u0e00-\u0e7f]")),
    ("latin", re.compile(r"[a-zA-Z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff]")),
)
SCRIPTS_OF = {
    "ja": {"han", "kana"},
    "zh": {"han"},
    "ko": {"hangul", "han"},
    "ru": {"cyrillic"},
    "uk": {"cyrillic"},
    "el": {"greek"},
    "ar": {"arabic"},
    "he": {"hebrew"},
    "hi": {"devanagari", "latin"},
    "th": {"thai"},
}
"""The scripts a language is written in; Latin for those not named here. Hindi is typed in Latin letters as often."""

NEAR = ({"da", "no", "sv"}, {"cs", "sk"}, {"ru", "uk"}, {"hi", "ur"})
"""Languages too alike for a short message to tell apart."""

FAMILIES = (
    {"es", "pt", "fr", "it", "ro", "ca", "gl"},
    {"de", "nl", "af", "da", "no", "sv"},
    {"ru", "uk", "bg", "sr", "pl", "cs", "sk", "hr"},
    {"id", "ms"},
)
"""An identifier torn between Spanish, Catalan and Portuguese is still sure that a message is not English."""

CONFUSED = {
    "ca": "Catalan",
    "gl": "Galician",
    "af": "Afrikaans",
    "sk": "Slovak",
    "bg": "Bulgarian",
    "sr": "Serbian",
    "hr": "Croatian",
    "fa": "Persian",
    "ur": "Urdu",
    "ms": "Malay",
}
"""Neighbours that a text may be in besides; without them it would be given to a language we have a name for."""

EVERYDAY = {code: words_in("everyday", code) for code in ("en", "de", "es", "fr", "pt")}
"""Words that hardly a sentence of the language lacks."""

AMBIGUOUS = words_in("everyday", "ambiguous")
"""Everyday words that are words, names or product terms elsewhere too; they prove nothing against a text."""

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class LanguageFilter:
    """Checks against the language that a text says it must be in."""

    name: ClassVar[str] = "language"

    def check(self, text: Text) -> Finding | None:
        """The other language this message is in."""
        other = other_language(text.text, text.language) if text.language else None
        if other is None:
            return None
        return Finding(self.name, "wrong language", f"it is {other}, expected {_title(text.language)}")


def create(_settings: Settings) -> LanguageFilter:
    """The filter; which language is wanted stands with each text."""
    return LanguageFilter()


def other_language(text: str, expected: str) -> str | None:
    """The language or script a text is in when that is surely not the expected one; None while in doubt."""
    if expected not in NAMES:
        return None
    prose = NOT_PROSE.sub(" ", text)
    script = main_script(prose)
    if script is None:
        return None
    if script not in SCRIPTS_OF.get(expected, {"latin"}):
        return _other_script(prose, script)
    words = WORD.findall(prose.casefold().replace("’", "'"))
    if _weight(words, script) < LEAST_WORDS or _is_everyday(words, expected):
        return None
    return _spoken_instead(words, expected) or _identify(prose.strip(), words, expected)


def main_script(prose: str) -> str | None:
    """The script most letters are of; kana make it Japanese however much Han stands between; None without letters."""
    if prose.isascii():
        return "latin" if any(map(str.isalpha, prose)) else None
    counts = Counter({name: len(pattern.findall(prose)) for name, pattern in SCRIPTS})
    if counts["kana"] and counts["kana"] + counts["han"] > counts["latin"] / 2:
        return "kana"
    script, most = counts.most_common(1)[0]
    return script if most else None


def _other_script(prose: str, script: str) -> str | None:
    """A text in another script is in another language; English in Latin letters needs more."""
    if script != "latin":
        letters = len(dict(SCRIPTS)[script].findall(prose))
        return _language_in(script) if letters >= LEAST_WORDS else None
    words = WORD.findall(prose.casefold().replace("’", "'"))
    return _identify(prose.strip(), words, "") if _weight(words, script) >= LEAST_WORDS else None


def _language_in(script: str) -> str:
    """The one language we know in this script, or the script itself."""
    written = [code for code, scripts in SCRIPTS_OF.items() if script in scripts]
    known = {"han": "Chinese", "kana": "Japanese", "hangul": "Korean"}
    return known.get(script) or (_title(written[0]) if len(written) == 1 else f"in {script.capitalize()} letters")


def _weight(words: list[str], script: str) -> float:
    """How much there is to judge by, in different words."""
    if script in {"han", "kana", "thai"}:
        return sum(map(len, words)) / LETTERS_A_WORD
    return len(set(words))


def _is_everyday(words: list[str], code: str) -> bool:
    """Whether enough everyday words of a language stand there: one in eight, and more of them than of any other."""
    known = EVERYDAY.get(code)
    if known is None:
        return False
    hits = sum(word in known for word in words)
    if hits * 8 < len(words) or not hits:
        return False
    return all(hits > sum(word in other for word in words) for name, other in EVERYDAY.items() if name != code)


def _spoken_instead(words: list[str], expected: str) -> str | None:
    """The language whose everyday words make up a third of a text that has none of its own."""
    if expected not in EVERYDAY or any(word in EVERYDAY[expected] for word in words):
        return None
    for code, known in EVERYDAY.items():
        telling = {word for word in words if word in known and word not in AMBIGUOUS}
        if len(telling) >= 2 and len(telling) * 3 >= len(words) and _is_everyday(words, code):
            return _title(code)
    return None


def _identify(prose: str, words: list[str], expected: str) -> str | None:
    """Ask the identifier; English is believed only when an everyday English word stands there."""
    ranked = dict(_identifier().rank(prose))
    found = max(ranked, key=lambda code: ranked[code])
    if found == expected or _with_family(ranked, found, expected) < SURE or ranked.get(expected, 0.0) > UNLIKELY:
        return None
    if any({found, expected} <= near for near in NEAR):
        return None
    if found == "en" and not any(word in EVERYDAY["en"] for word in words):
        return None
    return _title(found)


def _title(code: str) -> str:
    return CONFUSED.get(code) or language_name(code).capitalize()


def _with_family(ranked: dict[str, float], found: str, expected: str) -> float:
    """The probability of a language, its relatives' added when the expected one is none of them."""
    family = next((family for family in FAMILIES if found in family and expected not in family), {found})
    return sum(ranked.get(code, 0.0) for code in family)


@cache
def _identifier() -> LanguageIdentifier:
    """The model, over the languages we have names for; loading it takes .4 s, so only when a text needs it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted({*NAMES, *CONFUSED} & set(identifier.labels)))
    return identifier
