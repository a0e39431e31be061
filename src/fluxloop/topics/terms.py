"""The product's own terms: what a context, a vocabulary and examples name, so that inputs can name it too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAME_LINE = re.compile(r"^\s*(?:product|name|app|service|company)\s*(?:name)?\s*:\s*(.+)$", re.IGNORECASE)
LIST_LINE = re.compile(r"^\s*([\w /&-]{2,40}?)\s*:\s*(.+)$")
NEGATIVE = re.compile(
    r"^\s*(?:no|not|without|never|does not have|doesn't have|has no|excluded?|out of scope)\b[^:]*:\s*(.+)$",
    re.IGNORECASE,
)
STATEMENT = re.compile(r"\n|(?<=[a-z)])\.\s+(?=[A-Z])")
ITEM = re.compile(r"\s*(?:,|;|\band\b|\bor\b|·|•)\s*")
ACTING = re.compile(
    r"\b(?:integrat\w+|us\w+|connect\w*|configur\w+|set(?:ting)? up|access\w*|migrat\w+ to|test\w*|buy\w*|book\w*"
    r"|order\w*|manag\w+|install\w*)\s+(?:the\s+|their\s+|an?\s+|our\s+)?([\w-]+(?:\s+[\w-]+)?)",
    re.IGNORECASE,
)
QUOTED_OR_NAMED = re.compile(r"\"([^\"]{2,40})\"|\b([A-Z][\w]+(?:\s+[A-Z][\w]+)+|[A-Z]{2,}[\w-]*(?:\s+[a-z]+)?)\b")
PATHS = re.compile(r"\b(?:GET|POST|PUT|PATCH|DELETE)?\s?/[\w/{}.:-]{2,}")
STOP = _words(
    "the a an is are to of for in on with it its their user users customer customers i we you my our your this that "
    "and or not no how what where when why who which do does can could would should please thanks any is need tried "
    "still just there have has get got"
)
AFTER_HEAD = _words("of on for in to from with at i you that by")
ARTICLES = _words("the a an my your our this that all any some")
UNCOUNTED = ("ing", "ance", "ence", "ness", "ity", "tion", "ism", "ware", "data", "acy", "ment")
UNCOUNTED_WORDS = _words("commerce software mail email support access feedback storage security traffic usage")
DIGITAL = _words(
    "account accounts agent agents app apps bot bots bundle bundles chat chatbot dashboard data endpoint "
    "endpoints export exports file files history import imports input inputs integration integrations key keys "
    "log login logs metric metrics model models module notes persona personas platform plugin plugins portal "
    "project projects prompt prompts queries query record records report reports result results scenario "
    "scenarios settings software sync template templates test testing tests token tokens webhook webhooks "
    "workflow workflows workspace workspaces"
)
VAGUE = _words("platform app product system tool service website site software")


@dataclass(frozen=True, slots=True)
class ContextTerms:
    """What a product context names."""

    product: str = ""
    terms: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    """Of the terms: those of a list (`Features: seat selection, loyalty miles`), which inputs can be about."""
    absent: tuple[str, ...] = ()
    """What the product says it has not (`No: widgets, e-commerce`)."""


def read_context(context: str, product_name: str = "") -> ContextTerms:
    """Read the terms out of free text: its lists, what users act on, names; a line `No: ...` gives the absent ones."""
    product, terms, features, absent = product_name, [], [], []
    for line in STATEMENT.split(context):
        if match := NEGATIVE.match(line):
            absent += _items(match.group(1))
        elif match := NAME_LINE.match(line):
            product = product or _short_name(match.group(1))
            terms += _spoken_terms(match.group(1))
        elif match := LIST_LINE.match(line):
            features += _items(match.group(2))
        else:
            terms += _spoken_terms(line)
    gone = {term.casefold() for term in absent} | {product.casefold()}
    kept = [term for term in dict.fromkeys([*features, *terms]) if term.casefold() not in gone]
    listed = tuple(term for term in kept if term in features)
    return ContextTerms(product, tuple(kept), listed, tuple(dict.fromkeys(absent)))


def terms_in_examples(examples: Iterable[str]) -> tuple[str, ...]:
    """Noun phrases that can be named again, from example messages: paths, `bulk update endpoints`."""
    terms: list[str] = []
    for example in examples:
        terms += [path.strip() for path in PATHS.findall(example)]
        terms += _noun_phrases(PATHS.sub(" ", example))
    return tuple(dict.fromkeys(terms))


def spoken(term: str, language: str = "en") -> str:
    """The term as it stands in an English sentence: `patient portal` → `the patient portal`; plurals, names, paths and
    matters one cannot count (`billing`, `compliance`) take no article."""
    words = term.split()
    if language != "en" or not words or not words[-1].islower() or not words[-1].isalpha():
        return term
    bare = words[0].casefold() in ARTICLES or words[-1].endswith(UNCOUNTED) or words[-1] in UNCOUNTED_WORDS
    return term if bare or is_plural(term) else f"the {term}"


def is_digital(term: str) -> bool:
    """Whether a term is of software, as far as it can be told: an acronym, a name, a path, or a word of the trade."""
    words = term.split()
    named = any(char.isupper() or char in "/_." for char in term)
    return named or any(word.casefold() in DIGITAL for word in words)


def is_plural(phrase: str) -> bool:
    """Whether a noun phrase takes a plural verb: its head, the word before `of`, `on`, ..., ends in a plural s."""
    head = phrase.casefold().split()
    end = next((i for i, word in enumerate(head) if i and word in AFTER_HEAD), len(head))
    last = head[end - 1] if head else ""
    return last.endswith("s") and not last.endswith(("ss", "us", "is", "'s"))


def _items(text: str) -> list[str]:
    items = (item.strip(" .\t") for item in ITEM.split(text))
    return [_fold_first(item) for item in items if item and len(item.split()) <= 5]


def _fold_first(item: str) -> str:
    """`Synthetic testing` → `synthetic testing`; names and acronyms keep their capitals."""
    words = item.split()
    plain = words[0][:1].isupper() and words[0][1:].islower() and not any(word[:1].isupper() for word in words[1:])
    return item[0].lower() + item[1:] if plain else item


def _short_name(text: str) -> str:
    """A product's name when the line gives one; a description such as `AI agent testing platform` is none."""
    first = re.split(r"\s*[,(–—:.]\s*|\s+-\s+", text.strip())[0]
    words = first.split()
    named = len(words) <= 3 and all(word[:1].isupper() or word[:1].isdigit() for word in words)
    return first if named else ""


