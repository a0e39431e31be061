"""Real messages of users, read from logs as they come: CSV, JSON, JSON lines, or plain text with a message a line.

Which column holds the messages is taken from its name, else from how its values look; what an assistant or an agent
said is left out wherever the log says who spoke. Nothing of a log is ever written back to it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fluxloop.errors import ConfigError, NotFound, UsageError
from fluxloop.store.documents import ROW_SUFFIXES, read_document, read_text
from fluxloop.store.wording import shown

TEXT_NAMES = (
    "text", "message", "user_message", "message_text", "content", "body", "query", "question", "user_input", "input",
    "prompt", "utterance", "msg", "comment", "description", "value", "generated_text",
)  # fmt: skip
"""Columns that hold messages, the likeliest first."""
LIST_NAMES = ("messages", "conversation", "conversations", "turns", "history", "transcript")
"""Keys that hold a whole conversation as a list."""
ROLE_NAMES = ("role", "from", "sender", "speaker", "author_role", "author_type", "sender_type", "direction", "author")
PERSONA_NAMES = ("persona", "persona_id", "segment")
USER_NAMES = (
    "user_id",
    "user",
    "username",
    "customer_id",
    "customer",
    "client_id",
    "visitor_id",
    "author_id",
    "author",
)
SESSION_NAMES = ("session_id", "session", "conversation_id", "thread_id", "chat_id", "ticket_id", "conversation")
USER_ROLES = frozenset({
    "user", "human", "customer", "client", "visitor", "end_user", "enduser", "member", "requester", "contact", "caller",
    "guest", "buyer", "patient", "consumer", "shopper", "student", "employee", "in", "inbound", "incoming",
})  # fmt: skip
OTHER_ROLES = frozenset({
    "assistant", "agent", "bot", "system", "model", "ai", "gpt", "chatbot", "operator", "support", "admin", "staff",
    "function", "tool", "developer", "out", "outbound", "outgoing", "internal",
})  # fmt: skip
SAMPLE = 200
"""How many rows a column is judged by."""
LEAST_LOOKS = 0.35
"""What a column must look like a column of messages, 0-1, to be taken without being named."""


@dataclass(frozen=True, slots=True)
class LogMessage:
    """One message that a user really sent. What the log does not say is empty."""

    text: str
    persona: str = ""
    user: str = ""
    session: str = ""

    @property
    def writer(self) -> str:
        """Who wrote it, as far as that is known: the user, else the session."""
        return self.user or self.session


@dataclass(frozen=True, slots=True)
class Logs:
    """The messages of one file, in its order."""

    path: Path
    column: str
    """Where the texts stood; empty for plain lines."""
    messages: tuple[LogMessage, ...]
    passed_over: int
    """Rows that were not a user's, or had no text."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts alone."""
        return tuple(message.text for message in self.messages)


Row = Mapping[str, Any]


def read_logs(path: Path, column: str | None = None) -> Logs:
    """Every message of a user in a file. `column` names the texts; a dotted one leads into nested JSON.

    Raises UsageError when no column can be told for the messages, NotFound for a column that is not there, ConfigError
    with its place for a file that is broken.
    """
    if path.suffix.lower() not in (*ROW_SUFFIXES, ".json"):
        return _plain_lines(path, column)
    rows = _rows(path)
    if column is None and any(isinstance(row.get(name), list) for row in rows[:SAMPLE] for name in LIST_NAMES):
        rows = [part for number, row in enumerate(rows) for part in _turns(row, number)]
    rows = [_flat(row) for row in rows]
    name = _text_column(rows, column, path)
    return _logs(path, name, rows)


def _logs(path: Path, column: str, rows: Sequence[Row]) -> Logs:
    role = _role_column(rows, column)
    spoken = [row for row in rows if role is None or _is_user(row.get(role))]
    if rows and not spoken:
        roles = ", ".join(f"`{name}`" for name in list(dict.fromkeys(str(row.get(str(role))) for row in rows))[:5])
        hint = "Keep the rows of users only, or give them the role `user`."
        raise ConfigError(f"no row is a user's: `{role}` says {roles}", hint, file=shown(path))
    places = {
        "persona": _column_of(rows, PERSONA_NAMES, column),
        "user": _column_of(rows, USER_NAMES, column, role),
        "session": _column_of(rows, SESSION_NAMES, column, role),
    }
    found = []
    for row in spoken:
        if text := _text(row.get(column)).strip():
            found.append(LogMessage(text, **{name: _text(row.get(at)).strip() for name, at in places.items() if at}))
    return _checked(Logs(path, column, tuple(found), len(rows) - len(found)))


def _checked(logs: Logs) -> Logs:
    if not logs.messages:
        raise ConfigError(
            "there are no messages in it", "Name the column that holds them: --column NAME.", file=shown(logs.path)
        )
    return logs


