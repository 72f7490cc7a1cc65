"""How far coders differ on the valence of the same texts, stage by stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cjm_widgets.measure.columns import column

COLUMNS = ("coders", "shared", "disagreement", "coder_low", "coder_high")


def coder_spread(codings: pd.DataFrame, stages: Sequence[str]) -> pd.DataFrame:
    """Disagreement of coders who rated the same texts at the same stage.

    Parameters
    ----------
    codings
        Columns `feedback`, `coder`, `stage`, `valence`; a row per coding.
    stages
        Keys of the stages in order.

    Returns
    -------
    pandas.DataFrame
        One row per stage:

        - `stage`; `coders`: different people who rated there;
        - `shared`: texts that two or more of them rated there;
        - `disagreement`: mean absolute difference of two coders' valences of a shared text,
          0…2 (each text counts once); NaN where none is shared;
        - `coder_low`, `coder_high`: how much lower and higher the stage's mean would lie if
          only its harshest or its mildest coder had rated, as differences from the mean of all:
          each coder's mean deviation from the shared texts' means, least and greatest. NaN
          where none is shared.

    Raises
    ------
    UnknownName
        If a column is missing.

    Notes
    -----
    A coder is held against others only on texts that both rated: who was given the angry
    letters is not therefore harsh. Coders with fewer than five shared texts at a stage do not
    count for `coder_low` and `coder_high`.
    """
    rows = pd.DataFrame(
        {name: column(codings, name, "codings") for name in ("feedback", "coder", "stage")}
    )
    rows["valence"] = column(codings, "valence", "codings").astype("float64")
    rows = rows[rows["stage"].isin(list(stages)) & rows["valence"].notna()]
    said = rows.groupby(["stage", "feedback", "coder"], sort=False)["valence"].mean().reset_index()
    text = said.groupby(["stage", "feedback"], sort=False)["valence"]
    said["many"], said["middle"] = text.transform("size"), text.transform("mean")
    shared = said[said["many"] > 1]
    answer = pd.DataFrame(index=pd.Index(list(stages), dtype="str", name="stage"))
    answer["coders"] = said.groupby("stage")["coder"].nunique()
    answer["shared"] = shared.groupby("stage")["feedback"].nunique()
    counts = ["coders", "shared"]
    answer[counts] = answer[counts].fillna(0).astype("int64")
    answer["disagreement"] = _pairwise(shared)
    low, high = _leanings(shared)
    answer["coder_low"], answer["coder_high"] = low, high
    return answer.reset_index()


LEAST = 5
"""Shared texts from which on a coder's leaning at a stage is told."""


def _pairwise(shared: pd.DataFrame) -> pd.Series[float]:
    """Mean over texts of the mean absolute difference of two coders."""
    ordered = shared.sort_values(["stage", "feedback", "valence"])
    rank = ordered.groupby(["stage", "feedback"]).cumcount()
    many = ordered["many"]
    # In order, the value of rank r is taken r times and taken off m − 1 − r times.
    part = ordered["valence"] * (2 * rank - many + 1) / (many * (many - 1) / 2)
    texts = part.groupby([ordered["stage"], ordered["feedback"]]).sum()
    return texts.groupby(level="stage").mean()


def _leanings(shared: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    deviation = shared["valence"] - shared["middle"]
    by = deviation.groupby([shared["stage"], shared["coder"]])
    leaning = by.mean()[by.size() >= LEAST]
    ends = leaning.groupby(level="stage")
    several = ends.size() > 1
    least, most = ends.min(), ends.max()
    return least[several], most[several]


def overall_disagreement(spread: pd.DataFrame) -> tuple[float, int]:
    """Mean disagreement over the shared texts of all stages, and how many these are.

    Examples
    --------
    >>> codings = pd.DataFrame({"feedback": [1, 1, 2], "coder": ["ana", "ben", "ana"],
    ...                         "stage": "pay", "valence": [-0.5, 0.0, 1.0]})
    >>> overall_disagreement(coder_spread(codings, ["pay"]))
    (0.5, 1)
    """
    shared: Any = spread["shared"].to_numpy(dtype=np.float64)
    if not shared.sum():
        return float("nan"), 0
    mean = np.nansum(spread["disagreement"].to_numpy(dtype=np.float64) * shared) / shared.sum()
    return float(mean), int(shared.sum())
