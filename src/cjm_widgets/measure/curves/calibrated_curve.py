"""From scored and rated units to a calibrated emotion curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cjm_widgets.errors import ArgumentError, NoEvidence
from cjm_widgets.measure.columns import cluster_codes, column, numbers
from cjm_widgets.measure.curves.apart import stands_apart
from cjm_widgets.measure.curves.calibrated import Calibrated, calibrate
from cjm_widgets.measure.curves.calibrated_predicted import calibrate_predicted
from cjm_widgets.measure.curves.curve import NEUTRAL, VALENCE, grades
from cjm_widgets.model.columns import UNITS, check

LEAST = 10
"""Ratings that every stage of a calibrated curve needs."""
UNLIKELY = 0.001
"""Ratings that leave out a kind of text with less probability than this are not random."""

Floats = NDArray[np.float64]


def calibrated_units(scored: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """Scores of all texts beside people's ratings of some.

    Parameters
    ----------
    scored
        Columns of `cjm_widgets.model.columns.UNITS`: the scores, at stages that hold for rated
        and unrated texts alike, with ``unknown="keep"`` (see
        `cjm_widgets.measure.curves.units.automatic_units`). A column `member`, 0…1, may say how
        likely the text speaks of the stage; else it is 1. A row without a stage holds the
        score of a text for which none is predicted.
    coded
        Columns of UNITS: the ratings. A text is rated where people gave it a valence, at a
        stage or at none: the valence of a text without a stage says that it speaks of none.

    Returns
    -------
    pandas.DataFrame
        Columns of UNITS, `member`, `rating` (missing where there is none) and `rated` (whether
        the text is). Texts without a score are left out: nothing can be carried to them.

    Raises
    ------
    FrameError
        If a column is missing or of another kind.
    """
    check(scored, UNITS, "calibrated_units")
    check(coded, UNITS, "calibrated_units")
    left = scored.copy()
    if "member" not in left:
        left["member"] = 1.0
    # In a focus group each speaker is rated, and scored, apart.
    who = ["feedback", "respondent"]
    said = coded.loc[coded["valence"].notna(), [*who, "stage", "valence"]]
    said = said.rename(columns={"valence": "rating"})
    placed = said[said["stage"].notna()]
    units = left.merge(placed, on=[*who, "stage"], how="left")

    # A stage that people saw and nothing predicted: membership 0, the text's own score.
    seen = pd.MultiIndex.from_frame(left[[*who, "stage"]])
    missed = placed[~pd.MultiIndex.from_frame(placed[[*who, "stage"]]).isin(seen)]
    texts = left.groupby(who, sort=False).agg(valence=("valence", "mean"), known=("known", "any"))
    missed = missed.join(texts, on=who, how="inner")
    missed = missed.assign(member=0.0, predicted=True)
    # Who has a stage now is no text without one.
    units = units[units["stage"].notna() | ~units["feedback"].isin(missed["feedback"])]
    units = pd.concat([units, missed[units.columns]], ignore_index=True)
    units["rated"] = units["feedback"].isin(said["feedback"])
    return units


def calibrated_curve(
    units: pd.DataFrame, stages: Sequence[str], *, probability: pd.Series[Any] | None = None
) -> pd.DataFrame:
    """An emotion curve from scores of all texts, corrected by people's ratings of some.

    Parameters
    ----------
    units
        What `calibrated_units` gives. Where every stage is known (`predicted` is nowhere true)
        the estimate is that of `cjm_widgets.measure.curves.calibrated`, else that of
        `cjm_widgets.measure.curves.calibrated_predicted`.
    stages
        Keys of the stages in order. Units of others, or of none, are of no stage.
    probability
        Probability of each text (index: `feedback`) to be rated. None: at random.

    Returns
    -------
    pandas.DataFrame
        The columns of `cjm_widgets.measure.curves.curve.curve_of_units`, one row per stage. `n`,
        `respondents`, `largest`, `grade` and the shares of negative, neutral and positive are
        those of the ratings, `unknown` and `predicted` those of all units. Besides `units`
        (scored texts at the stage; expected ones where stages are predicted) and `weight`
        (λ, 0…1: how much the scores add to the ratings).

    Raises
    ------
    FrameError
        If a column is missing or of another kind.
    ArgumentError
        If a score is missing or out of range.
    NoEvidence
        If a stage has units and fewer than ten ratings; the message names these stages.
    """
    check(units, UNITS, "calibrated_curve")
    rating = numbers(column(units, "rating", "units"), "rating", VALENCE)
    score = numbers(units["valence"], "valence", VALENCE)
    if np.isnan(score).any():
        raise ArgumentError(
            "valence: a unit without a score; a calibrated curve needs one of every unit, the "
            "scorer's own constant where it knows no word (unknown='keep')"
        )
    names = pd.Index(list(stages), dtype="str")
    codes = names.get_indexer(pd.Index(units["stage"])).astype(np.int64)
    codes[units["stage"].isna().to_numpy()] = -1
    member = column(units, "member", "units").to_numpy(dtype=np.float64)
    placed = codes >= 0
    _enough(codes[placed], member[placed], rating[placed], names)

    chance = None
    if probability is not None:
        found = units["feedback"].map(probability)
        chance = found.to_numpy(dtype=np.float64, na_value=np.nan)
    if units.loc[placed, "predicted"].any():
        made = _of_predicted(units, codes, member, score, rating, chance, len(names))
    else:
        made = calibrate(
            score[placed],
            rating[placed],
            codes[placed],
            len(names),
            cluster_codes(units.loc[placed, "respondent"]),
            probability=None if chance is None else chance[placed],
        )
    return _frame(made, names, units, codes, member, rating, chance)


def unlike(rated: NDArray[np.bool_], kinds: pd.Series[Any]) -> list[str]:
    """Kinds of text that ratings drawn at random would hardly have left out, and that they did.

    Parameters
    ----------
    rated
        Whether each text was rated.
    kinds
        Language, question, channel or period of each text.

    Returns
    -------
    list of str
        Kinds without any rating although the probability of that, were the ratings drawn at
        random, is below .001. A calibration does not travel to them: one hospital's
        correction applied to another errs by .25.
    """
    count = int(rated.sum())
    share = kinds.value_counts(normalize=True)
    seen = set(kinds[rated].dropna())
    return [
        str(kind)
        for kind, part in share.items()
        if kind not in seen and (1 - float(part)) ** count < UNLIKELY
    ]


def _enough(codes: NDArray[np.int64], member: Floats, rating: Floats, names: pd.Index[Any]) -> None:
    size = len(names)
    shown = np.bincount(codes[(member > 0) | np.isfinite(rating)], minlength=size) > 0
    count = np.bincount(codes[np.isfinite(rating)], minlength=size)
    if not shown.any():
        raise NoEvidence("no scored text has a stage: code some texts, or map a column to stages")
    short = np.flatnonzero(shown & (count < LEAST)).tolist()
    if short:
        listed = ", ".join(f"{names[k]} ({count[k]} of {LEAST})" for k in short)
        raise NoEvidence(
            f"a calibrated curve needs {LEAST} ratings of every stage it shows, of texts drawn "
            f"at random; too few have: {listed}. Rate more texts that speak of these stages, or "
            f"take estimate='coded', which shows them as thin evidence"
        )


def _of_predicted(
    units: pd.DataFrame,
    codes: NDArray[np.int64],
    member: Floats,
    score: Floats,
    rating: Floats,
    chance: Floats | None,
    size: int,
) -> Calibrated:
    """The ratio form: units as a table of texts by stages."""
    text, feedback = pd.factorize(units["feedback"])
    count = len(feedback)
    placed = codes >= 0
    p = np.zeros((count, size))
    y = np.full((count, size), np.nan)
    p[text[placed], codes[placed]] = member[placed]
    y[text[placed], codes[placed]] = rating[placed]
    f = np.zeros((count, size))
    f[text[placed], codes[placed]] = score[placed]
    first = np.unique(text, return_index=True)[1]
    rated = units["rated"].to_numpy(dtype=bool)[first]
    return calibrate_predicted(
        f,
        p,
        y,
        rated,
        cluster_codes(units["respondent"])[first],
        probability=None if chance is None else chance[first],
    )


def _frame(
    made: Calibrated,
    names: pd.Index[Any],
    units: pd.DataFrame,
    codes: NDArray[np.int64],
    member: Floats,
    rating: Floats,
    chance: Floats | None,
) -> pd.DataFrame:
    means, size = made.means, len(names)
    here = np.isfinite(rating) & (codes >= 0)
    weight = np.ones(len(rating)) if chance is None else 1 / np.where(here, chance, 1.0)

    def share(what: NDArray[np.bool_], of: NDArray[np.bool_], w: Floats) -> Floats:
        whole = np.bincount(codes[of], w[of], minlength=size)
        part = np.bincount(codes[of & what], w[of & what], minlength=size)
        return np.asarray(
            np.divide(part, whole, out=np.full(size, np.nan), where=whole > 0), np.float64
        )

    every = (codes >= 0) & ((member > 0) | np.isfinite(rating))
    mass = np.where(member > 0, member, 1.0)
    curve = pd.DataFrame(
        {
            "stage": names,
            "n": means.n.astype(np.int64),
            "respondents": means.respondents.astype(np.int64),
            "mean": means.mean,
            "low": means.low,
            "high": means.high,
            "share_negative": share(rating < -NEUTRAL, here, weight),
            "share_neutral": share(np.abs(rating) <= NEUTRAL, here, weight),
            "share_positive": share(rating > NEUTRAL, here, weight),
            "unknown": share(~units["known"].to_numpy(dtype=bool), every, mass),
            "predicted": share(units["predicted"].to_numpy(dtype=bool), every, mass),
            "largest": means.largest,
        }
    )
    grade = grades(means)
    curve["grade"] = pd.array(grade, dtype="str")
    solid = np.flatnonzero(np.array(grade) == "solid")
    curve["stands_apart"] = stands_apart(means, made.rated.sums, solid)
    curve["units"], curve["weight"] = made.units, made.weight
    return curve