def _plain_lines(path: Path, column: str | None) -> Logs:
    if column is not None:
        hint = "Columns are read from .csv, .tsv, .json and .jsonl; any other file has a message a line."
        raise UsageError(f"{shown(path)}: a plain text file has no column `{column}`.", hint)
    lines = [line.strip() for line in read_text(path).removeprefix("\ufeff").split("\n")]
    found = tuple(LogMessage(line) for line in lines if line)
    return _checked(Logs(path, "", found, 0))


def _rows(path: Path) -> list[Row]:
    """The records of a file; a list under the only key of a JSON file, or texts alone, are read too."""
    data = read_document(path).data
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        data = lists[0] if len(lists) == 1 and not any(name in data for name in LIST_NAMES) else [data]
    if not isinstance(data, list):
        raise ConfigError("there are no messages in it", "Give a list of records, or one a line.", file=shown(path))
    return [row if isinstance(row, dict) else {"text": row} for row in data]


def _turns(row: Row, number: int) -> Iterator[Row]:
    """The turns of a conversation as rows that keep what stands beside it; each conversation is a session."""
    name = next((name for name in LIST_NAMES if isinstance(row.get(name), list)), "")
    beside = {key: value for key, value in row.items() if key != name}
    if not any(key in beside for key in SESSION_NAMES):
        beside["session"] = f"#{number + 1}"
    if not name:
        yield beside
    for turn in row.get(name, ()):
        yield {
            **{key: value for key, value in beside.items() if key not in TEXT_NAMES},
            **(turn if isinstance(turn, dict) else {"text": turn}),
        }


def _flat(row: Row, before: str = "") -> dict[str, Any]:
    """Nested mappings under dotted names."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{name}.")
        else:
            flat[name] = value
    return flat


def _text_column(rows: Sequence[Row], asked: str | None, path: Path) -> str:
    columns = list(dict.fromkeys(name for row in rows[:SAMPLE] for name in row))
    if asked is not None:
        if asked not in columns and not any(asked in row for row in rows):
            raise NotFound("column", asked, columns)
        return asked
    if named := _column_of(rows, TEXT_NAMES):
        return named
    looks = Counter({name: _looks_spoken([row.get(name) for row in rows[:SAMPLE]]) for name in columns})
    ranked = looks.most_common(2)
    if not ranked or ranked[0][1] < LEAST_LOOKS or (len(ranked) > 1 and ranked[1][1] > 0.8 * ranked[0][1]):
        hint = f"Name it: --column NAME. There are: {', '.join(columns) or 'none'}."
        raise UsageError(f"{shown(path)}: it is not clear which column holds the messages.", hint)
    return ranked[0][0]


def _looks_spoken(values: Sequence[Any]) -> float:
    """How much a column looks like messages: different texts, with letters, mostly of several words."""
    texts = [value for value in values if isinstance(value, str) and value.strip()]
    if not texts:
        return 0.0
    spoken = sum(len(re.findall(r"[^\W\d_]{2,}", text)) > 1 for text in texts)
    return spoken / len(texts) * len(set(texts)) / len(texts) * min(1.0, len(texts) / len(values) + 0.2)


def _column_of(rows: Sequence[Row], names: Sequence[str], *taken: str | None) -> str | None:
    """The first of these columns that holds anything; names are compared folded, and by their last part if dotted."""
    columns = dict.fromkeys(name for row in rows[:SAMPLE] for name, value in row.items() if _text(value).strip())
    folded = {_fold(name): name for name in reversed(columns) if name not in taken}
    short = {_fold(name.rpartition(".")[2]): name for name in reversed(columns) if name not in taken}
    return next((found for name in names if (found := folded.get(name) or short.get(name))), None)


def _role_column(rows: Sequence[Row], text_column: str) -> str | None:
    """The column that says who spoke: by its name, and because some of its values are roles."""
    for name in ROLE_NAMES:
        column = _column_of(rows, (name,), text_column)
        if column and any(_fold(row.get(column)) in USER_ROLES | OTHER_ROLES for row in rows):
            return column
    return None


def _is_user(role: Any) -> bool:
    """A role nobody has heard of is a name, and so a user's, in a log that names its assistants."""
    return _fold(role) not in OTHER_ROLES and bool(_fold(role))


def _fold(name: Any) -> str:
    return re.sub(r"[\s-]+", "_", str(name or "").strip()).casefold()


def _text(value: Any) -> str:
    """A value as text; the parts of a message in parts, its texts joined."""
    if isinstance(value, list):
        parts = (part.get("text", "") if isinstance(part, dict) else part for part in value)
        return "\n".join(part for part in parts if isinstance(part, str))
    return "" if value is None or isinstance(value, bool) else str(value)
