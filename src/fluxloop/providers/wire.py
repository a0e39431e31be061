"""What a vendor is to us: two translations, payload out and completion in, and a call through the vendor's SDK."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic_core import from_json

from fluxloop.providers.base import Completion, Prompt, RateLimits
from fluxloop.providers.failures import Failure, read_failure
from fluxloop.providers.quirks import Quirks

UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
"""What comes of reading an answer that is none."""


class Wire(ABC):
    """How one vendor is spoken to."""

    name: ClassVar[str]
    """The provider's name, and that of the vendor's SDK."""
    label: ClassVar[str]
    """The vendor's name as people write it."""
    home: ClassVar[str]
    """The vendor's own base URL."""
    thinking_signs: ClassVar[Quirks]
    """What only the vendor's thinking models refuse."""
    base_error: ClassVar[str]
    """The root of the SDK's errors."""

    @abstractmethod
    def payload(self, prompt: Prompt, model: str, quirks: Quirks) -> dict[str, Any]:
        """The body of a call."""

    @abstractmethod
    def completion(self, body: Mapping[str, Any], limits: RateLimits | None) -> Completion:
        """What an answer says; raises one of UNREADABLE for what is no answer."""

    @abstractmethod
    def has_thought(self, body: Mapping[str, Any]) -> bool:
        """Whether the model thought before it wrote."""

    @abstractmethod
    def limits(self, headers: Mapping[str, str]) -> RateLimits | None:
        """What the headers of an answer say of the limits."""

    @abstractmethod
    def client(self, sdk: Any, **options: Any) -> Any:
        """The SDK's client."""

    @abstractmethod
    def endpoint(self, client: Any) -> Any:
        """Where the calls go. What the SDK imports late, it imports here, before any clock runs."""

    @abstractmethod
    async def send(self, endpoint: Any, body: dict[str, Any], timeout: Any) -> Any:
        """Make the call; returns the HTTP response as the SDK got it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, of whatever status."""

    status: int
    headers: Mapping[str, str]
    body: Any
    """The JSON, or the text when it is none."""
    cause: Exception | None = None
    """The SDK's error, when it raised one. An item of a batch has none."""

    @property
    def failure(self) -> Failure | None:
        """What was refused, if anything: some servers put an error into an answer of status 200."""
        if self.cause is not None or self.status >= 400:
            return read_failure(self.status, self.headers, self.body)
        if not isinstance(self.body, Mapping) or not self.body.get("error") or self.body.get("choices"):
            return None
        error = self.body["error"]
        code = error.get("code") if isinstance(error, Mapping) else None
        status = code if isinstance(code, int) and 400 <= code < 600 else 502
        return read_failure(status, self.headers, self.body)


def read_reply(response: Any, cause: Exception | None = None) -> Reply:
    """An HTTP response of the SDK, as values."""
    content: bytes = response.content
    try:
        body = from_json(content)
    except ValueError:
        body = content.decode("utf-8", "replace")
    return Reply(response.status_code, response.headers, body, cause)
