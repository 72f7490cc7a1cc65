"""Redaction: what goes, what stays, and no hostile text that stalls it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cjm_widgets.text.redaction import redact


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Write to j.dupont+shop@mail.example.co.uk, please", "Write to [e-mail], please"),
        ("me (at) example.org", "[e-mail]"),
        ("Call 020 7946 0958 or (0161) 496 0000.", "Call [phone] or [phone]."),
        ("ring 07700 900123, +44 7700 900 123", "ring [phone], [phone]"),
        ("01 23 45 67 89 / 06.12.34.56.78", "[phone] / [phone]"),
        ("+33 (0)6 12 34 56 78 or 0033612345678", "[phone] or [phone]"),
        ("tél : 0123456789", "tél : [phone]"),
        ("555-867-5309", "[phone]"),
        ("paid with 4111 1111 1111 1111", "paid with [card number]"),
        ("paid with 4111111111111111!", "paid with [card number]!"),
        ("amex 3782 822463 10005", "amex [card number]"),
        ("IBAN FR76 3000 6000 0112 3456 7890 189 MERCI", "IBAN [IBAN] MERCI"),
        ("gb29nwbk60161331926819.", "[IBAN]."),
        ("see https://jo:pw@x.org/a?user=jo&id=3.", "see https://x.org/a?[address]."),
        ("www.x.org/p#jo", "www.x.org/p#[address]"),
    ],
)
def test_personal_data_is_replaced_by_what_it_was(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "order 0612345678, commande n° 0612345678, réf. 0123456789",
        "on 01/02/2024, 2024-01-02 and 10.02.2024 at 12:30",
        "12.50 €, 1 234,50 € and 1,000,000 of them",
        "card 4111 1111 1111 1112",
        "tracking 4111111111111111",
        "SIRET 732 829 320 00074",
        "parcel 6A12345678901, postcode 75011, id 00123456",
        "@shop is great, 5 @ 3 EUR, a@b",
        "https://x.org/page and www.x.org/?",
        "01 02 03 04 and 2025 03 04 05 06",
        "version 1.2.3.4, 10.0.0.1",
    ],
)
def test_order_numbers_prices_dates_and_addresses_of_pages_stay(text: str) -> None:
    assert redact(text) == text


def test_the_words_are_of_the_language_asked_for() -> None:
    assert redact("06 12 34 56 78, a.b@c.fr", "fr") == "[téléphone], [e-mail]"


@given(st.text())
def test_a_text_without_digits_and_addresses_is_left_alone(text: str) -> None:
    harmless = "".join(c for c in text if not c.isdigit() and c not in "@[(:") + "."
    assert redact(harmless) == harmless


@given(st.text(alphabet="0123456789 +-./()@aA:#?[]w\n", max_size=60), st.text(max_size=9))
def test_an_e_mail_address_never_gets_through(before: str, after: str) -> None:
    assert "ana@example" not in redact(f"{before} ana@example.org {after}")


@pytest.mark.parametrize(
    "piece",
    ["a@", "a.", "1 ", "+33 ", "http://", "0", "4111 ", "A0", "(", "FR76 3000 ", "a" * 64 + "@"],
)
def test_hostile_repetition_ends(piece: str) -> None:
    redact(piece * (200_000 // len(piece)))
