"""The texts behind a KPI."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cjm_widgets.errors import NoEvidence
from cjm_widgets.journeymap.facts import KpiPanel
from cjm_widgets.measure.kpis.kpi_names import is_nps
from cjm_widgets.store import Store
from cjm_widgets.study.evidence import evidence

_OF_RATINGS = ["feedback", "respondent", "at", "channel", "text", "rating"]
_OF_STAGE = ["feedback", "respondent", "at", "coder", "valence", "text"]


def rated(store: Store, column: str, panel: KpiPanel, freq: str) -> pd.DataFrame:
    """Texts whose ratings made a panel's newest value, in the order of the study.

    Parameters
    ----------
    column
        Attribute that holds the ratings.
    panel
        Computed from them; without a period, of all time.
    freq
        Length of its period.

    Returns
    -------
    pandas.DataFrame
        `feedback`, `respondent`, `at`, `channel`, `text`, `rating`; of an NPS also `part`.
    """
    ratings: Any = store.values_of(column).astype("float64").dropna()
    if panel.at is not None:
        at = store.values_of("at").reindex(ratings.index)
        ratings = ratings[at.dt.to_period(freq).dt.start_time == pd.Timestamp(panel.at)]
    made = pd.DataFrame({"feedback": ratings.index, "rating": ratings.to_numpy()})
    for name in ("respondent", "at", "channel"):
        made[name] = store.values_of(name).reindex(made["feedback"]).to_numpy()
    texts = store.texts(made["feedback"])[["feedback", "text"]]
    made = made.merge(texts, on="feedback", how="left")
    kinds = {"respondent": "str", "channel": "str", "at": "datetime64[us]", "text": "str"}
    made = made.astype(kinds)[_OF_RATINGS]
    if is_nps(panel.name):
        part = np.select(
            [made["rating"] >= 9, made["rating"] <= 6], ["promoters", "detractors"], "passives"
        )
        made["part"] = pd.Series(part, index=made.index, dtype="str")
    return made


def said(store: Store, codings: pd.DataFrame, panel: KpiPanel) -> pd.DataFrame:
    """What was said of a panel's stage.

    Returns
    -------
    pandas.DataFrame
        `feedback`, `respondent`, `at`, `coder`, `valence`, `text` (the passage).

    Raises
    ------
    NoEvidence
        If the panel is of no stage, or nobody coded anything there.
    """
    if panel.stage is None:
        raise NoEvidence(
            f"behind({panel.name!r}): the figure came with a table and is of the whole journey, so "
            f"that no text of the study stands behind it"
        )
    here = codings[codings["stage"] == panel.stage]
    if not len(here):
        raise NoEvidence(
            f"behind({panel.name!r}): the figure came with a table, and nothing is coded at its "
            f"stage yet; study.code() opens the texts"
        )
    at = store.values_of("at").reindex(here["feedback"]).to_numpy()
    made = here.rename(columns={"passage": "text"}).drop(columns="at").assign(at=at)
    return made.astype({"at": "datetime64[us]"})[_OF_STAGE].reset_index(drop=True)


def behind(store: Store, panel: KpiPanel, columns: dict[str, str], freq: str) -> pd.DataFrame:
    """What `KpiView.behind` gives: see there."""
    column = columns.get(panel.name.casefold())
    if panel.rated and column is not None:
        return rated(store, column, panel, freq)
    return said(store, evidence.current(store.codings(), store.journey()), panel)
