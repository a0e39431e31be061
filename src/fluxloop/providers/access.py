"""Keys and addresses, checked before anything is made of them, and fit to be shown."""

from __future__ import annotations

from urllib.parse import urlsplit

from fluxloop.errors import AuthenticationFailed, UsageError


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


def shown_address(url: str) -> str:
    """A base URL as it may be shown: without a password, without a query. Raises UsageError for one that is none."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise UsageError("The base URL cannot be used: it is no address of a server.", "Write https://host:port/v1.")
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}".rstrip("/")
