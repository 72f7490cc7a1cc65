"""KPI frames to panels."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import KpiPanel

if TYPE_CHECKING:
    import pandas as pd

_VERDICTS = {
    "better": "better",
    "improved": "better",
    "worse": "worse",
    "unclear": "unclear",
    "noise": "unclear",
    "unchanged": "unchanged",
    "same": "unchanged",
}
Identity = tuple[str, str, str]


def panels(
    latest: pd.DataFrame | None, history: pd.DataFrame | None = None
) -> tuple[KpiPanel, ...]:
    """One panel per KPI, stage and segment, in the order of the frame.

    Parameters
    ----------
    latest
        Columns of `model.columns.KPIS` and, where known, `previous`, `change`, `change_low`,
        `change_high`, `verdict`, `on_target`. Of several rows of one KPI the newest counts.
    history
        Columns of `model.columns.KPIS`: the figure of each period. By default `latest`.
    """
    if latest is None:
        return ()
    past: dict[Identity, dict[date, float]] = defaultdict(dict)
    for row in cells.rows(latest if history is None else history):
        value, at = cells.number(row, "value"), cells.day(row.get("at"))
        if value is not None and at is not None:
            past[_identity(row)][at] = value
    newest: dict[Identity, cells.Row] = {}
    for row in cells.rows(latest):
        key = _identity(row)
        if not key[0]:
            continue
        if key not in newest or _moment(row) >= _moment(newest[key]):
            newest[key] = row
    return tuple(_panel(row, past[key]) for key, row in newest.items())


def _identity(row: cells.Row) -> Identity:
    return cells.text(row, "kpi"), cells.text(row, "stage"), cells.text(row, "segment")


def _moment(row: cells.Row) -> date:
    return cells.day(row.get("at")) or date.min


def _panel(row: cells.Row, past: dict[date, float]) -> KpiPanel:
    value, at = cells.number(row, "value"), cells.day(row.get("at"))
    series = tuple(sorted((when, figure) for when, figure in past.items()))
    direction = cells.text(row, "direction") or "up"
    target = cells.number(row, "target")
    previous = cells.number(row, "previous")
    if previous is None and at is not None:
        before = [figure for when, figure in series if when < at]
        previous = before[-1] if before else None
    change = cells.number(row, "change")
    if change is None and value is not None and previous is not None:
        change = value - previous
    on_target = None
    if value is not None and target is not None:
        reached = value >= target if direction == "up" else value <= target
        on_target = cells.flag(row, "on_target") if "on_target" in row else reached
    return KpiPanel(
        name=cells.text(row, "kpi"),
        value=value,
        stage=cells.text(row, "stage") or None,
        segment=cells.text(row, "segment"),
        at=at,
        n=cells.number(row, "n"),
        low=cells.number(row, "low"),
        high=cells.number(row, "high"),
        unit=cells.text(row, "unit"),
        target=target,
        direction=direction,
        previous=previous,
        change=change,
        change_low=cells.number(row, "change_low"),
        change_high=cells.number(row, "change_high"),
        verdict=_verdict(row, change, direction),
        on_target=on_target,
        history=series,
    )


def _verdict(row: cells.Row, change: float | None, direction: str) -> str:
    """The verdict given, else one from the change's interval, else none."""
    given = _VERDICTS.get(cells.text(row, "verdict").casefold(), "")
    if change == 0:
        return "unchanged"
    if given == "unchanged" and change is not None:
        return "unclear"  # the interval of the change holds 0; the change is still shown
    if given or change is None:
        return given
    low, high = cells.number(row, "change_low"), cells.number(row, "change_high")
    if low is not None and high is not None and low <= 0 <= high:
        return "unclear"
    if low is None or high is None:
        return ""
    return "better" if (change > 0) == (direction == "up") else "worse"
