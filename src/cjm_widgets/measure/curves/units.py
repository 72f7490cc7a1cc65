"""From codings or scores to the units of a curve: each text counts once per stage.

Where several people speak in a text, as in a focus group, it counts once for each of them.
"""

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
ROOM = 2**62
"""What a packed number may be at most."""

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


def coded_units(codings: pd.DataFrame, journey: Journey | None = None) -> pd.DataFrame:
    """Units of the *coded* estimate: what people said of a text, once per stage and speaker.

    The valence is the mean over the coders of each coder's mean over the passages, so that
    neither a text coded twice nor one cut into many passages weighs more.

    Parameters
    ----------
    codings
        Columns `feedback`, `respondent`, `coder`, `stage`, `valence` of
        `cjm_widgets.model.columns.CODINGS`; a row per coding. The respondent is who speaks
        in the passage.
    journey
        If given, a sub-stage counts for the stage it is part of.

    Returns
    -------
    pandas.DataFrame
        Columns of `cjm_widgets.model.columns.UNITS`, by text, speaker and stage. A text whose
        codings name no stage has one row with a missing stage, so that it can be counted;
        beside a coding with a stage, those without one say nothing. Where a stage was given but no
        valence, `valence` is missing. A text without respondent is a respondent of its own.

    Raises
    ------
    FrameError
        If a column is missing or of another kind.
    UnknownName
        If the journey lacks a stage.
    """
    check(codings, _CODED, "coded_units")
    stage, stage_names = pd.factorize(_top(codings["stage"], journey))
    voice, voice_names = pd.factorize(codings["respondent"])
    coder, _ = pd.factorize(codings["coder"])
    text, _ = pd.factorize(codings["feedback"])
    valence = codings["valence"].to_numpy(dtype=np.float64, na_value=np.nan)
    # A text's stageless codings stay apart; beside one with a stage they say nothing.
    staged = stage >= 0
    spoken = np.zeros(len(codings), dtype=np.bool_)
    spoken[text[staged]] = True
    rows = np.flatnonzero(staged | ~spoken[text])

    # One number a group instead of four columns: grouped a good deal faster.
    unit = packed(text[rows], voice[rows], stage[rows])
    by_coder, first = _means(valence[rows], packed(unit, coder[rows]))
    means, first_coder = _means(by_coder, unit[first])
    rows = rows[first[first_coder]]
    units = pd.DataFrame(
        {
            "feedback": codings["feedback"].to_numpy()[rows],
            "stage": _taken(stage_names, stage[rows]),
            "valence": means,
            "known": True,
            "predicted": False,
        }
    )
    return _finish(units, _taken(voice_names, voice[rows]))


