"""Emotion curves of frames and of units."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError, FrameError, UnknownName
from cjm_widgets.measure.curves.curve import curve_of_units, emotion_curve
from cjm_widgets.model.columns import CURVE, check

COLUMNS = ["stage", "n", "respondents", "mean", "low", "high"]
PUBLISHED = {
    "Access": -0.24,
    "Care received": 0.16,
    "Communication": 0.06,
    "Couldn't be improved": 0.60,
    "Dignity": 0.18,
    "Environment/ facilities": -0.23,
    "Miscellaneous": 0.49,
    "Staff": 0.33,
    "Transition/coordination": -0.38,
}


def _frame(**columns) -> pd.DataFrame:
    return pd.DataFrame(
        {"stage": ["Pay", "Pay", "Use", "Use", "Use"], "valence": [-1, -0.5, 0.5, 0, 1]} | columns
    )


def test_it_has_the_promised_columns_and_kinds():
    curve = emotion_curve(_frame())
    assert list(curve.columns) == COLUMNS
    check(curve, CURVE, "test")
    assert curve["stage"].tolist() == ["Pay", "Use"]
    assert curve["n"].tolist() == curve["respondents"].tolist() == [2, 3]
    assert curve["mean"].tolist() == pytest.approx([-0.75, 0.5])


def test_the_hospital_comments_have_their_published_means(shared_data):
    frame = pd.read_csv(shared_data / "feedback_coded" / "nhs_phase1_text_data.csv")
    rating = pd.to_numeric(frame["criticality"], errors="coerce")
    frame["valence"] = rating.where(rating.abs() <= 5) / 5
    curve = emotion_curve(frame, stage="label").set_index("stage")
    assert curve["mean"].round(2).to_dict() == PUBLISHED
    assert curve["n"].sum() == rating.abs().le(5).sum()
    assert (curve["low"] < curve["mean"]).all()
    assert (curve["high"] > curve["mean"]).all()


def test_a_stage_without_valence_is_a_gap_and_rows_without_stage_are_left_out():
    frame = pd.DataFrame(
        {
            "stage": ["Find", None, "Pay", "", "Pay", "  "],
            "valence": [None, 0.9, 0.1, 0.9, 0.3, 0.9],
        }
    )
    curve = emotion_curve(frame)
    assert curve["stage"].tolist() == ["Find", "Pay"]
    assert curve["n"].tolist() == [0, 2]
    assert curve.loc[0, ["mean", "low", "high"]].isna().all()


def test_categories_give_the_order_and_stay_when_empty():
    order = pd.CategoricalDtype(["Use", "Pay", "Leave"])
    curve = emotion_curve(_frame().astype({"stage": order}))
    assert curve["stage"].tolist() == ["Use", "Pay", "Leave"]
    assert curve["n"].tolist() == [3, 2, 0]


def test_numbers_as_stages_are_written_plainly():
    curve = emotion_curve(pd.DataFrame({"stage": [2.0, 1.0, None], "valence": [0.1, 0.2, 0.3]}))
    assert curve["stage"].tolist() == ["2", "1"]


def test_texts_of_one_respondent_weigh_as_one_voice():
    rng = np.random.default_rng(2)
    person = np.repeat(np.arange(12), 8)
    valence = np.clip(rng.normal(0, 0.4, 12)[person] + rng.normal(0, 0.1, 96), -1, 1)
    frame = pd.DataFrame({"stage": "Use", "valence": valence, "who": person})
    clustered, naive = emotion_curve(frame, respondent="who"), emotion_curve(frame)
    assert clustered.loc[0, "respondents"] == 12
    assert naive.loc[0, "respondents"] == 96
    width, plain = ((c["high"] - c["low"])[0] for c in (clustered, naive))
    assert width > 2 * plain


def test_missing_respondents_are_each_a_cluster():
    frame = _frame(who=[None, None, "ana", None, ""])
    pd.testing.assert_frame_equal(emotion_curve(frame, respondent="who"), emotion_curve(frame))


def test_a_groups_curve_is_the_one_of_its_rows_alone():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "stage": rng.choice(["a", "b", "c"], 90),
            "valence": rng.uniform(-1, 1, 90),
            "who": rng.integers(0, 20, 90),
            "persona": rng.choice(["new", "regular"], 90),
        }
    )
    frame.loc[0, "persona"] = None
    both = emotion_curve(frame, respondent="who", by="persona")
    assert list(both.columns) == ["persona", *COLUMNS]
    for name in ("new", "regular"):
        part = both[both["persona"] == name].set_index("stage")
        alone = emotion_curve(frame[frame["persona"] == name], respondent="who")
        pd.testing.assert_frame_equal(
            part.drop(columns="persona").sort_index(), alone.set_index("stage").sort_index()
        )


def test_groups_of_numbers_or_times_are_sorted_and_keep_their_type():
    when = pd.to_datetime(["2025-04-01", "2025-01-01", "2025-04-01", "2025-01-01", None])
    curve = emotion_curve(_frame(quarter=when), by="quarter")
    assert curve["quarter"].dt.month.tolist() == [1, 1, 4, 4]
    assert emotion_curve(_frame(age=[30, 20, 30, 20, 20]), by="age")["age"].tolist() == [
        20, 20, 30, 30,
    ]  # fmt: skip


def test_an_empty_frame_has_an_empty_curve():
    empty = pd.DataFrame({"stage": pd.Series([], dtype="str"), "valence": pd.Series(dtype=float)})
    curve = emotion_curve(empty)
    assert list(curve.columns) == COLUMNS
    assert len(curve) == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"valence": [0, 0, "bad", 0, 0]}, r"row 2, .*'bad'.*to_numeric"),
        ({"valence": [0, 0, 0, 2, -5]}, r"row 3, .*has 2; allowed is -1 to 1.*/ 5"),
        ({"valence": [1, 2, 3, 4, 5]}, r"row 1, .*- 3\) / 2"),
        ({"valence": [0, 10, 3, 4, 5]}, r"- 5\) / 5 for a scale of 0…10"),
        ({"valence": [0, 0, 0, 0, np.inf]}, "inf"),
        ({"valence": [True, False, True, True, True]}, "true and false"),
    ],
)
def test_valences_off_the_scale_are_refused_with_the_remedy(change, said):
    with pytest.raises(ArgumentError, match=said):
        emotion_curve(_frame(**change))


def test_a_missing_column_is_named_with_a_near_one():
    with pytest.raises(UnknownName, match="did you mean 'stage'"):
        emotion_curve(_frame(), stage="stages")
    with pytest.raises(KeyError, match="respondent"):
        emotion_curve(_frame(), respondent="who")
    with pytest.raises(ArgumentError, match="2 columns"):
        emotion_curve(pd.concat([_frame(), _frame()[["stage"]]], axis=1))
    with pytest.raises(ArgumentError, match="DataFrame"):
        emotion_curve([1, 2])
    with pytest.raises(ArgumentError, match="rename"):
        emotion_curve(_frame(mean=1), by="mean")


def test_the_frame_is_left_as_it_was():
    frame = _frame(who=["a", None, "b", "b", "c"])
    before = frame.copy(deep=True)
    emotion_curve(frame, respondent="who", by="who")
    pd.testing.assert_frame_equal(frame, before)


def _units(stage, valence, respondent=None, **columns) -> pd.DataFrame:
    n = len(stage)
    who = [f"r{k}" for k in range(n)] if respondent is None else respondent
    return pd.DataFrame(
        {
            "feedback": np.arange(n),
            "stage": pd.Series(stage, dtype="str"),
            "valence": pd.Series(valence, dtype="float64"),
            "known": True,
            "respondent": pd.Series(who, dtype="str"),
            "predicted": False,
        }
        | columns
    )


def test_units_give_a_row_for_every_stage_in_the_journeys_order():
    curve = curve_of_units(_units(["b", "b", None], [0.2, 0.4, 0.9]), ["a", "b", "c"])
    assert curve["stage"].tolist() == ["a", "b", "c"]
    assert curve["n"].tolist() == [0, 2, 0]
    assert curve["grade"].tolist() == ["none", "thin", "none"]
    assert curve.loc[0, ["mean", "share_neutral", "unknown", "predicted", "largest"]].isna().all()
    check(curve, CURVE, "test")


def test_shares_say_what_a_mean_hides():
    units = _units(
        ["a"] * 6,
        [-1, 1, 0.1, -0.1, None, None],
        known=[True, True, True, False, False, True],
        predicted=[True, False, False, False, False, True],
    )
    row = curve_of_units(units, ["a"]).iloc[0]
    assert row["n"] == 4
    assert row["mean"] == 0
    assert [row[f"share_{s}"] for s in ("negative", "neutral", "positive")] == [0.25, 0.5, 0.25]
    assert row["unknown"] == row["predicted"] == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("valence", "who", "grade"),
    [
        (np.tile([0.2, 0.4], 6), None, "solid"),
        (np.tile([0.2, 0.4], 4), None, "thin"),  # eight respondents
        (np.tile([-1.0, 1.0], 6), None, "thin"),  # a half-width of .66
        (np.tile([0.2, 0.4], 15), ["hog"] * 16 + list("abcdefghijklmn"), "thin"),
        (np.tile([0.2, 0.4], 15), ["hog"] * 15 + list("abcdefghijklmno"), "solid"),
    ],
)
def test_evidence_is_graded(valence, who, grade):
    assert (
        curve_of_units(_units(["a"] * len(valence), valence, who), ["a"]).loc[0, "grade"] == grade
    )


def test_a_stage_far_from_all_others_stands_apart_and_a_close_one_does_not():
    rng = np.random.default_rng(0)
    stages = np.repeat(["a", "b", "c", "d", "e"], 60)
    middle = np.repeat([0.1, 0.12, 0.14, -0.5, 0.1], 60)
    valence = np.clip(middle + rng.normal(0, 0.3, 300), -1, 1)
    units = _units(stages, valence)
    curve = curve_of_units(units, list("abcde")).set_index("stage")
    assert curve["stands_apart"].to_dict() == {s: s == "d" for s in "abcde"}
    thin = units[(units["stage"] != "d") | (units.index % 60 < 8)].reset_index(drop=True)
    assert not curve_of_units(thin, list("abcde"))["stands_apart"].any()


def test_with_three_stages_nobody_can_say_which_stands_apart():
    rng = np.random.default_rng(0)
    valence = np.clip(np.repeat([-0.6, 0.6, 0.6], 50) + rng.normal(0, 0.2, 150), -1, 1)
    units = _units(np.repeat(list("abc"), 50), valence)
    assert not curve_of_units(units, list("abc"))["stands_apart"].any()


def test_a_difference_too_small_to_matter_does_not_stand_apart_however_sure_it_is():
    rng = np.random.default_rng(0)
    valence = np.repeat([0.1, 0.1, 0.1, 0.18], 3000) + rng.uniform(-0.1, 0.1, 12000)
    curve = curve_of_units(_units(np.repeat(list("abcd"), 3000), valence), list("abcd"))
    assert (curve["high"] - curve["low"]).max() < 0.01
    assert not curve["stands_apart"].any()


def test_people_who_speak_of_every_stage_are_their_own_yardstick():
    rng = np.random.default_rng(1)
    mood = rng.uniform(-0.5, 0.5, 16)
    stages = np.repeat(list("abcd"), 16)
    valence = np.tile(mood, 4) + np.repeat([0.0, 0.3, 0.0, 0.0], 16) + rng.normal(0, 0.02, 64)
    same = _units(stages, valence, [f"r{k}" for k in range(16)] * 4)
    apart = curve_of_units(same, list("abcd"))["stands_apart"]
    assert apart.tolist() == [False, True, False, False]
    assert not curve_of_units(_units(stages, valence), list("abcd"))["stands_apart"].any()


def test_stages_that_do_not_differ_rarely_stand_apart():
    rng = np.random.default_rng(7)
    draws, stages, people = 60, 6, 30
    alarms = 0
    for _ in range(draws):
        valence = np.clip(rng.normal(0.1, 0.4, stages * people), -1, 1)
        units = _units(np.repeat(list("abcdef"), people), valence)
        alarms += curve_of_units(units, list("abcdef"))["stands_apart"].any()
    assert alarms <= 0.05 * draws


def test_groups_with_few_respondents_are_not_shown():
    units = _units(["a"] * 8, np.linspace(0, 0.7, 8), persona=["new"] * 3 + ["old"] * 5)
    curve = curve_of_units(units, ["a"], by="persona", minimum=5).set_index("persona")
    assert curve["suppressed"].to_dict() == {"new": True, "old": False}
    assert curve.loc["new", ["n", "respondents"]].tolist() == [0, 0]
    assert curve.loc["new", ["mean", "low", "largest", "share_positive", "unknown"]].isna().all()
    assert curve.loc["new", "grade"] == "none"
    assert curve.loc["old", "n"] == 5


def test_units_are_held_against_their_contract():
    units = _units(["a"], [0.1])
    with pytest.raises(FrameError, match="known"):
        curve_of_units(units.drop(columns="known"), ["a"])
    with pytest.raises(UnknownName, match="'a'"):
        curve_of_units(units, ["b"])
    with pytest.raises(ArgumentError, match="twice"):
        curve_of_units(units, ["a", "a"])
    with pytest.raises(ArgumentError, match="minimum"):
        curve_of_units(units, ["a"], minimum=0)
    with pytest.raises(UnknownName, match="persona"):
        curve_of_units(units, ["a"], by="persona")
    with pytest.raises(ArgumentError, match="-1 to 1"):
        curve_of_units(_units(["a"], [4.0]), ["a"])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", None]),
            st.one_of(st.none(), st.floats(-1, 1)),
            st.sampled_from(["x", "y", "z"]),
        ),
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_any_units_in_any_order_give_one_sane_curve(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)

    def curve(table):
        stage, valence, who = zip(*table, strict=True) if table else ((), (), ())
        return curve_of_units(_units(list(stage), list(valence), list(who)), ["a", "b", "c"])

    one = curve(rows)
    pd.testing.assert_frame_equal(one, curve(shuffled), check_exact=False, atol=1e-9)
    seen = one[one["n"] > 0]
    assert (seen["mean"].between(-1 - 1e-12, 1 + 1e-12)).all()
    shares = seen[["share_negative", "share_neutral", "share_positive"]].sum(axis=1)
    assert np.allclose(shares, 1)
    bounded = seen.dropna(subset="low")
    assert (bounded["low"] <= bounded["mean"]).all()
    assert (bounded["mean"] <= bounded["high"]).all()
    assert (one["n"] == 0).eq(one["grade"] == "none").all()
