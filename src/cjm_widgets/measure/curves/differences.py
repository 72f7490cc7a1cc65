"""Differences of stage means between two sets of units, paired where people recur.

The difference is that of the two curves as they are shown. Who speaks in both sets makes the two
means alike, and so the difference surer: their covariance is taken off. But for the moderation
of the variances this is the paired t test where everybody is in both once, and Welch's where
nobody is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from cjm_widgets.measure.curves.apart import holm
from cjm_widgets.measure.curves.weighted import WeightedMeans, interval, moderate, scaled, weigh
from cjm_widgets.measure.interval import (
    Cells,
    Codes,
    Floats,
    cells,
    intraclass_correlation,
    leverage,
)

_PRIOR = 2.0
"""Pairs that the likeness pooled over the stages is worth, as in `interval`."""
_NOTHING = 1e-24


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sets: an entry a unit with a valence."""

    values: Floats
    stages: Codes
    """Number of the stage, 0 or more."""
    people: Codes
    """Number of the respondent; the same in both sets for the same person."""
    weights: Floats | None = None
    """Positive; None: all count the same."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Differences `after` − `before`, an entry a stage; NaN where a side has no units."""

    before: Floats
    after: Floats
    n_before: Floats
    n_after: Floats
    people_before: Floats
    people_after: Floats
    paired: Floats
    """Respondents who speak of the stage in both sets."""
    difference: Floats
    low: Floats
    """Lower end of the 95 % interval, within −2…2; NaN where none can be given."""
    high: Floats
    p: Floats
    """Of no difference, two-sided; NaN where it cannot be tested."""

    @property
    def adjusted(self) -> Floats:
        """P values by Holm over all that could be tested."""
        tested = np.isfinite(self.p)
        answer = np.full(len(self.p), np.nan)
        answer[tested] = holm(self.p[tested])
        return answer


@dataclass(frozen=True, slots=True)
class _Common:
    """What the people who occur in both sets bring, an entry a stage."""

    pairs: Floats
    own: Floats
    """Covariance of the two means."""
    expected: Floats
    """Covariance that one likeness for all stages leads one to expect, over √(v v)."""
    trace: Floats
    """n_before n_after tr(AB), of the matrices that give the degrees of freedom."""


def stage_differences(before: Side, after: Side, size: int) -> Differences:
    """Differences of the stage means with intervals and p values.

    ``V = V_a + V_b − 2 r √(V_a V_b)``: V_a, V_b the clustered variances of the two means,
    moderated by what all stages of both sets show, r the correlation of the means through the
    respondents who occur in both, drawn by two pairs' worth towards the one that the pooled
    likeness of a person's answers gives. Degrees of freedom by Satterthwaite:
    ``(V_a + V_b)² / (V_a²/ν_a + V_b²/ν_b + 2 V_a V_b n_a n_b tr(AB))``, A and B as M in
    `cjm_widgets.measure.interval.clustered_variance`.

    Where nothing varies on either side, the interval is made of the ends of the two exact ones
    of `cjm_widgets.measure.interval.grouped_means`, and there is no p.

    Parameters
    ----------
    before, after
        The two sets.
    size
        How many stages there are.

    Source: Bell and McCaffrey 2002; Welch 1947, Biometrika 34, 28–35; Smyth 2004; Holm 1979.
    """
    made, squared = _means(before, after, size)
    first, second = np.arange(size), np.arange(size) + size
    variance, df = made.moderated, made.df + made.prior
    common = _common(made, squared, size)
    a, b = variance[first], variance[second]
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.sqrt(made.own[first] * made.own[second])
        seen = np.nan_to_num(np.clip(common.own / both, -1.0, 1.0))
        own = np.maximum(common.pairs - 1, 0)
        prior = np.where(made.prior[first] > 0, _PRIOR, 0.0)
        alike = np.nan_to_num((own * seen + prior * common.expected) / (own + prior))
        alike = np.where(common.pairs > 0, alike, 0.0)
        spread = a + b - 2 * alike * np.sqrt(a * b)
        freedom = (a + b) ** 2 / (
            a**2 / df[first] + b**2 / df[second] + 2 * a * b * np.maximum(common.trace, 0)
        )
    difference = made.sums.mean[second] - made.sums.mean[first]
    low, high, p = _ends(made, difference, spread, freedom, a + b, size)
    sums = made.sums
    return Differences(
        before=sums.mean[first],
        after=sums.mean[second],
        n_before=sums.n[first],
        n_after=sums.n[second],
        people_before=sums.respondents[first],
        people_after=sums.respondents[second],
        paired=common.pairs,
        difference=difference,
        low=low,
        high=high,
        p=p,
    )