def automatic_units(
    scores: pd.DataFrame,
    places: pd.DataFrame,
    respondents: pd.Series[Any],
    journey: Journey | None = None,
    *,
    unknown: Literal["gap", "keep"] = "gap",
    speakers: pd.Series[Any] | None = None,
) -> pd.DataFrame:
    """Units of the *automatic* estimate: the scores of a text, once per stage and speaker.

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
    speakers
        Who says the words of each score, by the index of `scores`; where it is missing,
        whoever the text belongs to.

    Returns
    -------
    pandas.DataFrame
        Columns of `cjm_widgets.model.columns.UNITS`: `valence` is the plain mean of the
        speaker's scores in the stage, `known` whether any of them knew a word. A stage given by
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
    told = pd.Series(dtype="str") if speakers is None else speakers.astype("str")
    found["voice"], voice_names = pd.factorize(told.reindex(scores.index))
    stage, stage_names = pd.factorize(_top(column(places, "stage", "places"), journey))
    where = pd.DataFrame(
        {
            "feedback": column(places, "feedback", "places"),
            "stage": stage,
            "predicted": places["predicted"].astype("bool") if "predicted" in places else False,
        }
    )
    ranged = {"start", "stop"} <= set(places.columns)
    where["from"] = places["start"].astype("Int64") if ranged else pd.NA
    where["to"] = places["stop"].astype("Int64") if ranged else pd.NA
    where = where[where["stage"] >= 0]

    met = found.merge(where, on="feedback", how="inner")
    if ranged:
        met = met[_overlap(met)]
    placed = met.groupby(["feedback", "voice", "stage"], sort=False).agg(
        valence=("valence", "mean"), known=("known", "any"), predicted=("predicted", "min")
    )
    loose = found[~found["feedback"].isin(met["feedback"])]
    rest = loose.groupby(["feedback", "voice"], sort=False).agg(
        valence=("valence", "mean"), known=("known", "any")
    )
    units = pd.concat([placed.reset_index(), rest.reset_index().assign(predicted=False, stage=-1)])
    units["stage"] = _taken(stage_names, units["stage"])
    own = units["feedback"].map(respondents.astype("str")).astype("str").array
    if len(voice_names):
        said = _taken(voice_names, units["voice"])
        own = said.fillna(own)
    return _finish(units, own)


def packed(*columns: Whole) -> Whole:
    """Whole numbers side by side as one number a row: equal where all of them are.

    Parameters
    ----------
    columns
        Of one length; numbers such as `pandas.factorize` gives, from −1 and no larger than
        there are rows.

    Examples
    --------
    >>> packed(np.array([0, 0, 1]), np.array([-1, 2, -1])).tolist()
    [0, 3, 4]
    """
    key, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column_ in columns:
        low = int(column_.min(initial=0))
        wide = int(column_.max(initial=0)) - low + 1
        if size * wide > ROOM:
            key = pd.factorize(key)[0]
            size = len(key)
        key = key * wide + (column_ - low)
        size *= wide
    return key


def _means(values: Floats, key: Whole) -> tuple[Floats, Whole]:
    """Mean of each group in the order in which they come first, and where that is."""
    groups = pd.Series(values).groupby(key, sort=False)
    means: Floats = np.asarray(groups.mean(), dtype=np.float64)
    first: Whole = np.empty(len(means), dtype=np.int64)
    # Written from the end, so that the first row of a group is what stays.
    first[groups.ngroup().to_numpy()[::-1]] = np.arange(len(values))[::-1]
    return means, first


def _top(stages: pd.Series[Any], journey: Journey | None) -> pd.Series[Any]:
    if journey is None:
        return stages.astype("str")
    top = {name: journey.top_of(str(name)) for name in stages.dropna().unique()}
    return stages.map(top).astype("str")


def _same_kind(scores: pd.DataFrame) -> None:
    for what in ("scorer", "scorer_version", "unit"):
        named = scores[what]
        # To compare is a tenth of the work of finding what is different.
        if len(named) and bool((named != named.iloc[0]).any()):
            raise ArgumentError(
                f"scores: a curve is drawn from one {what}, not from "
                f"{', '.join(map(repr, sorted(map(str, named.unique()))))}; choose one first"
            )


def _overlap(met: pd.DataFrame) -> NDArray[np.bool_]:
    begin = met["from"].fillna(0).astype("int64")
    end = met["to"].fillna(np.iinfo("int64").max).astype("int64")
    common = np.minimum(met["stop"], end) - np.maximum(met["start"], begin)
    shorter = np.minimum(met["stop"] - met["start"], end - begin)
    return np.asarray((common > 0) & (2 * common >= shorter), dtype=np.bool_)


def _taken(names: Any, codes: Any) -> Any:
    """Names by number as text, missing where the number is −1."""
    return pd.array(names, dtype="str").take(np.asarray(codes), allow_fill=True)


def _finish(units: pd.DataFrame, who: Any) -> pd.DataFrame:
    units = units.assign(respondent=who).sort_values("feedback", kind="stable", ignore_index=True)
    given = units["respondent"]
    if given.isna().any():
        alone = "text "
        while given.str.startswith(alone).any():
            alone += "· "
        units["respondent"] = given.fillna(alone + units["feedback"].astype("str")).astype("str")
    kinds = {
        "feedback": "int64",
        "stage": "str",
        "valence": "float64",
        "known": "bool",
        "predicted": "bool",
    }
    return units[_COLUMNS].astype(kinds)
