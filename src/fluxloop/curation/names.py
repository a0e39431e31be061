"""Names of people, where a message shows that they are names: said, signed, greeted, titled, called to."""

from __future__ import annotations

import re
from collections.abc import Iterable

PLACEHOLDER = "[name]"

TITLES = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herrn?|Frau|Señora?|Sra?|Monsieur|Madame|Mme)\b\.?"
CAPITAL = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]*(?:['’\-][^\W\d_a-zß-öø-ÿ][^\W\d_]+)*"
"""A word with a capital, `O'Neill` and `Smith-Jones` too, but not `I've`."""
WHOLE = rf"(?P<name>{CAPITAL}(?: {CAPITAL})?)"

SAID = re.compile(
    r"\b(?:my (?:full |last |first |sur)?name(?: is|'s|s)|name ?:|i am called|mein name ist|ich hei(?:ß|ss)e|"
    r"je m'appelle|mon nom est|me llamo|mi nombre es|meu nome é|me chamo)\s+"
    r"(?P<name>[^\W\d_][\w'’\-]*(?: [^\W\d_][\w'’\-]*)?)",
    re.IGNORECASE,
)
TITLED = re.compile(rf"\b{TITLES} {WHOLE}")
GREETED = re.compile(rf"\b(?:[Dd]ear|[Tt]his is|[Hh]i|[Hh]ello|[Hh]ey) (?!{TITLES} ){WHOLE}")
SIGNED = re.compile(
    r"\b(?i:regards|cheers|thanks|thank you|best|sincerely|grüße|gruß|saludos|cordialement),?\s*[-–]?\s*"
    rf"(?=\S+(?: \S+)?\.?$){WHOLE}"
)
I_AM = re.compile(rf"\b[Ii](?:['’]m| am) (?P<name>{CAPITAL} {CAPITAL})(?=[\s,.!?]|$)")
HANDLE = re.compile(r"(?<![^\s(])@(?P<name>[A-Za-z_]\w{1,30})(?=[\s,.:;!?)]|$)")
CALLED = re.compile(
    r"^(?P<name>(?!\[\w+\]|[A-Z]{1,5}-?\d+\b)(?=\S*[\d_|\[\]^`])[A-Za-z_\[\]^`|][\w\-\[\]^`|]{2,20})(?=[:,] )"
)
"""A message that begins by calling somebody, as in chat rooms; without a digit or sign it could be any word."""
SIGNS = (SAID, TITLED, GREETED, SIGNED, I_AM, HANDLE, CALLED)

NO_NAMES = frozenset({
    "a", "about", "all", "also", "an", "and", "api", "app", "are", "as", "at", "back", "being", "best", "black", "but",
    "by", "can", "chat", "company", "correct", "customer", "dear", "do", "does", "don't", "dr", "everybody", "everyone",
    "folks", "for", "from", "getting", "going", "great", "guys", "happy", "have", "hello", "help", "here", "hey", "hi",
    "how", "i", "if", "in", "incorrect", "is", "isn't", "it", "it's", "just", "like", "madam", "me", "misspelled",
    "misspelt", "missing", "my", "need", "new", "no", "not", "now", "of", "ok", "old", "on", "only", "or", "our",
    "please", "regarding", "regards", "showing", "sir", "so", "sorry", "spelled", "spelt", "still", "stuck", "support",
    "team", "thank", "thanks", "that", "the", "there", "they", "this", "to", "too", "trying", "unable", "under",
    "urgent", "very", "was", "we", "what", "when", "where", "which", "why", "with", "wrong", "yes", "you", "your",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
})  # fmt: skip
"""What follows `my name is`, `this is`, `hi` where no name does."""


def hide_names(text: str, people: Iterable[str] = ()) -> tuple[str, int]:
    """The text with a placeholder for each name, and how many there were. `people` are known from elsewhere."""
    count = 0

    def hidden(match: re.Match[str]) -> str:
        nonlocal count
        name = _name_in(match.group("name"))
        count += bool(name)
        start = match.start("name") - match.start()
        whole = match.group()
        return whole[:start] + PLACEHOLDER + whole[start + len(name) :] if name else whole

    for pattern in SIGNS:
        text = pattern.sub(hidden, text)
    for known in people:
        text, found = re.subn(rf"(?<!\w){re.escape(known)}(?!\w)", PLACEHOLDER, text, flags=re.IGNORECASE)
        count += found
    return text, count


def people_in(writers: Iterable[str]) -> tuple[str, ...]:
    """The names among the users of a log, longest first; numbers, ids and everyday words are none."""
    named = {writer for writer in writers if re.fullmatch(r"[^\W\d_][\w .'’\-]{3,40}", writer)}
    return tuple(
        sorted((name for name in named if name.casefold() not in NO_NAMES), key=lambda name: (-len(name), name))
    )


def _name_in(words: str) -> str:
    """What of one or two words is a name: nothing, the first, or both."""
    first, _, second = words.partition(" ")
    if first.casefold() in NO_NAMES or (first.isupper() and len(first) <= 4):
        return ""
    goes_on = second and second.casefold() not in NO_NAMES and (second[0].isupper() or not first[0].isupper())
    return words if goes_on else first
