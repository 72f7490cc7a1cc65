"""What changed between two curves: stage by stage, over all, and why.

Over all, a change has two parts (Kitagawa 1955): people may speak of other stages than before
(the mix), or feel otherwise about the same ones (change within).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from cjm_widgets.errors import ArgumentError, NoEvidence
from cjm_widgets.measure.columns import cluster_codes, column, levels, numbers
from cjm_widgets.measure.curves.curve import VALENCE
from cjm_widgets.measure.curves.differences import Differences, Side, stage_differences
from cjm_widgets.measure.curves.weighted import survey_weights
from cjm_widgets.model.columns import UNITS, check

Floats = NDArray[np.float64]
PARTS = ("overall", "mix", "within")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sets of units of the same stages."""

    before: Side
    after: Side
    stages: tuple[str, ...]


def compare_curves(
    before: pd.DataFrame,
    after: pd.DataFrame,
    stage: str = "stage",
    valence: str = "valence",
    respondent: str | None = None,
    weights: str | None = None,
) -> pd.DataFrame:
    """Differences of mean valence per stage, `after` − `before`, with 95 % intervals.

    Parameters
    ----------
    before, after
        A row per unit (a text, a sentence, a passage), as for `emotion_curve`.
    stage, valence
        Columns of both frames. Rows without one of the two are left out.
    respondent
        Column of who said it. The same name in both frames is the same person. None: each row
        has a respondent of its own, and nothing is paired.
    weights
        Column of survey weights.

    Returns
    -------
    pandas.DataFrame
        One row per stage: `stage`, `before`, `after` (means, −1…1), `difference`, `low`, `high`
        (−2…2), `p` (of no difference), `p_holm` (adjusted for all stages), `paired`
        (respondents who speak of the stage in both), `n_before`, `n_after` (units). A stage
        that one side lacks has no difference.

    Raises
    ------
    UnknownName
        If a column is missing.
    ArgumentError
        If a valence is not a number or lies outside −1…1, or a weight is missing or negative.

    Notes
    -----
    The difference is that of the two means. Its variance takes off the covariance that people
    bring who occur in both: see `cjm_widgets.measure.curves.differences.stage_differences`.

    Examples
    --------
    >>> before = pd.DataFrame({"stage": ["Pay"] * 4, "valence": [-1, -0.5, 0, -0.5]})
    >>> after = pd.DataFrame({"stage": ["Pay"] * 4, "valence": [0.5, 0, 1, 0.5]})
    >>> compare_curves(before, after)[["stage", "difference", "low", "high"]].round(2)
      stage  difference   low  high
    0   Pay         1.0  0.36  1.64
    """
    return differences_frame(pair_of_frames(before, after, stage, valence, respondent, weights))


def explain_change(
    before: pd.DataFrame,
    after: pd.DataFrame,
    stage: str = "stage",
    valence: str = "valence",
    respondent: str | None = None,
    weights: str | None = None,
) -> pd.DataFrame:
    """The change of the overall mean, and its two parts: mix of stages and change within them.

    Parameters
    ----------
    before, after, stage, valence, respondent, weights
        As for `compare_curves`.

    Returns
    -------
    pandas.DataFrame
        Three rows: `part` (``"overall"``, ``"mix"``, ``"within"``), `value`, `low`, `high`
        (95 %), `p`. The first is the sum of the other two.

    Raises
    ------
    NoEvidence
        If one of the two has no unit.

    Notes
    -----
    With p_s the share of the units at stage s and m_s their mean:
    ``mix = Σ (p'_s − p_s)(m_s + m'_s)/2``, ``within = Σ (m'_s − m_s)(p_s + p'_s)/2``. A stage
    that one side lacks is all mix. Variances by the delta method, clustered by respondent.

    Source: Kitagawa 1955, Journal of the American Statistical Association 50, 1168–1194.

    Examples
    --------
    Nobody feels otherwise; twice as many speak of the bad stage:

    >>> before = pd.DataFrame({"stage": ["Find"] * 6 + ["Pay"] * 2, "valence": [1] * 6 + [-1] * 2})
    >>> after = pd.DataFrame({"stage": ["Find"] * 4 + ["Pay"] * 4, "valence": [1] * 4 + [-1] * 4})
    >>> explain_change(before, after)[["part", "value"]].round(2)
          part  value
    0  overall   -0.5
    1      mix   -0.5
    2   within    0.0
    """
    return explanation_frame(pair_of_frames(before, after, stage, valence, respondent, weights))


