"""Forecasts: they hold what comes, and refuse what eight points cannot tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, NoEvidence
from cjm_widgets.measure.outlook.forecast import forecast


def series(values, noise=1.0, freq="QS", start="2020-01-01") -> pd.DataFrame:
    values = np.asarray(values, dtype=float)
    noise = np.broadcast_to(noise, values.shape)
    return pd.DataFrame(
        {
            "at": pd.date_range(start, periods=len(values), freq=freq),
            "value": values,
            "low": values - 1.96 * noise,
            "high": values + 1.96 * noise,
        }
    )


def test_intervals_hold_the_next_measurement_in_about_95_of_100_series():
    rng = np.random.default_rng(0)
    held = []
    for step in (0.0, 1.0, 2.0):
        for _ in range(60):
            noise = rng.uniform(1.2, 2.8, 13)
            truth = np.cumsum(rng.normal(0, step, 13)) + rng.normal(0, 1, 13) * noise
            row = forecast(series(truth[:12], noise[:12])).iloc[-1]
            held.append(row["low"] <= truth[12] <= row["high"])
    assert 0.9 <= np.mean(held) <= 0.995


def test_a_still_level_is_the_precision_weighted_mean():
    values, noise = np.array([1.0, 3, 2, 2, 1, 3, 2, 2]), np.array([1.0, 9, 1, 1, 1, 9, 1, 1])
    row = forecast(series(values, noise)).iloc[-1]
    assert row["level"] == pytest.approx(np.average(values, weights=noise**-2.0), abs=0.1)


def test_uncertainty_grows_with_the_distance_and_the_level_is_surer_than_a_measurement():
    ahead = forecast(series([0, 4, 1, 6, 9, 5, 12, 15, 11]), 4)
    ahead = ahead[ahead["kind"] == "forecast"]
    assert (ahead["high"] - ahead["low"]).is_monotonic_increasing
    assert ((ahead["level_high"] - ahead["level_low"]) < (ahead["high"] - ahead["low"])).all()


@pytest.mark.parametrize(
    ("freq", "after"), [("QS", "2022-01-01"), ("MS", "2020-09-01"), ("7D", "2020-02-26")]
)
def test_coming_periods_follow_the_calendar(freq, after):
    found = forecast(series(range(8), freq=freq))
    assert str(found["at"].iloc[-1])[:10] == after


def test_a_missing_period_leaves_the_level_more_time_to_wander():
    full = series([0, 3, 1, 5, 2, 6, 3, 7, 4, 8])
    gap = full.drop([7, 8])
    known, less = forecast(full), forecast(gap)
    width = lambda f: f["level_high"].iloc[-2] - f["level_low"].iloc[-2]  # noqa: E731
    assert width(less) > width(known)


def test_values_stay_within_their_bounds():
    found = forecast(series([98, 99, 97, 99, 98, 99, 97, 99], 3.0), 4, bounds=(0, 100))
    assert found[["low", "high", "level_high"]].max().max() <= 100


def test_seven_periods_are_refused_and_those_without_noise_are_counted():
    short = series(range(10))
    short.loc[:2, ["low", "high"]] = np.nan
    with pytest.raises(NoEvidence, match=r"there are 7 \(3 more have no n or interval"):
        forecast(short)


@pytest.mark.parametrize("periods", [0, 13, True, 1.5])
def test_periods_out_of_range_are_refused(periods):
    with pytest.raises(ArgumentError, match="1 to 12"):
        forecast(series(range(8)), periods)
