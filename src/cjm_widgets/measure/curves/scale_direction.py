"""Whether a scale was given the wrong way round: 1 for delighted where it should be furious."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cjm_widgets.measure.curves.moments import correlation, rank_interval, ranks

LEAST = 20
"""Texts with both figures below which nothing is said."""
AGAINST = -0.2
"""Rank correlation from which on down ratings speak against the words. Lexicon scores and right
ratings of real comments correlate by .3 to .9."""


@dataclass(frozen=True, slots=True)
class Direction:
    """How ratings go with another figure of the same texts."""

    correlation: float
    """Spearman's, −1…1; NaN for too few texts or figures that do not vary."""
    high: float
    """Upper end of its 95 % interval."""
    n: int
    """Texts with both."""

    @property
    def turned(self) -> bool:
        """Whether the two run against each other by more than chance."""
        return self.correlation <= AGAINST and self.high < 0


def direction(ratings: NDArray[np.float64], scores: NDArray[np.float64]) -> Direction:
    """How people's ratings go with scores of the words of the same texts.

    Parameters
    ----------
    ratings, scores
        One of each per text; NaN where there is none.

    Examples
    --------
    >>> rising = np.linspace(-1, 1, 40)
    >>> direction(rising, -rising).turned, direction(rising, rising).turned
    (True, False)
    """
    here = np.isfinite(ratings) & np.isfinite(scores)
    a, b = ratings[here], scores[here]
    n = len(a)
    if n < LEAST or np.ptp(a) < 1e-12 or np.ptp(b) < 1e-12:
        return Direction(float("nan"), float("nan"), n)
    r = correlation(ranks(a), ranks(b))
    return Direction(r, rank_interval(r, n)[1], n)
