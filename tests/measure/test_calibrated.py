"""Scores of all texts, corrected by people's ratings of some."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cjm_widgets.errors import ArgumentError
from cjm_widgets.measure.curves.calibrated import calibrate
from cjm_widgets.measure.curves.calibrated_predicted import calibrate_predicted
from cjm_widgets.measure.curves.weighted import weighted_means
from cjm_widgets.measure.interval import cells, clustered_variance, grouped_means

BOUNDS = (-1.0, 1.0)


def _population(rng, size=1500, stages=3, bias=0.3):
    """Ratings, biased scores and stages of texts."""
    stage = rng.integers(0, stages, size)
    y = np.clip(rng.normal(0.3 * stage - 0.3, 0.4), -1, 1)
    f = np.clip(0.6 * y + bias + rng.normal(0, 0.2, size), -1, 1)
    return y, f, stage.astype(np.int64)


def _rate(rng, y, n):
    rating = np.full(len(y), np.nan)
    drawn = rng.permutation(len(y))[:n]
    rating[drawn] = y[drawn]
    return rating


@pytest.mark.parametrize("scale", [0.3, 1.0])
def test_it_is_the_published_formula_where_each_text_has_its_own_respondent(scale):
    rng = np.random.default_rng(1)
    y, f, stage = _population(rng)
    f = scale * f
    rating = _rate(rng, y, 150)
    found = calibrate(f, rating, stage, 3, np.arange(len(y)))
    r = np.isfinite(rating)
    parts = [(y[r & (stage == k)], f[r & (stage == k)], f[stage == k]) for k in range(3)]
    over = sum(((a - a.mean()) * (b - b.mean())).sum() for a, b, _ in parts)
    lam = np.clip(over / sum(((b - b.mean()) ** 2).sum() for _, b, _ in parts), 0, 1)
    assert (lam == 1) == (scale == 0.3)  # clipped where ratings rise faster than scores
    rest = [a - lam * b for a, b, _ in parts]
    pooled = sum(((e - e.mean()) ** 2).sum() for e in rest) / (150 - 3)
    for k, (a, b, every) in enumerate(parts):
        n, nu = len(a), len(a) - 1
        mean = a.mean() + lam * (every.mean() - b.mean())
        low = (nu * rest[k].var(ddof=1) / n + 2 * pooled / n) / (nu + 2)
        low += lam**2 * every.var(ddof=1) / len(every)
        common = ((rest[k] - rest[k].mean()) * (b - every.mean())).sum() / (n * len(every))
        variance = low + 2 * lam * max(common, 0)
        half = stats.t.ppf(0.975, nu + 2) * np.sqrt(variance)
        assert found.weight[k] == pytest.approx(lam)
        assert found.means.mean[k] == pytest.approx(mean)
        assert found.means.half[k] == pytest.approx(half)
        assert found.units[k] == len(every)
        assert (found.means.low[k], found.means.high[k]) == pytest.approx(
            (mean - half, mean + half)
        )


@given(
    st.lists(
        st.tuples(st.integers(-4, 4).map(lambda v: v / 4), st.integers(0, 2), st.integers(0, 5)),
        min_size=2,
        max_size=40,
    )
)
@settings(max_examples=80, deadline=None)
def test_scores_that_say_nothing_leave_peoples_ratings_alone(rows):
    y, stage, who = (np.array(part) for part in zip(*rows, strict=True))
    f = np.full(len(y), 0.2)
    found = calibrate(f, y.astype(float), stage, 3, who)
    alone = grouped_means(cells(y.astype(float), stage, 3, who), bounds=BOUNDS)
    assert (found.weight == 0).all()
    for name in ("n", "respondents", "mean", "low", "high", "half", "largest"):
        np.testing.assert_allclose(
            getattr(found.means, name), getattr(alone, name), atol=1e-9, err_msg=name
        )


def test_the_weight_of_scores_stays_between_none_and_whole():
    rng = np.random.default_rng(2)
    y, _, stage = _population(rng)
    rating = _rate(rng, y, 200)
    who = np.arange(len(y))
    assert (calibrate(-y, rating, stage, 3, who).weight == 0).all()
    assert (calibrate(0.2 * y, rating, stage, 3, who).weight == 1).all()
    half = calibrate(np.clip(y + rng.normal(0, 0.4, len(y)), -1, 1), rating, stage, 3, who).weight
    assert 0.3 < half[0] < 0.7
    assert (half == half[0]).all()


def test_where_every_text_is_rated_the_scores_change_nothing():
    rng = np.random.default_rng(3)
    y, f, stage = _population(rng, 300)
    found = calibrate(0.4 * f, y, stage, 3, np.arange(300))  # λ is clipped at 1
    alone = grouped_means(cells(y, stage, 3), bounds=BOUNDS)
    np.testing.assert_allclose(found.means.mean, alone.mean)
    np.testing.assert_allclose(found.means.half, alone.half, rtol=0.05)


@pytest.mark.parametrize("predicted", [False, True])
def test_it_is_unbiased_and_covers_where_raw_scores_are_wrong(predicted):
    rng = np.random.default_rng(4)
    y, f, stage = _population(rng, 4000)
    truth = np.array([y[stage == k].mean() for k in range(3)])
    who = np.arange(len(y))
    p = np.clip(0.7 * np.eye(3)[stage] + rng.uniform(0, 0.3, (4000, 3)), 0, 1)
    off, held, half, alone = [], [], [], []
    for _ in range(300):
        rating = _rate(rng, y, 150)
        rated = np.isfinite(rating)
        if predicted:
            placed = np.where(np.eye(3)[stage] == 1, rating[:, None], np.nan)
            means = calibrate_predicted(f, p, placed, rated, who).means
        else:
            means = calibrate(f, rating, stage, 3, who).means
        off.append(means.mean - truth)
        held.append((means.low <= truth) & (truth <= means.high))
        half.append(means.half)
        alone.append(grouped_means(cells(y[rated], stage[rated], 3), bounds=BOUNDS).half)
    error = np.std(off, axis=0) / np.sqrt(300)
    assert (np.abs(np.mean(off, axis=0)) < 4 * error + 0.003).all()
    assert 0.925 <= np.mean(held) <= 0.975
    assert np.mean(held, axis=0).min() >= 0.91
    assert np.mean(half) < (0.95 if predicted else 0.75) * np.mean(alone)


@pytest.mark.parametrize("predicted", [False, True])
def test_intervals_hold_the_truth_though_few_people_write_much(predicted):
    rng = np.random.default_rng(5)
    held, loose = [], []
    for _ in range(250):
        sizes = np.concatenate([np.full(12, 6), np.full(100, 4)])
        who = np.repeat(np.arange(112), sizes)
        stage = np.repeat(np.arange(112) % 2, sizes).astype(np.int64)
        person = rng.normal(0, np.sqrt(0.4), 112)[who]
        y = np.clip(0.5 * (person + rng.normal(0, np.sqrt(0.6), len(who))), -1, 1)
        f = np.clip(0.5 * y + rng.normal(0, 0.2, len(who)), -1, 1)
        rating = np.where(who < 12, y, np.nan)
        for clusters, into in ((who, held), (np.arange(len(who)), loose)):
            if predicted:
                member = np.eye(2)[stage]
                placed = np.where(member == 1, rating[:, None], np.nan)
                p = np.where(member == 1, 0.8, 0.1)
                means = calibrate_predicted(f, p, placed, who < 12, clusters).means
            else:
                means = calibrate(f, rating, stage, 2, clusters).means
            into.append((means.low <= 0) & (means.high >= 0))
    assert 0.925 <= np.mean(held) <= 0.985
    assert np.mean(loose) < 0.88


def test_unequal_probabilities_are_weighed_away():
    rng = np.random.default_rng(6)
    y, f, stage = _population(rng, 4000)
    truth = np.array([y[stage == k].mean() for k in range(3)])
    chance = np.where(y < 0, 0.12, 0.02)  # the angry are rated six times as often
    who = np.arange(len(y))
    weighed, plain, held = [], [], []
    for _ in range(200):
        rating = np.where(rng.uniform(size=4000) < chance, y, np.nan)
        found = calibrate(f, rating, stage, 3, who, probability=chance).means
        weighed.append(found.mean - truth)
        held.append((found.low <= truth) & (truth <= found.high))
        plain.append(calibrate(f, rating, stage, 3, who).means.mean - truth)
    assert np.abs(np.mean(weighed, axis=0)).max() < 0.015
    assert np.abs(np.mean(plain, axis=0)).max() > 0.06
    assert 0.92 <= np.mean(held) <= 0.98


def test_equal_probabilities_are_no_weights():
    rng = np.random.default_rng(7)
    y, f, stage = _population(rng, 500)
    rating, who = _rate(rng, y, 100), rng.integers(0, 60, 500)
    one = calibrate(f, rating, stage, 3, who).means
    same = calibrate(f, rating, stage, 3, who, probability=np.full(500, 0.2)).means
    np.testing.assert_allclose(one.mean, same.mean)
    np.testing.assert_allclose(one.half, same.half)


def test_a_survey_weight_of_two_counts_a_text_twice():
    rng = np.random.default_rng(8)
    y, f, stage = _population(rng, 400)
    rating, who = _rate(rng, y, 120), np.arange(400)
    twice = np.where(np.arange(400) % 3 == 0, 2, 1)
    found = calibrate(f, rating, stage, 3, who, weights=twice.astype(float)).means
    again = np.repeat(np.arange(400), twice)
    copied = calibrate(f[again], rating[again], stage[again], 3, who[again]).means
    np.testing.assert_allclose(found.mean, copied.mean, atol=2e-4)
    plain = calibrate(f, rating, stage, 3, who).means.mean
    assert np.abs(plain - copied.mean).max() > 2e-3


def test_a_stage_whose_ratings_agree_is_as_wide_as_the_others_lead_to_expect():
    rng = np.random.default_rng(9)
    stage = np.repeat([0, 1], 100)
    y = np.where(stage == 0, 0.6, rng.choice([-0.5, 0.5], 200))
    rating = np.where(np.arange(200) % 5 == 0, y, np.nan)
    found = calibrate(np.full(200, 0.1), rating, stage, 2, np.arange(200)).means
    assert found.mean[0] == pytest.approx(0.6)
    assert found.low[0] < 0.6 < found.high[0] <= 1
    assert 0 < found.half[0] < found.half[1]


def test_where_all_ratings_agree_everywhere_the_interval_is_that_of_a_share():
    y = np.full(60, 0.5)
    found = calibrate(np.linspace(-1, 1, 60), y, np.repeat([0, 1], 30), 2, np.arange(60))
    other = 1 - 0.025 ** (1 / 30)
    assert (found.weight == 0).all()
    assert found.means.low[0] == pytest.approx(0.5 - other * 1.5)
    assert found.means.high[0] == pytest.approx(0.5 + other * 0.5)


def test_means_and_intervals_stay_on_the_scale():
    rng = np.random.default_rng(10)
    f = np.concatenate([np.full(300, 1.0), rng.choice([0.2, 0.4], 60)])
    rating = np.concatenate([np.full(300, np.nan), 0.6 + f[300:]])
    rating = np.clip(rating, -1, 1)
    found = calibrate(f, rating, np.zeros(360, dtype=np.int64), 1, np.arange(360)).means
    assert found.mean[0] <= 1
    assert found.high[0] <= 1


def test_a_stage_without_ratings_has_no_mean():
    f = np.linspace(-1, 1, 40)
    rating = np.where(np.arange(40) < 20, f, np.nan)
    found = calibrate(f, rating, np.repeat([0, 1], 20), 2, np.arange(40)).means
    assert found.n[1] == 0
    assert np.isnan([found.mean[1], found.low[1], found.half[1]]).all()


def test_sure_and_right_membership_gives_the_estimate_of_known_stages():
    rng = np.random.default_rng(11)
    y, _, stage = _population(rng, 800)
    rating, who = _rate(rng, y, 240), np.arange(800)
    member = np.eye(3)[stage]
    placed = np.where(member == 1, rating[:, None], np.nan)
    ratio = calibrate_predicted(0.9 * y, member, placed, np.isfinite(rating), who)
    known = calibrate(0.9 * y, rating, stage, 3, who)
    assert ratio.weight == pytest.approx(np.ones(3), abs=0.1)
    np.testing.assert_allclose(ratio.means.mean, known.means.mean, atol=0.01)
    np.testing.assert_allclose(ratio.units, np.bincount(stage))


def test_membership_that_says_nothing_leaves_peoples_ratings_alone():
    rng = np.random.default_rng(12)
    y, f, stage = _population(rng, 900)
    rating, who = _rate(rng, y, 200), np.arange(900)
    placed = np.where(np.eye(3)[stage] == 1, rating[:, None], np.nan)
    found = calibrate_predicted(f, np.zeros((900, 3)), placed, np.isfinite(rating), who)
    drawn = np.isfinite(rating)
    alone = grouped_means(cells(y[drawn], stage[drawn], 3), bounds=BOUNDS)
    np.testing.assert_allclose(found.means.mean, alone.mean)
    np.testing.assert_allclose(found.means.half, alone.half, rtol=1e-6)


@given(
    st.lists(
        st.tuples(st.integers(-4, 4).map(lambda v: v / 4), st.integers(0, 2), st.integers(0, 6)),
        min_size=4,
        max_size=40,
    )
)
@settings(max_examples=80, deadline=None)
def test_weights_of_one_give_the_plain_clustered_variance(rows):
    values, groups, who = (np.array(part) for part in zip(*rows, strict=True))
    found = weighted_means(values.astype(float), groups, 3, who, np.full(len(values), 3.0))
    variance, df = clustered_variance(cells(values.astype(float), groups, 3, who))
    np.testing.assert_allclose(found.own, variance, atol=1e-12)
    np.testing.assert_allclose(found.df, df, rtol=1e-6)


def test_weighted_degrees_of_freedom_are_those_of_the_matrices():
    rng = np.random.default_rng(13)
    w, who = rng.uniform(0.2, 3, 30), rng.integers(0, 8, 30)
    w *= 30 / w.sum()
    values = rng.normal(size=30)
    found = weighted_means(values, np.zeros(30, dtype=np.int64), 1, who, w)
    n, people = 30.0, np.unique(who)
    sums = np.array([[w[i] * (who[i] == g) for i in range(30)] for g in people])
    residual = np.eye(30) - np.ones((30, 1)) * w / n
    s = np.array([1 / np.sqrt(n * (n - w[who == g].sum())) for g in people])
    half = (s[:, None] * sums) @ residual
    matrix = half @ half.T
    e = values - (w @ values) / n
    raw = (s**2 * (sums @ e) ** 2).sum()
    assert found.df[0] == pytest.approx(np.trace(matrix) ** 2 / (matrix**2).sum())
    assert found.own[0] == pytest.approx(raw * (w @ w) / n**2 / np.trace(matrix))


def test_a_score_that_is_no_number_is_refused():
    f = np.array([0.1, np.nan, 0.3])
    with pytest.raises(ArgumentError, match="unit 1"):
        calibrate(f, np.full(3, 0.5), np.zeros(3, dtype=np.int64), 1, np.arange(3))


@pytest.mark.parametrize("chance", [0.0, -0.1, 1.5, np.nan])
def test_a_probability_that_is_none_is_refused(chance):
    f = np.linspace(0, 1, 4)
    with pytest.raises(ArgumentError, match="probability"):
        calibrate(
            f,
            f,
            np.zeros(4, dtype=np.int64),
            1,
            np.arange(4),
            probability=np.array([0.5, chance, 0.5, 0.5]),
        )
