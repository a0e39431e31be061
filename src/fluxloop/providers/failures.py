"""From a server's refusal to the error that says what to do. The same for every vendor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fluxloop.errors import AuthenticationFailed, PromptRefused, ProviderError, ProviderUnavailable, RateLimited
from fluxloop.providers.headers import retry_after

MOST = 300
"""Characters of a server's message that are shown."""
TITLE = re.compile(r"<title>(.*?)</title>", re.IGNORECASE | re.DOTALL)
BILLING = re.compile(r"insufficient_quota|billing_error|credit balance is too low|billing details", re.IGNORECASE)
CONTEXT = re.compile(r"context[ _](size|length|window)|maximum context|prompt is too long", re.IGNORECASE)
FILTERED = re.compile(r"content[_ ]filter|content_policy_violation|invalid_prompt|usage polic", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Peer:
    """Whom we speak to, and with what."""

    vendor: str
    """As people write it: `OpenAI`."""
    variable: str
    """The environment variable of the key."""
    model: str
    address: str
    """The base URL, as far as it may be shown."""
    is_own: bool
    """Somebody else's server, at a base URL of one's own."""
    has_key: bool
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What must not be shown: the key, a password in the address."""

    @property
    def who(self) -> str:
        """As messages begin."""
        return f"The server at {self.address}" if self.is_own else self.vendor

    def hide(self, text: str) -> str:
        """A text that came from outside, without what must not be shown."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text

    def is_safe(self, error: BaseException | None) -> bool:
        """Whether an error and all that led to it may be shown, with everything that hangs on them."""
        while error is not None:
            told = f"{error!s} {error!r} {vars(error)}"
            if any(secret in told for secret in self.secrets):
                return False
            error = error.__cause__ or error.__context__
        return True


@dataclass(frozen=True, slots=True)
class Failure:
    """A refusal, in what both vendors have in common."""

    status: int
    message: str = ""
    kind: str = ""
    """Type and code of the error, as the vendor names them."""
    param: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def read_failure(status: int, headers: Mapping[str, str], body: Any) -> Failure:
    """What a server says in any of the forms that are about: an object, a text, a page of HTML."""
    if not isinstance(body, Mapping):
        return Failure(status, _plain(str(body or "")), headers=headers)
    inner = body.get("error", body)
    if not isinstance(inner, Mapping):
        return Failure(status, _plain(str(inner)), headers=headers)
    message = inner.get("message") or inner.get("detail") or body.get("detail") or ""
    kind = " ".join(str(inner[key]) for key in ("type", "code") if inner.get(key))
    return Failure(status, _plain(str(message)), kind, str(inner.get("param") or ""), headers)


def _plain(text: str) -> str:
    titled = TITLE.search(text)
    line = " ".join((titled.group(1) if titled else text).split())
    return line if len(line) <= MOST else f"{line[: MOST - 1]}…"


def error_of(failure: Failure, peer: Peer) -> ProviderError:
    """The error this refusal is."""
    message = peer.hide(failure.message)
    said = f": {message}" if message else "."
    about = f"{failure.kind} {message}"
    status = failure.status
    if status in (401, 403):
        return _no_entry(status, said, peer)
    if status == 402 or (status in (400, 429) and BILLING.search(about)):
        return ProviderError(
            f"{peer.who} takes no more calls from this account ({status}){said}",
            "Waiting does not help: see to the credit and the spending limit in the account's billing settings.",
        )
    if status == 429:
        hint = "Ask for fewer at once with --concurrency, or try again later."
        wait = retry_after(failure.headers, failure.message)
        return RateLimited(f"{peer.who} was asked too often (429){said}", hint, retry_after=wait)
    if status in (408, 409, 425) or status >= 500:
        wait = retry_after(failure.headers)
        return ProviderUnavailable(
            f"{peer.who} could not answer ({status}){said}", "Try again later.", retry_after=wait
        )
    if FILTERED.search(about):
        return PromptRefused(f"{peer.who} would not answer this prompt ({status}){said}")
    return _refused(failure, said, peer)


def _no_entry(status: int, said: str, peer: Peer) -> AuthenticationFailed:
    """What a 401 says is not repeated: some servers say the key itself."""
    if not peer.has_key:
        return AuthenticationFailed(f"{peer.who} wants a key ({status}), and {peer.variable} is not set.")
    if status == 401:
        return AuthenticationFailed(
            f"{peer.who} did not accept the key in {peer.variable} (401).",
            f"Set {peer.variable} to a key that is valid there, or use `--provider embedded`, which needs none.",
        )
    return AuthenticationFailed(
        f"{peer.who} does not allow this with the key in {peer.variable} (403){said}",
        "Check what the key may be used for, and from where.",
    )


def _refused(failure: Failure, said: str, peer: Peer) -> ProviderError:
    status = failure.status
    if status == 404:
        return _not_there(failure, said, peer)
    if 300 <= status < 400:
        return ProviderError(f"{peer.who} has moved ({status}){said}", "Set the base URL to where it is now.")
    too_long = CONTEXT.search(f"{failure.kind} {failure.message}")
    hint = "Give the model a longer context, or shorten the product context and the examples." if too_long else ""
    return ProviderError(f"{peer.who} refused the request ({status}){said}", hint)


def _not_there(failure: Failure, said: str, peer: Peer) -> ProviderError:
    """A model that is not there is told by name; a server of one's own that names none may not know the path."""
    about = f"{failure.kind} {failure.message}".lower()
    if peer.is_own and "model" not in about and peer.model.lower() not in about:
        what = f"{peer.who} found nothing there (404){said}"
        return ProviderError(what, f"Check the base URL (most end in /v1), and that the model `{peer.model}` is there.")
    where = "" if peer.is_own else f" at {peer.address}"
    what = f"{peer.who} has no model `{peer.model}`{where} (404){said}"
    return ProviderError(what, "Check --model and the base URL.")
