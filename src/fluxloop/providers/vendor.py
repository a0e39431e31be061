"""A provider that asks a vendor through its SDK. What differs between vendors is a `Wire`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

from fluxloop.errors import PromptRefused, ProviderError, ProviderUnavailable
from fluxloop.providers.access import check_address, check_key, secrets_of, shown_address, split_query
from fluxloop.providers.base import Completion, Prompt
from fluxloop.providers.failures import Peer, error_of
from fluxloop.providers.quirks import NONE, NOTICES, Quirks, quirk_in
from fluxloop.providers.registry import BASE_URLS, DEFAULT_MODELS, KEYS, require_key
from fluxloop.providers.wire import UNREADABLE, Reply, Wire, read_reply
from fluxloop.schema.config import Settings

CONNECT_SECONDS = 10.0
NO_KEY = "none"
"""What is sent as the key to a server of one's own that wants none: the SDKs do not start without."""
NOT_SENT = ("ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError")
"""What went wrong before the server had heard anything."""


class VendorProvider:
    """Asks a vendor, or a server that speaks its wire. It never tries again by itself, except with less asked for."""

    def __init__(self, wire: Wire, settings: Settings, environ: Mapping[str, str]) -> None:
        """Raises AuthenticationFailed without a usable key, UsageError for a base URL that is none. Sends nothing."""
        require_key(wire.name, settings, environ)
        variable = KEYS[wire.name]
        self.name = wire.name
        self.model = settings.model or DEFAULT_MODELS[wire.name]
        self.base_url = settings.base_url or environ.get(BASE_URLS[wire.name]) or None
        """The server's address, when it is not the vendor's own."""
        self.notices: list[str] = []
        """What a person should know of how this server is asked."""
        self._wire = wire
        self._timeout = settings.call_timeout
        self._key = check_key(variable, environ.get(variable, ""))
        self._address = check_address(self.base_url or wire.home)
        self._peer = Peer(
            vendor=wire.label,
            variable=variable,
            model=self.model,
            address=shown_address(self._address),
            is_own=self.base_url is not None,
            has_key=bool(self._key),
            secrets=secrets_of(self._key, self._address),
        )
        self.quirks: Quirks = NONE
        """What this server is known not to take."""
        self._client: Any = None
        self._endpoint: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def writes(self, language: str) -> bool:
        """Models of these vendors write any language; what comes back in another one is sifted out."""
        return bool(language)

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt. A parameter that the server refuses is left out from then on, with a notice."""
        while True:
            quirks, send = self.quirks, partial(self._send, self.payload(prompt))
            reply = await self.ask(send)
            completion = self.read(reply, quirks)
            if completion is not None:
                return completion

    @property
    def peer(self) -> Peer:
        """Whom it speaks to, for messages."""
        return self._peer

    def payload(self, prompt: Prompt) -> dict[str, Any]:
        """The body of a call, as this server is to be asked by now."""
        return self._wire.payload(prompt, self.model, self.quirks)

    def read(self, reply: Reply, quirks: Quirks) -> Completion | None:
        """What came back to a call that was made with these quirks; None: ask again, with less asked for."""
        failure = reply.failure
        if failure is None:
            return self._completed(reply)
        quirk = quirk_in(failure, quirks)
        if quirk is None:
            raise error_of(failure, self._peer) from self._shown(reply.cause)
        self._learn(quirk)
        if quirk in self._wire.thinking_signs:
            self._learn("thinks")
        return None

    async def aclose(self) -> None:
        """Close the connections. The provider can be used again, in this event loop or another."""
        client, loop = self._client, self._loop
        self._client = self._loop = None
        if client is not None and loop is asyncio.get_running_loop():
            await client.close()

    async def ask(self, send: Callable[[Any, Any], Awaitable[Any]], seconds: float = 0.0) -> Reply:
        """One call over the wire: `send` gets the SDK's client and its timeout. Errors of the SDK end here.

        `seconds` when it may take longer than a call to the model.
        """
        sdk: Any = import_module(self._wire.name)
        client = self._open(sdk)
        seconds = max(seconds, self._timeout)
        timeout = sdk.Timeout(seconds, connect=min(CONNECT_SECONDS, self._timeout))
        cause: Exception
        error: ProviderError
        try:
            async with asyncio.timeout(seconds):
                return read_reply(await send(client, timeout))
        except sdk.APIStatusError as refused:
            return read_reply(refused.response, refused)
        except (sdk.APIConnectionError, OSError) as lost:
            cause, error = lost, self._lost(lost)
        except getattr(sdk, self._wire.base_error) as other:
            cause, error = other, ProviderError(self._peer.hide(f"{self._peer.who} could not be asked: {other}"))
        raise error from self._shown(cause)

    async def _send(self, body: dict[str, Any], _: Any, timeout: Any) -> Any:
        return await self._wire.send(self._endpoint, body, timeout)

    def _open(self, sdk: Any) -> Any:
        """The SDK's client. One for each event loop: its connections belong to the loop they were opened in."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            # Not the client the SDK makes itself: left behind in an ended loop, that one complains in the next.
            # And no redirects: the key is for this server and for no other.
            http = sdk.DefaultAsyncHttpxClient(follow_redirects=False)
            address, query = split_query(self._address)
            self._client = self._wire.client(
                sdk,
                api_key=self._key or NO_KEY,
                base_url=address,
                default_query=query,
                max_retries=0,
                http_client=http,
            )
            self._endpoint = self._wire.endpoint(self._client)
            self._loop = loop
        return self._client

    def _completed(self, reply: Reply) -> Completion:
        try:
            completion = self._wire.completion(reply.body, self._wire.limits(reply.headers))
            if self._wire.has_thought(reply.body):
                self._learn("thinks")
        except UNREADABLE as cause:
            what = f"{self._peer.who} sent an answer that cannot be read."
            raise ProviderUnavailable(what, "Is the base URL that of a model's server?", sent=True) from cause
        self._compare(completion.model)
        completion = replace(completion, text=self._peer.hide(completion.text))
        if completion.finish == "refused":
            said = completion.text[:200] or "it gave no reason"
            raise PromptRefused(f"{self.model} would not write this: {said}", completion=completion)
        return completion

    def _learn(self, quirk: str) -> None:
        """Ask otherwise from now on. A call that was under way meanwhile may find that it is known already."""
        self.quirks |= {quirk}
        self._notify(NOTICES.get(quirk, "").format(model=self.model))

    def _compare(self, answered: str) -> None:
        """A server of one's own may have one model only, and answer to any name with it."""
        asked, other = self.model.casefold(), answered.casefold()
        if self._peer.is_own and other and asked not in other and other not in asked:
            self._notify(f"{self._peer.who} has answered as `{self._peer.hide(answered)}`, not as `{self.model}`.")

    def _notify(self, notice: str) -> None:
        if notice and notice not in self.notices:
            self.notices.append(notice)

    def _lost(self, cause: Exception) -> ProviderUnavailable:
        """No answer: nobody was asked, or what they said was lost on the way."""
        reason = cause.__cause__ or cause
        kind = type(reason).__name__
        sent = kind not in NOT_SENT
        what = self._peer.hide(str(reason)) or "the connection broke"
        if "Timeout" in kind or isinstance(cause, TimeoutError):
            what = f"no answer within {self._timeout:g} s" if sent else "no connection in time"
        hint = "Is it running, and is the base URL right?" if self._peer.is_own else "Check the network, or try later."
        return ProviderUnavailable(f"{self._peer.who} did not answer: {what}", hint, sent=sent)

    def _shown(self, cause: Exception | None) -> Exception | None:
        """The cause of an error, unless something secret hangs on it."""
        return cause if self._peer.is_safe(cause) else None
