"""Observed and expected disagreement, each formula once: for the data and for all resamples.

Where coders agree throughout, resampling shows no width; the low end of the interval then is
what the figure would be if as many units disagreed as the Wilson interval of 0 out of n allows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cjm_widgets.measure.agreement.agreement_ratings import Patterns, patterns
from cjm_widgets.measure.bootstrap import Codes, Floats, percentile_intervals, unseen
from cjm_widgets.model.estimate import Estimate

Disagreement = Callable[[Floats], tuple[Floats, Floats]]
"""Weights of rows (resamples × rows) to observed and expected disagreement."""

_NOTHING = 1e-12
"""Disagreement below this is rounding."""


@dataclass(frozen=True, slots=True)
class _Formula:
    make: Callable[[Patterns], Disagreement]
    alike: bool = True
    """Whether it does not matter which coder gave which rating."""
    least: int = 2
    """Units with fewer ratings are left out."""
    graded: bool = False
    """Whether disagreements differ in size, so that none is a whole one."""


def measured(
    measure: str,
    codes: Codes,
    labels: tuple[Any, ...],
    respondents: Iterable[object] | None = None,
) -> Estimate:
    """One of the measures, by name, of ratings that are numbered already.

    Parameters
    ----------
    measure
        A key of `FORMULAS`.
    codes, labels
        As `agreement_ratings.coded` gives them; the labels of ``alpha_ordinal`` and
        ``alpha_interval`` are numbers in order, those of ``alpha_jaccard`` frozensets.
    respondents
        Whose each unit is.
    """
    formula = FORMULAS[measure]
    ways = patterns(codes, labels, respondents, alike=formula.alike, least=formula.least)
    return one_minus_ratios(
        [formula.make(ways)],
        ways.times,
        ways.kinds,
        ways.clusters,
        n=ways.n,
        drawn=ways.drawn if formula.least > 1 else min(ways.drawn, ways.n),
        graded=formula.graded,
        width=codes.shape[1] if measure == "alpha_ordinal" else 1,
    )[0]


def one_minus_ratios(
    formulas: Sequence[Disagreement],
    weights: Floats,
    times: Floats,
    clusters: sparse.csr_array | None,
    *,
    n: int,
    drawn: int,
    graded: bool,
    width: int = 1,
) -> list[Estimate]:
    """``1 − D_o / D_e`` of each formula, with intervals from the same resamples.

    Parameters
    ----------
    formulas
        Each of the same rows.
    weights
        How often each row occurs.
    times, clusters
        What is drawn, as `percentile_interval` takes it.
    n
        Units, for the estimates.
    drawn
        Independent cases, for the interval where there is no disagreement.
    graded
        Whether disagreements differ in size; one then counts as chance would make it.
    width
        As `percentile_interval` takes it.
    """
    found: dict[int, Estimate] = {}
    rest: dict[int, float] = {}
    for place, formula in enumerate(formulas):
        observed, expected = (float(part[0]) for part in formula(weights[None, :]))
        if n == 0 or not expected > _NOTHING or math.isnan(observed):
            found[place] = Estimate(math.nan, math.nan, math.nan, n)
        elif observed < _NOTHING:
            whole = expected if graded else 1.0
            low = max(1 - unseen(drawn) * whole / expected, -1.0)
            found[place] = Estimate(1.0, low, 1.0, n)
        else:
            rest[place] = 1 - observed / expected
    if rest:
        statistics = [partial(_value, formulas[place]) for place in rest]
        intervals = percentile_intervals(statistics, times, clusters, width=width)
        for (place, value), (low, high) in zip(rest.items(), intervals, strict=True):
            found[place] = Estimate(value, min(low, value), max(high, value), n)
    return [found[place] for place in range(len(formulas))]


def _value(formula: Disagreement, weights: Floats) -> Floats:
    observed, expected = formula(weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > _NOTHING, 1 - observed / expected, np.nan)


def _ratio(part: Floats, whole: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(part / whole)


def _pairs(ways: Patterns) -> tuple[Floats, Floats]:
    """Of each way: ratings m, and ordered pairs of ratings of the same label."""
    counts = ways.counts()
    squares = counts.power(2) @ np.ones(len(ways.labels))
    return ways.raters, np.asarray(squares - ways.raters)


def _shares(ways: Patterns) -> tuple[Callable[[Floats], Floats], sparse.csr_array]:
    """Observed disagreement as a mean over units, and each way's share of each label."""
    m, same = _pairs(ways)
    several = (m > 1).astype(np.float64)
    agree = np.divide(same, m * (m - 1), out=np.zeros_like(m), where=m > 1)
    share = sparse.csr_array(sparse.diags_array(1 / m) @ ways.counts())
    return lambda weights: 1 - _ratio(weights @ agree, weights @ several), share


def _percent(ways: Patterns) -> Disagreement:
    observed, _ = _shares(ways)
    return lambda weights: (observed(weights), np.ones(len(weights)))


def _fleiss(ways: Patterns) -> Disagreement:
    observed, share = _shares(ways)

    def of(weights: Floats) -> tuple[Floats, Floats]:
        p = _ratio(weights @ share, weights.sum(axis=1)[:, None])
        return observed(weights), 1 - (p**2).sum(axis=1)

    return of


def _gwet(ways: Patterns) -> Disagreement:
    observed, share = _shares(ways)
    used = len(np.unique(ways.codes[ways.present]))

    def of(weights: Floats) -> tuple[Floats, Floats]:
        p = _ratio(weights @ share, weights.sum(axis=1)[:, None])
        # With one label only there is nothing to be told apart: undefined.
        by_chance = (p * (1 - p)).sum(axis=1) / (used - 1) if used > 1 else np.ones(len(p))
        return observed(weights), 1 - by_chance

    return of


