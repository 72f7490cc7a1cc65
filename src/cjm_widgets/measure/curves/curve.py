"""Emotion curves: mean valence per stage, with n and an honest interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.columns import Levels, cluster_codes, column, levels, numbers
from cjm_widgets.measure.curves.apart import stands_apart
from cjm_widgets.measure.curves.calibrated import finish
from cjm_widgets.measure.curves.weighted import survey_weights, weighted_means
from cjm_widgets.measure.interval import Cells, GroupMeans, cells, grouped_means
from cjm_widgets.model.columns import UNITS, check

VALENCE = (-1.0, 1.0)
"""Ends of the scale of valence."""
NEUTRAL = 0.1
"""A valence from −0.1 to 0.1 is neutral. On every rating scale of up to eleven points a step
off the middle is at least 0.2 and so never neutral, while small scores and means that nearly
cancel out are."""
THIN_RESPONDENTS, THIN_HALF, THIN_SHARE = 10, 0.25, 0.5
"""Evidence is thin with fewer respondents, a wider half-interval, or one person with more."""

_COLUMNS = ("stage", "n", "respondents", "effective_n", "mean", "low", "high")


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a curve is computed from, an entry a row."""

    valence: NDArray[np.float64]
    stages: NDArray[np.int64]
    """Number of the stage, −1 for none."""
    count: int
    """How many stages there are."""
    groups: Levels
    who: NDArray[np.int64] | None
    """Number of the respondent; None: each row has its own."""
    weights: NDArray[np.float64] | None
    """Positive where a row counts; None: all count the same."""

    @property
    def valued(self) -> NDArray[np.bool_]:
        """Rows that have a valence and count."""
        finite = np.isfinite(self.valence)
        return finite if self.weights is None else finite & (self.weights > 0)


@dataclass(frozen=True, slots=True)
class _Found:
    """Means, the sums they come from and, with weights, the effective number of units."""

    means: GroupMeans
    sums: Cells
    effective: NDArray[np.float64] | None


def emotion_curve(
    frame: pd.DataFrame,
    stage: str = "stage",
    valence: str = "valence",
    respondent: str | None = None,
    by: str | None = None,
    weights: str | None = None,
) -> pd.DataFrame:
    """Mean valence per stage with a 95 % interval clustered by respondent.

    Parameters
    ----------
    frame
        A row per unit: a text, a sentence, or a passage.
    stage
        Column of stages. Rows without one are left out.
    valence
        Column of valences, −1…1. Rows without one are no units.
    respondent
        Column of who said it. Several units of one respondent count as one cluster; missing
        respondents count as different ones. None: each unit has a respondent of its own.
    by
        Column of groups (persona, channel…) to give a curve each. Rows without one are left
        out. A group's curve is the one its rows alone would give.
    weights
        Column of survey weights: how many people a row stands for, on any scale; 0 counts for
        nothing. None: each row counts once.

    Returns
    -------
    pandas.DataFrame
        Columns `stage` (text), `n` (units), `respondents` (different ones), with `weights`
        also `effective_n` (Kish's: units of equal weight that would tell as much), `mean`,
        `low`, `high` (−1…1); with `by`, that column first. One row per stage, in order of the
        categories or of first appearance; a stage without valence has n 0 and NaN. `low` and
        `high` are NaN where nothing tells the spread, as with one respondent in all.

    Raises
    ------
    UnknownName
        If a column is missing.
    ArgumentError
        If a valence is not a number or lies outside −1…1, a weight is missing or negative, or
        `by` is one of the columns of the result.

    Notes
    -----
    Variance of Bell and McCaffrey (2002) for clusters, moderated by the variance pooled over
    the stages (Smyth 2004); see `cjm_widgets.measure.interval.grouped_means`. With weights the
    mean is Hájek's, Σwy/Σw; see `cjm_widgets.measure.curves.weighted.weighted_means`.

    Examples
    --------
    >>> frame = pd.DataFrame({
    ...     "stage": ["Search", "Search", "Search", "Pay", "Pay", "Use"],
    ...     "valence": [0.5, 1.0, 0.0, -1.0, -0.5, None],
    ... })
    >>> emotion_curve(frame).round(2)
        stage  n  respondents  mean   low  high
    0  Search  3            3  0.50 -0.39  1.00
    1     Pay  2            2 -0.75 -1.00  0.21
    2     Use  0            0   NaN   NaN   NaN
    """
    stages = levels(column(frame, stage, "stage"), text=True)
    given = numbers(column(frame, valence, "valence"), f"valence={valence!r}", remedy="")
    _within_scale(given, frame, valence)
    groups = _groups(frame, by)
    who = None if respondent is None else cluster_codes(column(frame, respondent, "respondent"))
    placed = np.isfinite(given) & (stages.codes >= 0) & (groups.codes >= 0)
    weight = _weights(frame, weights, placed)
    found = _means(_Rows(given, stages.codes, len(stages.names), groups, who, weight))
    return _frame(found, stages.names, groups, by)


