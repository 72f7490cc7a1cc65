"""Which stages of a curve stand apart from the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, special

from cjm_widgets.measure.interval import Cells, GroupMeans, leverage

DIFFERENCE = 0.1
"""Smallest difference of means worth speaking of: half a step of an eleven-point scale. With
enough texts any difference is significant, and every stage would stand apart."""
LEVEL = 0.05


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """P values adjusted for many tests.

    Source: Holm 1979, Scandinavian Journal of Statistics 6, 65–70.

    Examples
    --------
    What ``p.adjust(c(.01, .02, .03, .04, .05), "holm")`` of R gives:

    >>> holm([0.01, 0.02, 0.03, 0.04, 0.05]).round(2).tolist()
    [0.05, 0.08, 0.09, 0.09, 0.09]
    """
    given = np.asarray(p, dtype=np.float64)
    order = np.argsort(given, kind="stable")
    factors = np.arange(len(given), 0, -1)
    adjusted = np.empty(len(given))
    adjusted[order] = np.minimum(np.maximum.accumulate(given[order] * factors), 1.0)
    return adjusted


def stands_apart(found: GroupMeans, sums: Cells, tested: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a group's mean lies further than 0.1 from the mean of the other groups.

    For each tested group: d, its mean less the plain mean of the other tested groups' means,
    of which the lowest and the highest are left out (else one very bad group would make all
    the others stand apart from it); the variance of d from the
    same cluster-robust sums as the intervals, with the covariance that arises where
    respondents speak of several groups; degrees of freedom by Welch and Satterthwaite; p of
    the hypothesis |d| ≤ 0.1, adjusted by Holm; apart where p < .05. Means are never shrunken,
    and a group's variance is its own, or the moderated one where that is larger, since
    ratings that happen to agree prove little.

    Parameters
    ----------
    found, sums
        Means and the sums they come from.
    tested
        Numbers of the groups to compare: those with solid evidence. With fewer than
        four none stands apart: it could not be said which one does.

    Returns
    -------
    numpy.ndarray
        One truth value per group of `found`; false for those not tested.
    """
    answer = np.zeros(len(found.n), dtype=bool)
    count = len(tested)
    if count < 4:
        return answer
    number = np.full(len(found.n), -1)
    number[tested] = np.arange(count)
    column = number[sums.cell_group]
    inside = column >= 0
    influence = (sums.cell_sum * np.sqrt(leverage(sums)))[inside]
    table = sparse.csr_array(
        (influence, (sums.cell_cluster[inside], column[inside])),
        shape=(int(sums.cell_cluster.max(initial=0)) + 1, count),
    )
    covariance = np.asarray((table.T @ table).toarray(), dtype=np.float64)
    variance = np.maximum(found.own_variance[tested], found.variance[tested])
    np.fill_diagonal(covariance, variance)

    contrast = np.array([_against_others(found.mean[tested], place) for place in range(count)])
    difference = contrast @ found.mean[tested]
    spread = np.einsum("si,ij,sj->s", contrast, covariance, contrast)
    parts = contrast**2 * variance
    with np.errstate(divide="ignore", invalid="ignore"):
        df = parts.sum(axis=1) ** 2 / (parts**2 / found.own_df[tested]).sum(axis=1)
        error = np.sqrt(np.maximum(spread, 0))
        p = special.stdtr(df, -(np.abs(difference) - DIFFERENCE) / error) + special.stdtr(
            df, -(np.abs(difference) + DIFFERENCE) / error
        )
    answer[tested] = holm(np.nan_to_num(np.minimum(p, 1.0), nan=1.0)) < LEVEL
    return answer


def _against_others(means: NDArray[np.float64], place: int) -> NDArray[np.float64]:
    """Weights of the means: 1 for the one at `place`, together −1 for the ones it is held to."""
    others = np.argsort(means, kind="stable")
    others = others[others != place][1:-1]
    weights = np.zeros(len(means))
    weights[others] = -1.0 / len(others)
    weights[place] = 1.0
    return weights
