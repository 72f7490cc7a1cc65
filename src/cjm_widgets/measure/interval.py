"""Means of valence with intervals that respect who said it.

Several units of one respondent are one cluster: they say less than as many people would.
The variance is the cluster-robust one with the leverage correction of Bell and McCaffrey,
moderated by what the other groups (stages) show.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

from cjm_widgets.errors import ArgumentError
from cjm_widgets.measure.columns import cluster_codes, numbers
from cjm_widgets.model.estimate import Estimate

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

_PRIOR = 2.0
"""Degrees of freedom the pooled variance is worth. Smyth (2004) estimates them; with a handful
of stages that is hopeless, and two keep coverage where stages differ in spread."""
_NOTHING = 1e-24
"""A variance below this is rounding: valences have about 16 digits."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Units summed by group (stage) and respondent: all a mean and its variance need.

    Arrays named ``cell_…`` have an entry per group and respondent who occur together,
    the others one per group.
    """

    n: Floats
    """Units."""
    respondents: Floats
    """Different respondents."""
    mean: Floats
    """Mean; NaN where n is 0."""
    total: Floats
    """Sum of squared deviations from the group's mean."""
    between: Floats
    """The part of `total` that lies between respondents."""
    squares: Floats
    """Σ m² / n: units a unit shares its respondent with, itself included; 1 if none."""
    cell_group: Codes
    cell_cluster: Codes
    cell_n: Floats
    """Units of the respondent in the group: m."""
    cell_sum: Floats
    """Sum of the deviations of these units from the group's mean."""


@dataclass(frozen=True, slots=True)
class GroupMeans:
    """Means of groups with 95 % intervals, an entry per group."""

    n: Floats
    respondents: Floats
    mean: Floats
    low: Floats
    """Lower end, within the bounds; NaN where none can be given."""
    high: Floats
    half: Floats
    """Half-width before the bounds cut it; what evidence is graded by."""
    variance: Floats
    """Of the mean, moderated."""
    own_variance: Floats
    """Of the mean, from the group's own respondents; NaN for fewer than two."""
    own_df: Floats
    """Degrees of freedom of `own_variance`; 0 for fewer than two respondents."""
    largest: Floats
    """Share of the units that the respondent with most of them holds; NaN where n is 0."""


def _sums(codes: Codes, weights: Floats, size: int = 0) -> Floats:
    return np.bincount(codes, weights, minlength=size).astype(np.float64, copy=False)


def cells(values: Floats, groups: Codes, size: int, clusters: Codes | None = None) -> Cells:
    """Sum units by group and respondent, without a loop over either.

    Parameters
    ----------
    values
        Finite numbers.
    groups
        Number of the group of each value, 0…size − 1.
    size
        How many groups there are, empty ones included.
    clusters
        Number of the respondent of each value, 0 or more; None: each value has its own.
    """
    n = np.bincount(groups, minlength=size).astype(np.float64)
    with np.errstate(invalid="ignore"):
        mean = _sums(groups, values, size) / n
    deviation = values - mean[groups]
    if clusters is None:
        cell_group, cell_cluster = groups, np.arange(len(groups), dtype=np.int64)
        cell_n, cell_sum = np.ones(len(groups)), deviation
    else:
        width = int(clusters.max(initial=0)) + 1
        cell, keys = pd.factorize(groups * width + clusters)
        cell_group, cell_cluster = np.divmod(keys, width)
        cell_n = np.bincount(cell, minlength=len(keys)).astype(np.float64)
        cell_sum = _sums(cell, deviation, len(keys))
    total = _sums(groups, deviation**2, size)
    between = _sums(cell_group, cell_sum**2 / cell_n, size)
    with np.errstate(invalid="ignore"):
        squares = _sums(cell_group, cell_n**2, size) / n
    respondents = np.bincount(cell_group, minlength=size).astype(np.float64)
    return Cells(
        n,
        respondents,
        mean,
        total,
        np.minimum(between, total),
        np.nan_to_num(squares),
        cell_group,
        cell_cluster,
        cell_n,
        cell_sum,
    )


def leverage(of: Cells) -> Floats:
    """1 / (n (n − m)) per cell, the correction (1 − m/n)⁻¹ / n² of Bell and McCaffrey.

    0 where one respondent holds the whole group: then there is no variance to correct.
    """
    n = of.n[of.cell_group]
    free = n - of.cell_n
    return np.divide(1.0, n * free, out=np.zeros_like(n), where=free > 0)