def _means(before: Side, after: Side, size: int) -> tuple[WeightedMeans, Floats]:
    """Means of both sets in one pool: the stages before, then the same stages after."""
    values = np.concatenate([before.values, after.values])
    groups = np.concatenate([before.stages, after.stages + size])
    people = np.concatenate([before.people, after.people])
    plain = cells(values, groups, 2 * size, people)
    weights = np.concatenate(
        [
            np.ones(len(side.values)) if side.weights is None else side.weights
            for side in (before, after)
        ]
    )
    w = scaled(weights, groups, 2 * size)
    sums, squared = weigh(plain, values, groups, people, w)
    pool = np.zeros(2 * size, dtype=np.int64)
    return moderate(sums, squared, intraclass_correlation(plain, pool)), squared


def _common(made: WeightedMeans, squared: Floats, size: int) -> _Common:
    sums = made.sums
    stage = sums.cell_group % size
    key = sums.cell_cluster * size + stage
    early = np.flatnonzero(sums.cell_group < size)
    late = np.flatnonzero(sums.cell_group >= size)
    _, i, j = np.intersect1d(key[early], key[late], assume_unique=True, return_indices=True)
    i, j = early[i], late[j]
    at = stage[i]

    def add(what: Floats) -> Floats:
        return np.bincount(at, what, minlength=size).astype(np.float64)

    s2 = leverage(sums)
    root = np.sqrt(s2) * _unbiased(made, squared)[sums.cell_group]
    pairs = np.bincount(at, minlength=size).astype(np.float64)
    own = add(root[i] * root[j] * sums.cell_sum[i] * sums.cell_sum[j])

    # One likeness for all stages: what the products of a person's deviations have in common.
    m = sums.cell_n
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma2 = sums.total.sum() / max(float((sums.n - (sums.n > 0)).sum()), 1.0)
        rho = float((sums.cell_sum[i] * sums.cell_sum[j]).sum()) / (
            sigma2 * float((m[i] * m[j]).sum())
        )
        rho = float(np.clip(np.nan_to_num(rho), 0.0, 1.0))
        n_a, n_b = sums.n[:size], sums.n[size:]
        square = np.sqrt(np.maximum(sums.squares[:size], 1) * np.maximum(sums.squares[size:], 1))
        within = max(rho, float(intraclass_correlation(sums, np.zeros(2 * size, int))[0]))
        effect = 1 + (square - 1) * within
        expected = np.nan_to_num(rho * add(m[i] * m[j]) / np.sqrt(n_a * n_b) / effect)

        # tr(AB), with A = diag a − α α' and B = diag b − β β'.
        a = s2 * m
        alpha = np.sqrt(s2) * m / np.sqrt(sums.n[sums.cell_group])
        trace = (
            add(a[i] * a[j])
            - add(a[i] * alpha[j] ** 2)
            - add(a[j] * alpha[i] ** 2)
            + add(alpha[i] * alpha[j]) ** 2
        )
    return _Common(pairs, own, np.clip(expected, 0.0, 1.0), np.nan_to_num(n_a * n_b * trace))


def _unbiased(made: WeightedMeans, squared: Floats) -> Floats:
    """Root of what the weighted variance is multiplied with to be unbiased; 1 without weights."""
    sums: Cells = made.sums
    raw = np.bincount(sums.cell_group, sums.cell_sum**2 * leverage(sums), minlength=len(sums.n))
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.sqrt(made.own / raw)
    return np.asarray(np.where(np.isfinite(factor), factor, 1.0), np.float64)


def _ends(
    made: WeightedMeans,
    difference: Floats,
    spread: Floats,
    freedom: Floats,
    sizes: Floats,
    size: int,
) -> tuple[Floats, Floats, Floats]:
    """Ends of the intervals and p values."""
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(np.maximum(spread, 0))
        df = np.maximum(np.nan_to_num(freedom), 1e-9)
        half = np.asarray(special.stdtrit(df, 0.975), np.float64) * error
        p = np.asarray(2 * special.stdtr(df, -np.abs(difference) / error), np.float64)
    low, high = difference - half, difference + half
    still: NDArray[np.bool_] = np.isfinite(sizes) & (spread <= _NOTHING)
    if still.any():
        sums = made.sums
        ends = interval(
            sums.mean, made.moderated * 0, made.df + made.prior, sums.respondents, (-1.0, 1.0)
        )
        low = np.where(still, ends[0][size:] - ends[1][:size], low)
        high = np.where(still, ends[1][size:] - ends[0][:size], high)
        p = np.where(still, np.nan, p)
    low = np.minimum(np.maximum(low, -2.0), difference)
    high = np.maximum(np.minimum(high, 2.0), difference)
    return low, high, p