def curve_of_units(
    units: pd.DataFrame,
    stages: Sequence[str],
    by: str | None = None,
    minimum: int = 1,
    weights: str | None = None,
) -> pd.DataFrame:
    """An emotion curve with all that a picture of it needs to be honest.

    Parameters
    ----------
    units
        Columns of `cjm_widgets.model.columns.UNITS`, and the one that `by` names.
    stages
        Keys of the stages in order; the frame may hold no other. Units without a stage are
        left out.
    by
        Column of groups to give a curve each.
    minimum
        Fewest respondents a stage of a group must have to be shown (with `by` only). One with
        fewer stands as a gap with `suppressed` true and no n, since even n may name a person.
    weights
        Column of survey weights, as in `emotion_curve`. Shares are weighted too.

    Returns
    -------
    pandas.DataFrame
        Columns of `cjm_widgets.model.columns.CURVE` (with `by`, that column first), one row
        per stage in the order given, and

        - `share_negative`, `share_neutral`, `share_positive`: shares of the n units with
          valence below −0.1, between, above 0.1;
        - `unknown`: share of the stage's units, those without valence included, in which the
          scorer knew no word;
        - `predicted`: share of them whose stage was predicted;
        - `largest`: share of the n units that one respondent holds;
        - `grade`: ``"none"`` without units; ``"thin"`` with fewer than ten respondents (or an
          effective n below ten), a half-width above .25 or none to be given, or one respondent
          with over half of the units; else ``"solid"``;
        - `stands_apart`: see `cjm_widgets.measure.curves.apart.stands_apart`;
        - `suppressed`, with `by` only; `effective_n`, with `weights` only.

    Raises
    ------
    FrameError
        If a column of the contract is missing or of another kind.
    UnknownName
        If a unit has a stage that `stages` lacks, or `by` is no column.
    ArgumentError
        If a valence lies outside −1…1, `stages` names one twice, or `minimum` is below 1.
    """
    check(units, UNITS, "curve_of_units")
    names = pd.Index(list(stages), dtype="str")
    if not names.is_unique:
        twice = names[names.duplicated()][0]
        raise ArgumentError(f"stages: {twice!r} stands there twice; each stage has one place")
    check_minimum(minimum)
    codes = _codes_in(units["stage"], names)
    given = units["valence"].to_numpy(dtype=np.float64, na_value=np.nan)
    _within_scale(given, units, "valence")
    groups = _groups(units, by)
    placed = (codes >= 0) & (groups.codes >= 0)
    weight = _weights(units, weights, placed)
    rows = _Rows(given, codes, len(names), groups, cluster_codes(units["respondent"]), weight)
    found = _means(rows)

    curve = _frame(found, names, groups, by)
    _add_shares(curve, rows, units)
    curve["largest"] = found.means.largest
    grade = grades(found.means, found.effective)
    curve["grade"] = pd.array(grade, dtype="str")
    apart = np.zeros(len(curve), dtype=bool)
    for start in range(0, len(curve), max(len(names), 1)):
        one = np.arange(start, start + len(names))
        solid = one[np.array(grade)[one] == "solid"]
        apart[one] = stands_apart(found.means, found.sums, solid)[one]
    curve["stands_apart"] = apart
    return curve if by is None else suppressed(curve, minimum, by)


def _add_shares(curve: pd.DataFrame, rows: _Rows, units: pd.DataFrame) -> None:
    """Shares of a stage's units, weighted where there are weights; NaN where there are none."""
    placed = (rows.stages >= 0) & (rows.groups.codes >= 0)
    cell = (rows.groups.codes * rows.count + rows.stages)[placed]
    size = len(curve)
    weight = np.ones(int(placed.sum())) if rows.weights is None else rows.weights[placed]

    def share(what: NDArray[np.bool_], of: NDArray[np.bool_]) -> NDArray[np.float64]:
        whole = np.bincount(cell, of[placed] * weight, minlength=size)
        part = np.bincount(cell, (what & of)[placed] * weight, minlength=size)
        shares: NDArray[np.float64] = np.divide(
            part, whole, out=np.full(size, np.nan), where=whole > 0
        )
        return shares

    every, valued, given = np.ones(len(units), dtype=bool), rows.valued, rows.valence
    curve["share_negative"] = share(given < -NEUTRAL, valued)
    curve["share_neutral"] = share(np.abs(given) <= NEUTRAL, valued)
    curve["share_positive"] = share(given > NEUTRAL, valued)
    curve["unknown"] = share(~units["known"].to_numpy(dtype=bool), every)
    curve["predicted"] = share(units["predicted"].to_numpy(dtype=bool), every)


def grades(found: GroupMeans, effective: NDArray[np.float64] | None = None) -> list[str]:
    """Evidence grade of each mean: ``"solid"``, ``"thin"`` or ``"none"``.

    `effective`, where weights make it smaller, counts in place of the respondents.
    """
    heard = found.respondents if effective is None else np.minimum(found.respondents, effective)
    with np.errstate(invalid="ignore"):
        solid = (
            (heard >= THIN_RESPONDENTS - 1e-9)
            & (found.half <= THIN_HALF)
            & (found.largest <= THIN_SHARE)
        )
    return [
        "none" if n == 0 else "solid" if good else "thin"
        for n, good in zip(found.n, solid, strict=True)
    ]


