"""Weighted means of groups, clustered by respondent: survey weights and calibrated estimates.

With weights of one everything here is what `cjm_widgets.measure.interval` gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from cjm_widgets.errors import ArgumentError
from cjm_widgets.measure.columns import numbers
from cjm_widgets.measure.interval import (
    Cells,
    Codes,
    Floats,
    cells,
    intraclass_correlation,
)

_PRIOR = 2.0
"""Degrees of freedom that the variance pooled over the stages is worth, as in `interval`."""
_NOTHING = 1e-24
"""A variance below this is rounding."""


@dataclass(frozen=True, slots=True)
class WeightedMeans:
    """Weighted means of groups and the variances of these means, an entry per group."""

    sums: Cells
    """Sums by group and respondent; a unit counts for its weight, scaled to 1 on average."""
    own: Floats
    """Variance of the mean from the group's own respondents; NaN for fewer than two."""
    df: Floats
    """Its degrees of freedom by Satterthwaite; 0 for fewer than two respondents."""
    moderated: Floats
    """Variance of the mean drawn towards what the other groups lead one to expect."""
    prior: Floats
    """Degrees of freedom that this is worth: two, or what the other groups hold."""
    effective: Floats
    """Units of equal weight that would tell as much: (Σw)² / Σw²; 0 where there are none.
    Source: Kish 1965, Survey Sampling, section 11.7."""


def survey_weights(series: pd.Series[Any], what: str, needed: NDArray[np.bool_]) -> Floats:
    """Weights as numbers; NaN only where none is needed.

    Parameters
    ----------
    series
        How many people each row stands for, on any scale. A row of weight 0 counts for nothing.
    what
        What they are, for the message: ``"weights='weight'"``.
    needed
        Rows that count. A row that stands for nobody knows how many would be a guess.

    Raises
    ------
    ArgumentError
        If a weight is no number, negative, or missing where it is needed, or all are 0.
    """
    found = numbers(series, what)
    below = needed & (found < 0)
    if below.any():
        raise ArgumentError(
            f"{what}: {int(below.sum()):,} of {int(needed.sum()):,} rows have a negative weight, "
            f"the first {found[int(below.argmax())]:g}; a weight says how many people a row stands "
            f"for: 0 or more"
        )
    gone = needed & np.isnan(found)
    if gone.any():
        raise ArgumentError(
            f"{what}: {int(gone.sum()):,} of {int(needed.sum()):,} rows have no weight (the first "
            f"is row {int(gone.argmax())}, counted from 0); give each its own, 0 for one that is "
            f"to count for nothing, or leave these rows out"
        )
    if needed.any() and not (found[needed] > 0).any():
        raise ArgumentError(f"{what}: all weights are 0, so that nothing counts")
    return found


def scaled(weights: Floats, groups: Codes, size: int) -> Floats:
    """Weights that are 1 on average in each group."""
    n = np.bincount(groups, minlength=size)
    whole = np.bincount(groups, weights, minlength=size)
    return np.asarray(weights * (n / np.where(whole > 0, whole, 1.0))[groups], np.float64)


def weighted_means(
    values: Floats,
    groups: Codes,
    size: int,
    clusters: Codes,
    weights: Floats | None = None,
    pools: Codes | None = None,
) -> WeightedMeans:
    """Hájek means of groups with variances clustered by respondent.

    With w scaled to 1 on average, ``m_g = Σ w`` and ``q_g = Σ w²`` over a respondent's units,
    ``s_g² = 1 / (n (n − m_g))``: ``v = Σ_g s_g² (Σ w e)²``, times what makes it unbiased for
    independent units, ``(Q/n²) / tr M``, Q = Σ w². Satterthwaite's ``ν = (tr M)² / tr M²``
    with ``M = D (diag q − q m'/n − m q'/n + Q m m'/n²) D``, D = diag s. Units of weight one
    make this the variance of Bell and McCaffrey.

    Parameters
    ----------
    values
        Finite numbers.
    groups
        Number of each value's group, 0…size − 1.
    size
        How many groups there are.
    clusters
        Number of each value's respondent.
    weights
        Positive numbers: survey weight divided by the probability of being rated. None: 1.
    pools
        Number of each group's pool, whose groups share spread and likeness. None: one pool.

    Source: Bell and McCaffrey 2002, Survey Methodology 28, 169–181; Hájek 1971; moderation
    after Smyth 2004, Statistical Applications in Genetics and Molecular Biology 3(1), 3.
    """
    plain = cells(values, groups, size, clusters)
    w = np.ones(len(values)) if weights is None else scaled(weights, groups, size)
    sums, squared = weigh(plain, values, groups, clusters, w)
    pool = np.zeros(size, dtype=np.int64) if pools is None else pools
    return moderate(sums, squared, intraclass_correlation(plain, pool), pools=pool)


def likeness(plain: Cells) -> float:
    """Intraclass correlation of respondents' units, pooled over all groups."""
    pools = np.zeros(len(plain.n), dtype=np.int64)
    return float(intraclass_correlation(plain, pools)[0]) if len(pools) else 0.0


