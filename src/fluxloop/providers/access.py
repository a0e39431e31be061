"""Keys and addresses, checked before anything is made of them, and fit to be shown."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit, urlunsplit

from fluxloop.errors import AuthenticationFailed, UsageError

SHORTEST_SECRET = 8
"""What is shorter is a word (`ollama`) and no secret."""


def check_key(variable: str, value: str) -> str:
    """The key without the line break that came with copying. Raises AuthenticationFailed for what cannot be sent.

    An HTTP client would name the whole header in its own error.
    """
    key = value.strip()
    if not key.isascii() or any(sign.isspace() or not sign.isprintable() for sign in key):
        raise AuthenticationFailed(
            f"The key in {variable} cannot be sent: it holds a space, a line break or a sign that no key has.",
            "Copy it once more.",
        )
    return key


def check_address(url: str) -> str:
    """A base URL. Raises UsageError for what is none."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise UsageError("The base URL cannot be used: it is no address of a server.", "Write https://host:port/v1.")
    return url


def split_query(url: str) -> tuple[str, dict[str, str]]:
    """An address without its query, and the query, which belongs behind the path of every call."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return urlunsplit(parts._replace(query="", fragment="")), query


def shown_address(url: str) -> str:
    """An address as it may be shown: without a password, without a query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")


def secrets_of(key: str, url: str) -> tuple[str, ...]:
    """What must not be shown of a key and an address."""
    parts = urlsplit(url)
    values = (key, parts.password or "", *split_query(url)[1].values())
    return tuple(value for value in values if len(value) >= SHORTEST_SECRET)