def _spoken_terms(line: str) -> list[str]:
    terms = [quoted or _with_article(named) for quoted, named in QUOTED_OR_NAMED.findall(line)]
    for match in ACTING.findall(line):
        words = [word for word in match.split() if word.casefold() not in STOP]
        if words and words[0] == match.split()[0] and words[0].casefold() not in VAGUE:
            terms.append(f"the {' '.join(words)}" if len(words) == 1 else " ".join(words))
    spoken = {term.casefold() for term in terms}
    return [term for term in terms if len(term) > 2 and f"the {term}".casefold() not in spoken]


def _with_article(name: str) -> str:
    """`AI agent` → `the AI agent`: an acronym with a plain noun behind it is a thing, not a name."""
    words = name.split()
    thing = len(words) > 1 and words[0].isupper() and words[-1].islower() and not words[-1].endswith("s")
    return f"the {name}" if thing else name


def _noun_phrases(example: str) -> list[str]:
    """Two or three words between stop words; rough, and only from given examples."""
    words = re.findall(r"[A-Za-z][\w'-]*", example)
    phrases: list[str] = []
    run: list[str] = []
    for word in [*words, "the"]:
        if word.casefold() in STOP or "'" in word:
            if 2 <= len(run) <= 3 and not run[0].casefold().endswith(("ing", "ed")):
                phrases.append(" ".join([run[0] if run[0].isupper() else run[0].lower(), *run[1:]]))
            run = []
        else:
            run.append(word)
    return phrases
