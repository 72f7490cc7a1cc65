"""From codings or scores to the units of a curve: each text counts once per stage."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cjm_widgets.errors import ArgumentError
from cjm_widgets.measure.columns import column
from cjm_widgets.model.columns import CODINGS, SCORES, check
from cjm_widgets.model.journey import Journey

_CODED = tuple(
    c for c in CODINGS if c.name in {"feedback", "respondent", "coder", "stage", "valence"}
)
_COLUMNS = ["feedback", "stage", "valence", "known", "respondent", "predicted"]


def coded_units(codings: pd.DataFrame, journey: Journey | None = None) -> pd.DataFrame:
    """Units of the *coded* estimate: what people said of a text, once per stage.

    The valence is the mean over the coders of each coder's mean over the passages, so that
    neither a text coded twice nor one cut into many passages weighs more.

    Parameters
    ----------
    codings
        Columns `feedback`, `respondent`, `coder`, `stage`, `valence` of
        `cjm_widgets.model.columns.CODINGS`; a row per coding.
    journey
        If given, a sub-stage counts for the stage it is part of.

    Returns
    -------
    pandas.DataFrame
        Columns of `cjm_widgets.model.columns.UNITS`, by text and stage. A text whose codings
        name no stage has one row with a missing stage, so that it can be counted; beside a
        coding with a stage, those without one say nothing. Where a stage was given but no
        valence, `valence` is missing. A text without respondent is a respondent of its own.

    Raises
    ------
    FrameError
        If a column is missing or of another kind.
    UnknownName
        If the journey lacks a stage.
    """
    check(codings, _CODED, "coded_units")
    frame = codings[[c.name for c in _CODED]].reset_index(drop=True)
    frame["stage"] = _top(frame["stage"], journey)
    staged = frame["stage"].notna()
    # Grouping leaves missing keys out unless told; a text's stageless codings stay apart.
    loose = ~frame["feedback"].isin(frame.loc[staged, "feedback"])
    rows = frame[staged | loose]
    by_coder = rows.groupby(["feedback", "stage", "coder"], dropna=False, sort=False)
    means = by_coder["valence"].mean().reset_index()
    units = (
        means.groupby(["feedback", "stage"], dropna=False, sort=False)["valence"]
        .mean()
        .reset_index()
    )
    units["known"] = True
    units["predicted"] = False
    people = frame.dropna(subset="respondent").drop_duplicates("feedback")
    return _finish(units, people.set_index("feedback")["respondent"])


def automatic_units(
    scores: pd.DataFrame,
    places: pd.DataFrame,
    respondents: pd.Series[Any],
    journey: Journey | None = None,
    *,
    unknown: Literal["gap", "keep"] = "gap",
) -> pd.DataFrame:
    """Units of the *automatic* estimate: the scores of a text, once per stage.

    Parameters
    ----------
    scores
        Columns of `cjm_widgets.model.columns.SCORES`, of one scorer and version, all by text,
        all by sentence or all by passage.
    places
        Which text belongs to which stage: columns `feedback`, `stage` and, where known,
        `predicted` (truth value) and `start`, `stop` (code points the stage holds for;
        missing: the whole text). A score belongs to a range when at least half of the shorter
        of the two lies in the other.
    respondents
        Who said it, by number of the text (its index).
    journey
        If given, a sub-stage counts for the stage it is part of.
    unknown
        Scores without any known word: ``"gap"``, no valence is known, since a lexicon's 0
        there is no evidence of a neutral customer (on the hospital comments of the NHS the
        order of TextBlob's nine stages then agrees with people's at .93 instead of .52);
        ``"keep"``, their value as it is, for estimates that correct it by people's ratings.

    Returns
    -------
    pandas.DataFrame
        Columns of `cjm_widgets.model.columns.UNITS`: `valence` is the plain mean of the
        text's scores in the stage, `known` whether any of them knew a word. A stage given by
        people or data is not `predicted`, even if it was predicted too. A scored text without
        a stage has one row with a missing stage.

    Raises
    ------
    FrameError
        If a column of `scores` is missing or of another kind.
    ArgumentError
        If the scores are of several scorers, versions or kinds of unit.
    UnknownName
        If a column of `places` is missing, or the journey lacks a stage.
    """
    check(scores, SCORES, "automatic_units")
    _same_kind(scores)
    found = scores[["feedback", "start", "stop", "valence", "known"]].copy()
    found["valence"] = found["valence"].where(found["known"] | (unknown == "keep"))
    where = pd.DataFrame(
        {
            "feedback": column(places, "feedback", "places"),
            "stage": _top(column(places, "stage", "places"), journey),
            "predicted": places["predicted"].astype("bool") if "predicted" in places else False,
        }
    )
    ranged = {"start", "stop"} <= set(places.columns)
    where["from"] = places["start"].astype("Int64") if ranged else pd.NA
    where["to"] = places["stop"].astype("Int64") if ranged else pd.NA
    where = where[where["stage"].notna()]

    met = found.merge(where, on="feedback", how="inner")
    if ranged:
        met = met[_overlap(met)]
    placed = met.groupby(["feedback", "stage"], sort=False).agg(
        valence=("valence", "mean"), known=("known", "any"), predicted=("predicted", "min")
    )
    loose = found[~found["feedback"].isin(met["feedback"])]
    rest = loose.groupby("feedback", sort=False).agg(
        valence=("valence", "mean"), known=("known", "any")
    )
    rest["predicted"] = False
    rest["stage"] = pd.Series(pd.NA, index=rest.index, dtype="str")
    units = pd.concat([placed.reset_index(), rest.reset_index()[_without_respondent()]])
    return _finish(units, respondents)


def _without_respondent() -> list[str]:
    return [name for name in _COLUMNS if name != "respondent"]


def _top(stages: pd.Series[Any], journey: Journey | None) -> pd.Series[Any]:
    if journey is None:
        return stages.astype("str")
    top = {name: journey.top_of(str(name)) for name in stages.dropna().unique()}
    return stages.map(top).astype("str")


def _same_kind(scores: pd.DataFrame) -> None:
    for what in ("scorer", "scorer_version", "unit"):
        kinds = scores[what].unique()
        if len(kinds) > 1:
            raise ArgumentError(
                f"scores: a curve is drawn from one {what}, not from "
                f"{', '.join(map(repr, sorted(map(str, kinds))))}; choose one first"
            )


def _overlap(met: pd.DataFrame) -> NDArray[np.bool_]:
    begin = met["from"].fillna(0).astype("int64")
    end = met["to"].fillna(np.iinfo("int64").max).astype("int64")
    common = np.minimum(met["stop"], end) - np.maximum(met["start"], begin)
    shorter = np.minimum(met["stop"] - met["start"], end - begin)
    return np.asarray((common > 0) & (2 * common >= shorter), dtype=np.bool_)


def _finish(units: pd.DataFrame, respondents: pd.Series[Any]) -> pd.DataFrame:
    units = units.sort_values("feedback", kind="stable", ignore_index=True)
    who = units["feedback"].map(respondents.astype("str")).astype("str")
    alone = "text "
    while respondents.astype("str").str.startswith(alone).any():
        alone += "· "
    units["respondent"] = who.fillna(alone + units["feedback"].astype("str")).astype("str")
    kinds = {
        "feedback": "int64",
        "stage": "str",
        "valence": "float64",
        "known": "bool",
        "predicted": "bool",
    }
    return units[_COLUMNS].astype(kinds)
