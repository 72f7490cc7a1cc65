"""Calibrated means: scores of all texts, corrected by people's ratings of some of them.

Prediction-powered inference (Angelopoulos and others 2023, Science 382, 669–674), power-tuned
(Angelopoulos, Duchi and Zrnic 2023, arXiv 2311.01453), with variances clustered by respondent.
Never "a person's value where there is one, else the score": that is biased.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cjm_widgets.errors import ArgumentError
from cjm_widgets.measure.curves.weighted import WeightedMeans, interval, scaled, weighted_means
from cjm_widgets.measure.interval import Codes, Floats, GroupMeans

BOUNDS = (-1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Calibrated means of stages."""

    means: GroupMeans
    """Estimates and intervals; `n`, `respondents` and `largest` are those of the ratings."""
    rated: WeightedMeans
    """Sums of what is left of the ratings when the scores are taken off (y − λ f)."""
    units: Floats
    """Units of each stage, rated or not. Where stages are predicted: how many are expected."""
    weight: Floats
    """λ of each stage, 0…1: how much the scores say; 0 leaves people's ratings alone."""


def calibrate(
    score: Floats,
    rating: Floats,
    stage: Codes,
    size: int,
    clusters: Codes,
    *,
    probability: Floats | None = None,
    weights: Floats | None = None,
    bounds: tuple[float, float] = BOUNDS,
) -> Calibrated:
    """Calibrated mean of each stage where the stage of every unit is known.

    ``θ̂ = ȳ_R + λ (f̄_all − f̄_R)``, one λ for all stages: the slope of the ratings on the
    scores pooled within stages, within 0…1. ``V = V_R + λ² v(f̄_all) + 2 λ max(c, 0)``: V_R the
    moderated clustered variance of the mean of ``y − λ f`` over the rated units, v(f̄_all) the
    clustered variance of the mean score, c their covariance through respondents that are in
    both (it matters where most units are rated). ``θ̂ ± t(ν + 2) √V``.

    Parameters
    ----------
    score
        f of each unit: a score or a cross-fitted prediction, finite. A text in which no word
        is known keeps its constant: leaving it out changes what is estimated.
    rating
        y of each unit, NaN where nobody rated it. Which ones were rated must be random, or
        have known probabilities.
    stage
        Number of each unit's stage, 0…size − 1.
    size
        How many stages there are.
    clusters
        Number of each unit's respondent.
    probability
        Probability of each unit to be rated, in (0, 1]; needed for the rated ones only.
        None: the same for all within a stage.
    weights
        Survey weights, positive. None: 1.
    bounds
        Ends of the scale.

    Raises
    ------
    ArgumentError
        If a score is not finite, or a probability or weight is not above 0.
    """
    is_rated = np.isfinite(rating)
    w_all, w = checked_weights(score, is_rated, probability, weights)
    s_r, f_r, y = stage[is_rated], score[is_rated], rating[is_rated]
    tuned = _slope(y, f_r, s_r, size, scaled(w[is_rated], s_r, size))

    who = clusters[is_rated]
    rectifier = weighted_means(y - tuned * f_r, s_r, size, who, w[is_rated])
    machine = weighted_means(score, stage, size, clusters, w_all)
    here = rectifier.sums.n > 0
    mean = np.where(here, rectifier.sums.mean + tuned * np.nan_to_num(machine.sums.mean), np.nan)
    variance = rectifier.moderated
    if tuned > 0:
        # A mean over one respondent alone has no variance of its own; with ten ratings rare.
        variance = (
            variance
            + tuned**2 * np.nan_to_num(machine.own)
            + 2 * tuned * np.maximum(_common(rectifier, machine), 0)
        )
    return Calibrated(
        finish(mean, variance, rectifier, bounds),
        rectifier,
        machine.sums.n,
        np.full(size, tuned),
    )


def checked_weights(
    score: Floats,
    is_rated: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    probability: Floats | None,
    weights: Floats | None,
) -> tuple[Floats, Floats]:
    """Weight of each unit among all, and among the rated."""
    if not np.isfinite(score).all():
        at = int(np.flatnonzero(~np.isfinite(score))[0])
        raise ArgumentError(
            f"score: unit {at} has {score[at]!r}; a calibrated estimate needs a finite score of "
            f"every unit, the scorer's constant where it knows no word"
        )
    w_all = np.ones(len(score)) if weights is None else weights
    if not (np.isfinite(w_all) & (w_all > 0)).all():
        raise ArgumentError("weights: every weight must be a finite number above 0")
    if probability is None:
        return w_all, w_all
    drawn = probability[is_rated]
    if not (np.isfinite(drawn) & (drawn > 0) & (drawn <= 1)).all():
        raise ArgumentError(
            "probability: every rated unit needs its probability of being drawn, above 0 and at "
            "most 1"
        )
    return w_all, w_all / np.where(is_rated, probability, 1.0)


def _slope(y: Floats, f: Floats, stage: Codes, size: int, w: Floats) -> float:
    """λ: slope of the ratings on the scores, pooled within stages, within 0…1."""
    with np.errstate(invalid="ignore"):
        n = np.bincount(stage, w, minlength=size)
        y = y - (np.bincount(stage, w * y, minlength=size) / n)[stage]
        f = f - (np.bincount(stage, w * f, minlength=size) / n)[stage]
    spread = float((w * f * f).sum())
    return float(np.clip((w * y * f).sum() / spread, 0.0, 1.0)) if spread > 1e-12 else 0.0


def _common(rectifier: WeightedMeans, machine: WeightedMeans) -> Floats:
    """Covariance of the two means through the respondents who are in both."""
    small, large = rectifier.sums, machine.sums
    size = len(small.n)
    width = int(max(small.cell_cluster.max(initial=0), large.cell_cluster.max(initial=0))) + 1
    keys = large.cell_group * width + large.cell_cluster
    order = np.argsort(keys)
    # Every rated unit is one of all units, so each key is found.
    at = order[np.searchsorted(keys[order], small.cell_group * width + small.cell_cluster)]
    together = np.bincount(small.cell_group, small.cell_sum * large.cell_sum[at], minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(together / (small.n * large.n))


def finish(
    mean: Floats,
    variance: Floats,
    rated: WeightedMeans,
    bounds: tuple[float, float],
) -> GroupMeans:
    """Means and variances with their intervals, as the ratings behind them allow."""
    sums = rated.sums
    inside = np.clip(mean, *bounds)
    low, high, half = interval(inside, variance, rated.df + rated.prior, sums.respondents, bounds)
    most = np.zeros(len(sums.n))
    np.maximum.at(most, sums.cell_group, sums.cell_n)
    with np.errstate(invalid="ignore"):
        largest = most / sums.n
    return GroupMeans(
        sums.n, sums.respondents, inside, low, high, half, variance, rated.own, rated.df, largest
    )
