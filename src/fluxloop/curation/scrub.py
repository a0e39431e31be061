"""Personal data taken out of real messages, each find replaced by a placeholder of its kind: `[email]`, `[name]`, ...

What is caught has a form: an address, a number that passes its check sum, a name where people say that it is one. A
bare name in the middle of a sentence has none and may stay, so whoever shares what was scrubbed reads it first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from fluxloop.curation.names import hide_names


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A text without what was found in it."""

    text: str
    kinds: tuple[str, ...] = ()
    """The kind of each find, in the order they were looked for."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of personal data."""

    name: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = field(default=lambda _: True)
    """Whether a match really is one."""


SECRET = re.compile(
    r"\b(?:sk|pk|rk|whsec|ghp|gho|xox[abp]|AKIA|AIza|glpat|eyJ)[-_]?[A-Za-z0-9_\-.]{16,}"
    r"|(?i:\b(?:api[ _-]?key|token|secret|password|passwd|pwd|passwort|pin|bearer)\b(?: is)?\s*[:=]?\s*)"
    r"(?=\S*\d)(?P<secret>\S{6,})"
    r"|\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{24,}\b"
    r"|\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"
)
URL = re.compile(r"\b(?:[a-z][a-z0-9+.\-]{0,20}://|www\.)[^\s<>\"'”»]*[^\s<>\"'”».,;:!?)\]]", re.IGNORECASE)
TOKENISH = re.compile(r"[?&#][^=&\s]*=|//[^/\s]*@|/(?=[^/\s]*\d)(?=[^/\s]*[A-Za-z])[\w\-]{16,}(?:/|$)|/\d{6,}(?:/|$)")
ADDRESS = re.compile(
    r"\b\d{1,5}[a-z]? (?:[A-Z][\w'’]+ ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Close|Terrace)\b\.?"
    r"|\b[A-ZÄÖÜ][\wäöüß\-]{0,30}(?:straße|strasse|str\.|gasse|weg|platz|allee) \d{1,4}[a-z]?\b"
)
BIRTH = re.compile(
    r"(?i:\b(?:born(?: on)?|dob|date of birth|birthday(?: is)?|geboren(?: am)?|geburtsdatum)\s*:?\s*)"
    r"(?P<date>\d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}|\d{1,2}\.? \w+ \d{4}|\w+ \d{1,2},? \d{4})"
)
GROUPED = r"\d(?:[ \-]?\d)"
AMOUNT_OR_DATE = re.compile(
    r"^\d{1,3}(?:[.\s]\d{3})+$|^\d+\.\d+$|^\d{4}-\d\d?-\d\d?(?:\D|$)|^\d\d?[./\-]\d\d?[./\-]\d{2,4}(?:\D|$)"
)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def passes_luhn(text: str) -> bool:
    """The check sum of card numbers."""
    digits = [int(char) for char in reversed(_digits(text))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return len(set(digits)) > 1 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def passes_iban(text: str) -> bool:
    """The check sum of bank accounts."""
    plain = re.sub(r"\s", "", text).upper()
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def is_phone(text: str) -> bool:
    """Seven to fifteen digits, parted or led as telephone numbers are; no date and no amount."""
    digits = _digits(text)
    if not 7 <= len(digits) <= 15 or AMOUNT_OR_DATE.search(text):
        return False
    led = text[0] in "+(" or (digits[0] == "0" and len(digits) >= 9)
    return led or bool(re.fullmatch(r"(?:1[ .\-])?\d{3}[ .\-]\d{3}[ .\-]\d{4}|\d{3}-\d{4}", text))


def is_number(text: str) -> bool:
    """A long number that leads to somebody: of an account, a contract, a parcel; no date with its time."""
    return not AMOUNT_OR_DATE.search(text)


KINDS = (
    Kind("link", URL, lambda text: bool(TOKENISH.search(text))),
    Kind(
        "email",
        re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}(?:@| ?\[at\] ?| ?\(at\) ?)[\w\-]+(?:\.[\w\-]+)+", re.IGNORECASE),
    ),
    Kind("secret", SECRET),
    Kind("iban", re.compile(r"\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b"), passes_iban),
    Kind("card", re.compile(rf"(?<![\w.,]){GROUPED}{{12,18}}(?!\w|[.,]\d)"), passes_luhn),
    Kind("id", re.compile(r"(?<![\d\-])\d{3}-\d{2}-\d{4}(?![\d\-])")),
    Kind("ip", re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d)")),
    Kind("date", BIRTH),
    Kind("phone", re.compile(r"(?<![\w.,/\-])(?:\+|\(?\d)[\d ()./\-]{5,20}\d(?![\w/]|[.,\-]\d)"), is_phone),
    Kind(
        "number", re.compile(rf"(?<![\w.,]){GROUPED}{{8,}}(?![\w]|[.,]\d)|(?<![\w.,])\d{{7,}}(?!\w|[.,]\d)"), is_number
    ),
    Kind("address", ADDRESS),
)
"""Every kind with a form of its own, in the order they are looked for: what is found is not looked at again."""


def scrub(text: str, people: Iterable[str] = ()) -> Scrubbed:
    """The text with placeholders for personal data; `people` are names known from elsewhere, such as a log's users."""
    kinds: list[str] = []
    for kind in KINDS:
        text = kind.pattern.sub(lambda match, kind=kind: _replaced(match, kind, kinds), text)  # type: ignore[misc]
    text, names = hide_names(text, people)
    return Scrubbed(text, (*kinds, *["name"] * names))


def _replaced(match: re.Match[str], kind: Kind, kinds: list[str]) -> str:
    """The match with its placeholder; where a group is named, only that part goes."""
    if not kind.holds(match.group()):
        return match.group()
    kinds.append(kind.name)
    inner = next((name for name, value in match.groupdict().items() if value), None)
    if inner is None:
        return f"[{kind.name}]"
    start, end = match.start(inner) - match.start(), match.end(inner) - match.start()
    return f"{match.group()[:start]}[{kind.name}]{match.group()[end:]}"
