"""What every wrapper that is a provider has in common: it answers for the provider inside it."""

from __future__ import annotations

from fluxloop.providers.base import Provider


class Wrapper:
    """A provider round another one; a subclass adds its behaviour in `complete`."""

    def __init__(self, inner: Provider) -> None:
        self.inner = inner

    @property
    def name(self) -> str:
        """The name of the provider inside."""
        return self.inner.name

    @property
    def model(self) -> str:
        """The model of the provider inside."""
        return self.inner.model

    @property
    def notices(self) -> list[str]:
        """What the provider inside has to say, if it says such things."""
        return list(getattr(self.inner, "notices", ()))

    def writes(self, language: str) -> bool:
        """Whether the provider inside can write it."""
        return self.inner.writes(language)

    async def aclose(self) -> None:
        """Close the provider inside, if it can be closed."""
        close = getattr(self.inner, "aclose", None)
        if close is not None:
            await close()