def moderate(
    sums: Cells,
    squared: Floats,
    rho: float | Floats,
    beside: Floats | None = None,
    pools: Codes | None = None,
) -> WeightedMeans:
    """Variances of weighted means, and those moderated by what all groups show.

    Parameters
    ----------
    sums, squared
        Sums with weights and Σ w² per cell, from `weigh`.
    rho
        Intraclass correlation of respondents' units; one number, or one a pool.
    beside
        Variance of each mean that respondents outside its cells bring.
    pools
        Number of each group's pool. None: one pool.
    """
    n = sums.n
    size = len(n)
    pool = np.zeros(size, dtype=np.int64) if pools is None else pools
    alike = np.atleast_1d(np.asarray(rho, dtype=np.float64))[pool]
    own, df = _variance(sums, squared)
    if beside is not None:
        own = own + beside
    with np.errstate(divide="ignore", invalid="ignore"):
        clustered = np.bincount(sums.cell_group, sums.cell_n**2, minlength=size) / n
        single = np.bincount(sums.cell_group, squared, minlength=size) / n
        effective = np.nan_to_num(n / single)
    effect = np.nan_to_num(alike * clustered + (1 - alike) * single)
    free = np.where(n > 0, np.maximum(n - effect, 0), 0.0)
    own_free = np.maximum(sums.respondents - 1, 0)

    def pooled(what: Floats) -> Floats:
        return np.asarray(np.bincount(pool, what)[pool], np.float64) if size else what

    prior = np.minimum(_PRIOR, pooled(own_free) - own_free)
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma2 = pooled(sums.total) / pooled(free)
        expected = np.where(prior > 0, sigma2 * effect / n, 0.0)
        variance = (own_free * np.nan_to_num(own) + prior * expected) / (own_free + prior)
    usable = (n > 0) & (own_free + prior > 0)
    moderated = np.where(usable, variance, np.nan)
    return WeightedMeans(sums, own, df, moderated, prior, effective)


def weigh(
    plain: Cells, values: Floats, groups: Codes, clusters: Codes, w: Floats
) -> tuple[Cells, Floats]:
    """Sums with weights, and Σ w² per cell; `plain` are the sums without."""
    size = len(plain.n)
    width = int(clusters.max(initial=0)) + 1
    keys = plain.cell_group * width + plain.cell_cluster
    order = np.argsort(keys)
    cell = order[np.searchsorted(keys[order], groups * width + clusters)]
    count = len(keys)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(groups, w * values, minlength=size) / plain.n
    deviation = values - mean[groups]
    total = np.bincount(groups, w * deviation**2, minlength=size).astype(np.float64)
    cell_n = np.bincount(cell, w, minlength=count).astype(np.float64)
    cell_sum = np.bincount(cell, w * deviation, minlength=count).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = np.bincount(plain.cell_group, cell_sum**2 / cell_n, minlength=size)
        squares = np.bincount(plain.cell_group, cell_n**2, minlength=size) / plain.n
    sums = Cells(
        plain.n,
        plain.respondents,
        mean,
        total,
        np.minimum(between, total),
        np.nan_to_num(squares),
        plain.cell_group,
        plain.cell_cluster,
        cell_n,
        cell_sum,
    )
    return sums, np.bincount(cell, w**2, minlength=count).astype(np.float64)


def _variance(sums: Cells, squared: Floats) -> tuple[Floats, Floats]:
    """Variance of each group's mean and its degrees of freedom."""
    size = len(sums.n)
    n = sums.n[sums.cell_group]
    free = n - sums.cell_n
    s2 = np.divide(1.0, n * free, out=np.zeros_like(n), where=free > 1e-9)

    def add(what: Floats) -> Floats:
        return np.bincount(sums.cell_group, what, minlength=size).astype(np.float64)

    whole = add(squared)
    q_of = whole[sums.cell_group]
    # M = diag d − a b' − b a' + Q b b', with a = s q, b = s m / n; only its sums are needed.
    d, ab, bb, aa = (
        s2 * squared,
        s2 * squared * sums.cell_n / n,
        s2 * (sums.cell_n / n) ** 2,
        s2 * squared**2,
    )
    trace = add(d - 2 * ab + q_of * bb)
    sum_ab, sum_bb, sum_aa = add(ab), add(bb), add(aa)
    square = (
        add(d**2 + 2 * d * (q_of * bb - 2 * ab))
        + 2 * sum_aa * sum_bb
        + 2 * sum_ab**2
        + whole**2 * sum_bb**2
        - 4 * whole * sum_ab * sum_bb
    )
    variance = add(sums.cell_sum**2 * s2)
    several = sums.respondents > 1
    with np.errstate(divide="ignore", invalid="ignore"):
        unbiased = variance * whole / sums.n**2 / trace
        df = trace**2 / square
    return np.where(several, unbiased, np.nan), np.where(several, df, 0.0)


def interval(
    mean: Floats,
    variance: Floats,
    df: Floats,
    respondents: Floats,
    bounds: tuple[float, float],
) -> tuple[Floats, Floats, Floats]:
    """Ends and half-width of ``mean ± t(df) √V`` within the bounds.

    Where nothing varies the interval is the exact one for the share of respondents who would
    have answered otherwise, as in `cjm_widgets.measure.interval.grouped_means`. The half-width
    is that before the bounds cut it.
    """
    with np.errstate(invalid="ignore"):
        t = np.asarray(special.stdtrit(np.maximum(df, 1e-9), 0.975), np.float64)
        half = t * np.sqrt(variance)
    low, high = mean - half, mean + half
    still: NDArray[np.bool_] = np.isfinite(half) & (variance <= _NOTHING)
    other = -np.expm1(np.log(0.025) / np.maximum(respondents, 1))
    low = np.where(still, mean - other * (mean - bounds[0]), low)
    high = np.where(still, mean + other * (bounds[1] - mean), high)
    half = np.where(still, (high - low) / 2, half)
    low = np.minimum(np.maximum(low, bounds[0]), mean)
    high = np.maximum(np.minimum(high, bounds[1]), mean)
    return low, high, half
