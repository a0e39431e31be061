"""Names of languages: what people write in files, and the ISO 639-1 code the program works with."""

from __future__ import annotations

NAMES = {
    "en": "english",
    "de": "german",
    "es": "spanish",
    "fr": "french",
    "pt": "portuguese",
    "it": "italian",
    "nl": "dutch",
    "pl": "polish",
    "sv": "swedish",
    "tr": "turkish",
    "ru": "russian",
    "uk": "ukrainian",
    "cs": "czech",
    "ja": "japanese",
    "ko": "korean",
    "zh": "chinese",
    "ar": "arabic",
    "he": "hebrew",
    "hi": "hindi",
    "vi": "vietnamese",
    "id": "indonesian",
    "da": "danish",
    "no": "norwegian",
    "fi": "finnish",
    "el": "greek",
    "hu": "hungarian",
    "ro": "romanian",
    "th": "thai",
}
"""ISO 639-1 code to English name."""

_CODES = {name: code for code, name in NAMES.items()} | {
    "deutsch": "de",
    "español": "es",
    "espanol": "es",
    "français": "fr",
    "francais": "fr",
    "português": "pt",
    "brazilian portuguese": "pt",
    "日本語": "ja",
    "mandarin": "zh",
}

UNSPACED = frozenset({"ja", "zh", "th"})
"""Languages written without spaces, where counting words means nothing."""


def language_code(name: str) -> str:
    """`German`, `deutsch`, `de`, `de-AT` → `de`; an unknown name comes back folded, so that it can be told."""
    folded = name.strip().casefold()
    if folded in _CODES:
        return _CODES[folded]
    stem = folded.replace("_", "-").split("-")[0]
    return stem if stem in NAMES else folded


def language_name(code: str) -> str:
    """`de` → `german`; an unknown code is its own name."""
    return NAMES.get(code, code)
