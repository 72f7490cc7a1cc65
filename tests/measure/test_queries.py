"""The query language, and tables of codes, against plain loops."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError
from cjm_widgets.measure.passages.code_tables import counted, crossed, frequencies
from cjm_widgets.measure.passages.queries import bears, parse, select, word_pattern

PASSAGES = pd.DataFrame(
    {
        "feedback": [1, 1, 1, 2, 2],
        "version": 1,
        "start": [0, 40, 900, 0, 5],
        "stop": [10, 50, 950, 100, 20],
        "valence": [-1.0, 1.0, np.nan, 0.5, -0.5],
        "codes": ["fees", "joy", "joy; fees", "fees", "joy"],
        "respondent": ["a", "a", "a", "b", "b"],
        "coder": ["ana", "ben", "ana", "ana", "ben"],
    }
)


def ask(query: str) -> list[int]:
    found = select(PASSAGES, query, lambda field, value: bears(PASSAGES, {value}))
    return np.flatnonzero(found).tolist()


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("fees", [0, 2, 3]),
        ("fees joy", [2]),
        ("fees AND joy", [2]),
        ("fees ET joy", [2]),
        ("fees OR joy", [0, 1, 2, 3, 4]),
        ("fees AND NOT joy", [0, 3]),
        ("fees SAUF joy", [0, 3]),
        ("NOT (fees OR joy)", []),
        ("joy valence<0", [4]),
        ("valence>=0,5", [1, 3]),
        ("valence=−1", [0]),
        ("n_codes>=2", [2]),
        ("fees NEAR/30 joy", [0, 3]),
        ("fees NEAR/29 joy", [3]),
        ("fees BEFORE/100 joy", [0]),
        ("joy AFTER/100 fees", [1]),
        ("joy INSIDE fees", [4]),
        ("fees HOLDS joy", [3]),
        ("fees OVERLAPS joy", [3]),
        ("(fees OR joy) OVERLAPS (fees OR joy)", [3, 4]),
        ('"fees"', [0, 2, 3]),
        ("near", []),
    ],
)
def test_queries_find(query, rows):
    assert ask(query) == rows


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "empty"),
        ("fees AND", "expected"),
        ("(fees", "not closed"),
        ("fees)", "nothing more"),
        ("AND fees", "expected"),
        ("fees NEAR/200", "expected"),
        (":", "no word"),
        ("(" * 200 + "fees" + ")" * 200, "too deep"),
        ("NOT " * 200 + "fees", "too deep"),
        ("fees " * 1000, "at most"),
        ("fees and joy", "AND is written in capitals"),
        ("not fees", "NOT is written in capitals"),
        (3, "not 3"),
    ],
)
def test_what_cannot_be_understood_is_shown_at_its_place(query, says):
    with pytest.raises(ArgumentError, match=says):
        ask(query)


def test_a_field_is_the_word_before_its_colon_and_names_with_spaces_are_quoted():
    asked = []

    def resolve(field, value):
        asked.append((field, value))
        return bears(PASSAGES, {value})

    select(PASSAGES, 'joy stage:fees NOT joy "first contact":fees', resolve)
    assert asked == [("", "joy"), ("stage", "fees"), ("", "joy"), ("first contact", "fees")]
    assert ask("joy x:fees") == [2]


def test_an_unknown_field_is_answered_with_the_fields():
    with pytest.raises(ArgumentError, match="attributes of the feedback"):
        select(PASSAGES, "nonsense:x", lambda field, value: None)


@settings(max_examples=200)
@given(st.text(alphabet='ab ()"NOTANDRE/5:<valence', max_size=40))
def test_no_text_makes_the_reader_fail_otherwise_than_politely(text):
    try:
        parse(text)
    except ArgumentError as error:
        assert str(error)  # noqa: PT017  # any text may be understood or refused


def test_words_match_whole_unless_a_star_says_otherwise():
    assert word_pattern("refund").search("a refund.")
    assert not word_pattern("refund").search("refunds")
    assert word_pattern("refund*").search("refunds")
    assert word_pattern("gift card").search("gift-card")
    assert not word_pattern("a.b").search("axb")


codings = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.integers(0, 20),
        st.integers(1, 15),
        st.sets(st.sampled_from(["a", "b", "c"])),
        st.sampled_from(["x", "y"]),
    ),
    max_size=9,
)


@settings(max_examples=120, deadline=None)
@given(codings)
def test_what_overlaps_is_what_a_plain_loop_finds(rows):
    passages = pd.DataFrame(
        [(f, 1, s, s + n, "; ".join(sorted(c)), r) for f, s, n, c, r in rows],
        columns=["feedback", "version", "start", "stop", "codes", "respondent"],
    ).astype({"codes": "str", "respondent": "str"})
    exploded = passages["codes"].str.split("; ").explode()
    labels = pd.DataFrame({"row": exploded.index, "label": exploded.to_numpy()})
    labels = labels[labels["label"] != ""]
    cells = crossed(labels, labels, passages, "overlap")
    got = {(r, c, p) for r, c, p in cells.itertuples(index=False)}
    wanted = set()
    for i, (f, s, n, c, _) in enumerate(rows):
        for j, (g, t, m, d, _) in enumerate(rows):
            if i == j or (f == g and s < t + m and t < s + n):
                wanted |= {(a, b, i) for a, b in itertools.product(c, d)}
    assert got == wanted
    table = counted(cells, passages, list("abc"), list("abc"), "respondents")
    for a, b in itertools.product("abc", repeat=2):
        people = {rows[p][4] for r, c, p in wanted if (r, c) == (a, b)}
        assert table.loc[a, b] == len(people)


def test_frequencies_count_passages_texts_people_and_those_of_codes_below():
    found = frequencies(PASSAGES, {"pains": {"fees"}, "fees": set(), "joy": set()}, 4)
    found = found.set_index("code")
    assert found.loc["fees", ["passages", "texts", "respondents"]].tolist() == [3, 2, 2]
    assert found.loc["pains", "passages"] == 0
    assert found.loc["pains", "passages_below"] == 3
    assert found.loc["joy", "share"] == pytest.approx(0.5)
    assert found.loc["fees", "valence"] == pytest.approx(-0.25)
    assert np.isnan(found.loc["pains", "valence"])