def pair_of_frames(
    before: pd.DataFrame,
    after: pd.DataFrame,
    stage: str,
    valence: str,
    respondent: str | None,
    weights: str | None,
) -> Pair:
    """The two frames as numbers, with stages and respondents known by the same ones."""
    column(before, stage, "before")
    column(after, stage, "after")
    both = pd.concat([before[stage], after[stage]], ignore_index=True)
    if all(isinstance(part[stage].dtype, pd.CategoricalDtype) for part in (before, after)):
        ordered = dict.fromkeys([*before[stage].cat.categories, *after[stage].cat.categories])
        both = both.astype(pd.CategoricalDtype(list(ordered)))
    names = levels(both, text=True)
    given, weight = [], []
    for what, frame in (("before", before), ("after", after)):
        values = numbers(column(frame, valence, what), f"{what}, valence={valence!r}", VALENCE)
        given.append(values)
        if weights is not None:
            series = column(frame, weights, what)
            needed = np.isfinite(values) & frame[stage].notna().to_numpy()
            weight.append(survey_weights(series, f"{what}, weights={weights!r}", needed))
    if respondent is None:
        people = np.arange(len(both), dtype=np.int64)
    else:
        who = [column(f, respondent, w) for w, f in (("before", before), ("after", after))]
        people = cluster_codes(pd.concat([part.astype("str") for part in who], ignore_index=True))
    cut = len(before)
    sides = []
    for place, rows in enumerate((slice(None, cut), slice(cut, None))):
        here = np.isfinite(given[place]) & (names.codes[rows] >= 0)
        if weights is not None:
            here &= weight[place] > 0
        sides.append(
            Side(
                given[place][here],
                names.codes[rows][here],
                people[rows][here],
                weight[place][here] if weights is not None else None,
            )
        )
    return Pair(sides[0], sides[1], tuple(map(str, names.names)))


def pair_of_units(
    before: pd.DataFrame,
    after: pd.DataFrame,
    stages: Sequence[str],
    weights: str | None = None,
) -> Pair:
    """Two frames of units as numbers; units of no stage, or of one that is not listed, are left
    out.

    Raises
    ------
    FrameError
        If a column of `cjm_widgets.model.columns.UNITS` is missing or of another kind.
    ArgumentError
        If a stage stands twice.
    """
    check(before, UNITS, "compare, before")
    check(after, UNITS, "compare, after")
    if len(set(stages)) < len(stages):
        raise ArgumentError("stages: one stands there twice; each stage has one place")
    kind = pd.CategoricalDtype(list(stages))
    early, late = (part.assign(stage=part["stage"].astype(kind)) for part in (before, after))
    return pair_of_frames(early, late, "stage", "valence", "respondent", weights)


def differences_frame(pair: Pair) -> pd.DataFrame:
    """The columns of `compare_curves`."""
    found = stage_differences(pair.before, pair.after, len(pair.stages))
    return _as_frame(found, pair.stages)


def _as_frame(found: Differences, stages: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stage": pd.array(list(stages), dtype="str"),
            "before": found.before,
            "after": found.after,
            "difference": found.difference,
            "low": found.low,
            "high": found.high,
            "p": found.p,
            "p_holm": found.adjusted,
            "paired": found.paired.astype(np.int64),
            "n_before": found.n_before.astype(np.int64),
            "n_after": found.n_after.astype(np.int64),
            "respondents_before": found.people_before.astype(np.int64),
            "respondents_after": found.people_after.astype(np.int64),
        }
    )


