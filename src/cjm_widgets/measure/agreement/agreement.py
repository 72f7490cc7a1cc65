"""How far coders agree on units: percent, kappa, alpha and AC1, each with its interval.

All are ``1 − D_o / D_e``: observed disagreement by the disagreement expected by chance. They
differ in what chance is; `agreement_formulas` holds that. Intervals are by the percentile
bootstrap over units, or over respondents where units share one (see `bootstrap`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.agreement.agreement_formulas import measured
from cjm_widgets.measure.agreement.agreement_ratings import Ratings, coded
from cjm_widgets.measure.columns import numbers
from cjm_widgets.model.estimate import Estimate

Level = Literal["nominal", "ordinal", "interval"]


def percent_agreement(ratings: Ratings, *, respondents: Iterable[object] | None = None) -> Estimate:
    """Share of pairs of coders who agree, mean over the units; 0…1.

    Parameters
    ----------
    ratings
        A row per coder and a column per unit; None or NaN for missing. Any hashable labels.
    respondents
        Whose each unit is; resamples then draw respondents.

    Returns
    -------
    Estimate
        `n` is the number of units with at least two ratings; NaN without any. Chance is not
        taken out of it.

    Raises
    ------
    ArgumentError
        If `ratings` is no table of two coders or more.

    Examples
    --------
    >>> print(percent_agreement([["a", "b", "b", None], ["a", "b", "c", "a"]]).value.__round__(3))
    0.667
    """
    return measured("percent", *coded(ratings), respondents)


def cohen_kappa(
    a: Iterable[Hashable], b: Iterable[Hashable], *, respondents: Iterable[object] | None = None
) -> Estimate:
    """Cohen's kappa of two coders: agreement beyond what their own habits make by chance.

    ``κ = 1 − (1 − p_o) / (1 − p_e)``, ``p_e = Σ_k p_ak p_bk``.

    Parameters
    ----------
    a, b
        The labels each gave, in the order of the units; pairs with a missing one are left out.
    respondents
        Whose each unit is; resamples then draw respondents.

    Returns
    -------
    Estimate
        −1…1; NaN where both used one and the same label throughout: then nothing is left for
        chance to explain.

    Raises
    ------
    ArgumentError
        If the two differ in length.

    Source: Cohen 1960, Educational and Psychological Measurement 20, 37–46.

    Examples
    --------
    Cohen's table 2 of 200 patients, for which he prints .492:

    >>> table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    >>> a, b = np.repeat(np.indices((3, 3)).reshape(2, 9), table.ravel(), axis=1)
    >>> round(cohen_kappa(a, b).value, 3)
    0.492
    """
    for name, labels in (("a", a), ("b", b)):
        if isinstance(labels, str) or not isinstance(labels, Iterable):
            raise ArgumentError(f"{name} is a list of one coder's labels, not {labels!r}")
    first, second = list(a), list(b)
    if len(first) != len(second):
        raise ArgumentError(
            f"a and b: {len(first)} and {len(second)} labels; give one of each coder per unit, "
            f"None where there is none"
        )
    return measured("cohen_kappa", *coded([first, second]), respondents)


def fleiss_kappa(counts: ArrayLike, *, respondents: Iterable[object] | None = None) -> Estimate:
    """Fleiss' kappa: agreement of any number of coders, who need not be the same everywhere.

    ``κ = 1 − (1 − P̄) / (1 − Σ_k p_k²)``, P̄ the mean over units of the share of agreeing pairs,
    p_k the mean over units of the share of label k. Units may differ in their number of
    ratings; those with a single one count in p_k only, as Gwet (2014) has it.

    Parameters
    ----------
    counts
        A row per unit and a column per label: how many coders gave it.
    respondents
        Whose each unit is; resamples then draw respondents.

    Raises
    ------
    ArgumentError
        If `counts` is no table of whole numbers from 0.

    Source: Fleiss 1971, Psychological Bulletin 76, 378–382; Gwet 2014, Handbook of Inter-Rater
    Reliability, 4th edition, chapter 3.

    Examples
    --------
    Fleiss' 30 patients by six psychiatrists (table 1), for whom he prints .430:

    >>> diagnoses = [
    ...     "00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040",
    ...     "00006", "10050", "11040", "03300", "10050", "02031", "00501", "30012", "51000",
    ...     "02040", "10203", "00006", "01050", "02013", "20040", "10041", "05010", "40002",
    ...     "02040", "10500", "00006"]
    >>> round(fleiss_kappa([[int(n) for n in row] for row in diagnoses]).value, 3)
    0.43
    """
    table = np.asarray(counts)
    if table.dtype.kind not in "iuf" or table.ndim != 2:
        raise ArgumentError(
            "counts: a table of numbers is needed, a row per unit and a column per label; for "
            "the labels themselves use krippendorff_alpha or gwet_ac1"
        )
    if not (np.isfinite(table).all() and (table >= 0).all() and (table == np.round(table)).all()):
        raise ArgumentError("counts: how many coders gave a label is a whole number from 0")
    whole = table.astype(np.int64)
    raters = whole.sum(axis=1)
    codes = np.full((len(whole), max(int(raters.max(initial=0)), 2)), -1, dtype=np.int64)
    unit, label = np.nonzero(whole)
    times = whole[unit, label]
    ends = np.cumsum(times)
    place = np.arange(ends[-1] if len(ends) else 0)
    row = np.repeat(unit, times)
    codes[row, place - (np.cumsum(raters) - raters)[row]] = np.repeat(label, times)
    return measured("fleiss_kappa", codes, tuple(range(whole.shape[1])), respondents)


def krippendorff_alpha(
    ratings: Ratings, level: Level = "nominal", *, respondents: Iterable[object] | None = None
) -> Estimate:
    """Krippendorff's alpha: any number of coders, gaps, and labels, ranks or numbers.

    ``α = 1 − D_o / D_e`` with ``D = Σ o_ck δ²_ck / n``: δ² is 1 for unlike labels (nominal),
    ``(c − k)²`` (interval), or ``(Σ_{g=c..k} n_g − (n_c + n_k) / 2)²`` (ordinal), which is the
    interval form on mid-ranks.

    Parameters
    ----------
    ratings
        A row per coder and a column per unit; None or NaN for missing.
    level
        ``nominal``: any hashable labels. ``ordinal``, ``interval``: numbers.
    respondents
        Whose each unit is; resamples then draw respondents.

    Returns
    -------
    Estimate
        1 is perfect, 0 chance, below 0 worse. NaN where all ratings are equal. `n` is the
        number of units with at least two ratings; others say nothing and are left out.

    Raises
    ------
    ArgumentError
        If `ratings` is no table of two coders or more, or holds no numbers where they are
        needed.
    UnknownName
        If the level is unknown.

    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.

    Examples
    --------
    Krippendorff's four coders and twelve units; he prints .743, .815 and .849:

    >>> missing = None
    >>> four = [[1, 2, 3, 3, 2, 1, 4, 1, 2, missing, missing, missing],
    ...         [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, missing, 3],
    ...         [missing, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, missing],
    ...         [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, missing]]
    >>> for level in ("nominal", "ordinal", "interval"):
    ...     print(round(krippendorff_alpha(four, level).value, 3))
    0.743
    0.815
    0.849

    Three coders, fifteen units; .691 and .811 are printed for it:

    >>> three = [[None] * 5 + [3, 4, 1, 2, 1, 1, 3, 3, None, 3],
    ...          [1, None, 2, 1, 3, 3, 4, 3] + [None] * 7,
    ...          [None, None, 2, 1, 3, 4, 4, None, 2, 1, 1, 3, 3, None, 4]]
    >>> [round(krippendorff_alpha(three, level).value, 3) for level in ("nominal", "interval")]
    [0.691, 0.811]
    """
    if level not in get_args(Level):
        raise UnknownName("level", level, get_args(Level))
    codes, labels = coded(ratings)
    if level != "nominal":
        values = numbers(list(labels), f"ratings (level {level!r})")
        labels = tuple(values.tolist())
    return measured(f"alpha_{level}", codes, labels, respondents)


def gwet_ac1(ratings: Ratings, *, respondents: Iterable[object] | None = None) -> Estimate:
    """Gwet's AC1: agreement beyond chance that stays steady where one label prevails.

    ``γ = 1 − (1 − p_a) / (1 − p_e)``, ``p_e = Σ_k π_k (1 − π_k) / (K − 1)``; π_k is the mean
    over units of the share of label k, K how many labels occur.

    Parameters
    ----------
    ratings
        A row per coder and a column per unit; None or NaN for missing. Any hashable labels.
    respondents
        Whose each unit is; resamples then draw respondents.

    Returns
    -------
    Estimate
        NaN where one label only occurs. `n` is the number of units with at least two ratings;
        those with one count in π_k.

    Raises
    ------
    ArgumentError
        If `ratings` is no table of two coders or more.

    Source: Gwet 2008, British Journal of Mathematical and Statistical Psychology 61, 29–48;
    with gaps: Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, chapter 5.

    Examples
    --------
    The paradox: 85 of 100 units agree, most of them in one label. AC1 is .808 (irrCAC's
    ``gwet.ac1.raw``), kappa .314:

    >>> table = np.array([[80, 7], [8, 5]])
    >>> both = np.repeat(np.indices((2, 2)).reshape(2, 4), table.ravel(), axis=1)
    >>> round(gwet_ac1(both).value, 3), round(cohen_kappa(*both).value, 3)
    (0.808, 0.314)
    """
    return measured("gwet_ac1", *coded(ratings), respondents)
