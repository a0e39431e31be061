"""Logs as they come, read into the messages of users."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fluxloop.errors import ConfigError, NotFound, UsageError
from fluxloop.store.logs import read_logs

ASKED = ["where is my parcel", "Can I change the address?", "hi"]


def _file(folder: Path, name: str, content: str | list[Any]) -> Path:
    path = folder / name
    lines = content if isinstance(content, str) else "".join(json.dumps(row) + "\n" for row in content)
    path.write_text(lines, encoding="utf-8")
    return path


@pytest.mark.parametrize("header", ["text", "Message", "user message", "BODY", "question"])
def test_a_csv_column_is_found_by_its_name(tmp_path: Path, header: str) -> None:
    """Case, spaces and dashes do not matter; commas and line breaks inside quotes do no harm."""
    path = _file(
        tmp_path, "l.csv", f'id,{header},ts\n1,where is my parcel,9:00\n2,"Can I, now,\nchange it?",9:01\n3,,9:02\n'
    )
    logs = read_logs(path)
    assert (logs.column, logs.texts, logs.passed_over) == (header, ("where is my parcel", "Can I, now,\nchange it?"), 1)


def test_a_column_of_another_name_is_found_by_its_looks(tmp_path: Path) -> None:
    """Different values of several words are messages; ids, times and repeated labels are not."""
    rows = "".join(f"{n},2026-01-{n:02},open ticket,{text}\n" for n, text in enumerate(ASKED, start=10))
    logs = read_logs(_file(tmp_path, "l.csv", f"nr,day,state,what they wrote\n{rows}"))
    assert (logs.column, list(logs.texts)) == ("what they wrote", ASKED)


def test_two_columns_that_look_alike_must_be_named(tmp_path: Path) -> None:
    """Nothing is guessed where a guess may be wrong; the columns are listed, and `column` settles it."""
    path = _file(
        tmp_path, "l.csv", "theirs,ours\nwhere is it now,it is on its way\nsend it again please,we will do so\n"
    )
    with pytest.raises(UsageError, match="not clear which column") as caught:
        read_logs(path)
    assert "theirs, ours" in caught.value.hint
    assert read_logs(path, "theirs").texts == ("where is it now", "send it again please")
    with pytest.raises(NotFound, match="no column `their`"):
        read_logs(path, "their")


def test_only_users_are_read_where_the_log_says_who_spoke(tmp_path: Path) -> None:
    """Assistants, agents and systems are left out, and counted; ids of users and sessions are kept."""
    rows = [
        {"role": "system", "content": "You are helpful", "user_id": 7},
        {"role": "user", "content": "hi", "user_id": 7, "session_id": "s1"},
        {"role": "Assistant", "content": "Hello! How can I help?", "user_id": 7},
        {"role": "end-user", "content": "where is it", "user_id": 8, "session_id": "s2"},
    ]
    logs = read_logs(_file(tmp_path, "l.jsonl", rows))
    assert (logs.texts, logs.passed_over) == (("hi", "where is it"), 2)
    assert [(message.user, message.session, message.writer) for message in logs.messages] == [
        ("7", "s1", "7"),
        ("8", "s2", "8"),
    ]


def test_a_log_of_assistants_alone_is_told(tmp_path: Path) -> None:
    """No message of a user is a mistake that names the roles there are."""
    path = _file(tmp_path, "l.jsonl", [{"role": "assistant", "content": "Hello!"}])
    with pytest.raises(ConfigError, match="no row is a user's: `role` says `assistant`"):
        read_logs(path)


def test_names_of_people_are_no_roles(tmp_path: Path) -> None:
    """A `from` full of addresses says nothing about roles."""
    rows = [{"from": "ann@example.org", "text": "hi"}, {"from": "bob@example.org", "text": "hello"}]
    assert read_logs(_file(tmp_path, "l.jsonl", rows)).texts == ("hi", "hello")


@pytest.mark.parametrize(
    "row",
    [
        {
            "messages": [
                {"role": "user", "content": "hi"},
                {"role": "assistant", "content": "yes?"},
                {"role": "user", "content": "help"},
            ]
        },
        {
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": "hi"}]},
                {"role": "user", "content": "help"},
            ]
        },
        {
            "conversations": [
                {"from": "human", "value": "hi"},
                {"from": "gpt", "value": "yes?"},
                {"from": "human", "value": "help"},
            ]
        },
        {"turns": ["hi", "help"], "text": "a summary"},
    ],
)
def test_conversations_are_read_turn_by_turn(tmp_path: Path, row: dict[str, Any]) -> None:
    """The shapes chat logs come in; each conversation is a session of its own."""
    logs = read_logs(_file(tmp_path, "l.jsonl", [row, row]))
    assert logs.texts == ("hi", "help") * 2
    assert [message.session for message in logs.messages] == ["#1", "#1", "#2", "#2"]


def test_nested_records_are_reached_by_a_dotted_name(tmp_path: Path) -> None:
    """Found by the last part of the name, or named whole."""
    rows = [{"event": {"payload": {"text": text}}, "meta": {"user": {"id": 1}}} for text in ASKED]
    path = _file(tmp_path, "l.jsonl", rows)
    assert read_logs(path).column == read_logs(path, "event.payload.text").column == "event.payload.text"


@pytest.mark.parametrize("name", ["l.txt", "l.log", "l"])
def test_any_other_file_has_a_message_a_line(tmp_path: Path, name: str) -> None:
    """Empty lines and Windows line ends are passed over; a column makes no sense there."""
    path = _file(tmp_path, name, "\ufeffhi\r\n\n  where is it  \n")
    assert (read_logs(path).texts, read_logs(path).column) == (("hi", "where is it"), "")
    with pytest.raises(UsageError, match="no column `text`"):
        read_logs(path, "text")


def test_a_json_file_may_hold_a_list(tmp_path: Path) -> None:
    """Of records or texts, bare or under one key."""
    for data in (
        ASKED,
        {"messages": ASKED},
        {"data": [{"text": text} for text in ASKED]},
        [{"text": t} for t in ASKED],
    ):
        assert list(read_logs(_file(tmp_path, "l.json", json.dumps(data))).texts) == ASKED


def test_a_persona_column_is_read(tmp_path: Path) -> None:
    """So that one log can teach several personas."""
    logs = read_logs(_file(tmp_path, "l.csv", "text,persona\nhi,bob\nhello,\n"))
    assert [message.persona for message in logs.messages] == ["bob", ""]


@pytest.mark.parametrize(
    ("name", "content"), [("l.csv", ""), ("l.txt", "\n"), ("l.jsonl", '{"text": ""}\n'), ("l.json", "3")]
)
def test_a_file_without_messages_is_told(tmp_path: Path, name: str, content: str) -> None:
    """With its name; never an empty result that later divides by zero."""
    with pytest.raises((ConfigError, UsageError), match=name):
        read_logs(_file(tmp_path, name, content))


def test_a_broken_line_is_told_with_its_place(tmp_path: Path) -> None:
    """A log cut off in the middle of a line names that line."""
    with pytest.raises(ConfigError, match=r"l\.jsonl:2: "):
        read_logs(_file(tmp_path, "l.jsonl", '{"text": "hi"}\n{"text": "he'))
    with pytest.raises(NotFound):
        read_logs(tmp_path / "nowhere.csv")
