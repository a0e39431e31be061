"""Personal data taken out of real messages: a table of what is caught, a table of what stays, and laws."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxloop.curation.names import people_in
from fluxloop.curation.scrub import KINDS, passes_iban, passes_luhn, scrub

CAUGHT = {
    "email": [
        ("mail me at ann.k+shop@example.co.uk please", "mail me at [email] please"),
        ("ann(at)example.org is mine", "[email] is mine"),
        ("<bob_1@mail.example.org>", "<[email]>"),
    ],
    "phone": [
        ("call +44 20 7946 0958.", "call [phone]."),
        ("my number is (555) 010-4477", "my number is [phone]"),
        ("555-010-4477 or 555.010.4478", "[phone] or [phone]"),
        ("ring me 0171 5550123", "ring me [phone]"),
        ("+491715550123", "[phone]"),
    ],
    "card": [
        ("card 4111 1111 1111 1111 was charged", "card [card] was charged"),
        ("4111-1111-1111-1111", "[card]"),
        ("its 378282246310005", "its [card]"),
    ],
    "iban": [
        ("pay to DE89 3704 0044 0532 0130 00 now", "pay to [iban] now"),
        ("GB82WEST12345698765432", "[iban]"),
    ],
    "link": [
        ("see https://shop.example.org/reset?token=abc123&u=7, it fails", "see [link], it fails"),
        ("https://ann:pw@example.org/x", "[link]"),
        ("www.example.org/share/1AbC2dEf3GhI4jKl5 does not open", "[link] does not open"),
        ("(https://example.org/orders/20841733)", "([link])"),
    ],
    "secret": [
        ("my key is sk-abcdefghij1234567890KLMN and", "my key is [secret] and"),
        ("password: hunter2022!", "password: [secret]"),
        ("id 123e4567-e89b-12d3-a456-426614174000 fails", "id [secret] fails"),
        ("a1b2c3d4e5f6a7b8c9d0e1f2 is the hash", "[secret] is the hash"),
    ],
    "id": [("ssn 078-05-1120", "ssn [id]")],
    "ip": [("blocked 203.0.113.7 again", "blocked [ip] again")],
    "date": [
        ("born 12.03.1980 in Bern", "born [date] in Bern"),
        ("DOB: March 3, 1980", "DOB: [date]"),
    ],
    "number": [
        ("account 30077214 is closed", "account [number] is closed"),
        ("4111 1111 1111 1112 is declined", "[number] is declined"),
    ],
    "address": [
        ("send it to 12 Baker Street please", "send it to [address] please"),
        ("Lindenstraße 4a, bitte", "[address], bitte"),
    ],
    "name": [
        ("my name is anna kovacs", "my name is [name]"),
        ("Hi, my name is Anna and I lost my card", "Hi, my name is [name] and I lost my card"),
        ("Mein Name ist Jonas Weber, hallo", "Mein Name ist [name], hallo"),
        ("Dear Ms Kovacs,", "Dear Ms [name],"),
        ("no slot with Dr. O'Neill's team", "no slot with Dr. [name]'s team"),
        ("I'm Anna Kovacs, a customer", "I'm [name], a customer"),
        ("Hi Priya, it still fails", "Hi [name], it still fails"),
        ("where is it? Thanks, Anna", "where is it? Thanks, [name]"),
        ("please hurry\nRegards\nAnna Kovacs", "please hurry\nRegards\n[name]"),
        ("@anna_k can you look", "@[name] can you look"),
        ("chris168: it works now", "[name]: it works now"),
    ],
}
KEPT = [
    "I paid 10,000,000 and 1.000.000,00 and 1 000 000 and 14.00",
    "it was 2026-01-15 10:30:00, or 15/01/2026, or 15.01.2026 at 10:30",
    "order 208037, invoice INV-2024-118 and version 1.2.3 from 2024-2026",
    "INV-20418: 19% VAT",
    "error 500 in line 4711, 24/7",
    "12.5 x 10.25 and 0.5671297731744318",
    "see https://docs.example.org/api/v2/webhooks and www.example.org",
    "my name is wrong on the invoice",
    "my name is spelled with a k",
    "my name isn't there",
    "Hi I've been waiting",
    "Hi there, Hello Team, Hey all",
    "This is urgent. This is Monday's order",
    "I'm Stuck here, I'm on Android",
    "Thanks, it works",
    "thanks. bye",
    "what is the password rule? I forgot my password",
    "the token expired and the PIN is blocked",
    "MT103 and A4 and COVID19: fine",
    "`[@name='x']` and @tanstack/vue-query",
    "I live on a street in Paris",
    "the Drive is full, 12 Files lost",
    "👍🏽 شكرا 日本語です",
]


@pytest.mark.parametrize(("kind", "before", "after"), [(kind, *row) for kind, rows in CAUGHT.items() for row in rows])
def test_personal_data_is_replaced_by_its_kind(kind: str, before: str, after: str) -> None:
    """Nothing but the find itself goes, and its kind is told."""
    found = scrub(before)
    assert found.text == after and set(found.kinds) == {kind}


@pytest.mark.parametrize("text", KEPT)
def test_what_leads_to_nobody_stays(text: str) -> None:
    """Amounts, dates, versions, short references, plain links, and words where a name could stand."""
    assert scrub(text).text == text


def test_every_kind_has_examples() -> None:
    """A kind without a line in the table would be an untested promise."""
    assert {kind.name for kind in KINDS} | {"name"} == set(CAUGHT)


def test_people_of_the_log_are_known_by_name() -> None:
    """Users named in a log are taken out wherever they stand; numbers and everyday words are no names."""
    people = people_in(["anna kovacs", "1007", "u7", "support", "Ann"])
    assert people == ("anna kovacs",)
    assert scrub("ask Anna Kovacs, she knows", people).text == "ask [name], she knows"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    """A placeholder is no personal data."""
    once = scrub(text).text
    assert scrub(once).text == once


@given(st.integers(min_value=10**14, max_value=10**15 - 1), st.integers(min_value=1, max_value=9))
def test_a_wrong_digit_breaks_the_check_sum(stem: int, off: int) -> None:
    """Luhn catches every single wrong digit."""
    whole = next(f"{stem}{digit}" for digit in range(10) if passes_luhn(f"{stem}{digit}"))
    wrong = whole[:-1] + str((int(whole[-1]) + off) % 10)
    assert not passes_luhn(wrong)


def test_an_iban_is_known_by_its_check_sum() -> None:
    """Two letters and some digits are a reference like any other."""
    assert passes_iban("DE89 3704 0044 0532 0130 00") and not passes_iban("DE88 3704 0044 0532 0130 00")


@pytest.mark.parametrize("part", ["x", "1 ", "a-", "1.", "A", "/a1", "x@", "Dear ", "(1"])
def test_no_text_takes_long(part: str) -> None:
    """A pasted log of thousands of characters is scrubbed in a moment, whatever it is made of."""
    start = time.perf_counter()
    scrub(part * 20_000)
    assert time.perf_counter() - start < 2