def explanation_frame(pair: Pair) -> pd.DataFrame:
    """The columns of `explain_change`."""
    for what, side in (("before", pair.before), ("after", pair.after)):
        if not len(side.values):
            raise NoEvidence(
                f"{what}: no unit has a stage and a valence, so that there is nothing to compare"
            )
    size = len(pair.stages)
    first, second = _Shares.of(pair.before, size), _Shares.of(pair.after, size)
    # A stage that one side lacks has no mean there: its coming or going is all mix.
    first_mean = np.where(first.share > 0, first.mean, second.mean)
    second_mean = np.where(second.share > 0, second.mean, first.mean)
    half_mean = np.nan_to_num(first_mean + second_mean) / 2
    change = np.nan_to_num(second_mean - first_mean)
    half_share = (first.share + second.share) / 2
    moved = second.share - first.share
    values = {
        "mix": float(moved @ half_mean),
        "within": float(change @ half_share),
    }
    values["overall"] = values["mix"] + values["within"]

    influences = []
    for side, own, sign in ((pair.before, first, -1.0), (pair.after, second, 1.0)):
        mix = own.of_shares(side, half_mean) * sign + own.of_means(side, moved / 2)
        within = own.of_means(side, half_share) * sign + own.of_shares(side, change / 2)
        influences.append({"mix": mix, "within": within, "overall": mix + within})
    rows = []
    for part in PARTS:
        early, late = (
            _by_person(side, influence[part])
            for side, influence in zip((pair.before, pair.after), influences, strict=True)
        )
        rows.append(_row(part, values[part], early, late))
    return pd.DataFrame(rows).astype({"part": "str"})


@dataclass(frozen=True, slots=True)
class _Shares:
    """Shares and means of the stages of one side."""

    weight: Floats
    """Of each unit; together 1."""
    share: Floats
    mean: Floats

    @classmethod
    def of(cls, side: Side, size: int) -> _Shares:
        w = np.ones(len(side.values)) if side.weights is None else side.weights
        w = w / w.sum()
        share = np.bincount(side.stages, w, minlength=size).astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.bincount(side.stages, w * side.values, minlength=size) / share
        return cls(w, share, mean)

    def of_shares(self, side: Side, slope: Floats) -> Floats:
        """Each unit's influence on ``Σ slope_s share_s``."""
        return self.weight * (slope[side.stages] - float(slope @ self.share))

    def of_means(self, side: Side, slope: Floats) -> Floats:
        """Each unit's influence on ``Σ slope_s mean_s``."""
        at = side.stages
        return self.weight / self.share[at] * slope[at] * (side.values - self.mean[at])


def _by_person(side: Side, influence: Floats) -> pd.Series[float]:
    """Influences summed by respondent, each side's own mean taken off: G / (G − 1)."""
    total = pd.Series(influence).groupby(side.people).sum()
    many = len(total)
    return total * math.sqrt(many / (many - 1)) if many > 1 else total * math.nan


def _row(
    part: str, value: float, early: pd.Series[float], late: pd.Series[float]
) -> dict[str, Any]:
    """Interval by Student's t; its degrees of freedom by Welch, less where few carry all."""
    total = early.add(late, fill_value=0.0).to_numpy()
    square = total**2
    variance = float(square.sum())
    # One person alone tells nothing of how people differ; adding fills their gap with 0.
    alone = min(len(early), len(late)) < 2
    if alone or not math.isfinite(variance) or variance == 0:
        return {"part": part, "value": value, "low": math.nan, "high": math.nan, "p": math.nan}
    sides = [(float((side**2).sum()), len(side) - 1) for side in (early, late)]
    welch = sum(v for v, _ in sides) ** 2 / sum(v**2 / many for v, many in sides)
    # Squares of normal deviates give thrice this share of one another: n for n people alike.
    alike = 3 * variance**2 / float((square**2).sum())
    df = min(len(total) - 1.0, welch, alike)
    error = math.sqrt(variance)
    half = float(special.stdtrit(df, 0.975)) * error
    p = 2 * float(special.stdtr(df, -abs(value) / error))
    return {"part": part, "value": value, "low": value - half, "high": value + half, "p": p}
