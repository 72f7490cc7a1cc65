"""Which figures are of whom: all customers, or a segment of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd


def of_group(
    figures: pd.DataFrame, names: Collection[str] = (), whole: Collection[str] = ()
) -> pd.DataFrame:
    """Figures of a group of customers, and of all of them where the group has none.

    Parameters
    ----------
    figures
        Columns of `cjm_widgets.model.columns.KPIS`.
    names
        What the group is called, whatever the case; none for all customers.
    whole
        Segments that are of all customers all the same, such as those of another source.

    Returns
    -------
    pandas.DataFrame
        Of each KPI and stage the rows of the group; else those of all customers; else, where
        it is known by segments only, all of its rows.
    """
    wanted = {name.strip().casefold() for name in names}
    segments = figures["segment"].str.strip().str.casefold()
    mine = segments.isin(wanted)
    everyone = figures["segment"].isna() | figures["segment"].isin(list(whole))
    kept: list[Any] = []
    keys = [figures["kpi"].str.casefold(), figures["stage"]]
    for _, rows in figures.groupby(keys, sort=False, dropna=False):
        for chosen in (mine, everyone):
            if chosen[rows.index].any():
                kept += rows.index[chosen[rows.index]].tolist()
                break
        else:
            kept += rows.index.tolist()
    return figures.loc[sorted(kept)]


def segments_of(figures: pd.DataFrame, whole: Collection[str] = ()) -> list[str]:
    """The segments there are, in order of first appearance."""
    found = figures["segment"].dropna().unique()
    return [str(name) for name in found if name not in whole]
