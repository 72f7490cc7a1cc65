"""Units of a curve, from codings and from scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError, FrameError, UnknownName
from cjm_widgets.measure.curves.units import automatic_units, coded_units, packed
from cjm_widgets.model.columns import UNITS, check
from cjm_widgets.model.journey import Journey, Stage


def _codings(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["feedback", "respondent", "coder", "stage", "valence"])
    return frame.astype(
        {"feedback": "int64", "respondent": "str", "coder": "str", "stage": "str",
         "valence": "float64"}
    )  # fmt: skip


def _shown(units: pd.DataFrame) -> list[tuple]:
    check(units, UNITS, "test")
    return [
        (row.feedback, None if pd.isna(row.stage) else row.stage, row.valence)
        for row in units.itertuples()
    ]


def test_a_text_counts_once_however_many_coders_and_passages_it_has():
    units = coded_units(
        _codings(
            (1, "r1", "ana", "pay", 1.0),
            (1, "r1", "ana", "pay", 0.0),  # two passages of Ana: 0.5
            (1, "r1", "ben", "pay", -0.5),
            (1, "r1", "ben", "use", 1.0),
            (2, "r2", "ana", "pay", -1.0),
        )
    )
    assert _shown(units) == [(1, "pay", 0.0), (1, "use", 1.0), (2, "pay", -1.0)]
    assert units["known"].all()
    assert not units["predicted"].any()
    assert units["respondent"].tolist() == ["r1", "r1", "r2"]


def test_texts_without_a_stage_are_counted_once_and_gaps_stay_gaps():
    units = coded_units(
        _codings(
            (1, "r1", "ana", None, 0.5),
            (1, "r1", "ben", None, -0.5),
            (2, "r2", "ana", "pay", None),
            (2, "r2", "ana", None, 1.0),
        )
    )
    assert _shown(units)[0] == (1, None, 0.0)
    assert _shown(units)[1][:2] == (2, "pay")
    assert np.isnan(units.loc[1, "valence"])
    assert len(units) == 2


def test_texts_without_respondent_are_different_people():
    units = coded_units(
        _codings(
            (1, None, "ana", "pay", 1),
            (1, None, "ana", "use", 1),
            (2, None, "ana", "pay", 1),
            (3, "text 1", "ana", "pay", 1),
        )
    )
    who = units["respondent"].tolist()
    assert who[0] == who[1]
    assert len(set(who)) == 3


def test_sub_stages_count_for_the_stage_they_are_part_of():
    journey = Journey("j", (Stage("after"), Stage("delivery", parent="after")))
    units = coded_units(
        _codings((1, "r", "ana", "delivery", 1), (1, "r", "ana", "after", 0)), journey
    )
    assert _shown(units) == [(1, "after", 0.5)]
    with pytest.raises(UnknownName, match="elsewhere"):
        coded_units(_codings((1, "r", "ana", "elsewhere", 1)), journey)


def test_no_codings_are_no_units():
    units = coded_units(_codings())
    assert len(units) == 0
    check(units, UNITS, "test")
    with pytest.raises(FrameError, match="coder"):
        coded_units(_codings().drop(columns="coder"))


def _scores(*rows, unit="sentence") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["feedback", "start", "stop", "valence", "known"])
    frame = frame.assign(version=1, unit=unit, scorer="textblob", scorer_version="0.19")
    return frame.astype(
        {"feedback": "int64", "start": "int64", "stop": "int64", "valence": "float64",
         "known": "bool", "unit": "str", "scorer": "str", "scorer_version": "str"}
    )  # fmt: skip


WHO = pd.Series({1: "r1", 2: "r2"}, dtype="str")


def test_scores_count_once_per_text_and_stage():
    scores = _scores((1, 0, 9, 0.4, True), (1, 10, 20, 0.8, True), (2, 0, 5, -1, True))
    places = pd.DataFrame({"feedback": [1, 2], "stage": ["pay", "use"], "predicted": [True, False]})
    units = automatic_units(scores, places, WHO)
    assert _shown(units) == [(1, "pay", pytest.approx(0.6)), (2, "use", -1.0)]
    assert units["predicted"].tolist() == [True, False]


def test_no_known_word_is_no_evidence_unless_it_is_to_be_kept():
    scores = _scores((1, 0, 9, 0.0, False), (1, 10, 20, 0.8, True), (2, 0, 5, 0.0, False))
    places = pd.DataFrame({"feedback": [1, 2], "stage": ["pay", "pay"]})
    units = automatic_units(scores, places, WHO)
    assert units["known"].tolist() == [True, False]
    assert units["valence"].tolist() == [0.8, pytest.approx(np.nan, nan_ok=True)]
    kept = automatic_units(scores, places, WHO, unknown="keep")
    assert kept["valence"].tolist() == [pytest.approx(0.4), 0.0]


def test_a_stage_that_holds_for_a_range_takes_the_scores_inside_it():
    scores = _scores((1, 0, 10, 1.0, True), (1, 11, 20, -1.0, True), (2, 0, 5, 0.5, True))
    places = pd.DataFrame(
        {
            "feedback": [1, 1, 2],
            "stage": ["pay", "use", "use"],
            "predicted": [False, True, True],
            "start": pd.array([0, 9, None], dtype="Int64"),
            "stop": pd.array([10, 20, None], dtype="Int64"),
        }
    )
    assert _shown(automatic_units(scores, places, WHO)) == [
        (1, "pay", 1.0), (1, "use", -1.0), (2, "use", 0.5),
    ]  # fmt: skip


def test_a_stage_that_data_give_is_not_predicted_though_it_was_predicted_too():
    places = pd.DataFrame({"feedback": [1, 1], "stage": ["pay", "pay"], "predicted": [True, False]})
    units = automatic_units(_scores((1, 0, 9, 0.4, True)), places, WHO)
    assert units["predicted"].tolist() == [False]
    assert len(units) == 1


def test_scored_texts_without_a_stage_are_counted():
    scores = _scores((1, 0, 9, 0.4, True), (2, 0, 5, 0.2, True), (3, 0, 5, 0.2, True))
    places = pd.DataFrame({"feedback": [1, 2], "stage": ["pay", None]})
    units = automatic_units(scores, places, WHO)
    assert [(f, s) for f, s, _ in _shown(units)] == [(1, "pay"), (2, None), (3, None)]
    nowhere = automatic_units(scores, places.iloc[:0], WHO)
    assert nowhere["stage"].isna().all()
    assert len(nowhere) == 3


def test_no_scores_are_no_units():
    places = pd.DataFrame({"feedback": [1], "stage": ["pay"]})
    assert len(automatic_units(_scores(), places, WHO)) == 0


def test_scores_of_two_scorers_or_kinds_are_not_mixed():
    places = pd.DataFrame({"feedback": [1], "stage": ["pay"]})
    one, other = _scores((1, 0, 9, 0.4, True)), _scores((1, 0, 9, 0.2, True), unit="text")
    with pytest.raises(ArgumentError, match="'sentence', 'text'"):
        automatic_units(pd.concat([one, other], ignore_index=True), places, WHO)
    with pytest.raises(ArgumentError, match="'textblob', 'vader'"):
        automatic_units(
            pd.concat([one, one.assign(scorer="vader")], ignore_index=True).astype(
                {"scorer": "str"}
            ),
            places,
            WHO,
        )


def test_in_a_focus_group_a_text_counts_once_for_each_speaker():
    units = coded_units(
        _codings(
            (1, "zoe", "ana", "pay", 1.0),
            (1, "ted", "ana", "pay", -1.0),
            (1, "ted", "ana", "pay", 0.0),
            (1, None, "ana", "pay", 0.5),
        )
    )
    assert units["respondent"].tolist() == ["zoe", "ted", "text 1"]
    assert units["valence"].tolist() == [1.0, -0.5, 0.5]


def test_scores_of_a_focus_group_belong_to_who_speaks():
    scores = _scores((1, 0, 9, 0.4, True), (1, 10, 20, -0.8, True), (2, 0, 5, -1, True))
    places = pd.DataFrame({"feedback": [1, 2], "stage": ["pay", "pay"]})
    said = pd.Series({0: "zoe", 1: "ted"}, dtype="str")
    units = automatic_units(scores, places, WHO, speakers=said)
    assert units["respondent"].tolist() == ["zoe", "ted", "r2"]
    assert units["valence"].tolist() == [0.4, -0.8, -1.0]
    nowhere = automatic_units(scores, places.iloc[:0], WHO, speakers=said)
    assert nowhere["respondent"].tolist() == ["zoe", "ted", "r2"]
    assert nowhere["stage"].isna().all()


def _by_columns(codings: pd.DataFrame) -> pd.DataFrame:
    """Units by plain grouping over columns: slower, and easy to see through."""
    staged = codings["stage"].notna()
    beside = codings["feedback"].isin(codings.loc[staged, "feedback"])
    kept = codings[staged | ~beside]
    keys = ["feedback", "respondent", "stage"]
    how = {"sort": False, "dropna": False}
    by_coder = kept.groupby([*keys, "coder"], **how)["valence"].mean().reset_index()
    units = by_coder.groupby(keys, **how)["valence"].mean().reset_index()
    return units.sort_values("feedback", kind="stable", ignore_index=True)


_ROW = st.tuples(
    st.sampled_from([1, 2, 3, -7, 2**60]),
    st.sampled_from(["r1", "r2", None]),
    st.sampled_from(["ana", "ben", "cy"]),
    st.sampled_from(["pay", "use", None]),
    st.sampled_from([-1.0, -0.3, 0.1, 0.7, 1 / 3, None]),
)


@given(st.lists(_ROW, max_size=30))
def test_units_are_those_of_plain_grouping_to_the_last_digit(rows):
    codings = _codings(*rows)
    expected, units = _by_columns(codings), coded_units(codings)
    assert units["feedback"].tolist() == expected["feedback"].tolist()
    assert units["stage"].fillna("").tolist() == expected["stage"].fillna("").tolist()
    np.testing.assert_array_equal(units["valence"], expected["valence"])
    known = expected["respondent"].notna()
    assert units.loc[known, "respondent"].tolist() == expected.loc[known, "respondent"].tolist()
    check(units, UNITS, "test")


@given(
    st.lists(st.tuples(*[st.integers(-1, 2**31) for _ in range(5)]), min_size=1, max_size=20),
    st.data(),
)
def test_a_packed_number_is_equal_only_where_all_its_columns_are(rows, data):
    rows = rows + data.draw(st.lists(st.sampled_from(rows), max_size=5))
    columns = np.array(rows, dtype=np.int64).T
    key = packed(*columns).tolist()
    assert len(set(zip(key, rows, strict=True))) == len(set(rows)) == len(set(key))
