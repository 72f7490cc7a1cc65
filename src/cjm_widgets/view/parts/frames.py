"""The facts of a map as frames."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from cjm_widgets.journeymap.facts import JourneyMap, StageColumn

_STAGE = {
    "stage": "str",
    "name": "str",
    "n": "int64",
    "respondents": "int64",
    "mean": "float64",
    "low": "float64",
    "high": "float64",
    "share_negative": "float64",
    "share_neutral": "float64",
    "share_positive": "float64",
    "unknown": "float64",
    "predicted": "float64",
    "largest": "float64",
    "grade": "str",
    "stands_apart": "bool",
    "quotes": "int64",
    "parent": "str",
    "target": "float64",
    "gap": "float64",
    "other": "float64",
    "difference": "float64",
    "difference_low": "float64",
    "difference_high": "float64",
    "p_holm": "float64",
}
_ENTRY = {
    "stage": "str",
    "lane": "str",
    "text": "str",
    "origin": "str",
    "n": "Int64",
    "key": "str",
    "author": "str",
    "valence": "float64",
    "passages": "Int64",
    "voice": "float64",
    "fits": "str",
    "note": "str",
}
_QUOTE = {
    "stage": "str",
    "text": "str",
    "valence": "float64",
    "respondent": "str",
    "channel": "str",
    "at": "datetime64[us]",
    "language": "str",
    "coder": "str",
    "feedback": "Int64",
    "predicted": "bool",
    "drawn": "bool",
    "weight": "float64",
    "uid": "str",
    "codes": "str",
    "memo": "str",
    "touchpoint": "str",
    "source": "str",
    "source_id": "str",
    "pinned": "bool",
    "fit": "float64",
    "central": "float64",
    "clear": "float64",
}
_KPI = {
    "kpi": "str",
    "stage": "str",
    "segment": "str",
    "at": "datetime64[us]",
    "value": "float64",
    "n": "float64",
    "low": "float64",
    "high": "float64",
    "unit": "str",
    "target": "float64",
    "direction": "str",
    "previous": "float64",
    "change": "float64",
    "change_low": "float64",
    "change_high": "float64",
    "verdict": "str",
    "on_target": "boolean",
    "detractors": "float64",
    "passives": "float64",
    "promoters": "float64",
    "contradiction": "str",
}


def _made(rows: list[tuple[Any, ...]], columns: dict[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype(columns)


def stages(facts: JourneyMap) -> pd.DataFrame:
    """A stage a row.

    Returns
    -------
    pandas.DataFrame
        `stage` (key), `name`, `n`, `respondents`, `mean`, `low`, `high` (−1…1, missing without
        evidence), `share_negative`, `share_neutral`, `share_positive`, `unknown`, `predicted`,
        `largest` (0…1), `grade`, `stands_apart`, `quotes` (how many are kept), `parent` (key, of
        a sub-stage), `target` and `gap` (of a future state), and of a map compared with another
        `other` (its mean), `difference`, `difference_low`, `difference_high`, `p_holm`.
    """
    rows = [
        (
            c.key,
            c.name,
            c.n,
            c.respondents,
            c.mean,
            c.low,
            c.high,
            c.negative,
            c.neutral,
            c.positive,
            c.unknown,
            c.predicted,
            c.largest,
            c.grade,
            c.stands_apart,
            len(c.quotes),
            c.parent or None,
            None if c.target is None else c.target.valence,
            c.gap,
            *_difference(c),
        )
        for c in facts.stages
    ]
    return _made(rows, _STAGE)


def _difference(column: StageColumn) -> tuple[float | None, ...]:
    found = column.compared
    if found is None:
        return (None,) * 5
    return found.other, found.difference, found.low, found.high, found.p


def everything(facts: JourneyMap) -> dict[str, pd.DataFrame]:
    """All facts: ``stages``, ``entries`` of the lanes, ``quotes``, ``kpis``."""
    entries = [
        (
            c.key,
            lane,
            e.text,
            e.origin,
            e.n,
            e.key or None,
            e.author or None,
            e.valence,
            e.passages,
            e.voice,
            e.fits or None,
            e.uid or None,
        )
        for c in facts.stages
        for lane, found in c.lanes.items()
        for e in found
    ]
    quotes = [
        (
            c.key,
            q.text,
            q.valence,
            q.respondent or None,
            q.channel or None,
            None if q.at is None else pd.Timestamp(q.at),
            q.language or None,
            q.coder or None,
            q.feedback,
            q.predicted,
            q.drawn,
            q.weight,
            q.uid or None,
            "; ".join(q.codes),
            q.memo or None,
            q.touchpoint or None,
            q.source or None,
            q.source_id or None,
            q.pinned,
            q.fit,
            q.central,
            q.clear,
        )
        for c in facts.stages
        for q in c.quotes
    ]
    panels = [*facts.kpis, *(panel for c in facts.stages for panel in c.kpis)]
    return {
        "stages": stages(facts),
        "entries": _made(entries, _ENTRY),
        "quotes": _made(quotes, _QUOTE),
        "kpis": kpis(tuple(panels)),
    }


def kpis(panels: tuple[Any, ...]) -> pd.DataFrame:
    """A KPI a row: the columns of `model.columns.KPIS` with change, verdict and `on_target`; of an
    NPS shares of its parts (0…1); `contradiction` where the stage's valence says otherwise."""
    rows = [
        tuple(
            pd.Timestamp(value) if name == "at" and value is not None else value
            for name, value in _fields(panel)
        )
        for panel in panels
    ]
    return _made(rows, _KPI)


def _fields(panel: Any) -> list[tuple[str, Any]]:
    values = {field.name: getattr(panel, field.name) for field in dataclasses.fields(panel)}
    values["kpi"] = values["name"]
    values["segment"] = values["segment"] or None
    values["unit"] = values["unit"] or None
    values["contradiction"] = values["contradiction"] or None
    values |= {part.name: part.share for part in panel.parts}
    return [(name, values.get(name)) for name in _KPI]
