"""How much of R² each group of predictors brings: LMG shares, from cross-products alone.

Lindeman, Merenda and Gold (1980) give each predictor the mean of what it adds to R² over all
orders in which predictors can enter; as the Shapley value it is fair and sums to R². All
subsets of up to twelve groups are computed at once by Schur complements; beyond that, orders
are sampled.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WIDTH = 2
"""Columns of a group: whether a stage was mentioned, and how it felt."""
MOST_EXACT = 12
"""Groups whose subsets are all computed; of more, orders are sampled."""
ORDERS = 120
"""Sampled orders, each taken forwards and backwards."""
_SEED = 20_260_101
_NOTHING = 1e-10
"""A column that others explain up to this share of its variance is no column of its own."""


def group_shares(cross: Floats) -> tuple[Floats, Floats]:
    """Part of R² that each group of two columns brings.

    Parameters
    ----------
    cross
        Centred cross-products, shape (samples, 2 groups + 1, 2 groups + 1): each group's two
        columns side by side, the outcome last.

    Returns
    -------
    tuple of numpy.ndarray
        Parts of R², shape (samples, groups), which sum to R²; and R² with all groups.

    Source: Lindeman, Merenda and Gold 1980, Introduction to Bivariate and Multivariate
    Analysis; Grömping 2007, The American Statistician 61, 139–147.

    Examples
    --------
    Two independent groups, of which the first explains half of the outcome's variance:

    >>> cross = np.eye(5)
    >>> cross[0, 4] = cross[4, 0] = 0.5**0.5
    >>> parts, r2 = group_shares(cross[None])
    >>> parts.round(2).tolist(), r2.round(2).tolist()
    ([[0.5, 0.0]], [0.5])
    """
    groups = (cross.shape[-1] - 1) // WIDTH
    parts = _exact(cross, groups) if groups <= MOST_EXACT else _sampled(cross, groups)
    return parts, parts.sum(axis=1)


def _exact(cross: Floats, groups: int) -> Floats:
    r2 = subsets(cross)
    size = np.array([bin(mask).count("1") for mask in range(1 << groups)])
    weight = np.array(
        [
            math.factorial(k) * math.factorial(groups - 1 - k) / math.factorial(groups)
            for k in range(groups)
        ]
    )
    masks = np.arange(1 << groups)
    parts = np.empty((cross.shape[0], groups))
    for group in range(groups):
        without = masks[(masks >> group) & 1 == 0]
        gain = r2[without | 1 << group] - r2[without]
        parts[:, group] = weight[size[without]] @ gain
    return parts


def subsets(cross: Floats) -> Floats:
    """R² of every subset of the groups, shape (2 ** groups, samples).

    Bit g of a row's number says whether group g is in. Group by group, what is left of the
    matrix is taken once as it is and once with the group's columns taken out of all others.
    """
    state = cross[None]
    while state.shape[-1] > 1:
        state = np.concatenate([state[..., WIDTH:, WIDTH:], _without_first(state)])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 - state[..., 0, 0] / cross[:, -1, -1])


def _without_first(state: Floats) -> Floats:
    """The rest of the matrix once the first two columns have explained what they can."""
    a, b, c = state[..., 0, 0], state[..., 0, 1], state[..., 1, 1]
    rest, side = state[..., WIDTH:, WIDTH:], state[..., :WIDTH, WIDTH:]
    determinant = a * c - b * b
    both = determinant > _NOTHING * a * c
    first = ~both & (a > 0)
    second = ~both & ~first & (c > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        inverse = np.zeros((*a.shape, WIDTH, WIDTH))
        inverse[..., 0, 0] = np.where(both, c / determinant, np.where(first, 1 / a, 0.0))
        inverse[..., 1, 1] = np.where(both, a / determinant, np.where(second, 1 / c, 0.0))
        inverse[..., 0, 1] = inverse[..., 1, 0] = np.where(both, -b / determinant, 0.0)
    taken = np.swapaxes(side, -1, -2) @ inverse @ side
    left = rest - taken
    # Rounding must not leave a variance below nothing, which later steps would divide by.
    place = np.arange(left.shape[-1])
    diagonal = left[..., place, place]
    left[..., place, place] = np.where(diagonal > _NOTHING * rest[..., place, place], diagonal, 0.0)
    return np.asarray(left)


def _sampled(cross: Floats, groups: int) -> Floats:
    rng = np.random.default_rng(_SEED)
    parts = np.zeros((cross.shape[0], groups))
    for _ in range(ORDERS):
        order = rng.permutation(groups)
        for one in (order, order[::-1]):
            parts[:, one] += _in_order(cross, one)
    return parts / (2 * ORDERS)


def _in_order(cross: Floats, order: NDArray[np.int64]) -> Floats:
    """What each group adds to R² when they enter in this order."""
    columns = np.concatenate([np.stack([order * 2, order * 2 + 1], 1).ravel(), [-1]])
    state = cross[:, columns][:, :, columns]
    left = [state[:, -1, -1]]
    while state.shape[-1] > 1:
        state = _without_first(state)
        left.append(state[:, -1, -1])
    return np.asarray(-np.diff(np.stack(left, 1), axis=1) / cross[:, -1, -1, None])
