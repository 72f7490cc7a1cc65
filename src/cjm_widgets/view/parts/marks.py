"""What the emotion curve says of each stage in words: value, remark, evidence."""

from __future__ import annotations

from collections.abc import Collection

from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import StageColumn
from cjm_widgets.view.parts import figures
from cjm_widgets.view.parts.shape import Point
from cjm_widgets.words import number, say

FEW = 10
"""Respondents below which evidence is thin for their number."""


def point(column: StageColumn, language: str) -> Point:
    """A stage as the curve draws it."""
    if column.mean is None:
        return Point(None)
    notes: tuple[str, ...] = ()
    if column.stands_apart:
        notes = (say("map.stands_apart", language),)
    elif column.grade == "thin":
        notes = (say("map.thin", language),)
        if column.respondents < FEW:
            # Thin for another reason, such as a wide interval, is not a matter of people.
            notes = (say("map.thin_people", language, n=column.respondents), *notes)
    label = figures.valence(column.mean, language)
    return Point(column.mean, column.low, column.high, label, notes)


def evidence(column: StageColumn, language: str) -> str:
    """How much a stage's mean rests on: ``96 texts · solid``."""
    if column.grade == "none":
        return say("map.no_evidence_yet", language)
    units = say("units.texts", language, n=column.n)
    return f"{units} · {say(f'grades.{column.grade}', language)}"


def interval(column: StageColumn, language: str) -> str:
    """The interval in words; empty where there is none."""
    if column.low is None or column.high is None:
        return ""
    return say(
        "map.interval_short",
        language,
        low=figures.valence(column.low, language),
        high=figures.valence(column.high, language),
    )


def missing(column: StageColumn, language: str, hidden: Collection[str] = ()) -> str:
    """Why a stage has no point: nobody spoke of it, or too few did to show them."""
    return say("curve.hidden_short" if column.key in hidden else "map.no_evidence", language)


def spoken(columns: tuple[StageColumn, ...], language: str, hidden: Collection[str] = ()) -> str:
    """The whole curve in one sentence, for those who cannot see it.

    Parameters
    ----------
    columns
        The stages in order.
    language
        Of the sentence.
    hidden
        Keys of the stages of which too few people spoke.
    """
    parts = [
        say(
            "map.curve_alt_point",
            language,
            stage=column.name,
            value=figures.valence(column.mean, language) or missing(column, language, hidden),
        )
        for column in columns
    ]
    return say("map.curve_alt", language, points="; ".join(parts))


def further(row: cells.Row, name: str, language: str) -> str:
    """A further figure of a curve's frame as its table writes it; empty where there is none."""
    value = cells.number(row, name)
    if value is None:
        return ""
    if name in ("unknown", "predicted"):
        return f"{figures.percent(value, language)} %"
    if name == "disagreement":
        return number(value, language, digits=2)
    return number(round(value), language)