def _means(rows: _Rows) -> _Found:
    count, groups = rows.count, rows.groups
    here = rows.valued & (rows.stages >= 0) & (groups.codes >= 0)
    pools = np.repeat(np.arange(len(groups.names)), count)
    cell, size = groups.codes[here] * count + rows.stages[here], len(pools)
    values, who = rows.valence[here], None if rows.who is None else rows.who[here]
    if rows.weights is None:
        sums = cells(values, cell, size, who)
        return _Found(grouped_means(sums, pools=pools, bounds=VALENCE), sums, None)
    clusters = np.arange(len(values)) if who is None else who
    made = weighted_means(values, cell, size, clusters, rows.weights[here], pools)
    means = finish(made.sums.mean, made.moderated, made, VALENCE)
    return _Found(means, made.sums, made.effective)


def _weights(
    frame: pd.DataFrame, weights: str | None, needed: NDArray[np.bool_]
) -> NDArray[np.float64] | None:
    if weights is None:
        return None
    what = f"weights={weights!r}"
    return np.nan_to_num(survey_weights(column(frame, weights, "weights"), what, needed))


def _groups(frame: pd.DataFrame, by: str | None) -> Levels:
    if by is None:
        return Levels(np.zeros(len(frame), dtype=np.int64), pd.Index(["all"]))
    if by in _COLUMNS:
        raise ArgumentError(
            f"by={by!r}: the curve has a column of this name; rename the frame's column"
        )
    return levels(column(frame, by, "by"), text=False)


def _frame(found: _Found, stages: pd.Index[Any], groups: Levels, by: str | None) -> pd.DataFrame:
    many, means = len(groups.names), found.means
    parts: dict[str, Any] = {}
    if by is not None:
        parts[by] = groups.names.repeat(len(stages))
    parts["stage"] = stages.take(np.tile(np.arange(len(stages)), many))
    parts["n"] = means.n.astype(np.int64)
    parts["respondents"] = means.respondents.astype(np.int64)
    if found.effective is not None:
        parts["effective_n"] = found.effective
    parts["mean"], parts["low"], parts["high"] = means.mean, means.low, means.high
    return pd.DataFrame(parts)


def _codes_in(stage: pd.Series[Any], names: pd.Index[Any]) -> NDArray[np.int64]:
    codes, unique = pd.factorize(stage)
    place = names.get_indexer(pd.Index(unique))
    if (place < 0).any():
        raise UnknownName("stage of the curve", unique[int((place < 0).argmax())], names)
    return np.append(place, -1).astype(np.int64)[codes]


def _within_scale(given: NDArray[np.float64], frame: pd.DataFrame, name: str) -> None:
    with np.errstate(invalid="ignore"):
        outside = (given < VALENCE[0] - 1e-9) | (given > VALENCE[1] + 1e-9)
    if not outside.any():
        return
    low, high = float(np.nanmin(given)), float(np.nanmax(given))
    if low < 0:
        most = float(np.ceil(max(-low, high)))
        how = f"frame[{name!r}] / {most:g} for a scale of −{most:g}…{most:g}"
    else:
        first, last = (1, 5) if high <= 5 and low >= 1 else (0, 10) if high <= 10 else (0, 100)
        middle, reach = (first + last) / 2, (last - first) / 2
        how = f"(frame[{name!r}] - {middle:g}) / {reach:g} for a scale of {first}…{last}"
    numbers(frame[name], f"valence={name!r}", VALENCE, f"bring it to −1…1 first: {how}")


def check_minimum(minimum: int) -> None:
    """Refuse a number of respondents that hides nobody and is none.

    Raises
    ------
    ArgumentError
        If it is no whole number from 1.
    """
    if isinstance(minimum, bool) or not hasattr(minimum, "__index__") or minimum < 1:
        raise ArgumentError(
            f"minimum: {minimum!r} respondents; a whole number of 1 or more is needed, and 1 "
            f"hides nothing"
        )


def suppressed(curve: pd.DataFrame, minimum: int, by: str) -> pd.DataFrame:
    """A curve whose points of fewer respondents than `minimum` are gaps without any figure.

    Parameters
    ----------
    curve
        A stage and group a row; it is changed.
    minimum
        Respondents from which a point is shown.
    by
        The column of the groups.

    Returns
    -------
    pandas.DataFrame
        With a further column `suppressed`; where it is true `n` is 0, since even n may name a
        person.
    """
    hidden = (curve["respondents"] > 0) & (curve["respondents"] < minimum)
    numeric = [
        name
        for name in curve.columns
        if name != by and pd.api.types.is_float_dtype(curve[name].dtype)
    ]
    curve.loc[hidden, numeric] = np.nan
    curve.loc[hidden, ["n", "respondents"]] = 0
    curve.loc[hidden, "grade"] = "none"
    curve.loc[hidden, "stands_apart"] = False
    curve["suppressed"] = hidden
    return curve
