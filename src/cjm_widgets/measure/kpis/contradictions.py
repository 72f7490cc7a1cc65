"""Where people say one thing of a stage and its figures another."""

from __future__ import annotations

import math
from typing import Literal

import pandas as pd

Standing = Literal["good", "bad", ""]
Contradiction = Literal["felt_bad", "felt_good", ""]


def contradiction(
    felt: tuple[float, float], on_target: Standing, change: Standing
) -> Contradiction:
    """Whether what people feel and a figure contradict each other.

    Parameters
    ----------
    felt
        The 95 % interval of the stage's mean valence; NaN where there is none.
    on_target
        As `against_target` tells.
    change
        Whether the figure has become better or worse by more than chance; empty where that is
        open.

    Returns
    -------
    str
        ``"felt_bad"``: the interval lies below 0, and the figure reaches its target without
        having become worse, or has none and has become better. ``"felt_good"``: the interval lies
        above 0, and the figure misses its target without having become better, or has none and
        has become worse. Else empty: nothing is said where either is open.

    Examples
    --------
    >>> contradiction((-0.7, -0.5), "good", ""), contradiction((-0.7, 0.1), "good", "good")
    ('felt_bad', '')
    """
    standing = on_target or change
    if on_target and change and change != on_target:
        standing = ""
    if standing == "good" and felt[1] < 0:
        return "felt_bad"
    return "felt_good" if standing == "bad" and felt[0] > 0 else ""


def against_target(
    value: float, ends: tuple[float, float], target: float, direction: str
) -> Standing:
    """Whether a figure is clearly on the good or the bad side of its target.

    Where its interval is known and holds the target, that is open; without an interval the
    figure itself decides.

    Examples
    --------
    >>> against_target(62.9, (62.1, 63.6), 65, "down"), against_target(62.9, (60, 66), 65, "down")
    ('good', '')
    """
    if math.isnan(target) or math.isnan(value):
        return ""
    low, high = (value, value) if math.isnan(ends[0] + ends[1]) else ends
    above, below = low >= target, high <= target
    if above and below:
        return "good"
    if direction == "down":
        above, below = below, above
    return "good" if above else "bad" if below else ""


def clear_change(verdict: object, *, tested: bool) -> Standing:
    """Whether a change counts: it must be beyond chance, not only seen."""
    if not tested:
        return ""
    return "good" if verdict == "better" else "bad" if verdict == "worse" else ""


def contradictions(curve: pd.DataFrame, latest: pd.DataFrame) -> pd.DataFrame:
    """Each stage's KPIs beside its valence.

    Parameters
    ----------
    curve
        Columns of `cjm_widgets.model.columns.CURVE`.
    latest
        As `cjm_widgets.measure.kpis.kpi_latest.latest` gives it.

    Returns
    -------
    pandas.DataFrame
        A KPI of a stage a row, in the order of the curve: `stage`, `valence`, `low`, `high`,
        `respondents`, `kpi`, `segment`, `value`, `unit`, `target`, `on_target`, `verdict`,
        `contradiction` (as the function of that name; missing where nothing is said). Stages
        without a valence are left out.
    """
    felt = curve[curve["mean"].notna()][["stage", "mean", "low", "high", "respondents"]]
    beside = latest.rename(columns={"low": "kpi_low", "high": "kpi_high"})
    made = felt.merge(beside[beside["stage"].notna()], on="stage", how="inner")
    found = [
        contradiction(
            (float(row["low"]), float(row["high"])),
            against_target(
                float(row["value"]),
                (float(row["kpi_low"]), float(row["kpi_high"])),
                float(row["target"]),
                str(row["direction"]),
            ),
            clear_change(row["verdict"], tested=bool(row["tested"])),
        )
        or None
        for row in made.to_dict("records")
    ]
    made["contradiction"] = pd.Series(found, index=made.index, dtype="str")
    names = ["stage", "mean", "low", "high", "respondents", "kpi", "segment", "value", "unit"]
    names += ["target", "on_target", "verdict", "contradiction"]
    return made[names].rename(columns={"mean": "valence"}).reset_index(drop=True)
