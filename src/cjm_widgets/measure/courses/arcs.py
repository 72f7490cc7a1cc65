"""The course of emotion through one interview or call, and through several laid over another."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import fft

from cjm_widgets.errors import NoEvidence, UnknownName
from cjm_widgets.measure.columns import column
from cjm_widgets.measure.interval import mean_interval

Floats = NDArray[np.float64]
Method = Literal["average", "loess", "dct"]

LEAST_UNITS = 6
"""Units with a valence that a text needs to have a course."""
POINTS = 21
"""Places from the beginning (0) to the end (1) at which courses are compared."""
WIDTH = 0.25
"""Share of a text that a moving average looks at, and that LOESS does at the least."""
LEAST_NEAR = 4
"""Units LOESS looks at, at the least."""
WAVES = 5
"""Cosine waves that the DCT keeps, the mean included (Jockers' default)."""


@dataclass(frozen=True, slots=True)
class Arcs:
    """Courses of emotion."""

    frame: pd.DataFrame
    """A text and place a row: `text`, `progress` (0…1), `valence` (smoothed, −1…1)."""
    mean: pd.DataFrame
    """A place a row: `progress`, `n` (texts), `mean`, `low`, `high` (clustered by respondent)."""
    extremes: pd.DataFrame
    """Two rows a text: `text`, `kind` (``"peak"`` or ``"trough"``), `progress`, `valence` of
    the smoothed course, and the unit there: `feedback`, `start`, `stop`, `words`,
    `unit_valence`."""
    short: tuple[str, ...]
    """Texts with too few units to have a course."""


def arcs(units: pd.DataFrame, method: Method = "average", points: int = POINTS) -> Arcs:
    """Smooth the valences of each text along its course, and align the texts.

    Parameters
    ----------
    units
        A sentence, turn or passage a row, with a valence: `text` (the interview), `progress`
        (its middle, 0…1 of what the respondents say), `valence` (−1…1), `respondent`,
        `feedback`, `start`, `stop`, `words`.
    method
        ``"average"``: mean of the units within an eighth of the text to either side.
        ``"loess"``: local straight lines with tricube weights (Cleveland 1979, Journal of the
        American Statistical Association 74, 829–836). ``"dct"``: the first five waves of the
        discrete cosine transform, which shows the broad shape only.
    points
        Places at which the courses are given, 5 to 201.

    Raises
    ------
    NoEvidence
        If no text has six units with a valence.
    UnknownName
        If the method or a column is unknown.

    Notes
    -----
    Units without evidence have no part in a course. The mean course says how interviews go on
    the whole; single ones may go another way.
    """
    if method not in get_args(Method):
        raise UnknownName("method", method, get_args(Method))
    for name in ("text", "progress", "valence", "respondent"):
        column(units, name, "units")
    grid = np.linspace(0.0, 1.0, min(max(points, 5), 201))
    known = units[units["valence"].notna()]
    rows, ends, short = [], [], []
    for text, part in known.groupby("text", sort=False):
        if len(part) < LEAST_UNITS:
            short.append(str(text))
            continue
        ordered = part.sort_values("progress", kind="stable")
        place = ordered["progress"].to_numpy(dtype=np.float64)
        value = ordered["valence"].to_numpy(dtype=np.float64)
        course = np.clip(_METHODS[method](place, value, grid), -1.0, 1.0)
        who = ordered["respondent"].mode().iloc[0]
        rows.append(
            pd.DataFrame({"text": text, "progress": grid, "valence": course, "respondent": who})
        )
        ends += [_extreme(str(text), kind, ordered, grid, course) for kind in ("peak", "trough")]
    if not rows:
        raise NoEvidence(
            f"no text has {LEAST_UNITS} sentences, turns or passages with a valence, which a "
            f"course needs; score longer texts, or name the attribute that joins the parts of an "
            f"interview with by='…'"
        )
    frame = pd.concat(rows, ignore_index=True).astype({"text": "str"})
    return Arcs(frame.drop(columns="respondent"), _aligned(frame), pd.DataFrame(ends), tuple(short))


def _average(place: Floats, value: Floats, grid: Floats) -> Floats:
    near = np.abs(place[None] - grid[:, None]) <= WIDTH / 2 + 1e-9
    count = near.sum(axis=1)
    # Where nothing lies near, the nearest unit speaks.
    nearest = value[np.abs(place[None] - grid[:, None]).argmin(axis=1)]
    return np.asarray(np.where(count > 0, near @ value / np.maximum(count, 1), nearest))


def _loess(place: Floats, value: Floats, grid: Floats) -> Floats:
    near = min(len(place), max(LEAST_NEAR, math.ceil(WIDTH * len(place))))
    found = np.empty(len(grid))
    for i, x in enumerate(grid):
        distance = np.abs(place - x)
        reach = max(np.partition(distance, near - 1)[near - 1] * 1.001, 1e-9)
        weight = np.clip(1 - (distance / reach) ** 3, 0.0, None) ** 3
        centre = weight @ place / weight.sum()
        spread = weight @ (place - centre) ** 2
        level = weight @ value / weight.sum()
        slope = 0.0 if spread < 1e-12 else weight @ ((place - centre) * value) / spread
        found[i] = level + slope * (x - centre)
    return found


def _dct(place: Floats, value: Floats, grid: Floats) -> Floats:
    even = np.interp(np.linspace(0.0, 1.0, 101), place, value)
    waves = fft.dct(even, norm="ortho")
    waves[WAVES:] = 0.0
    return np.asarray(np.interp(grid, np.linspace(0.0, 1.0, 101), fft.idct(waves, norm="ortho")))


_METHODS: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "average": _average,
    "loess": _loess,
    "dct": _dct,
}


