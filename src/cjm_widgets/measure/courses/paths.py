"""The ways respondents really take through the stages: their dated feedback in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.columns import column
from cjm_widgets.measure.loyalty import wilson

START, END = "(start)", "(end)"
"""What stands before a first and behind a last stage."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Ways through the stages."""

    flows: pd.DataFrame
    """A step a row: `start`, `stop` (keys; `START`, `END`), `respondents`, `steps` (somebody may
    go twice), `kind` (``"first"``, ``"next"``, ``"skip"``, ``"back"``, ``"last"``), `share` of
    the steps that leave `start`, with `low`, `high` (Wilson, by respondents who leave)."""
    stages: pd.DataFrame
    """A stage a row: `stage`, `respondents` (who were there), `entries`, `last` (whose newest
    feedback is there), `returns` (respondents who came back to it)."""
    ways: pd.DataFrame
    """A respondent a row: `respondent`, `way` (keys in order, joined by `` → ``), `stages`
    (how many different), `steps`, `first`, `last` (dates)."""
    undated: int
    """Texts at a stage that have no date, and no part in this."""
    once: int
    """Respondents seen at one stage only, who take no step."""


def paths(units: pd.DataFrame, at: pd.Series[Any], stages: Sequence[str]) -> Paths:
    """Lay each respondent's dated feedback in order.

    Parameters
    ----------
    units
        Columns `feedback`, `stage`, `respondent`.
    at
        When each text was given, by its number.
    stages
        Keys in the journey's order. Stages of one moment stand in this order.

    Returns
    -------
    Paths
        Feedback at the same stage one after the other is one visit.

    Raises
    ------
    NoEvidence
        If no text at a stage has a date, or no respondent gave feedback at two times or stages.

    Notes
    -----
    What is seen is feedback, not behaviour: a respondent who says nothing at a stage may have
    passed it all the same, and the last feedback is not a departure.
    """
    for name in ("feedback", "stage", "respondent"):
        column(units, name, "units")
    place = {key: number for number, key in enumerate(stages)}
    rows = units.loc[units["stage"].isin(place), ["feedback", "stage", "respondent"]]
    when = at.to_dict()
    rows = rows.assign(
        at=pd.to_datetime([when.get(n, pd.NaT) for n in rows["feedback"]]),
        place=rows["stage"].map(place),
    )
    undated = int(rows.loc[rows["at"].isna(), "feedback"].nunique())
    dated = rows[rows["at"].notna()]
    if dated.empty:
        raise NoEvidence(
            "paths need dates: no text at a stage has one; bring the feedback in with at='…'"
        )
    dated = dated.sort_values(["respondent", "at", "place"], kind="stable")
    same = dated["respondent"].eq(dated["respondent"].shift())
    visits = dated[~(same & dated["stage"].eq(dated["stage"].shift()))].copy()
    visits["again"] = visits.duplicated(["respondent", "stage"])
    ways = _ways(visits)
    once = int((ways["steps"] == 0).sum())
    if once == len(ways):
        raise NoEvidence(
            f"paths need people who were heard more than once: none of {len(ways)} respondents "
            f"gave feedback at two stages; several waves of a survey, or interviews beside it, "
            f"would help"
        )
    return Paths(_flows(visits, place), _stages(visits, stages), ways, undated, once)


def _ways(visits: pd.DataFrame) -> pd.DataFrame:
    made = visits.groupby("respondent").agg(
        way=("stage", " → ".join),
        stages=("stage", "nunique"),
        steps=("stage", "size"),
        first=("at", "min"),
        last=("at", "max"),
    )
    made["steps"] -= 1
    return made.reset_index().astype({"way": "str", "stages": "int64", "steps": "int64"})


def _flows(visits: pd.DataFrame, place: dict[str, int]) -> pd.DataFrame:
    people = visits.groupby("respondent")["stage"]
    start = people.shift().fillna(START)
    inner = pd.DataFrame(
        {"start": start, "stop": visits["stage"], "respondent": visits["respondent"]}
    )
    last = visits.drop_duplicates("respondent", keep="last")
    ends = pd.DataFrame({"start": last["stage"], "stop": END, "respondent": last["respondent"]})
    steps = pd.concat([inner, ends], ignore_index=True).astype("str")
    made = (
        steps.groupby(["start", "stop"])["respondent"]
        .agg(respondents="nunique", steps="size")
        .reset_index()
    )
    made["kind"] = [_kind(a, b, place) for a, b in zip(made["start"], made["stop"], strict=True)]
    leaving = made["start"].map(made.groupby("start")["steps"].sum())
    made["share"] = made["steps"] / leaving
    people_leaving = made["start"].map(steps.groupby("start")["respondent"].nunique())
    ends_of = [wilson(share * n, n) for share, n in zip(made["share"], people_leaving, strict=True)]
    made["low"], made["high"] = [low for low, _ in ends_of], [high for _, high in ends_of]
    order = {START: -1, END: len(place), **place}
    by = made["start"].map(order) * (len(place) + 2) + made["stop"].map(order)
    made = made.iloc[by.argsort(kind="stable")].reset_index(drop=True)
    columns = ["start", "stop", "respondents", "steps", "kind", "share", "low", "high"]
    return made[columns].astype({"kind": "str", "respondents": "int64", "steps": "int64"})


def _kind(start: str, stop: str, place: dict[str, int]) -> str:
    if start == START:
        return "first"
    if stop == END:
        return "last"
    distance = place[stop] - place[start]
    return "back" if distance < 0 else "next" if distance == 1 else "skip"


def _stages(visits: pd.DataFrame, stages: Sequence[str]) -> pd.DataFrame:
    last = visits.drop_duplicates("respondent", keep="last")
    by = visits.groupby("stage")
    made = pd.DataFrame(
        {
            "stage": list(stages),
            "respondents": by["respondent"].nunique().reindex(list(stages)).to_numpy(),
            "entries": by.size().reindex(list(stages)).to_numpy(),
            "last": last.groupby("stage").size().reindex(list(stages)).to_numpy(),
            "returns": visits[visits["again"]]
            .groupby("stage")["respondent"]
            .nunique()
            .reindex(list(stages))
            .to_numpy(),
        }
    )
    counts = ["respondents", "entries", "last", "returns"]
    made[counts] = made[counts].fillna(0)
    return made.astype({"stage": "str", **dict.fromkeys(counts, "int64")})
