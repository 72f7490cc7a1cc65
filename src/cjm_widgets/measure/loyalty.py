"""NPS, CSAT and CES of ratings, each with an interval that holds for few answers too."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cjm_widgets.errors import ArgumentError
from cjm_widgets.measure.columns import numbers
from cjm_widgets.measure.interval import mean_interval
from cjm_widgets.model.estimate import Estimate

Z = 1.959963984540054
"""The normal quantile of a 95 % interval."""
_NONE = Estimate(math.nan, math.nan, math.nan, 0)

Ratings = ArrayLike | Iterable[object]


def nps(ratings: Ratings) -> Estimate:
    """Net Promoter Score: promoters (9–10) minus detractors (0–6), in points.

    Parameters
    ----------
    ratings
        Answers 0–10, whole numbers; missing ones are left out.

    Returns
    -------
    Estimate
        The plain score, −100…100, with the adjusted Wald interval: ¾ promoter and ¾ detractor
        added, n + 3. NaN without answers.

    Raises
    ------
    ArgumentError
        If an answer is text, no whole number, or outside 0–10.

    Source: Rocks 2016, Interval Estimation for the "Net Promoter Score", The American
    Statistician 70, 365–372; covers .939 to .963 for n from 8 to 100, plain Wald down to .72.

    Examples
    --------
    Five promoters, three passives, two detractors; by hand, p = 5.75/13 and m = 2.75/13:
    (p − m) ± 1.96 √((p + m − (p − m)²) / 13) = 0.231 ± 0.421.

    >>> print(nps([10, 10, 9, 9, 9, 8, 7, 7, 6, 0]))
    30 (-19.1 to 65.2, n 10)
    """
    given = _present(ratings, (0, 10), "an NPS answer lies on 0–10")
    broken = given != np.round(given)
    if broken.any():
        place = int(broken.argmax())
        raise ArgumentError(
            f"ratings: {given[place]:g} is no answer to a 0–10 question, which are whole "
            f"numbers; give single answers, not means"
        )
    return nps_of_counts(int((given >= 9).sum()), int((given <= 6).sum()), len(given))


def nps_of_counts(promoters: float, detractors: float, n: int) -> Estimate:
    """`nps` of counts: how many of n answers were 9–10 and how many 0–6."""
    if n == 0:
        return _NONE
    p, m = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = Z * math.sqrt(max(p + m - (p - m) ** 2, 0.0) / (n + 3))
    value = 100.0 * (promoters - detractors) / n
    # With one to three answers the adjusted interval may miss the plain score.
    low, high = min(100 * (p - m - half), value), max(100 * (p - m + half), value)
    return Estimate(value, max(low, -100.0), min(high, 100.0), n)


def wilson(successes: float, n: float) -> tuple[float, float]:
    """95 % interval of a proportion, 0…1.

    Source: Wilson 1927, Journal of the American Statistical Association 22, 209–212.

    Examples
    --------
    Newcombe (1998, Statistics in Medicine 17, 857–872, table I) prints .2553 to .3662 for 81
    of 263, and .0061 to .1718 for 1 of 29:

    >>> [round(end, 4) for end in (*wilson(81, 263), *wilson(1, 29))]
    [0.2553, 0.3662, 0.0061, 0.1718]
    """
    p, square = successes / n, Z * Z
    centre = (p + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * math.sqrt(p * (1 - p) / n + square / (4 * n * n))
    return max(min(centre - half, p), 0.0), min(max(centre + half, p), 1.0)


def share(successes: int, n: int) -> Estimate:
    """A share in per cent with its Wilson interval; NaN where n is 0."""
    if n == 0:
        return _NONE
    low, high = wilson(successes, n)
    return Estimate(100.0 * successes / n, 100 * low, 100 * high, n)


def csat(ratings: Ratings, top: int = 2, scale: int | tuple[float, float] = 5) -> Estimate:
    """Customer satisfaction: share of answers in the top steps of the scale, in per cent.

    Parameters
    ----------
    ratings
        Answers on the scale; missing ones are left out.
    top
        How many steps count as satisfied: 2 of 1–5 are 4 and 5.
    scale
        Greatest step of a scale that begins at 1 (5, 7 or 10), or its two ends.

    Returns
    -------
    Estimate
        Per cent, 0…100, with the Wilson interval (1927). NaN without answers.

    Raises
    ------
    ArgumentError
        If an answer is text or outside the scale, or `top` or `scale` make no sense.

    Examples
    --------
    15 of 148 are satisfied; Newcombe (1998, table I) prints .0624 to .1605:

    >>> print(csat([5] * 10 + [4] * 5 + [3] * 100 + [1] * 33))
    10.1 (6.24 to 16, n 148)
    """
    low, high = _ends(scale)
    if isinstance(top, bool) or not isinstance(top, int | np.integer) or not 1 <= top <= high - low:
        raise ArgumentError(
            f"top={top!r}: how many of the steps {low:g}–{high:g} count as satisfied; "
            f"a whole number from 1 to {high - low:g}"
        )
    given = _present(
        ratings, (low, high), f"the scale is {low:g}–{high:g}; give another as scale=(low, high)"
    )
    return share(int((given > high - top).sum()), len(given))


def ces(ratings: Ratings) -> Estimate:
    """Customer Effort Score: mean of answers on 1–7 (7: it was easy).

    Parameters
    ----------
    ratings
        Answers 1–7; missing ones are left out.

    Returns
    -------
    Estimate
        The mean with Student's t interval within 1…7, NaN for one answer. Where all answers
        agree t has no width; then the interval of
        `cjm_widgets.measure.interval.grouped_means` for that case stands.

    Raises
    ------
    ArgumentError
        If an answer is text or outside 1–7.

    Source: Dixon, Freeman and Toman 2010, Harvard Business Review 88(7), for the measure in
    its second form (agreement with "made it easy", 1–7); Student 1908 for the interval.

    Examples
    --------
    By hand: mean 5, s² = 2.5, t(4) = 2.776, so 5 ± 2.776 √(2.5 / 5).

    >>> print(ces([3, 4, 5, 6, 7]))
    5 (3.04 to 6.96, n 5)
    """
    given = _present(ratings, (1, 7), "an effort answer lies on 1–7")
    return mean_interval(given, bounds=(1.0, 7.0))


def ces_easy(ratings: Ratings) -> Estimate:
    """Share of answers 5–7 to the effort question, in per cent, with the Wilson interval.

    Parameters
    ----------
    ratings
        Answers 1–7; missing ones are left out.

    Raises
    ------
    ArgumentError
        If an answer is text or outside 1–7.

    Examples
    --------
    >>> print(ces_easy([5, 6, 7, 1]))
    75 (30.1 to 95.4, n 4)
    """
    given = _present(ratings, (1, 7), "an effort answer lies on 1–7")
    return share(int((given >= 5).sum()), len(given))


def _present(ratings: Ratings, bounds: tuple[float, float], remedy: str) -> NDArray[np.float64]:
    given = numbers(ratings, "ratings", bounds, remedy)
    return given[~np.isnan(given)]


def _ends(scale: int | tuple[float, float]) -> tuple[float, float]:
    if isinstance(scale, tuple | list) and len(scale) == 2:
        low, high = float(scale[0]), float(scale[1])
    elif isinstance(scale, int | np.integer) and not isinstance(scale, bool):
        low, high = 1.0, float(scale)
    else:
        raise ArgumentError(
            f"scale={scale!r}: give the greatest step of a scale from 1, such as 5, or both "
            f"ends, such as (0, 10)"
        )
    if not (math.isfinite(low) and math.isfinite(high) and high - low >= 1):
        raise ArgumentError(f"scale={scale!r}: the second end must lie above the first")
    return low, high
