"""Calibrated means where the stage of most texts is predicted: the ratio form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cjm_widgets.errors import ArgumentError
from cjm_widgets.measure.curves.calibrated import BOUNDS, Calibrated, checked_weights, finish
from cjm_widgets.measure.curves.weighted import WeightedMeans, likeness, moderate, scaled, weigh
from cjm_widgets.measure.interval import Codes, Floats, cells

ROUNDS = 3
"""θ and λ depend on each other; after three rounds neither moves any more."""


def calibrate_predicted(
    score: Floats,
    member: Floats,
    rating: Floats,
    rated: NDArray[np.bool_],
    clusters: Codes,
    *,
    probability: Floats | None = None,
    weights: Floats | None = None,
    bounds: tuple[float, float] = BOUNDS,
) -> Calibrated:
    """Calibrated mean of each stage where it is predicted which texts speak of it.

    With z membership as people see it, p its prediction and ``h = p f``:
    ``θ̂ = [mean_R(z y) + λ (mean_all h − mean_R h)] / [mean_R z + λ (mean_all p − mean_R p)]``,
    ``ψ = z (y − θ)/π``, ``g = (h − p θ)/π``, ``λ = cov(ψ, g)/var(g)`` within 0…1, three rounds;
    the variance is that of the clustered mean of ``ψ − λ g`` over the rated texts, moderated
    over the stages, plus ``λ² v(mean_all g)``. Predictions that are wrong cost width, never
    truth: they cancel out of θ̂.

    Parameters
    ----------
    score
        f of each text, finite: a score or a cross-fitted prediction; or a table of texts by
        stages, where what is said of each stage has a score of its own.
    member
        Predicted probability of each text (row) to speak of each stage (column), 0…1,
        cross-fitted for the rated texts.
    rating
        Valence of each text at each stage as people rated it; NaN where the text does not
        speak of the stage, and in texts that are not rated.
    rated
        Whether the text was rated, at whichever stage or at none. Which ones were must be
        random, or have known probabilities.
    clusters
        Number of each text's respondent.
    probability
        Probability of each text to be rated, in (0, 1]. None: the same for all.
    weights
        Survey weights, positive. None: 1.
    bounds
        Ends of the scale.

    Raises
    ------
    ArgumentError
        If a score or probability is out of range.
    """
    if not ((member >= 0) & (member <= 1)).all():
        raise ArgumentError("member: every prediction must be a probability, 0 to 1")
    f = score if score.ndim == 2 else np.broadcast_to(score[:, None], member.shape)
    w_all, w = checked_weights(f.sum(axis=1), rated, probability, weights)
    size = member.shape[1]
    nothing = np.zeros(int(rated.sum()), dtype=np.int64)
    w_r = scaled(w[rated], nothing, 1)
    z = np.isfinite(rating[rated])
    y = np.where(z, rating[rated], 0.0)

    rest = np.zeros((len(w_r), size))
    mean, lambdas, machine, common = (np.full(size, np.nan) for _ in range(4))
    for stage in np.flatnonzero(z.any(axis=0)):
        one = _Ratio(f[:, stage], member[:, stage], y[:, stage], z[:, stage], rated, w_all, w_r)
        theta, tuned = one.solve()
        mean[stage], lambdas[stage] = theta, tuned
        rest[:, stage] = one.influence(theta, tuned)
        machine[stage], common[stage] = one.machine(theta, tuned, clusters)

    sums = _members(rest, z, clusters[rated], w_r)
    variance = sums.moderated + machine + common
    units = (member * (w_all * (len(w_all) / w_all.sum()))[:, None]).sum(axis=0)
    return Calibrated(finish(mean, variance, sums, bounds), sums, units, np.nan_to_num(lambdas))


class _Ratio:
    """One stage: what the rated texts and all texts say of it."""

    def __init__(
        self,
        score: Floats,
        p: Floats,
        y: Floats,
        z: NDArray[np.bool_],
        rated: NDArray[np.bool_],
        w_all: Floats,
        w: Floats,
    ) -> None:
        self.p, self.h, self.rated = p, p * score, rated
        self.y, self.z = y, z.astype(np.float64)
        self.w_all, self.w = w_all / w_all.sum(), w / w.sum()
        self.pi = float(self.w @ self.z)

    def solve(self) -> tuple[float, float]:
        """θ and λ."""
        zy, z = self.w @ (self.z * self.y), self.pi
        over = self.w_all @ self.h - self.w @ self.h[self.rated]
        under = self.w_all @ self.p - self.w @ self.p[self.rated]
        theta, tuned = float(zy / z), 0.0
        for _ in range(ROUNDS):
            psi, g = self.parts(theta)
            mine = g[self.rated]
            off = mine - self.w @ mine
            spread = float(self.w @ off**2)
            tuned = float(np.clip((self.w @ (psi * off)) / spread, 0, 1)) if spread > 1e-12 else 0.0
            theta = float((zy + tuned * over) / (z + tuned * under))
        return theta, tuned

    def parts(self, theta: float) -> tuple[Floats, Floats]:
        """ψ of the rated texts, g of all."""
        return self.z * (self.y - theta) / self.pi, (self.h - self.p * theta) / self.pi

    def influence(self, theta: float, tuned: float) -> Floats:
        """What each rated text adds to θ̂, in valence: π (ψ − λ g), less its mean."""
        psi, g = self.parts(theta)
        rest = psi - tuned * g[self.rated]
        return np.asarray(self.pi * (rest - self.w @ rest), dtype=np.float64)

    def machine(self, theta: float, tuned: float, clusters: Codes) -> tuple[float, float]:
        """Variance that the scores of all texts bring, and covariance with the rated ones."""
        if tuned == 0:
            return 0.0, 0.0
        psi, g = self.parts(theta)
        rest = psi - tuned * g[self.rated]
        size = int(clusters.max(initial=0)) + 1
        every = np.bincount(clusters, self.w_all * (g - self.w_all @ g), minlength=size)
        seen = np.bincount(clusters[self.rated], self.w * (rest - self.w @ rest), minlength=size)
        return tuned**2 * float(every @ every), 2 * tuned * max(float(seen @ every), 0.0)


def _members(rest: Floats, z: NDArray[np.bool_], clusters: Codes, w: Floats) -> WeightedMeans:
    """Variance of each stage's mean influence, its respondents being those who speak of it.

    Leverages and degrees of freedom are those of the stage's own ratings: a stage of which
    ten rated texts in a thousand speak is known from ten texts.
    """
    size = z.shape[1]
    row, stage = np.nonzero(z)
    row, stage = row.astype(np.int64), stage.astype(np.int64)
    values, who = rest[row, stage], clusters[row]
    plain = cells(values, stage, size, who)
    sums, squared = weigh(plain, values, stage, who, scaled(w[row], stage, size))

    # A respondent's sum holds the texts that do not speak of the stage as well.
    people = int(clusters.max(initial=0)) + 1
    cell_sum = np.zeros_like(sums.cell_sum)
    total, beside = np.zeros(size), np.zeros(size)
    for number in np.flatnonzero(sums.n):
        n = sums.n[number]
        weights = w * (n / w[z[:, number]].sum())
        by_person = np.bincount(clusters, weights * rest[:, number], minlength=people)
        mine = sums.cell_group == number
        cell_sum[mine] = by_person[sums.cell_cluster[mine]]
        beside[number] = max(float(by_person @ by_person - cell_sum[mine] @ cell_sum[mine]), 0.0)
        beside[number] /= n**2
        total[number] = weights @ rest[:, number] ** 2
    with_others = replace(sums, cell_sum=cell_sum, total=total)
    return moderate(with_others, squared, likeness(plain), beside)
