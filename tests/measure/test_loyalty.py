"""NPS, CSAT and CES."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError
from cjm_widgets.measure.loyalty import ces, ces_easy, csat, nps, wilson


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_nps_is_what_counting_gives(ratings):
    promoters = sum(r in (9, 10) for r in ratings)
    detractors = sum(r < 7 for r in ratings)
    found = nps(ratings)
    assert found.value == pytest.approx(100 * (promoters - detractors) / len(ratings))
    assert -100 <= found.low <= found.value <= found.high <= 100
    assert found.n == len(ratings)
    turned = nps(ratings[::-1])
    assert turned == found


@pytest.mark.parametrize("n", [8, 15, 30, 100])
@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.2), (0.85, 0.1, 0.05), (0.2, 0.3, 0.5)])
def test_the_interval_of_nps_covers(n, shares):
    rng = np.random.default_rng(3)
    truth, draws = 100 * (shares[0] - shares[2]), 1500
    held = 0
    for _ in range(draws):
        found = nps(rng.choice([10, 8, 2], n, p=shares))
        held += found.low <= truth <= found.high
    assert 0.93 <= held / draws <= 0.98


@given(st.integers(1, 300), st.data())
@settings(max_examples=60, deadline=None)
def test_wilson_solves_its_equation(n, data):
    successes = data.draw(st.integers(0, n))
    p = successes / n
    for end in wilson(successes, n):
        assert 0 <= end <= 1
        if 1e-9 < end < 1 - 1e-9:
            assert abs(p - end) / math.sqrt(end * (1 - end) / n) == pytest.approx(1.959964, 1e-5)


def test_missing_answers_are_ignored():
    assert nps([9, None, math.nan, pd.NA, 3]).n == 2
    assert nps(pd.Series([9, 3, None], dtype="Int64")) == nps([9, 3])
    assert nps(np.array([9.0, np.nan])).value == 100


@pytest.mark.parametrize("measure", [nps, csat, ces, ces_easy])
def test_no_answers_are_no_evidence(measure):
    for nothing in ([], [None], pd.Series([], dtype="float64")):
        found = measure(nothing)
        assert found.n == 0
        assert math.isnan(found.value)
        assert math.isnan(found.low)


@pytest.mark.parametrize(
    ("measure", "ratings", "said"),
    [
        (nps, [9, 11], "row 1, counted from 0, has 11; allowed is 0 to 10"),
        (nps, [-1], "row 0"),
        (nps, [9.5], "9.5"),
        (nps, ["9", "10"], "'9'"),
        (nps, [True, False], "true and false"),
        (nps, "910", "list of numbers"),
        (csat, [5, 6], "row 1.*1 to 5.*scale="),
        (csat, [0], "row 0"),
        (ces, [8], "1 to 7"),
        (ces_easy, [0], "1 to 7"),
        (ces, pd.Series([3, 9], index=["x", "y"]), r"row 1, counted from 0 \(index 'y'\)"),
    ],
)
def test_answers_off_the_scale_are_refused_by_place_and_value(measure, ratings, said):
    with pytest.raises(ArgumentError, match=said):
        measure(ratings)


def test_csat_counts_the_top_steps_of_its_scale():
    assert csat([5, 4, 3, 1]).value == 50
    assert csat([5, 4, 3, 1], top=1).value == 25
    assert csat([7, 6, 5], scale=7).value == pytest.approx(200 / 3)
    assert csat([10, 9, 8], scale=10).value == pytest.approx(200 / 3)
    assert csat([10, 9, 0], scale=(0, 10)).value == pytest.approx(200 / 3)
    assert csat([2, 1, -2], scale=(-2, 2)).value == pytest.approx(200 / 3)


@pytest.mark.parametrize(
    "wrong", [{"top": 0}, {"top": 5}, {"top": True}, {"top": 1.5}, {"scale": 0}, {"scale": "5"},
              {"scale": (5, 1)}, {"scale": (1, 2, 3)}]
)  # fmt: skip
def test_a_scale_or_top_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ArgumentError, match=next(iter(wrong))):
        csat([3], **wrong)


def test_ces_stays_on_its_scale_and_one_answer_has_no_interval():
    found = ces([7, 7, 7, 6])
    assert found.high == 7
    assert math.isnan(ces([5]).low)
    agreed = ces([6, 6, 6])
    assert agreed.low < 6 < agreed.high
