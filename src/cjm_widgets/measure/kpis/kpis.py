"""KPIs of the ratings that came with the feedback: NPS, CSAT and CES by period and stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.columns import column, levels, numbers
from cjm_widgets.measure.kpis.kpi_latest import latest
from cjm_widgets.measure.kpis.kpi_names import RATINGS, match
from cjm_widgets.measure.kpis.kpi_parts import PARTS, shares_of
from cjm_widgets.measure.kpis.kpi_table import read_kpis
from cjm_widgets.measure.loyalty import ces, ces_easy, csat, nps
from cjm_widgets.model.columns import KPIS, check
from cjm_widgets.model.estimate import Estimate

__all__ = ["from_feedback", "guess_ratings", "latest", "read_kpis"]

Frequency = Literal["D", "W", "M", "Q", "Y"]
Scale = int | tuple[float, float]

_NAMES = {"nps": "NPS", "csat": "CSAT", "ces": "CES", "ces_easy": "CES easy"}
_UNITS = {"nps": "points", "csat": "%", "ces": "1–7", "ces_easy": "%"}
_NO_PARTS = dict.fromkeys(PARTS, np.nan)
_BOUNDS = {"nps": (0.0, 10.0), "csat": (0.0, 10.0), "ces": (1.0, 7.0)}


def guess_ratings(frame: pd.DataFrame) -> dict[str, str]:
    """Which columns hold ratings for NPS, CSAT and CES.

    Parameters
    ----------
    frame
        Feedback with its attributes. A column is taken when its name is a known English or
        French one (nps, satisfaction, note de recommandation, effort client…), it holds
        numbers only, and all lie on the scale: 0–10 whole for NPS, 0–10 for CSAT, 1–7 for CES.

    Returns
    -------
    dict
        ``"nps"``, ``"csat"``, ``"ces"`` to the column's name, where one was found.

    Examples
    --------
    >>> guess_ratings(pd.DataFrame({"NPS": [9, 3], "Satisfaction globale": [4, 5], "ces": [1, 9]}))
    {'nps': 'NPS', 'csat': 'Satisfaction globale'}
    """
    found = {}
    for kpi, synonyms in RATINGS.items():
        fitting = [name for name in frame.columns if _holds(frame, name, kpi)]
        if (name := match(fitting, synonyms)) is not None:
            found[kpi] = name
    return found


def from_feedback(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    freq: Frequency = "Q",
    stage: str | None = None,
    *,
    at: str = "at",
    scale: Scale | None = None,
) -> pd.DataFrame:
    """NPS, CSAT and CES of feedback, by period, with totals.

    Parameters
    ----------
    frame
        Feedback with ratings, a row per answer.
    columns
        ``"nps"``, ``"csat"``, ``"ces"`` or ``"ces_easy"`` to the column of its ratings, as
        `guess_ratings` gives it.
    freq
        Length of a period: day, week (from Monday), month, quarter or year.
    stage
        Column of stages to give values of each as well.
    at
        Column of dates. Without it, or in rows without a date, ratings count in totals only.
    scale
        Of the CSAT ratings, as in `csat`. None: the smallest of 1–5, 1–7, 1–10 and 0–10 that
        holds all of them.

    Returns
    -------
    pandas.DataFrame
        Columns of `cjm_widgets.model.columns.KPIS`: per KPI a row for each period that has
        answers, and one without `at` for all time; the same for each stage. `low` and `high`
        are the intervals of `nps`, `csat`, `ces`. Beside them `detractors`, `passives` and
        `promoters`: shares of the answers to the NPS question, 0…1.

    Raises
    ------
    UnknownName
        If a KPI or a column is unknown.
    ArgumentError
        If `freq` is unknown, the column of dates holds none, or a rating is not on its scale.
    """
    if freq not in ("D", "W", "M", "Q", "Y"):
        raise ArgumentError(f"freq={freq!r}: allowed are 'D', 'W', 'M', 'Q' and 'Y'")
    periods = _periods(frame, freq, at)
    stages = None if stage is None else levels(column(frame, stage, "stage"), text=True)
    rows: list[dict[str, Any]] = []
    for kpi, name in columns.items():
        key = kpi.strip().casefold()
        if key not in _NAMES:
            raise UnknownName("KPI of ratings", kpi, _NAMES)
        ratings = numbers(column(frame, name, f"columns[{kpi!r}]"), name)
        measure = _measure(key, ratings, scale)
        scopes: list[tuple[str | None, np.ndarray[Any, np.dtype[np.bool_]]]] = [
            (None, np.ones(len(frame), dtype=bool))
        ]
        if stages is not None:
            scopes += [(str(s), stages.codes == k) for k, s in enumerate(stages.names)]
        for where, inside in scopes:
            for start, picked in _by_period(periods, inside & ~np.isnan(ratings)):
                got = measure(ratings[picked])
                nps_parts = shares_of(ratings[picked]) if key == "nps" else _NO_PARTS
                rows.append(
                    {
                        "kpi": _NAMES[key],
                        "stage": where,
                        "segment": None,
                        "at": start,
                        "value": got.value,
                        "n": got.n,
                        "low": got.low,
                        "high": got.high,
                        "unit": _UNITS[key],
                        "target": np.nan,
                        "direction": "up",
                        **nps_parts,
                    }
                )
    kinds = {"text": "str", "number": "float64", "time": "datetime64[us]"}
    made = pd.DataFrame(
        {c.name: pd.Series([row[c.name] for row in rows], dtype=kinds[c.dtype]) for c in KPIS}
    )
    for name in PARTS:
        made[name] = pd.Series([row[name] for row in rows], dtype="float64")
    return check(made, KPIS, "from_feedback")


def _holds(frame: pd.DataFrame, name: object, kpi: str) -> bool:
    values = frame[name]
    if not isinstance(values, pd.Series) or not pd.api.types.is_numeric_dtype(values.dtype):
        return False
    if pd.api.types.is_bool_dtype(values.dtype):
        return False
    present = values.dropna().to_numpy(dtype=np.float64)
    low, high = _BOUNDS[kpi]
    return bool(
        len(present)
        and (present >= low).all()
        and (present <= high).all()
        and (kpi != "nps" or (present == np.round(present)).all())
    )


def _periods(frame: pd.DataFrame, freq: Frequency, at: str) -> pd.Series[Any] | None:
    if at not in frame.columns:
        if at != "at":
            raise UnknownName("column (argument 'at')", at, map(str, frame.columns))
        return None
    dates = column(frame, at, "at")
    if not pd.api.types.is_datetime64_any_dtype(dates.dtype):
        if dates.isna().all():
            return None
        raise ArgumentError(
            f"at={at!r}: the column holds {dates.dtype}, not dates; turn it into dates first, "
            f"with pandas.to_datetime"
        )
    if dates.dt.tz is not None:
        dates = dates.dt.tz_convert("UTC").dt.tz_localize(None)
    starts: pd.Series[Any] = dates.dt.to_period(freq).dt.start_time
    return starts.reset_index(drop=True)


def _by_period(
    periods: pd.Series[Any] | None, inside: np.ndarray[Any, np.dtype[np.bool_]]
) -> Iterator[tuple[pd.Timestamp | None, np.ndarray[Any, np.dtype[Any]]]]:
    """The periods in which there are answers, in order, and then all time."""
    if not inside.any():
        return
    if periods is not None:
        groups = periods[inside].groupby(periods[inside], sort=True).indices
        places = np.flatnonzero(inside)
        for start, within in groups.items():
            yield pd.Timestamp(str(start)), places[within]
    yield None, np.flatnonzero(inside)


def _measure(
    key: str, ratings: np.ndarray[Any, np.dtype[np.float64]], scale: Scale | None
) -> Callable[[np.ndarray[Any, np.dtype[np.float64]]], Estimate]:
    if key != "csat":
        return {"nps": nps, "ces": ces, "ces_easy": ces_easy}[key]
    present = ratings[~np.isnan(ratings)]
    least, most = (present.min(), present.max()) if len(present) else (1.0, 5.0)
    chosen = scale
    if chosen is None:
        chosen = (0, 10) if least < 1 else 5 if most <= 5 else 7 if most <= 7 else 10
    csat(present, scale=chosen)
    return lambda picked: csat(picked, scale=chosen)