def clustered_variance(of: Cells) -> tuple[Floats, Floats]:
    """Variance of each group's mean and its degrees of freedom.

    ``v = n⁻² Σ_g (Σ_i e_i)² / (1 − m_g/n)`` and ``ν = (tr M)² / tr M²`` with
    ``M_gh = s_g s_h (δ_gh m_g − m_g m_h / n)``, ``s_g = (1 − m_g/n)^(−½) / n``. Written as
    sums, ``tr M = 1/n`` and
    ``tr M² = Σ (m_g/n²)² + [(Σ s_g² m_g²)² − Σ s_g⁴ m_g⁴] / n²``.

    Returns
    -------
    tuple
        Variances (NaN for fewer than two respondents) and degrees of freedom (then 0).

    Source: Bell and McCaffrey 2002, Survey Methodology 28, 169–181.
    """
    size = len(of.n)
    weight = leverage(of)
    variance = _sums(of.cell_group, of.cell_sum**2 * weight, size)
    share = weight * of.cell_n**2
    with np.errstate(divide="ignore", invalid="ignore"):
        trace = 1.0 / of.n
        trace_of_square = (
            of.squares / of.n**3
            + (_sums(of.cell_group, share, size) ** 2 - _sums(of.cell_group, share**2, size))
            / of.n**2
        )
        df = trace**2 / trace_of_square
    several = of.respondents > 1
    return np.where(several, variance, np.nan), np.where(several, df, 0.0)


def intraclass_correlation(of: Cells, pools: Codes) -> Floats:
    """How alike the units of one respondent are, per pool of groups, by analysis of variance.

    ``σ²_b = (MSB − MSW) / n₀``, ``ρ = σ²_b / (σ²_b + MSW)`` within 0…1; sums of squares and
    degrees of freedom are added over the groups of a pool. 0 where no respondent has two
    units in a group, since then it plays no part.

    Source: Searle, Casella and McCulloch 1992, Variance Components, section 3.6.

    Examples
    --------
    Six targets by four judges of Shrout and Fleiss (1979, table 2), who print .17:

    >>> ratings = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8],
    ...                     [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
    >>> target = np.repeat(np.arange(6), 4)
    >>> one = cells(ratings.ravel(), np.zeros(24, dtype=np.int64), 1, target)
    >>> intraclass_correlation(one, np.zeros(1, dtype=np.int64)).round(2)
    array([0.17])
    """

    def pooled(sums: Floats) -> Floats:
        return _sums(pools, sums)

    df_between = pooled(np.maximum(of.respondents - 1, 0))
    df_within = pooled(of.n - of.respondents)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = pooled(of.total - of.between) / df_within
        size = pooled(of.n - of.squares) / df_between
        between = np.maximum((pooled(of.between) / df_between - within) / size, 0)
        rho = between / (between + within)
    return np.clip(np.nan_to_num(rho), 0.0, 1.0)


