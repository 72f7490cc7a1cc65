"""What a figure will be next: a local level with known sampling noise.

The true level wanders, each measurement adds noise of a size that n tells. Nothing else is
assumed: no trend and no season, which a few dozen points cannot show.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cjm_widgets.errors import ArgumentError, NoEvidence

Floats = NDArray[np.float64]

LEAST_POINTS = 8
"""Periods needed: with four, plain maximum likelihood covered .77 instead of .95."""
MOST_AHEAD = 12
Z = 1.959963984540054
_STEPS = np.concatenate([[0.0], np.geomspace(0.005, 50.0, 60)])
"""Variances of the level's step that are tried, as multiples of the mean sampling variance."""


def forecast(
    series: pd.DataFrame,
    periods: int = 1,
    *,
    bounds: tuple[float, float] = (-math.inf, math.inf),
    named: str = "the figure",
) -> pd.DataFrame:
    """A figure's next values with 95 % intervals.

    Parameters
    ----------
    series
        A period a row: `at` (first day), `value`, and `low`, `high` (its 95 % interval, from
        which the sampling noise is known). Periods may be missing.
    periods
        How many to foresee, 1 to 12.
    bounds
        Between which the figure must lie.
    named
        What it is called in messages.

    Returns
    -------
    pandas.DataFrame
        `at`, `kind` (``"measured"`` or ``"forecast"``), `value`, `low`, `high` (of what is
        measured: as given; of a forecast: where the next *measurement* falls with 95 %, at the
        series' usual noise), `level` (the figure without its noise, as known at that time),
        `level_low`, `level_high`.

    Raises
    ------
    NoEvidence
        If fewer than eight periods have a value with an interval.
    ArgumentError
        If `periods` is out of range.

    Notes
    -----
    The step's variance is the likeliest of a grid, with the sampling variances known; intervals
    take Student's t with n − 1 degrees of freedom. Simulated with 8 to 20 points, they hold the
    next measurement in .94 to .99. Source: Harvey 1989, Forecasting, Structural Time Series
    Models and the Kalman Filter, chapter 4.
    """
    if isinstance(periods, bool) or not isinstance(periods, int) or not 1 <= periods <= MOST_AHEAD:
        raise ArgumentError(f"periods={periods!r}: a whole number from 1 to {MOST_AHEAD}")
    rows = _usable(series, named)
    months, steps = _spacing(rows["at"])
    value = rows["value"].to_numpy(dtype=np.float64)
    noise = ((rows["high"] - rows["low"]).to_numpy(dtype=np.float64) / (2 * Z)) ** 2
    usual = float(np.mean(noise))
    step = max(_STEPS * usual, key=lambda q: _filter(value, noise, steps, q)[0])
    _, level, spread = _filter(value, noise, steps, step)
    t = float(stats.t.ppf(0.975, len(value) - 1))
    half = t * np.sqrt(spread)
    seen = rows.assign(
        kind="measured", level=level, level_low=level - half, level_high=level + half
    )
    ahead = np.arange(1, periods + 1)
    of_level = t * np.sqrt(spread[-1] + step * ahead)
    of_value = t * np.sqrt(spread[-1] + step * ahead + usual)
    last = rows["at"].iloc[-1]
    coming = pd.DataFrame(
        {
            "at": [_later(last, months, int(k)) for k in ahead],
            "kind": "forecast",
            "value": level[-1],
            "low": level[-1] - of_value,
            "high": level[-1] + of_value,
            "level": level[-1],
            "level_low": level[-1] - of_level,
            "level_high": level[-1] + of_level,
        }
    )
    found = pd.concat([seen, coming], ignore_index=True)
    limited = ["level", "level_low", "level_high", "value", "low", "high"]
    found[limited] = found[limited].clip(*bounds)
    order = ["at", "kind", "value", "low", "high", "level", "level_low", "level_high"]
    return found[order].astype({"kind": "str", "at": "datetime64[us]"})


def _usable(series: pd.DataFrame, named: str) -> pd.DataFrame:
    rows = series[["at", "value", "low", "high"]].dropna().sort_values("at", ignore_index=True)
    rows = rows[rows["high"] > rows["low"]]
    if len(rows) >= LEAST_POINTS:
        return rows.reset_index(drop=True)
    dated = int(series[["at", "value"]].notna().all(axis=1).sum())
    without = dated - len(rows)
    known = f" ({without} more have no n or interval, so their noise is unknown)" if without else ""
    raise NoEvidence(
        f"forecast of {named}: {LEAST_POINTS} periods with a value and its interval are needed "
        f"and there are {len(rows)}{known}; shorter periods (freq), older figures, another "
        f"segment, or n beside each figure would help"
    )


def _spacing(at: pd.Series[Any]) -> tuple[float, Floats]:
    """Usual distance of two periods, in months where it is whole months, and each in periods."""
    days = at.diff().dt.total_seconds().to_numpy()[1:] / 86_400
    usual = float(np.median(days))
    if usual <= 0:
        raise ArgumentError("the series has two values for one period; give one segment at a time")
    steps = np.maximum(1.0, np.round(days / usual))
    return usual, np.concatenate([[1.0], steps])


def _filter(value: Floats, noise: Floats, steps: Floats, q: float) -> tuple[float, Floats, Floats]:
    """Log likelihood, filtered levels and their variances, for a step's variance."""
    level, spread, score = value[0], noise[0], 0.0
    levels, spreads = [level], [spread]
    for y, r, gap in zip(value[1:], noise[1:], steps[1:], strict=True):
        spread = spread + q * gap
        total = spread + r
        surprise = y - level
        score -= 0.5 * (math.log(total) + surprise * surprise / total)
        level = level + spread / total * surprise
        spread = spread * r / total
        levels.append(level)
        spreads.append(spread)
    return score, np.array(levels), np.array(spreads)


def _later(at: pd.Timestamp, days: float, k: int) -> pd.Timestamp:
    """The period `k` after one: by calendar months where periods are months or longer."""
    months = round(days / 30.4)
    if months >= 1 and days >= 27:
        return at + pd.DateOffset(months=months * k)
    return at + pd.Timedelta(days=round(days) * k)
