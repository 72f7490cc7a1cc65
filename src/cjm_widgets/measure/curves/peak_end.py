"""Peak and end of each respondent's own course: what people are said to remember of it.

Computed for each respondent and then averaged, never read off the curve of all: a mean over
people has no peak that anybody lived through.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.columns import column, numbers
from cjm_widgets.measure.curves.curve import VALENCE
from cjm_widgets.measure.interval import mean_interval

PARTS = ("peak", "end", "peak_end", "mean", "gap")
LEAST = 2
"""Dated units a respondent needs: with one, peak, end and mean are the same."""


def peak_end(units: pd.DataFrame) -> pd.DataFrame:
    """Peak and end of each respondent with at least two dated units.

    Parameters
    ----------
    units
        Columns `respondent`, `at` (time) and `valence` (−1…1); a row per unit. Rows that lack
        one of the three are left out.

    Returns
    -------
    pandas.DataFrame
        One row per respondent: `respondent`, `n` (units), `first`, `last` (times), `peak` (the
        valence furthest from 0; of several equally far, their mean), `end` (the valence at the
        last time; of several then, their mean), `peak_end` (mean of the two), `mean` (of all
        units), `gap` (`peak_end` − `mean`: below 0, people leave with a worse memory than
        their average suggests).

    Raises
    ------
    UnknownName
        If a column is missing.
    NoEvidence
        If nobody has two dated units at two different times.

    Source: Kahneman, Fredrickson, Schreiber and Redelmeier 1993, Psychological Science 4,
    401–405.

    Examples
    --------
    >>> units = pd.DataFrame({
    ...     "respondent": ["ana"] * 3,
    ...     "at": pd.to_datetime(["2026-01-01", "2026-01-05", "2026-01-09"]),
    ...     "valence": [0.2, -1.0, 0.5],
    ... })
    >>> peak_end(units)[["respondent", "peak", "end", "peak_end", "mean", "gap"]].round(2)
      respondent  peak  end  peak_end  mean   gap
    0        ana  -1.0  0.5     -0.25  -0.1 -0.15
    """
    rows = pd.DataFrame(
        {
            "respondent": column(units, "respondent", "units").astype("str"),
            "at": column(units, "at", "units"),
            "valence": numbers(column(units, "valence", "units"), "valence", VALENCE),
        }
    ).dropna()
    times = rows.groupby("respondent")["at"].transform("nunique")
    rows = rows[times >= LEAST]
    if rows.empty:
        raise NoEvidence(
            "peak and end need respondents with two or more dated units each, and nobody has as "
            "many: bring in respondents and dates (study.add(…, respondent=…, at=…)), or several "
            "texts of each person"
        )
    by = rows.groupby("respondent", sort=True)
    strength = rows["valence"].abs()
    # A valence that was brought to −1…1 may miss its mirror image by a rounding.
    strongest = strength >= strength.groupby(rows["respondent"]).transform("max") - 1e-9
    final = rows["at"] == by["at"].transform("max")
    found = pd.DataFrame(
        {
            "n": by.size().astype("int64"),
            "first": by["at"].min(),
            "last": by["at"].max(),
            "peak": _mean(rows[strongest]),
            "end": _mean(rows[final]),
            "mean": by["valence"].mean(),
        }
    )
    found.insert(5, "peak_end", (found["peak"] + found["end"]) / 2)
    found["gap"] = found["peak_end"] - found["mean"]
    found = found.reset_index()
    return found.astype({"respondent": "str"})


def peak_end_means(people: pd.DataFrame) -> pd.DataFrame:
    """Means over the respondents of `peak_end`, with 95 % intervals.

    Returns
    -------
    pandas.DataFrame
        One row for each of ``peak``, ``end``, ``peak_end``, ``mean`` and ``gap``: `part`,
        `value`, `low`, `high`, `n` (respondents). Student's t; `low` and `high` are NaN for one
        respondent.
    """
    rows: list[dict[str, Any]] = []
    for part in PARTS:
        bounds = (-2.0, 2.0) if part == "gap" else VALENCE
        found = mean_interval(people[part], bounds=bounds)
        rows.append(
            {
                "part": part,
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "n": found.n,
            }
        )
    return pd.DataFrame(rows).astype({"part": "str", "n": "int64"})


def _mean(rows: pd.DataFrame) -> pd.Series[float]:
    return rows.groupby("respondent")["valence"].mean().astype(np.float64)
