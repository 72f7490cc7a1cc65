"""Which group each text belongs to: a value of an attribute, a persona, a period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import pandas as pd

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.journeymap.facts import Persona
from cjm_widgets.measure.curves.calibrated_curve import calibrated_curve
from cjm_widgets.measure.curves.curve import check_minimum, suppressed
from cjm_widgets.view.parts.figures import period as called

Freq = Literal["M", "Q", "Y"]
"""Months, quarters, years."""
MOST = 100
"""Groups of one call; a column of ids would ask for one of each text."""
PERIOD, PERSONA = "period", "persona"
LEAST = 10
"""Ratings that a stage needs in a calibrated curve."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Texts by group; a text may belong to several personas."""

    rows: pd.DataFrame
    """`feedback`, `group` (categorical, in order)."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Group to what it is called, where that differs."""
    without: int = 0
    """Texts left out because they have no date."""


def of_column(values: pd.Series[Any], by: str) -> Groups:
    """Groups by the values of a column.

    Raises
    ------
    NoEvidence
        If no text has a value.
    ArgumentError
        If there are more than 100 different ones.
    """
    values = values.dropna()
    if not len(values):
        raise NoEvidence(f"no text has a value of {by!r}; choose another column")
    if (n := values.nunique()) > MOST:
        raise ArgumentError(
            f"by={by!r}: the column has {n:,} different values, and nobody could read as many "
            f"curves; choose one with at most {MOST}"
        )
    if pd.api.types.is_numeric_dtype(values.dtype):
        # Groups are names, in the order of the numbers: 9, then 10, never 9.0.
        names = {number: f"{number:.15g}" for number in sorted(values.unique())}
        return _made(values.map(names), list(names.values()))
    return _made(values, values.unique().tolist())


def of_periods(at: pd.Series[pd.Timestamp], freq: str, language: str) -> Groups:
    """Groups by month, quarter or year of the text.

    Raises
    ------
    UnknownName
        If the frequency is none.
    NoEvidence
        If no text has a date.
    ArgumentError
        If there are more than 100 periods.
    """
    if freq not in get_args(Freq):
        raise UnknownName("freq", str(freq), get_args(Freq))
    dated = at.dropna()
    if not len(dated):
        raise NoEvidence("by='period': no text has a date; bring dates in with study.add(…, at=…)")
    periods = dated.dt.to_period(freq)
    starts = sorted(periods.unique())
    if len(starts) > MOST:
        raise ArgumentError(
            f"by='period', freq={freq!r}: {len(starts)} periods, more curves than anybody reads; "
            f"take a longer one: freq={'Q' if freq == 'M' else 'Y'!r}"
        )
    keys = {start: key(start) for start in starts}
    days = [start.start_time.date() for start in starts]
    names = {
        keys[start]: str(day.year) if freq == "Y" else called(day, days, language)
        for start, day in zip(starts, days, strict=True)
    }
    made = _made(periods.map(keys).astype("str"), list(keys.values()))
    return Groups(made.rows, names, len(at) - len(dated))


def key(period: pd.Period) -> str:
    """A period as it is written in a frame: ``2026-Q1``, ``2026-01``, ``2026``."""
    if period.freqstr.startswith("Q"):
        return f"{period.year}-Q{period.quarter}"
    return str(period)


def of_personas(personas: list[Persona], numbers_of: Callable[[Persona], pd.Index[Any]]) -> Groups:
    """Groups by persona; who fits two personas counts for both.

    Raises
    ------
    NoEvidence
        If no text belongs to any.
    """
    parts = [
        pd.DataFrame({"feedback": numbers_of(persona), "group": persona.key})
        for persona in personas
    ]
    rows = pd.concat(parts, ignore_index=True)
    if rows.empty:
        raise NoEvidence(
            f"by='persona': no text fits the filter of any of {len(personas)} personas; look at "
            f"study.personas()"
        )
    kind = pd.CategoricalDtype([persona.key for persona in personas])
    rows = rows.astype({"feedback": "int64", "group": kind})
    return Groups(rows, {persona.key: persona.name for persona in personas})


def grouped(units: pd.DataFrame, groups: Groups, column: str) -> pd.DataFrame:
    """Units with their group in a column; a unit of two groups stands there twice."""
    rows = groups.rows.rename(columns={"group": column})
    return units.merge(rows, on="feedback", how="inner")


def calibrated(
    units: pd.DataFrame,
    groups: Groups,
    stages: list[str],
    probability: pd.Series[Any] | None,
    column: str,
    minimum: int = 1,
) -> tuple[pd.DataFrame, int]:
    """Calibrated curves of groups, each corrected by its own ratings only.

    A correction does not travel from one group to another. A group's stage with fewer than ten
    ratings is a gap; one with fewer respondents than `minimum` is `suppressed`.

    Returns
    -------
    tuple
        The curves with the group in `column`, and how many stages of groups are gaps for want
        of ratings.

    Raises
    ------
    ArgumentError
        If `minimum` is no whole number from 1.
    NoEvidence
        If no stage of any group has ten ratings.
    """
    check_minimum(minimum)
    parts, gaps, index = [], 0, pd.Index(stages, dtype="str", name="stage")
    for group, part in grouped(units, groups, column).groupby(column, observed=True, sort=True):
        rated = part[part["rating"].notna() & part["stage"].isin(stages)]
        counts = rated.groupby("stage")["feedback"].nunique().reindex(index, fill_value=0)
        heard = rated.groupby("stage")["respondent"].nunique().reindex(index, fill_value=0)
        enough = [stage for stage in stages if counts[stage] >= LEAST]
        gaps += int(counts.between(1, LEAST - 1).sum())
        found = pd.DataFrame(index=index)
        if enough:
            found = calibrated_curve(part, enough, probability=probability).set_index("stage")
        whole = (
            found.reindex(index)
            .reset_index()
            .assign(count=counts.to_numpy(), heard=heard.to_numpy())
        )
        whole.insert(0, column, str(group))
        parts.append(whole)
    made = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"mean": []})
    if made.get("mean", pd.Series(dtype="float64")).isna().all():
        raise NoEvidence(
            f"calibrated curves of groups: no group has {LEAST} ratings at any stage; rate more of "
            f"their texts, drawn at random: study.sample(…) draws them"
        )
    made["n"] = made["n"].fillna(made.pop("count"))
    made["respondents"] = made["respondents"].fillna(made.pop("heard"))
    made["grade"] = made["grade"].where(made["mean"].notna(), "none")
    made["stands_apart"] = made["stands_apart"].eq(other=True)
    made = made.astype({"n": "int64", "respondents": "int64", column: "str"})
    return suppressed(made, minimum, column), gaps


def _made(values: pd.Series[Any], order: list[str]) -> Groups:
    kind = pd.CategoricalDtype(order)
    rows = pd.DataFrame({"feedback": values.index, "group": values.array})
    return Groups(rows.astype({"feedback": "int64", "group": kind}))