def _extreme(
    text: str, kind: str, units: pd.DataFrame, grid: Floats, course: Floats
) -> dict[str, Any]:
    """A course's highest or lowest place, and the unit near it that speaks for it most."""
    sign = 1.0 if kind == "peak" else -1.0
    at = int((sign * course).argmax())
    distance = (units["progress"] - grid[at]).abs()
    near = units[distance <= max(WIDTH / 2, float(distance.min()))]
    row = near.loc[(sign * near["valence"]).idxmax()]
    return {
        "text": text,
        "kind": kind,
        "progress": float(grid[at]),
        "valence": float(course[at]),
        **{name: row[name] for name in ("feedback", "start", "stop", "words")},
        "unit_valence": float(row["valence"]),
    }


def _aligned(frame: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for progress, part in frame.groupby("progress"):
        found = mean_interval(part["valence"], part["respondent"], (-1.0, 1.0))
        rows.append(
            {
                "progress": progress,
                "n": found.n,
                "mean": found.value,
                "low": found.low,
                "high": found.high,
            }
        )
    return pd.DataFrame(rows)


def hours(units: pd.DataFrame, at: pd.Series[Any], width: int = 3) -> pd.DataFrame:
    """Mean valence by time of day.

    Parameters
    ----------
    units
        Columns `feedback`, `valence`, `respondent`.
    at
        When each text was written, by its number; times at midnight sharp are dates without a
        time, and left out.
    width
        Hours that go together: 1, 2, 3, 4, 6, 8 or 12.

    Returns
    -------
    pandas.DataFrame
        A part of the day a row: `hour` (its first), `n`, `respondents`, `mean`, `low`, `high`;
        parts without evidence have no mean.

    Raises
    ------
    NoEvidence
        If no text has a time of day.
    UnknownName
        If the width does not divide the day.
    """
    if width not in (1, 2, 3, 4, 6, 8, 12):
        raise UnknownName("width in hours", width, map(str, (1, 2, 3, 4, 6, 8, 12)))
    time = units["feedback"].map(at)
    timed = time.notna() & (time != time.dt.normalize())
    known = units[timed & units["valence"].notna()]
    if not len(known):
        raise NoEvidence(
            "no text has a time of day beside its date; bring the feedback in with at='…' naming a "
            "column of dates with times"
        )
    part = time[known.index].dt.hour // width * width
    rows = []
    for hour in range(0, 24, width):
        here = known[part == hour]
        found = mean_interval(here["valence"], here["respondent"], (-1.0, 1.0))
        rows.append(
            {
                "hour": hour,
                "n": found.n,
                "respondents": int(here["respondent"].nunique()),
                "mean": found.value,
                "low": found.low,
                "high": found.high,
            }
        )
    return pd.DataFrame(rows)
