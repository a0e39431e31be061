"""Every error fluxloop raises.

FluxloopError(message, hint)          shown to people as "message" and, on a line of its own, "hint"; exit code 1
├── UsageError                        a flag or an argument that cannot be used; exit code 2
├── ConfigError(file, line, key)      a setting that cannot be used; exit code 2
├── NotFound(kind, asked, known)      nothing has that name, the nearest known is named; exit code 5
├── StoreError                        a file that cannot be read, written or locked; exit code 1
├── ProviderError                     a model could not be asked; exit code 4
│   ├── AuthenticationFailed          the key is missing or refused; exit code 3
│   ├── RateLimited(retry_after)      asked too often: ask again after `retry_after` seconds
│   ├── ProviderUnavailable(sent)     no answer, a server error, a cut connection
│   ├── PromptRefused                 the model declined to write this
│   ├── BatchUnfinished               a batch goes on at the vendor, and nobody here waits for it any more
│   └── BudgetSpent                   the next call might cost more than --max-cost leaves; exit code 11
├── CompletionUnreadable              an answer came, but no candidate could be read from it
├── LanguageUnsupported               a provider cannot write the asked language; exit code 2
├── GenerationFellShort(report)       fewer inputs than asked for; everything good was kept; exit code 11
├── RunnerError                       the agent under test could not be reached or loaded; exit code 2
│   └── AgentFailed                   the agent was reached and broke on one message: a value in a result, never the end
└── TestsFailed                       a test run ended with failures; exit code 10

A class exists only where a caller acts differently on it. Foreign exceptions are wrapped where they enter.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class FluxloopError(Exception):
    """Something a person can act on: `message` says where and what, `hint` says what to do."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(FluxloopError):
    """A flag or argument that cannot be used as given."""

    exit_code = 2


class ConfigError(FluxloopError):
    """A setting that cannot be used; `line` is 1-based, `key` is dotted (`generation.temperature`)."""

    exit_code = 2

    def __init__(
        self, message: str, hint: str = "", *, file: Path | str | None = None, line: int | None = None, key: str = ""
    ) -> None:
        super().__init__(f"{place(file, line)}{message}", hint)
        self.file = file
        self.line = line
        self.key = key


class NotFound(FluxloopError):
    """Nothing of that name; the hint names the nearest known one, or lists a few."""

    exit_code = 5

    def __init__(self, kind: str, asked: str, known: Iterable[str] = (), hint: str = "") -> None:
        names = list(known)
        super().__init__(f"There is no {kind} `{asked}`.", hint or suggest(asked, names))
        self.kind = kind
        self.asked = asked
        self.known = names


class StoreError(FluxloopError):
    """A file that cannot be read, written or locked."""


class ProviderError(FluxloopError):
    """A model could not be asked."""

    exit_code = 4


class AuthenticationFailed(ProviderError):
    """The key is missing or was refused."""

    exit_code = 3


class RateLimited(ProviderError):
    """Asked too often; `retry_after` is in seconds, None when the server did not say."""

    def __init__(self, message: str, hint: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


class ProviderUnavailable(ProviderError):
    """No answer, a server error, or a cut connection.

    `sent`: the prompt had reached the server and its answer was lost (a timeout, a cut connection), so that it may be
    billed all the same. A server that answers with an error of its own bills nothing, and may say when to come again.
    """

    def __init__(self, message: str, hint: str = "", *, sent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.sent = sent
        self.retry_after = retry_after


class PromptRefused(ProviderError):
    """The model declined to write this. `completion` is its answer, when it counted tokens that are billed."""

    def __init__(self, message: str, hint: str = "", *, completion: object = None) -> None:
        super().__init__(message, hint)
        self.completion = completion


class BatchUnfinished(ProviderError):
    """A batch goes on at the vendor, and nobody here waits for it any more. It is in no ledger until it is fetched."""


class BudgetSpent(ProviderError):
    """The next call might cost more than is left of what a run may cost. What was made is kept."""

    exit_code = 11


class CompletionUnreadable(FluxloopError):
    """An answer came, but not one candidate could be read from it."""


class LanguageUnsupported(FluxloopError):
    """The provider cannot write the language that was asked for."""

    exit_code = 2


class GenerationFellShort(FluxloopError):
    """Fewer inputs than asked for. What was good is kept; `report` says who is short and why."""

    exit_code = 11

    def __init__(self, message: str, hint: str = "", *, report: object = None) -> None:
        super().__init__(message, hint)
        self.report = report


class RunnerError(FluxloopError):
    """The agent under test could not be loaded or reached at all."""

    exit_code = 2


class AgentFailed(RunnerError):
    """The agent was reached and broke on one message; a test run keeps this as that input's result and goes on."""


class TestsFailed(FluxloopError):
    """A test run ended with failures."""

    __test__ = False  # not a pytest class
    exit_code = 10


def place(file: Path | str | None, line: int | None) -> str:
    """`file:line: `, as editors and terminals make it clickable; empty without a file."""
    if file is None:
        return ""
    return f"{file}:{line}: " if line else f"{file}: "


def nearest(asked: str, known: Iterable[str]) -> str | None:
    """The known name most like `asked`, or None when none is close (difflib ratio under .5)."""
    names = list(known)
    folded = {name.casefold(): name for name in names}
    close = get_close_matches(asked.casefold(), list(folded), n=1, cutoff=0.5)
    return folded[close[0]] if close else None


def suggest(asked: str, known: list[str]) -> str:
    """One sentence that leads from a wrong name to a right one."""
    near = nearest(asked, known)
    if near:
        return f"Did you mean `{near}`?"
    if not known:
        return ""
    shown = ", ".join(known[:8])
    return f"Known: {shown}{', …' if len(known) > 8 else '.'}"
