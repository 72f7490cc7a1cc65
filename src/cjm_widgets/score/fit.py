"""How well scores agree with people's ratings of the same passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST, PEOPLE = 10, 5
"""Ratings, and respondents, below which no correlation is told."""
RESAMPLES, SEED = 1000, 20
FIGURES = (
    "n", "respondents", "spearman", "spearman_low", "spearman_high", "pearson", "pearson_low",
    "pearson_high", "error", "bias", "unknown",
)  # fmt: skip


def fits(pairs: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Correlation, error and bias of each scorer.

    Parameters
    ----------
    pairs
        A row per scorer and rated passage: `scorer`, `rating` and `score` (−1…1), `known`
        (whether the scorer knew a word), `respondent`, and the columns of `by`.
    by
        Further columns to part the ratings by.

    Returns
    -------
    pandas.DataFrame
        `scorer`, the columns of `by`, `n`, `respondents`, `spearman` and `pearson` with
        `_low` and `_high` (95 %, missing below ten ratings or five respondents, or where all
        ratings or scores are equal), `error` (mean absolute difference), `bias` (mean score
        less mean rating), `unknown` (share of passages without a known word; they count with
        the scorer's 0).

    Notes
    -----
    Intervals resample respondents, who may have several ratings (cluster bootstrap,
    percentiles of 1,000 resamples); Spearman's is Pearson's of the ranks in the whole sample.
    """
    keys = ["scorer", *by]
    rows = [
        dict(zip(keys, name if isinstance(name, tuple) else (name,), strict=True)) | _fit(part)
        for name, part in pairs.groupby(keys, sort=False, observed=True)
    ]
    frame = pd.DataFrame(rows, columns=[*keys, *FIGURES])
    kinds = dict.fromkeys(FIGURES, "float64") | {"n": "int64", "respondents": "int64"}
    return frame.astype(kinds | dict.fromkeys(keys, "str"))


def difference(pairs: pd.DataFrame, first: str, second: str) -> tuple[float, float]:
    """95 % interval of how much higher the first scorer's Spearman correlation is.

    On the passages both have scored (column `passage` says which), with the same resamples.
    """
    one, other = (pairs[pairs["scorer"] == name].set_index("passage") for name in (first, second))
    both = one.index.intersection(other.index)
    one, other = one.loc[both], other.loc[both]
    apart = _resampled(_ranks(one), one["respondent"]) - _resampled(
        _ranks(other), one["respondent"]
    )
    return _ends(apart)


def _fit(part: pd.DataFrame) -> dict[str, float]:
    people = part["respondent"].nunique()
    off = part["score"] - part["rating"]
    found = {
        "n": len(part),
        "respondents": people,
        "error": float(off.abs().mean()),
        "bias": float(off.mean()),
        "unknown": float((~part["known"].astype(bool)).mean()),
    }
    for name, values in (("spearman", _ranks(part)), ("pearson", _values(part))):
        value, low, high = np.nan, np.nan, np.nan
        if len(part) >= LEAST and people >= PEOPLE and (np.ptp(values, axis=0) > 1e-12).all():
            value = float(np.corrcoef(values[:, 0], values[:, 1])[0, 1])
            low, high = _ends(_resampled(values, part["respondent"]))
        found |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return found


def _values(part: pd.DataFrame) -> Floats:
    return part[["rating", "score"]].to_numpy(dtype=np.float64)


def _ranks(part: pd.DataFrame) -> Floats:
    return part[["rating", "score"]].rank().to_numpy(dtype=np.float64)


def _resampled(values: Floats, respondents: pd.Series[Any]) -> Floats:
    """Correlations of the two columns in resamples of respondents."""
    codes, people = pd.factorize(respondents)
    # Centred, so that sums of squares lose no digits.
    x, y = (values - values.mean(axis=0)).T
    parts = np.column_stack([np.ones(len(x)), x, y, x * x, y * y, x * y])
    sums = np.zeros((len(people), parts.shape[1]))
    np.add.at(sums, codes, parts)
    rng = np.random.default_rng(SEED)
    times = rng.multinomial(len(people), np.full(len(people), 1 / len(people)), RESAMPLES)
    n, sx, sy, sxx, syy, sxy = (times @ sums).T
    spread = (n * sxx - sx * sx) * (n * syy - sy * sy)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(spread > 1e-9, (n * sxy - sx * sy) / np.sqrt(spread), np.nan)
    return found


def _ends(found: Floats) -> tuple[float, float]:
    seen = found[np.isfinite(found)]
    if len(seen) < RESAMPLES / 2:
        return np.nan, np.nan
    low, high = np.quantile(seen, [0.025, 0.975])
    return float(low), float(high)
