"""Bootstrap intervals of statistics that are sums over rows: drawn again, without a loop.

A statistic is given as a function of weights: how often each row counts. With the weights of
the data it is the figure itself, with drawn weights its value in a resample. So each formula
is written once, and a thousand resamples are a few products of matrices.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Statistic = Callable[[Floats], Floats]
"""Weights (resamples × rows) to the statistic's value in each resample; NaN where undefined."""

RESAMPLES = 1_000
SEED = 20_260_101
"""Fixed, so that the same data give the same interval to the last digit."""
LEVEL = 0.95
_AT_ONCE = 2_000_000
"""Numbers held at once: 16 MB, whatever the size of the data."""
_LEAST = 0.5
"""Share of resamples in which a statistic must be defined to have an interval."""


def percentile_interval(
    statistic: Statistic,
    times: Floats,
    clusters: sparse.csr_array | None = None,
    *,
    width: int = 1,
) -> tuple[float, float]:
    """95 % interval by the percentile bootstrap with 1,000 resamples and a fixed seed.

    Parameters
    ----------
    statistic
        See `Statistic`.
    times
        How often each row occurs in the data, or each kind of cluster: whole numbers.
    clusters
        How often each row (column of this array) occurs in a cluster of each kind (its row).
        If given, whole clusters are drawn, else single occurrences.
    width
        Numbers the statistic holds for each row of a resample, which bounds its memory.

    Returns
    -------
    tuple
        Lower and upper end. NaN where fewer than two rows or clusters can be drawn, or the
        statistic is undefined in more than half of the resamples; where it is in some, these
        are left out.

    Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13.

    Examples
    --------
    The mean of 40 zeros and 60 ones; the normal interval is .504 to .696:

    >>> share = lambda weights: weights[:, 1] / weights.sum(axis=1)
    >>> [round(end, 1) for end in percentile_interval(share, np.array([40.0, 60.0]))]
    [0.5, 0.7]
    """
    return percentile_intervals([statistic], times, clusters, width=width)[0]


def percentile_intervals(
    statistics: Sequence[Statistic],
    times: Floats,
    clusters: sparse.csr_array | None = None,
    *,
    width: int = 1,
) -> list[tuple[float, float]]:
    """Intervals of several statistics from the same resamples; see `percentile_interval`."""
    drawn = int(times.sum())
    if drawn < 2:
        return [(math.nan, math.nan)] * len(statistics)
    rng = np.random.default_rng(SEED)
    rows = len(times) if clusters is None else clusters.shape[1]
    size = max(1, min(RESAMPLES, _AT_ONCE // max(drawn, rows * width)))
    found: list[list[Floats]] = [[] for _ in statistics]
    for draw in _resamples(times, size, rng):
        weights = draw if clusters is None else np.asarray((clusters.T @ draw.T).T)
        for values, statistic in zip(found, statistics, strict=True):
            values.append(statistic(weights))
    return [_ends(np.concatenate(values)) for values in found]


def _ends(values: Floats) -> tuple[float, float]:
    defined = values[np.isfinite(values)]
    if len(defined) < _LEAST * RESAMPLES:
        return math.nan, math.nan
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)


def _resamples(times: Floats, size: int, rng: np.random.Generator) -> Iterator[Floats]:
    drawn, rows = int(times.sum()), len(times)
    # A draw from counts costs by the row, one by places costs by the occurrence.
    by_counts = rows * 8 <= drawn
    owner = None
    if not by_counts and rows < drawn:
        owner = np.repeat(np.arange(rows), times.astype(np.int64))
    for start in range(0, RESAMPLES, size):
        some = min(size, RESAMPLES - start)
        if by_counts:
            yield rng.multinomial(drawn, times / drawn, some).astype(np.float64)
            continue
        weights = np.empty((some, rows))
        for row in weights:
            places = rng.integers(0, drawn, drawn)
            row[:] = np.bincount(places if owner is None else owner[places], minlength=rows)
        yield weights


def unseen(n: int) -> float:
    """Greatest share, at 95 %, of what was seen in none of n cases: Wilson's upper end of 0/n.

    Source: Wilson 1927, Journal of the American Statistical Association 22, 209–212.

    Examples
    --------
    Newcombe (1998, Statistics in Medicine 17, 857–872, table I) prints .1611 for 0 of 20:

    >>> round(unseen(20), 4)
    0.1611
    """
    square = 1.959963984540054**2
    return square / (n + square)
