"""Whether what a curve says holds when it is computed otherwise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cjm_widgets.measure.curves.moments import correlation, ranks

HEARD = 10
"""Respondents a stage needs in the first variant to be called the worst or the best."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to compute the curve."""

    kind: str
    """``chosen``, ``estimate``, ``scorer``, ``weighting``, ``coder``, ``respondent`` or
    ``unit``."""
    label: str
    """What is done otherwise, in words."""
    curve: pd.DataFrame
    """Columns of `cjm_widgets.model.columns.CURVE`."""


def sensitivity_frame(variants: Sequence[Variant]) -> pd.DataFrame:
    """Worst stage, best stage and order of the stages in each variant.

    Parameters
    ----------
    variants
        The one that is shown first, then what could have been chosen instead.

    Returns
    -------
    pandas.DataFrame
        One row per variant: `kind`, `variant`, `worst`, `worst_mean`, `gap` (how much the next
        stage lies above it), `best`, `same_worst` (as in the first variant), `order` (Spearman's
        correlation of the stage means with those of the first variant, −1…1; NaN for fewer than
        three stages), `stages` (compared). Compared are the stages to which ten respondents
        speak in the first variant, or all with evidence where fewer than two have as many.
        Means are the unpooled ones.
    """
    compared = compared_stages(variants[0].curve)
    first = _means(variants[0].curve, compared)
    rows = []
    for variant in variants:
        means = _means(variant.curve, compared)
        ordered = means.sort_values(kind="stable")
        worst = str(ordered.index[0]) if len(ordered) else None
        rows.append(
            {
                "kind": variant.kind,
                "variant": variant.label,
                "worst": worst,
                "worst_mean": float(ordered.iloc[0]) if len(ordered) else math.nan,
                "gap": float(ordered.iloc[1] - ordered.iloc[0]) if len(ordered) > 1 else math.nan,
                "best": str(ordered.index[-1]) if len(ordered) else None,
                "order": _order(first, means),
                "stages": len(means),
            }
        )
    frame = pd.DataFrame(rows)
    texts = dict.fromkeys(("kind", "variant", "worst", "best"), "str")
    frame = frame.astype({**texts, "stages": "int64"})
    same = (frame["worst"] == frame["worst"].iloc[0]).fillna(False).astype("bool")
    frame.insert(6, "same_worst", same)
    return frame


def compared_stages(curve: pd.DataFrame) -> list[str]:
    """Stages that a table of sensitivity compares."""
    shown = curve[curve["n"] > 0]
    heard = shown[shown["respondents"] >= HEARD]
    return [str(stage) for stage in (heard if len(heard) > 1 else shown)["stage"]]


def _means(curve: pd.DataFrame, stages: Sequence[str]) -> pd.Series[float]:
    means = curve.set_index("stage")["mean"]
    return means[means.index.isin(stages)].dropna()


def _order(first: pd.Series[float], other: pd.Series[float]) -> float:
    both = first.index.intersection(other.index)
    a, b = first[both].to_numpy(), other[both].to_numpy()
    if len(both) < 3 or np.ptp(a) < 1e-12 or np.ptp(b) < 1e-12:
        return math.nan
    return correlation(ranks(a), ranks(b))
