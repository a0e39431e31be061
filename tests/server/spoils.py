"""Misdeeds of the model: answers that are not what was asked for."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace

from tests.server.calls import Answer, Call
from tests.server.script import Misdeed
from tests.server.writer import Writer


def as_json(answer: Answer) -> str:
    """The entries as they are asked for."""
    return json.dumps({"inputs": answer.entries}, ensure_ascii=False)


def written(name: str, write: Callable[[Answer], str]) -> Misdeed:
    """The same inputs, written otherwise."""

    def spoil(answer: Answer, _: Call, __: Writer) -> Answer:
        return replace(answer, text=write(answer))

    return Misdeed(name, spoil=spoil)


def fenced() -> Misdeed:
    """In a Markdown fence."""
    return written("fenced", lambda answer: f"```json\n{as_json(answer)}\n```")


def prose() -> Misdeed:
    """With a preamble and a closing word, and a fence between them."""
    before, behind = "Sure! Here are the messages:", "Let me know if you want more."
    return written("prose", lambda answer: f"{before}\n\n```json\n{as_json(answer)}\n```\n\n{behind}")


def thinking() -> Misdeed:
    """After thoughts that hold braces and numbers themselves."""
    thoughts = '<think>\nI need {"inputs": [...]} here.\n1. who writes\n2. what for\n</think>\n\n'
    return written("thinking", lambda answer: thoughts + as_json(answer))


def json_lines() -> Misdeed:
    """One object a line."""
    return written("json lines", lambda answer: "\n".join(json.dumps(e, ensure_ascii=False) for e in answer.entries))


def bare_list() -> Misdeed:
    """The list without its key."""
    return written("bare list", lambda answer: json.dumps(answer.entries, ensure_ascii=False))


def numbered_list() -> Misdeed:
    """No JSON at all."""
    return written("numbered list", lambda a: "\n".join(f"{e['slot']}. {_said(e)}" for e in a.entries))


def wrong_keys() -> Misdeed:
    """Under names of its own."""
    return written(
        "wrong keys",
        lambda a: json.dumps({"user_messages": [{"id": e["slot"], "message": _said(e)} for e in a.entries]}),
    )


def trailing_commas() -> Misdeed:
    """Commas behind the last of everything."""

    def write(answer: Answer) -> str:
        return re.sub(r'("|\d)\s*([}\]])', r"\1,\2", as_json(answer))[:-2] + ",]}"

    return written("trailing commas", write)


def single_quotes() -> Misdeed:
    """As Python would write it."""
    return written("single quotes", lambda answer: repr({"inputs": answer.entries}))


def html_entities() -> Misdeed:
    """Escaped for a web page."""
    return written("html entities", lambda answer: html.escape(as_json(answer)))


def integers() -> Misdeed:
    """Numbers where objects should be."""
    return written("integers", lambda answer: json.dumps({"inputs": list(range(len(answer.entries)))}))


def empty() -> Misdeed:
    """Nothing."""
    return written("empty", lambda answer: "")


def null_content() -> Misdeed:
    """Not even an empty text."""
    return Misdeed("null", spoil=lambda answer, _, __: replace(answer, text=None))


def truncated(share: float = 0.6) -> Misdeed:
    """Cut off by max_tokens."""

    def spoil(answer: Answer, _: Call, __: Writer) -> Answer:
        whole = as_json(answer)
        return replace(answer, text=whole[: int(len(whole) * share)], finish="length")

    return Misdeed("truncated", spoil=spoil)


def refusal() -> Misdeed:
    """The model will not."""
    said = "I'm sorry, but I can't help with that."
    return Misdeed("refusal", spoil=lambda a, _, __: replace(a, text=None, refusal=said, finish="refused"))


def filtered() -> Misdeed:
    """The vendor's filter stepped in."""
    return Misdeed("filtered", spoil=lambda a, _, __: replace(a, text="", finish="filtered"))


def thoughtful(tokens: int = 500) -> Misdeed:
    """It thinks before it writes, and that is billed."""
    return Misdeed("thoughtful", spoil=lambda answer, _, __: replace(answer, thinking=tokens))


def changed(name: str, change: Callable[[Answer, Call, Writer], list[dict[str, object]]]) -> Misdeed:
    """Other inputs, written as asked."""

    def spoil(answer: Answer, call: Call, writer: Writer) -> Answer:
        answer = replace(answer, entries=change(answer, call, writer))
        return replace(answer, text=as_json(answer))

    return Misdeed(name, spoil=spoil)


def fewer(count: int = 3) -> Misdeed:
    """Only the first few."""
    return changed("fewer", lambda answer, _, __: answer.entries[:count])


def more(count: int = 5) -> Misdeed:
    """Second versions of the first few slots, and one for a slot that nobody asked for."""

    def add(answer: Answer, call: Call, writer: Writer) -> list[dict[str, object]]:
        again = [{**entry, "text": writer.write(a)[0]} for entry, a in zip(answer.entries, call.asked, strict=False)]
        return [*answer.entries, *again[: count - 1], {"slot": 999_999, "text": "Nobody asked for this one here."}]

    return changed("more", add)


def duplicates() -> Misdeed:
    """The same text for every slot, each in another case or with another mark."""

    def repeat(answer: Answer, _: Call, __: Writer) -> list[dict[str, object]]:
        text = _said(answer.entries[0])
        forms = (text, text.upper(), f"{text}!", f" {text.lower()} ")
        return [{**entry, "text": forms[i % 4]} for i, entry in enumerate(answer.entries)]

    return changed("duplicates", repeat)


def wrong_language(code: str = "de") -> Misdeed:
    """In another language than was asked for."""

    def write(answer: Answer, call: Call, writer: Writer) -> list[dict[str, object]]:
        asked = [replace(a, language=code, words=max(8, a.words)) for a in call.asked]
        return [{"slot": a.slot, "text": writer.write(a)[0]} for a in asked]

    return changed("wrong language", write)


def unknown_persona(name: str = "Brenda Quux") -> Misdeed:
    """Each entry says whom it is for, and nobody knows her."""
    return changed("unknown persona", lambda a, _, __: [{"persona": name, "persona_id": name, **e} for e in a.entries])


def _said(entry: dict[str, object]) -> str:
    turns = entry.get("turns")
    return str(turns[0] if isinstance(turns, list) else entry.get("text", ""))