def grouped_means(
    of: Cells, *, pools: Codes | None = None, bounds: tuple[float, float] | None = None
) -> GroupMeans:
    """Means of groups with 95 % intervals clustered by respondent.

    ``V = ((G − 1) v + d₀ v₀) / (G − 1 + d₀)``, interval ``mean ± t(ν + d₀) √V``: G
    respondents, v and ν of `clustered_variance`, ``v₀ = σ̂² (1 + (Σm²/n − 1) ρ) / n`` the
    variance that the pool's common σ̂² and intraclass correlation ρ lead one to expect, and
    d₀ = 2 (Smyth 2004), fewer where the pool's other groups hold fewer degrees of freedom: a
    group alone is not moderated by itself. With respondents of equal size G − 1 is ν. Weights of
    G − 1 instead of ν keep coverage at .93 to .97 where one respondent holds half of the
    units; weights of ν cover .99 there.

    Where nothing varies, t would give no width at all. Then the interval is the exact one for
    the share p of respondents who would have answered otherwise, ``p ≤ 1 − .025^(1/G)``,
    times the reach of the scale; without bounds there is none.

    Parameters
    ----------
    of
        Sums from `cells`.
    pools
        Number of the pool of each group: groups of one pool share σ̂² and ρ. None: one pool.
    bounds
        Ends of the scale, which no interval leaves.

    Source: Bell and McCaffrey 2002; Smyth 2004, Statistical Applications in Genetics and
    Molecular Biology 3(1), 3.
    """
    pool = np.zeros(len(of.n), dtype=np.int64) if pools is None else pools
    own, df = clustered_variance(of)
    rho = intraclass_correlation(of, pool)
    effect = 1 + np.maximum(of.squares - 1, 0) * rho[pool]
    free = np.where(of.n > 0, of.n - effect, 0.0)
    own_free = np.maximum(of.respondents - 1, 0)
    others = _sums(pool, own_free)[pool] - own_free
    prior = np.minimum(_PRIOR, others)
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma2 = _sums(pool, of.total) / _sums(pool, free)
        expected = np.where(prior > 0, sigma2[pool] * effect / of.n, 0.0)
        variance = (own_free * np.nan_to_num(own) + prior * expected) / (own_free + prior)
        variance = np.where(own_free + prior > 0, variance, np.nan)
        quantile = np.asarray(special.stdtrit(np.maximum(df + prior, 1e-9), 0.975), np.float64)
        half = quantile * np.sqrt(variance)
    half = np.where(of.n > 0, half, np.nan)
    low, high = of.mean - half, of.mean + half
    scale = 1.0 if bounds is None else max(abs(bounds[0]), abs(bounds[1]), 1e-300) ** 2
    still = np.isfinite(half) & (variance <= _NOTHING * scale)
    if bounds is None:
        low, high = np.where(still, np.nan, low), np.where(still, np.nan, high)
        half = np.where(still, np.nan, half)
    else:
        other = -np.expm1(np.log(0.025) / np.maximum(of.respondents, 1))
        low = np.where(still, of.mean - other * (of.mean - bounds[0]), low)
        high = np.where(still, of.mean + other * (bounds[1] - of.mean), high)
        half = np.where(still, (high - low) / 2, half)
        # The mean of equal numbers may miss them by a rounding; an end never passes its mean.
        low = np.minimum(np.maximum(low, bounds[0]), of.mean)
        high = np.maximum(np.minimum(high, bounds[1]), of.mean)
    most = np.zeros(len(of.n))
    np.maximum.at(most, of.cell_group, of.cell_n)
    with np.errstate(invalid="ignore"):
        largest = most / of.n
    return GroupMeans(of.n, of.respondents, of.mean, low, high, half, variance, own, df, largest)


def mean_interval(
    values: ArrayLike,
    respondents: Iterable[object] | None = None,
    bounds: tuple[float, float] | None = None,
) -> Estimate:
    """Mean with its 95 % interval, clustered by respondent.

    Parameters
    ----------
    values
        Numbers; missing ones are left out.
    respondents
        Who gave each; None, or missing ones: each value has a respondent of its own, and the
        interval is Student's t.
    bounds
        Ends of the scale, which the interval does not leave.

    Returns
    -------
    Estimate
        NaN without values; an interval of NaN where one respondent gave all values.

    Raises
    ------
    ArgumentError
        If a value is not a number, infinite, or outside the bounds, or the two arguments
        differ in length.

    Source: Bell and McCaffrey 2002, Survey Methodology 28, 169–181.

    Examples
    --------
    Extra hours of sleep of Student's ten patients (1908), mean 1.58, interval 0.70 to 2.46:

    >>> print(mean_interval([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]))
    1.58 (0.7 to 2.46, n 10)
    """
    given = numbers(values, "values", bounds)
    clusters = None
    if respondents is not None:
        who = pd.Series(list(respondents))
        if len(who) != len(given):
            raise ArgumentError(
                f"values and respondents differ in length: {len(given)} and {len(who)}; "
                f"give one respondent for each value"
            )
        clusters = cluster_codes(who)
    here = np.isfinite(given)
    sums = cells(
        given[here],
        np.zeros(int(here.sum()), dtype=np.int64),
        1,
        None if clusters is None else clusters[here],
    )
    found = grouped_means(sums, bounds=bounds)
    n = int(found.n[0])
    if n == 0:
        return Estimate(math.nan, math.nan, math.nan, 0)
    return Estimate(float(found.mean[0]), float(found.low[0]), float(found.high[0]), n)
