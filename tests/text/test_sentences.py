"""Sentences: where they end, where they do not, and that nothing is ever lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.text.sentences import sentences


def parts(text: str, language: str = "en") -> list[str]:
    return [text[a:b] for a, b in sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Mr. Smith went to Washington.", "He didn't like it."]),
        ("en", ["It cost $3.50.", "Too much!", "Really?!", "Yes."]),
        ("en", ['"Really?" she asked.', '"Yes."', "He left."]),
        ("en", ["Love it! 😍😍", "Will buy again 🙂.", "Bye :) ok"]),
        ("en", ["See http://x.com/?q=a.B!", "Then write to jean.Dupont@x.fr.", "Thanks."]),
        ("en", ["We moved to the U.S.", "The parcel is lost.", "In the U.S. Army we do."]),
        ("en", ["At 5 p.m. I called, etc.", "Nobody answered."]),
        ("en", ["the food was cold.", "the staff was rude, e.g. the porter."]),
        ("en", ["J. K. Rowling wrote it.", "Plan B.", "Then C."]),
        ("en", ["No.", "I said no.", "No. 5 was late."]),
        ("en", ["1. First thing.", "2. Second thing."]),
        ("en", ["(It was great.)", "But [really.]", "Ok."]),
        ("en", ["... and then we waited... and waited.", "Still nothing…", "Nobody came."]),
        ("fr", ["M. Dupont a appelé le no. 5 p. ex. hier.", "Quoi ? !", "Rien."]),
        ("fr", ["« Vraiment ? » dit-il.", "« Oui ! »", "Elle partit."]),
        ("fr", ["Mme Petit, Mlle. Roy, etc. sont venues.", "Voir art. 3 du contrat."]),
        ("fr", ["Livré en sept. 2024 (p. ex. lundi).", "Tél. : 01 23 45 67 89."]),
        ("fr", ["C'était cher, c.-à-d. 3,5 fois plus.", "Dommage !", "Bref…", "Tant pis."]),
        ("ja", ["これはいい。", "とても好き！"]),
    ],
)
def test_a_text_falls_into_the_sentences_a_reader_sees(language: str, expected: list[str]) -> None:
    assert parts(" ".join(expected), language) == expected


def test_every_line_break_ends_a_sentence() -> None:
    text = "ANA: hello there\r\nBOB: hi\n\n- slow checkout\n- no reply\u2028bye"
    assert parts(text) == [
        "ANA: hello there",
        "BOB: hi",
        "- slow checkout",
        "- no reply",
        "bye",
    ]


def test_a_missing_space_after_a_stop_does_not_hide_a_sentence() -> None:
    assert parts("The food was cold.The staff was rude!Never again.") == [
        "The food was cold.",
        "The staff was rude!",
        "Never again.",
    ]


def test_bullets_within_a_line_begin_sentences() -> None:
    assert parts("Bad: • slow • dear") == ["Bad:", "• slow", "• dear"]


def test_a_text_without_words_has_no_sentences() -> None:
    assert sentences("") == sentences(" \n\t\u00a0 ") == []


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *".!?…»«\"')(•:;,",
                " ",
                "\n",
                "\r\n",
                "\u202f",
                "Mr.",
                "etc.",
                "p. ex.",
                "U.S.",
                "😀",
                "👩‍👩‍👧",
                "e\u0301",
                "a@b.fr",
                "https://x.io/?a=b",
                "3.5",
                "Bon",
                "mot",
                "I",
                "1.",
            ]
        ),
        st.text(max_size=4),
    ),
    max_size=25,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), PIECES), st.sampled_from(["en", "fr", "de"]))
def test_ranges_are_ordered_trimmed_and_cover_every_visible_character(
    text: str, language: str
) -> None:
    end = 0
    for start, stop in sentences(text, language):
        assert end <= start < stop <= len(text)
        assert not text[end:start].strip()
        assert not text[start].isspace()
        assert not text[stop - 1].isspace()
        end = stop
    assert not text[end:].strip()


@pytest.mark.parametrize(
    "piece",
    ["a.B", ". ", "a. ", ".", " ", "! \t", "x", "a.Ba@", "».»", ":) ", "😀", "• ", "\n", "I."],
)
def test_hostile_repetition_is_split_without_blowing_up(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    ranges = sentences(text)
    assert all(a < b for a, b in ranges)
    assert sum(b - a for a, b in ranges) <= len(text)
