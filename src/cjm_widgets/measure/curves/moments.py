"""Moments of truth: stages that stand apart and go with loyalty.

A stage that merely stands apart is called that. It is a moment of truth where people's feelings
at the stage also go with how loyal they say they are. That is an association: nobody was made
happier by design.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.columns import column
from cjm_widgets.measure.curves.apart import LEVEL, holm
from cjm_widgets.model.columns import UNITS, check

LEAST = 20
"""Respondents with a valence at a stage and a loyalty figure that a tie needs."""


def loyalty_ties(units: pd.DataFrame, loyalty: pd.Series[Any], curve: pd.DataFrame) -> pd.DataFrame:
    """How the feeling at each stage goes with loyalty.

    Parameters
    ----------
    units
        Columns of `cjm_widgets.model.columns.UNITS`.
    loyalty
        The loyalty figure of each respondent (its index): the likelihood to recommend 0…10,
        a satisfaction…; a higher one is better. Missing ones are left out.
    curve
        Columns `stage` and `stands_apart`, a row per stage in order.

    Returns
    -------
    pandas.DataFrame
        One row per stage: `stage`, `respondents` (with both figures), `tie` (Spearman's
        correlation of a respondent's mean valence at the stage with their loyalty, −1…1),
        `low`, `high` (95 %), `p_holm`, `slope` (points of loyalty that go with one step of the
        five-step scale, 0.5 of valence), `stands_apart`, `moment` (stands apart, and the tie is
        above 0 by more than chance) and `rank` (of the moments, by tie; missing for others).
        Stages with fewer than 20 such respondents, or where either figure does not vary, have
        no tie.

    Raises
    ------
    FrameError, UnknownName
        If a column is missing or of another kind.
    NoEvidence
        If no stage has enough respondents with both figures; the message says how many there
        are.

    Notes
    -----
    Interval by Fisher's z with Bonett and Wright's variance (1 + r²/2)/(n − 3) for ranks.

    Source: Bonett and Wright 2000, Psychometrika 65, 23–28; Holm 1979.
    """
    check(units, UNITS, "loyalty_ties")
    stages = column(curve, "stage", "curve").tolist()
    rows = units[units["stage"].notna() & units["valence"].notna()]
    mean = rows.groupby(["stage", "respondent"], sort=False)["valence"].mean().reset_index()
    mean["loyalty"] = mean["respondent"].map(loyalty.dropna())
    mean = mean.dropna(subset="loyalty")
    by = dict(iter(mean.groupby("stage", sort=False)))
    found = pd.DataFrame([_tie(by.get(stage)) for stage in stages])
    most = int(found["respondents"].max()) if len(found) else 0
    if found.empty or found["tie"].isna().all():
        raise NoEvidence(
            f"no stage has {LEAST} respondents with both a valence there and a loyalty figure that "
            f"varies (the most at one stage: {most}); code or score more texts of people who "
            f"were asked, or bring the figure in with their texts"
        )
    found.insert(0, "stage", pd.Series(stages, dtype="str"))
    tested = found["p"].notna().to_numpy()
    adjusted = np.full(len(found), np.nan)
    adjusted[tested] = holm(found.loc[tested, "p"].to_numpy())
    found.insert(5, "p_holm", adjusted)
    found["stands_apart"] = column(curve, "stands_apart", "curve").to_numpy(dtype=bool)
    found["moment"] = found["stands_apart"] & (found["tie"] > 0) & (found["p_holm"] < LEVEL)
    found["rank"] = found["tie"].where(found["moment"]).rank(ascending=False).astype("Int64")
    return found.drop(columns="p")


def _tie(rows: pd.DataFrame | None) -> dict[str, Any]:
    none = {"tie": math.nan, "low": math.nan, "high": math.nan, "p": math.nan, "slope": math.nan}
    if rows is None:
        return {"respondents": 0, **none}
    n = len(rows)
    valence, loyalty = rows["valence"].to_numpy(), rows["loyalty"].to_numpy(dtype=np.float64)
    if n < LEAST or np.ptp(valence) < 1e-12 or np.ptp(loyalty) < 1e-12:
        return {"respondents": n, **none}
    r = correlation(ranks(valence), ranks(loyalty))
    low, high, p = rank_interval(r, n)
    centred = valence - valence.mean()
    slope = 0.5 * float(centred @ loyalty) / float(centred @ centred)
    return {"respondents": n, "tie": r, "low": low, "high": high, "p": p, "slope": slope}


def correlation(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> float:
    """Pearson's correlation of two arrays that vary."""
    return float(np.clip(np.corrcoef(a, b)[0, 1], -1.0, 1.0))


def rank_interval(r: float, n: int) -> tuple[float, float, float]:
    """95 % interval of a rank correlation, and p of none.

    Source: Bonett and Wright 2000, Psychometrika 65, 23–28.

    Examples
    --------
    >>> [round(end, 3) for end in rank_interval(0.5, 50)]
    [0.241, 0.692, 0.0]
    """
    z = math.atanh(min(max(r, -0.999999), 0.999999))
    half = 1.959963984540054 * math.sqrt((1 + r * r / 2) / (n - 3))
    if abs(r) >= 1:
        return math.tanh(z - half), 1.0 if r > 0 else math.tanh(z + half), 0.0
    t = r * math.sqrt((n - 2) / (1 - r * r))
    return math.tanh(z - half), math.tanh(z + half), 2 * float(special.stdtr(n - 2, -abs(t)))


def ranks(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Ranks from 1; equal values share their mean rank."""
    return pd.Series(values).rank().to_numpy()
