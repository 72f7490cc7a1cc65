"""The newest value of each KPI, what changed, and whether that is more than noise."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pandas as pd

from cjm_widgets.measure.kpis.kpi_names import is_ces, is_nps
from cjm_widgets.measure.kpis.kpi_parts import PARTS, folded
from cjm_widgets.measure.loyalty import wilson
from cjm_widgets.model.columns import KPIS, check

_KEY = ["kpi", "stage", "segment"]
_PERCENT = frozenset(("%", "percent", "per cent", "pct", "pour cent", "pourcent"))
_ENDS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:[-–—]|to|à)\s*(\d+(?:\.\d+)?)")
"""A scale written by its ends, such as ``1–7``."""


def latest(kpis: pd.DataFrame) -> pd.DataFrame:
    """The newest value of each KPI, stage and segment, beside the one before.

    Parameters
    ----------
    kpis
        Columns of `cjm_widgets.model.columns.KPIS`. Undated rows (totals over all time) count
        only where a series has no dated one.

    Returns
    -------
    pandas.DataFrame
        One row per KPI, stage and segment in order of first appearance, columns

        - `kpi`, `stage`, `segment`, `at`, `value`, `n`, `low`, `high`, `unit`, `direction`:
          of the newest value; `low` and `high` from n where the table gives none, see
          `interval_of`;
        - `target`: the newest one stated in the series;
        - `periods`: how many dated values the series has, which `kpis` itself holds;
        - `previous_at`, `previous`: the value before; missing without one;
        - `change`: `value` − `previous`, with its 95 % interval `change_low`, `change_high`;
          the ends are missing where a value's interval is not known;
        - `verdict`: ``"unchanged"`` where that interval includes 0 (noise), else ``"better"``
          or ``"worse"`` by `direction`; without an interval the plain change decides, and
          `tested` is false; missing without a previous value;
        - `tested`: whether an interval stands behind the verdict;
        - `on_target`: whether the value reaches the target in the KPI's direction; missing
          without a target;
        - `detractors`, `passives`, `promoters`: shares of an NPS, 0…1, where the series has them
          (see `cjm_widgets.measure.kpis.kpi_parts`);
        - `rated`: whether the figures were marked as computed from ratings of the feedback.

        Figures of one name in two units are two series.

    Raises
    ------
    FrameError
        If a column is missing or of another kind.

    Notes
    -----
    Interval of the change: ``d ± √(…)`` from the two intervals (method of variance estimates
    recovery; Zou and Donner 2008, Statistics in Medicine 27, 1693–1702), which for proportions
    is method 10 of Newcombe (1998, Statistics in Medicine 17, 873–890). The two samples are
    taken to be of different people.
    """
    check(kpis, KPIS, "latest")
    given = folded(kpis)
    rated = given["rated"] if "rated" in given else pd.Series(index=given.index, dtype="boolean")
    given["rated"] = rated.astype("boolean").fillna(value=False).astype("bool")
    keys = [given[name] for name in _KEY] + [_units(given)]
    groups = given.groupby(keys, sort=False, dropna=False, observed=True)
    rows = [_newest(series) for _, series in groups]
    texts = ["kpi", "stage", "segment", "unit", "direction", "verdict"]
    names = [
        *_KEY, "at", "value", "n", "low", "high", "unit", "direction", "target", "periods",
        "previous_at", "previous", "change", "change_low", "change_high", "verdict", "tested",
        "on_target", *PARTS, "rated",
    ]  # fmt: skip
    kinds = {name: "str" if name in texts else "float64" for name in names} | {
        "at": "datetime64[us]",
        "previous_at": "datetime64[us]",
        "periods": "int64",
        "tested": "bool",
        "rated": "bool",
        "on_target": "boolean",
    }
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=kinds[name]) for name in names}
    )


def interval_of(kpi: str, value: float, n: float, unit: str | None = None) -> tuple[float, float]:
    """The widest 95 % interval that a value and its n alone allow; NaN where they allow any.

    Of all figures on a scale from a to b with mean μ the variance is at most (b − μ)(μ − a),
    which is reached where only the ends occur (Bhatia and Davis 2000, The American
    Mathematical Monthly 107, 353–357). The value is therefore taken as a share of the way from
    a to b, and the interval is Wilson's. For percentages from 0 to 100 this is exact; an NPS
    counts as if nobody were passive.

    Parameters
    ----------
    kpi
        Name of the KPI; an NPS and a CES are known by it.
    value
        In `unit`.
    n
        Observations behind it; NaN where unknown.
    unit
        ``"%"``, or the two ends of a scale such as ``"1–7"``; others tell nothing.

    Examples
    --------
    >>> [round(end, 2) for end in interval_of("conversion", 30.798, 263, "%")]
    [25.53, 36.62]
    """
    ends = scale_of(kpi, unit)
    if ends is None or not (n >= 1 and ends[0] <= value <= ends[1]):
        return math.nan, math.nan
    reach = ends[1] - ends[0]
    low, high = wilson(n * (value - ends[0]) / reach, n)
    return min(ends[0] + reach * low, value), max(ends[0] + reach * high, value)


def scale_of(kpi: str, unit: str | None) -> tuple[float, float] | None:
    """The ends of a KPI's scale as its unit or its name tells them; None where they do not.

    Examples
    --------
    >>> scale_of("CSAT", "%"), scale_of("NPS", None), scale_of("ease", "1–7"), scale_of("cost", "€")
    ((0.0, 100.0), (-100.0, 100.0), (1.0, 7.0), None)
    """
    said = "" if unit is None else unit.strip().casefold()
    if said in _PERCENT:
        return 0.0, 100.0
    if found := _ENDS.fullmatch(said):
        low, high = float(found[1]), float(found[2])
        return (low, high) if low < high else None
    if is_nps(kpi):
        return -100.0, 100.0
    return (1.0, 7.0) if is_ces(kpi) else None


def change_interval(
    value: float, ends: tuple[float, float], before: float, ends_before: tuple[float, float]
) -> tuple[float, float]:
    """95 % interval of ``value − before`` from the interval of each, for different samples.

    Examples
    --------
    Newcombe (1998, part two, table II, method 10) prints .0524 to .3339 for 56/70 − 48/80:

    >>> ends = change_interval(56 / 70, wilson(56, 70), 48 / 80, wilson(48, 80))
    >>> [round(end, 4) for end in ends]
    [0.0524, 0.3339]
    """
    change = value - before
    low = change - math.hypot(value - ends[0], ends_before[1] - before)
    high = change + math.hypot(ends[1] - value, before - ends_before[0])
    return low, high


def _units(kpis: pd.DataFrame) -> pd.Series[Any]:
    """Unit of each figure; one without takes the unit of its series."""
    said = kpis["unit"].str.strip().str.casefold()
    of_series = said.groupby([kpis[name] for name in _KEY], dropna=False)
    return said.fillna(of_series.transform("first")).fillna("")


def _newest(series: pd.DataFrame) -> dict[str, Any]:
    dated = series[series["at"].notna()].sort_values("at", kind="stable")
    shown = dated if len(dated) else series
    now = shown.iloc[-1]
    low, high = _ends_of(now)
    target = float(_last(shown["target"], math.nan))
    row: dict[str, Any] = {
        **{name: now[name] for name in (*_KEY, "at", "value", "n", "direction", *PARTS, "rated")},
        "unit": _last(shown["unit"], None),
        "low": low,
        "high": high,
        "target": target,
        "periods": len(dated),
        "previous_at": pd.NaT,
        "previous": math.nan,
        "change": math.nan,
        "change_low": math.nan,
        "change_high": math.nan,
        "verdict": None,
        "tested": False,
        "on_target": _reaches(float(now["value"]), target, str(now["direction"])),
    }
    if len(dated) > 1:
        before = dated.iloc[-2]
        ends = change_interval(
            float(now["value"]), (low, high), float(before["value"]), _ends_of(before)
        )
        change = float(now["value"]) - float(before["value"])
        row |= {
            "previous_at": before["at"],
            "previous": before["value"],
            "change": change,
            "change_low": ends[0],
            "change_high": ends[1],
            "verdict": _verdict(change, ends, str(now["direction"])),
            "tested": not math.isnan(ends[0] + ends[1]),
        }
    return row


def _last(cells: pd.Series[Any], otherwise: Any) -> Any:
    """The newest that is stated."""
    stated = cells.dropna()
    return stated.iloc[-1] if len(stated) else otherwise


def _ends_of(row: pd.Series[Any]) -> tuple[float, float]:
    low, high = float(row["low"]), float(row["high"])
    if math.isnan(low) or math.isnan(high):
        unit = None if pd.isna(row["unit"]) else str(row["unit"])
        return interval_of(str(row["kpi"]), float(row["value"]), float(row["n"]), unit)
    return low, high


def _verdict(change: float, ends: tuple[float, float], direction: str) -> str:
    known = not np.isnan(ends).any()
    if change == 0 or (known and ends[0] <= 0 <= ends[1]):
        return "unchanged"
    return "better" if (change > 0) == (direction == "up") else "worse"


def _reaches(value: float, target: float, direction: str) -> bool | None:
    if math.isnan(target):
        return None
    return value >= target if direction == "up" else value <= target
