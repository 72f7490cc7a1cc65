"""A funnel: how many go on from each stage to the next, and how many are lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, NoEvidence
from cjm_widgets.measure.columns import column, numbers
from cjm_widgets.measure.loyalty import wilson

_NO_COUNT = re.compile(
    r"%|.*\d\s*[-–—]\s*\d.*|points?|pts?|[€$£]|(?-i:[A-Z]{3})|k?€|percent|pour ?cent(?:age)?|"
    r"(?:milli)?s(?:ec(?:ond)?e?s?)?|min(?:ute)?s?|h(?:(?:ou|eu)re?s?)?|days?|jours?|weeks?|"
    r"semaines?|months?|mois|answers|score",
    re.I,
)
"""Units of what is no number of people or things; three capital letters are a currency."""


def funnel(counts: pd.DataFrame, stages: Sequence[str], by: str | None = None) -> pd.DataFrame:
    """Conversion from each stage to the next, with the people lost on the way.

    Parameters
    ----------
    counts
        Columns `stage`, `n` and, with `by`, a column of groups; one row per stage and group.
    stages
        Keys in the journey's order. Stages without a count are left out.
    by
        Column of groups; a funnel each.

    Returns
    -------
    pandas.DataFrame
        A stage a row, in order, under each group's name (column `by`): `stage`, `n`; `rate`, the
        share of the stage before that came here (0…1), with its 95 % interval `low`, `high`
        (Wilson 1927, as if each were one person who goes on or not); `lost`, how many did not;
        `of_first`, the share of the first stage. Missing at the first stage.

    Raises
    ------
    NoEvidence
        If fewer than two stages have a count, or a count is missing or grows on the way: what
        is counted at the two stages cannot be the same people then.
    ArgumentError
        If a count is no number from 0 or a stage has two.
    """
    made = pd.DataFrame(
        {
            "stage": column(counts, "stage", "stage").astype("str").to_numpy(),
            "n": numbers(column(counts, "n", "n"), "n"),
        }
    )
    groups: list[tuple[str | None, pd.DataFrame]] = [(None, made)]
    if by is not None:
        made[by] = column(counts, by, "by").astype("str").to_numpy()
        groups = [(str(name), rows) for name, rows in made.groupby(by, sort=False)]
    parts = []
    for name, rows in groups:
        part = _one(rows, stages, "" if name is None else f" of {name}")
        if by is not None:
            part.insert(0, by, pd.Series([name] * len(part), index=part.index, dtype="str"))
        parts.append(part)
    if not parts:
        raise NoEvidence("a funnel needs counts, and there are none")
    return pd.concat(parts, ignore_index=True)


def _one(rows: pd.DataFrame, stages: Sequence[str], of: str) -> pd.DataFrame:
    order = {key: place for place, key in enumerate(stages)}
    rows = rows[rows["stage"].isin(order)]
    rows = rows.iloc[np.argsort([order[key] for key in rows["stage"]], kind="stable")]
    if (twice := rows["stage"].duplicated()).any():
        raise ArgumentError(
            f"the stage {rows['stage'][twice].iloc[0]!r}{of} has two counts; give one a stage"
        )
    if len(rows) < 2:
        raise NoEvidence(
            f"a funnel goes from stage to stage, and {'one' if len(rows) else 'no'} stage{of} has "
            f"a count"
        )
    _refuse(rows, of)
    n = rows["n"].to_numpy()
    before = np.concatenate([[np.nan], n[:-1]])
    rates = [_rate(k, m) for k, m in zip(n, before, strict=True)]
    return pd.DataFrame(
        {
            "stage": rows["stage"].to_numpy(),
            "n": n,
            "rate": [rate for rate, _, _ in rates],
            "low": [low for _, low, _ in rates],
            "high": [high for _, _, high in rates],
            "lost": before - n,
            "of_first": np.where(np.isnan(before) | (n[0] == 0), np.nan, n / (n[0] or np.nan)),
        }
    ).astype({"stage": "str"})


def _refuse(rows: pd.DataFrame, of: str) -> None:
    """Refuse what is no funnel."""
    missing = rows[rows["n"].isna()]
    if len(missing):
        raise NoEvidence(
            f"the count of stage {missing['stage'].iloc[0]!r}{of} is missing; leave the stage out, "
            f"or give its count"
        )
    wrong = rows[(rows["n"] < 0) | ~np.isfinite(rows["n"])]
    if len(wrong):
        raise ArgumentError(
            f"the count of stage {wrong['stage'].iloc[0]!r}{of} is {wrong['n'].iloc[0]:g}; a count "
            f"is a number from 0"
        )
    grows = rows["n"].diff() > 0
    if grows.any():
        place = int(grows.to_numpy().argmax())
        (a, b), (x, y) = (
            rows["stage"].iloc[place - 1 : place + 1],
            rows["n"].iloc[place - 1 : place + 1],
        )
        raise NoEvidence(
            f"more were counted at {b!r} ({y:,.0f}) than at {a!r} before it ({x:,.0f}){of}: they "
            f"cannot all have come from there, so that no share of them went on. Count the same "
            f"people or visits at each stage, or leave one of the two out"
        )


def _rate(n: float, before: float) -> tuple[float, float, float]:
    if not before > 0:
        return np.nan, np.nan, np.nan
    low, high = wilson(n, before)
    return n / before, low, high


def is_count(unit: object, values: Sequence[float]) -> bool:
    """Whether figures in a unit count people or things: whole numbers from 0, in no unit of
    shares, scores, money or time.

    Examples
    --------
    >>> is_count("sessions", [184200, 176400]), is_count("%", [3, 4]), is_count("minutes", [5])
    (True, False, False)
    """
    given = np.asarray(values, dtype=np.float64)
    whole = bool(len(given)) and bool((given >= 0).all() and (given == np.round(given)).all())
    said = unit.strip() if isinstance(unit, str) else ""
    return whole and bool(said) and _NO_COUNT.fullmatch(said) is None


def counted(figures: pd.DataFrame, kpi: str | None = None) -> pd.DataFrame:
    """The counts that KPI figures hold, of the newest period that has most stages.

    Parameters
    ----------
    figures
        Columns of `cjm_widgets.model.columns.KPIS`.
    kpi
        Name of the KPI that is counted at each stage; None: the one that is counted at most
        stages, else every KPI of a stage whose unit is that of a count.

    Returns
    -------
    pandas.DataFrame
        Columns `stage`, `n`, `segment`, `at`, `kpi`.

    Raises
    ------
    NoEvidence
        If there are none, or several at one stage between which a name must choose.
    """
    staged = figures[figures["stage"].notna()]
    named = staged["kpi"].str.casefold()
    staged = _counts(staged) if kpi is None else staged[named == kpi.strip().casefold()]
    if not len(staged):
        raise NoEvidence(
            f"a funnel needs counts at stages, such as visits, carts and orders, and no KPI "
            f"{'is one' if kpi is None else f'{kpi!r} has a stage'}; bring them in with "
            f"study.add_kpis(…) and a unit such as 'visits', or give them: "
            f"study.funnel({{'discovery': 184200, 'purchase': 4255}})"
        )
    several = staged.groupby("stage")["kpi"].nunique()
    if several.max() > 1:
        stage = several.idxmax()
        names = ", ".join(sorted(staged.loc[staged["stage"] == stage, "kpi"].unique()))
        raise NoEvidence(
            f"the stage {stage!r} has several counts ({names}); say with kpi=… which one is "
            f"counted at every stage, or give the counts themselves"
        )
    by_day = staged.groupby("at")["stage"].nunique()
    if len(by_day):
        staged = staged[staged["at"] == by_day[by_day == by_day.max()].index.max()]
    made = staged.rename(columns={"n": "observations", "value": "n"})
    return made[["stage", "n", "segment", "at", "kpi"]].reset_index(drop=True)


def _counts(staged: pd.DataFrame) -> pd.DataFrame:
    """Figures in units of counts; those of the name that is counted at most stages, if any is
    counted at several."""
    kept = [
        rows
        for _, rows in staged.groupby(["kpi", "stage"], sort=False)
        if is_count(next(iter(rows["unit"].dropna()), None), rows["value"].tolist())
    ]
    if not kept:
        return staged.head(0)
    made = pd.concat(kept)
    names = made["kpi"].str.casefold()
    spread = made.groupby(names)["stage"].nunique()
    return made[names == spread.idxmax()] if spread.max() > 1 else made


def of_mapping(counts: Mapping[str, float]) -> pd.DataFrame:
    """Counts given as stage to number."""
    return pd.DataFrame({"stage": list(counts), "n": list(counts.values())}).astype(
        {"stage": "str", "n": "float64"}
    )