def _cohen(ways: Patterns) -> Disagreement:
    rows, size = np.arange(len(ways.codes)), len(ways.labels)
    shape, ones = (len(rows), size), np.ones(len(rows))
    first, second = (
        sparse.csr_array((ones, (rows, ways.codes[:, k])), shape=shape) for k in (0, 1)
    )
    unlike = (ways.codes[:, 0] != ways.codes[:, 1]).astype(np.float64)

    def of(weights: Floats) -> tuple[Floats, Floats]:
        n = weights.sum(axis=1)
        habits = np.asarray(weights @ first) * np.asarray(weights @ second)
        return _ratio(weights @ unlike, n), 1 - _ratio(habits.sum(axis=1), n**2)

    return of


def _alpha_nominal(ways: Patterns) -> Disagreement:
    m, same = _pairs(ways)
    counts = ways.counts()
    agree = same / (m - 1)

    def of(weights: Floats) -> tuple[Floats, Floats]:
        n, margins = weights @ m, weights @ counts
        by_chance = (margins * (margins - 1)).sum(axis=1)
        return 1 - _ratio(weights @ agree, n), 1 - _ratio(by_chance, n * (n - 1))

    return of


def _squares(values: Floats, m: Floats) -> Floats:
    """Σ (c − k)² over ordered pairs of a unit's values (last axis), by m − 1; absent ones are 0."""
    return np.asarray((2 * m * (values**2).sum(-1) - 2 * values.sum(-1) ** 2) / (m - 1))


def _alpha_interval(ways: Patterns) -> Disagreement:
    m, here = ways.raters, ways.present
    numbers = np.asarray(ways.labels, dtype=np.float64)
    values = np.where(here, numbers[ways.codes], 0.0) if len(numbers) else np.zeros(here.shape)
    if here.any():
        # Sums of squares keep their digits around the mean, in units of the largest distance.
        values -= values[here].mean()
        reach = np.abs(values[here]).max()
        values = np.where(here, values / reach if reach > 0 else values, 0.0)
    within, sums, squares = _squares(values, m), values.sum(axis=1), (values**2).sum(axis=1)

    def of(weights: Floats) -> tuple[Floats, Floats]:
        n = weights @ m
        chance = 2 * n * (weights @ squares) - 2 * (weights @ sums) ** 2
        return _ratio(weights @ within, n), _ratio(chance, n * (n - 1))

    return of


def _alpha_ordinal(ways: Patterns) -> Disagreement:
    m, here, counts = ways.raters, ways.present, ways.counts()

    def of(weights: Floats) -> tuple[Floats, Floats]:
        n, margins = weights @ m, weights @ counts
        # Σ_{g=c..k} n_g − (n_c + n_k)/2 is the difference of mid-ranks; as shares, around 0.
        ranks = np.cumsum(margins, axis=1) - margins / 2
        ranks = _ratio(ranks, n[:, None]) - 0.5
        within = _squares(np.where(here, ranks[:, ways.codes], 0.0), m)
        chance = 2 * n * (margins * ranks**2).sum(axis=1) - 2 * (margins * ranks).sum(axis=1) ** 2
        return _ratio((weights * within).sum(axis=1), n), _ratio(chance, n * (n - 1))

    return of


def _alpha_jaccard(ways: Patterns) -> Disagreement:
    distance = jaccard_distances(ways.labels)
    m, here, counts = ways.raters, ways.present, ways.counts()
    within = np.zeros(len(m))
    for i in range(here.shape[1]):
        for j in range(i):
            both = here[:, i] & here[:, j]
            within[both] += 2 * distance[ways.codes[both, i], ways.codes[both, j]]
    within /= m - 1

    def of(weights: Floats) -> tuple[Floats, Floats]:
        n, margins = weights @ m, weights @ counts
        chance = ((margins @ distance) * margins).sum(axis=1)
        return _ratio(weights @ within, n), _ratio(chance, n * (n - 1))

    return of


def jaccard_distances(sets: tuple[frozenset[str], ...]) -> NDArray[np.float64]:
    """``1 − |a ∩ b| / |a ∪ b|`` of each pair; 0 for two empty sets.

    >>> jaccard_distances((frozenset("ab"), frozenset("bc"), frozenset())).round(2).tolist()
    [[0.0, 0.67, 1.0], [0.67, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    members = sorted({member for one in sets for member in one})
    place = {member: k for k, member in enumerate(members)}
    held = np.zeros((len(sets), len(members)))
    for row, one in enumerate(sets):
        held[row, [place[member] for member in one]] = 1
    shared = held @ held.T
    sizes = held.sum(axis=1)
    union = sizes[:, None] + sizes - shared
    return np.asarray(1 - np.divide(shared, union, out=np.ones_like(shared), where=union > 0))


FORMULAS = {
    "percent": _Formula(_percent),
    "cohen_kappa": _Formula(_cohen, alike=False),
    "fleiss_kappa": _Formula(_fleiss, least=1),
    "gwet_ac1": _Formula(_gwet, least=1),
    "alpha_nominal": _Formula(_alpha_nominal),
    "alpha_ordinal": _Formula(_alpha_ordinal, graded=True),
    "alpha_interval": _Formula(_alpha_interval, graded=True),
    "alpha_jaccard": _Formula(_alpha_jaccard, graded=True),
}
"""The measures of units, by name."""
