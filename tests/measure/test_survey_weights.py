"""Curves with survey weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.curves.curve import curve_of_units, emotion_curve
from cjm_widgets.measure.interval import mean_interval


def ratings(seed: int = 0, n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "stage": pd.Categorical(rng.choice(["find", "pay", "use"], n), ["find", "pay", "use"]),
            "valence": rng.uniform(-1, 1, n).round(2),
            "who": rng.integers(0, 20, n).astype(str),
            "weight": rng.uniform(0.2, 5, n),
            "group": rng.choice(["a", "b"], n),
        }
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.001, 1000))
def test_equal_weights_of_any_size_change_nothing(seed, size):
    frame = ratings(seed).assign(weight=size)
    plain = emotion_curve(frame, respondent="who", by="group")
    weighted = emotion_curve(frame, respondent="who", by="group", weights="weight")
    assert weighted["effective_n"].to_numpy() == pytest.approx(plain["n"].to_numpy())
    pd.testing.assert_frame_equal(weighted.drop(columns="effective_n"), plain, rtol=1e-8)


def test_the_mean_is_the_weighted_one_and_the_effective_n_is_that_of_kish():
    frame = ratings()
    curve = emotion_curve(frame, weights="weight").set_index("stage")
    for stage, rows in frame.groupby("stage", observed=True):
        w = rows["weight"]
        assert curve.loc[stage, "mean"] == pytest.approx(np.average(rows["valence"], weights=w))
        assert curve.loc[stage, "effective_n"] == pytest.approx(w.sum() ** 2 / (w**2).sum())
        assert curve.loc[stage, "n"] == len(rows)


def test_a_row_of_weight_zero_counts_for_nothing():
    frame = ratings()
    frame.loc[::3, "weight"] = 0.0
    kept = emotion_curve(frame[frame["weight"] > 0], respondent="who", weights="weight")
    pd.testing.assert_frame_equal(emotion_curve(frame, respondent="who", weights="weight"), kept)


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (-2.0, "1 of 60 rows have a negative weight, the first -2"),
        (np.nan, "1 of 60 rows have no weight"),
    ],
)
def test_negative_and_missing_weights_are_refused_with_their_number(weight, words):
    frame = ratings()
    frame.loc[7, "weight"] = weight
    with pytest.raises(ArgumentError, match=words):
        emotion_curve(frame, weights="weight")
    with pytest.raises(ArgumentError, match="all weights are 0"):
        emotion_curve(frame.assign(weight=0.0), weights="weight")
    with pytest.raises(UnknownName, match="'weight'"):
        emotion_curve(frame, weights="wieght")


def test_a_weight_may_be_missing_where_no_valence_is():
    frame = ratings()
    frame.loc[7, ["valence", "weight"]] = np.nan
    assert emotion_curve(frame, weights="weight")["n"].sum() == 59


def units(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "feedback": np.arange(len(frame)),
            "stage": frame["stage"].astype("str"),
            "valence": frame["valence"].astype("float64"),
            "known": True,
            "respondent": frame["who"].astype("str"),
            "predicted": False,
            "weight": frame["weight"],
        }
    )


def test_shares_and_the_largest_respondent_go_by_weight():
    frame = pd.DataFrame(
        {
            "stage": "pay",
            "valence": [-1.0, 1.0, 1.0, 1.0],
            "who": ["a", "b", "c", "d"],
            "weight": [9.0, 1.0, 1.0, 1.0],
        }
    )
    row = curve_of_units(units(frame), ["pay"], weights="weight").iloc[0]
    assert row["share_negative"] == row["largest"] == 0.75
    assert row["mean"] == pytest.approx(-0.5)
    assert row["grade"] == "thin"


def test_evidence_is_thin_where_a_few_weights_carry_all():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "stage": "pay",
            "valence": np.repeat([0.2, 0.3], 20),
            "who": [str(i) for i in range(40)],
            "weight": rng.pareto(0.7, 40) + 1e-3,
        }
    )
    weighted = curve_of_units(units(frame), ["pay"], weights="weight").iloc[0]
    assert weighted["effective_n"] < 10 <= weighted["respondents"]
    assert weighted["grade"] == "thin"
    assert curve_of_units(units(frame), ["pay"]).iloc[0]["grade"] == "solid"


def test_weighted_intervals_hold_the_mean_of_the_population():
    """Two kinds of people, one of them asked three times as often; clusters of three units."""
    rng = np.random.default_rng(5)
    hits, draws = 0, 400
    for _ in range(draws):
        kind = rng.random(40) < 0.75
        person = np.where(kind, 0.3, -0.3) + rng.normal(0, 0.15, 40)
        value = np.clip(np.repeat(person, 3) + rng.normal(0, 0.2, 120), -1, 1)
        frame = pd.DataFrame(
            {
                "stage": "pay",
                "valence": value,
                "who": np.repeat(np.arange(40), 3),
                "weight": np.repeat(np.where(kind, 1.0, 3.0), 3),
            }
        )
        row = emotion_curve(frame, respondent="who", weights="weight").iloc[0]
        hits += row["low"] <= 0.0 <= row["high"]
    # Half of the people are of each kind, so that the mean of all is 0.
    assert 0.92 <= hits / draws <= 0.98
    assert mean_interval(value, np.repeat(np.arange(40), 3)).value > 0
