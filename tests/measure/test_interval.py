"""Means with intervals clustered by respondent."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cjm_widgets.errors import ArgumentError
from cjm_widgets.measure.interval import (
    cells,
    clustered_variance,
    grouped_means,
    intraclass_correlation,
    mean_interval,
)

BOUNDS = (-1.0, 1.0)
valences = st.integers(-8, 8).map(lambda step: step / 8)


def _one(values: list[float], who: list[int]):
    return cells(
        np.array(values), np.zeros(len(values), dtype=np.int64), 1, np.array(who, dtype=np.int64)
    )


@given(st.lists(st.tuples(valences, st.integers(0, 5)), min_size=2, max_size=40))
@settings(max_examples=150, deadline=None)
def test_variance_and_degrees_of_freedom_are_those_of_the_matrices(pairs):
    values, who = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    people, code = np.unique(who, return_inverse=True)
    variance, df = clustered_variance(_one(list(values), list(who)))
    if len(people) == 1:
        assert math.isnan(variance[0])
        assert df[0] == 0
        return
    n, m = len(values), np.bincount(code).astype(float)
    e = np.bincount(code, values - values.mean())
    s = (1 - m / n) ** -0.5 / n
    matrix = np.outer(s, s) * (np.diag(m) - np.outer(m, m) / n)
    assert variance[0] == pytest.approx((e**2 / (1 - m / n)).sum() / n**2, abs=1e-15)
    assert df[0] == pytest.approx(np.trace(matrix) ** 2 / (matrix**2).sum())


@given(st.lists(valences, min_size=2, max_size=30).filter(lambda v: len(set(v)) > 1))
@settings(max_examples=60, deadline=None)
def test_without_clusters_it_is_students_interval(values):
    found = mean_interval(values)
    low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
    assert (found.value, found.low, found.high) == pytest.approx((np.mean(values), low, high))
    own = mean_interval(values, respondents=[f"r{k}" for k in range(len(values))])
    assert own == found


def test_moderation_is_the_published_formula_where_each_unit_has_its_own_respondent():
    rng = np.random.default_rng(5)
    values = rng.normal(0, 0.3, 18)
    groups = np.repeat([0, 1, 2], [4, 6, 8])
    found = grouped_means(cells(values, groups, 3))
    parts = [values[groups == k] for k in range(3)]
    pooled = sum(((p - p.mean()) ** 2).sum() for p in parts) / (18 - 3)
    for k, part in enumerate(parts):
        n, nu = len(part), len(part) - 1
        variance = (nu * part.var(ddof=1) / n + 2 * pooled / n) / (nu + 2)
        assert found.variance[k] == pytest.approx(variance)
        assert found.half[k] == pytest.approx(stats.t.ppf(0.975, nu + 2) * math.sqrt(variance))


@given(
    st.lists(st.tuples(valences, st.integers(0, 3), st.integers(0, 6)), min_size=1, max_size=40),
    st.randoms(use_true_random=False),
    st.floats(0.1, 40),
    st.floats(-5, 5),
)
@settings(max_examples=80, deadline=None)
def test_order_changes_nothing_and_scale_scales(rows, random, factor, shift):
    def run(table, multiply=1.0, add=0.0):
        values, groups, who = (np.array(column) for column in zip(*table, strict=True))
        found = grouped_means(
            cells(values * multiply + add, groups, 4, who),
            bounds=(-multiply + add, multiply + add),
        )
        return found.mean, found.low, found.high

    shuffled = list(rows)
    random.shuffle(shuffled)
    for one, other in zip(run(rows), run(shuffled), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-9)
    for one, other in zip(run(rows), run(rows, factor, shift), strict=True):
        np.testing.assert_allclose(one * factor + shift, other, atol=1e-7 * (factor + abs(shift)))


def _sizes(rng: np.random.Generator, kind: str, people: int) -> np.ndarray:
    if kind == "equal":
        return np.full(people, 6)
    if kind == "skewed":
        return np.maximum(1, np.round(rng.lognormal(1.2, 0.9, people))).astype(int)
    sizes = np.maximum(1, rng.poisson(3, people))
    sizes[0] = sizes[1:].sum()
    return sizes


def coverage(kind: str, people: int, stages: int, draws: int, seed: int = 1) -> float:
    """How often the interval holds the true mean 0, respondents being alike by .3."""
    rng = np.random.default_rng(seed)
    sizes = np.concatenate([_sizes(rng, kind, people) for _ in range(draws * stages)])
    who = np.repeat(np.arange(len(sizes)), sizes)
    group = np.repeat(np.repeat(np.arange(draws * stages), people), sizes)
    person = rng.normal(0, math.sqrt(0.3), len(sizes))[who]
    values = np.clip(0.5 * (person + rng.normal(0, math.sqrt(0.7), len(who))), -1, 1)
    found = grouped_means(
        cells(values, group, draws * stages, who),
        pools=np.repeat(np.arange(draws), stages),
        bounds=BOUNDS,
    )
    return float(((found.low <= 0) & (found.high >= 0)).mean())


@pytest.mark.parametrize("stages", [1, 2, 9])
@pytest.mark.parametrize("people", [5, 8, 15, 40])
@pytest.mark.parametrize("kind", ["equal", "skewed", "one holds half"])
def test_ninety_five_per_cent_intervals_cover_about_that(kind, people, stages):
    covered = coverage(kind, people, stages, draws=3000 // stages)
    # 3,000 intervals put two standard errors of .008 around .93 and .97.
    assert 0.925 <= covered <= 0.977


def test_one_respondent_with_everything_has_a_wide_interval_from_the_other_stages():
    rng = np.random.default_rng(0)
    values = np.concatenate([np.full(30, 0.4), rng.normal(0, 0.4, 60).clip(-1, 1)])
    groups = np.repeat([0, 1], [30, 60])
    who = np.concatenate([np.zeros(30, dtype=int), 1 + np.arange(60) // 3])
    found = grouped_means(cells(values, groups, 2, who), bounds=BOUNDS)
    alone = grouped_means(cells(values, groups, 2), bounds=BOUNDS)
    assert found.own_df[0] == 0
    assert np.isnan(found.own_variance[0])
    assert found.largest[0] == 1
    assert found.half[0] > 2 * alone.half[0]


def test_one_respondent_and_nothing_else_has_no_interval():
    found = mean_interval([0.1, 0.5, 0.9], respondents=["ana"] * 3, bounds=BOUNDS)
    assert found.value == pytest.approx(0.5)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert math.isnan(mean_interval([0.5], bounds=BOUNDS).low)


def test_ratings_that_all_agree_have_a_width_that_shrinks_with_their_number():
    few, many = (mean_interval([0.6] * n, bounds=BOUNDS) for n in (3, 300))
    assert few.low < 0.6 < few.high
    # By hand: 1 − .025^(1/300) = 0.01222 of 300 may have said −1 instead.
    assert many.low == pytest.approx(0.6 - 0.01222 * 1.6, abs=1e-4)
    assert many.high == pytest.approx(0.6 + 0.01222 * 0.4, abs=1e-4)
    assert math.isnan(mean_interval([0.6] * 3).low)


def test_a_stage_whose_ratings_agree_gets_width_from_the_others():
    rng = np.random.default_rng(0)
    values = np.concatenate([np.full(12, 0.6), rng.uniform(-1, 1, 40)])
    found = grouped_means(cells(values, np.repeat([0, 1], [12, 40]), 2), bounds=BOUNDS)
    assert found.low[0] < 0.55
    assert found.high[0] > 0.65


def test_no_values_are_no_evidence():
    found = mean_interval([None, math.nan])
    assert found.n == 0
    assert math.isnan(found.value)
    empty = grouped_means(cells(np.array([]), np.array([], dtype=np.int64), 3), bounds=BOUNDS)
    assert np.isnan(empty.mean).all()
    assert np.isnan(empty.low).all()
    nothing = grouped_means(cells(np.array([]), np.array([], dtype=np.int64), 0))
    assert len(nothing.n) == 0


def test_correlation_is_clipped_and_pooled_over_groups():
    alike = cells(
        np.repeat([0.0, 1.0, 0.0, 1.0], 3), np.repeat([0, 1], 6), 2, np.repeat([0, 1, 2, 3], 3)
    )
    assert intraclass_correlation(alike, np.zeros(2, dtype=np.int64))[0] == 1
    opposed = _one([1, -1, 1, -1], [0, 0, 1, 1])
    assert intraclass_correlation(opposed, np.zeros(1, dtype=np.int64))[0] == 0


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.1, "good"], "'good'"),
        ([0.1, math.inf], "inf"),
        ([True, False], "true and false"),
        ([0.1, 3.0], "has 3"),
        ("text", "list of numbers"),
        (7, "list of numbers"),
    ],
)
def test_what_is_no_number_on_the_scale_is_refused(values, said):
    with pytest.raises(ArgumentError, match=said):
        mean_interval(values, bounds=BOUNDS)


def test_as_many_respondents_as_values_are_needed():
    with pytest.raises(ArgumentError, match="2 and 1"):
        mean_interval([0.1, 0.2], respondents=["ana"])


def test_missing_and_blank_respondents_are_different_people():
    values = [0.1, 0.5, 0.2, 0.9]
    assert mean_interval(values, respondents=["", "", None, pd.NA]) == mean_interval(values)
