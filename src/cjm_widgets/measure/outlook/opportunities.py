"""What mending a pain would bring: impact beside the effort people give it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from cjm_widgets.errors import ArgumentError, NoEvidence
from cjm_widgets.measure.bootstrap import Floats, percentile_interval
from cjm_widgets.model.columns import CODINGS, check

LEAST = 3
"""Texts that must bear a code at a stage for it to be listed."""
EASY = 3.0
"""Effort below this is low, on the scale 1…5."""
EFFORTS = (1.0, 5.0)
_NEEDED = tuple(
    c for c in CODINGS if c.name in {"feedback", "respondent", "stage", "valence", "codes"}
)


def opportunities(
    codings: pd.DataFrame,
    codes: Sequence[str],
    effort: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """How much each code weighs on its stage, and whether mending it is worth the effort.

    Parameters
    ----------
    codings
        Columns of `cjm_widgets.model.columns.CODINGS`.
    codes
        Keys of the codes that can be mended: pain points, opportunities.
    effort
        Key of a code to the effort of mending it, 1 (little) to 5 (much).

    Returns
    -------
    pandas.DataFrame
        A code and stage a row, the greatest impact first: `code`, `stage`, `n` (texts that
        bear it), `respondents`, `share` of the stage's texts, `mean_with`, `mean_without`
        (valence), `impact` with `low` and `high` (how much the stage's mean would rise if
        these texts felt like the others; 95 % bootstrap interval by respondent), `effort`,
        `quadrant`: ``"quick"`` (high impact, low effort), ``"big"``, ``"small"`` (low impact,
        low effort), ``"later"``, or missing where the effort or the impact is unknown. High is
        at or above the median impact. Association, not proof: texts with a pain may differ in
        more than the pain.

    Raises
    ------
    NoEvidence
        If no code occurs often enough beside texts without it.
    ArgumentError
        If an effort lies outside 1 to 5.
    """
    given = {code: effort_of(code, value) for code, value in (effort or {}).items()}
    check(codings, _NEEDED, "opportunities")
    rated = codings[codings["stage"].notna() & codings["valence"].notna()]
    texts = (
        rated.groupby(["stage", "feedback"])
        .agg(valence=("valence", "mean"), respondent=("respondent", "first"))
        .reset_index()
    )
    alone = "text " + texts["feedback"].astype("str")
    texts["respondent"] = texts["respondent"].fillna(alone).astype("str")
    bearing = rated[["stage", "feedback"]].assign(code=rated["codes"].str.split("; "))
    bearing = bearing.explode("code").drop_duplicates()
    bearing = bearing[bearing["code"].isin(codes)]
    rows = [
        _row(str(code), str(stage), texts[texts["stage"] == stage], set(part["feedback"]))
        for (code, stage), part in bearing.groupby(["code", "stage"], sort=True)
        if len(part) >= LEAST
    ]
    if not rows:
        raise NoEvidence(
            f"no pain point or opportunity is coded in {LEAST} texts of a stage that have a "
            f"valence; code more passages with them, or give those passages a valence"
        )
    found = pd.DataFrame(rows)
    found["effort"] = found["code"].map(given).astype("float64")
    found["quadrant"] = _quadrants(found)
    found = found.sort_values(["impact", "n"], ascending=False, ignore_index=True)
    return found.astype({"code": "str", "stage": "str", "quadrant": "str"})


def effort_of(code: str, value: float) -> float:
    """An effort on the scale 1…5.

    Raises
    ------
    ArgumentError
        If it is no number or lies outside.
    """
    low, high = EFFORTS
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ArgumentError(
            f"the effort of {code!r} is a number from {low:g} (little) to {high:g} (much), "
            f"not {value!r}"
        )
    return float(value)


def _row(code: str, stage: str, texts: pd.DataFrame, bearing: set[int]) -> dict[str, Any]:
    bears = texts["feedback"].isin(bearing).to_numpy()
    valence = texts["valence"].to_numpy(dtype=np.float64)
    row: dict[str, Any] = {
        "code": code,
        "stage": stage,
        "n": int(bears.sum()),
        "respondents": int(texts.loc[bears, "respondent"].nunique()),
        "share": float(bears.mean()),
        "mean_with": float(valence[bears].mean()),
        "mean_without": float(valence[~bears].mean()) if (~bears).any() else math.nan,
        "impact": math.nan,
        "low": math.nan,
        "high": math.nan,
    }
    if (~bears).any():
        row["impact"] = row["mean_without"] - float(valence.mean())
        row["low"], row["high"] = _interval(texts["respondent"], valence, bears)
    return row


def _interval(respondents: pd.Series[str], valence: Floats, bears: Any) -> tuple[float, float]:
    def gain(weights: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            everything = weights @ valence / weights.sum(axis=1)
            rest = weights @ np.where(bears, 0.0, valence) / (weights @ (~bears).astype(float))
        return np.asarray(rest - everything)

    who, people = pd.factorize(respondents)
    rows = np.arange(len(who))
    clusters = sparse.csr_array((np.ones(len(who)), (who, rows)), shape=(len(people), len(who)))
    return percentile_interval(gain, np.ones(len(people)), clusters)


def _quadrants(found: pd.DataFrame) -> list[str | None]:
    median = found["impact"].median()
    names: list[str | None] = []
    for impact, effort in zip(found["impact"], found["effort"], strict=True):
        if math.isnan(impact) or math.isnan(effort):
            names.append(None)
        elif impact >= median and impact > 0:
            names.append("quick" if effort < EASY else "big")
        else:
            names.append("small" if effort < EASY else "later")
    return names
