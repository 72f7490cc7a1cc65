"""KPI frames to panels."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import KpiPanel, Part
from cjm_widgets.measure.kpis.contradictions import against_target, clear_change, contradiction
from cjm_widgets.measure.kpis.kpi_parts import PARTS

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
Identity = tuple[str, str, str, str]


def panels(
    latest: pd.DataFrame | None, history: pd.DataFrame | None = None
) -> tuple[KpiPanel, ...]:
    """One panel per KPI, stage and segment, in the order of the frame.

    Parameters
    ----------
    latest
        Columns of `model.columns.KPIS` and, where known, `previous`, `change`, `change_low`,
        `change_high`, `previous_at`, `verdict`, `on_target`, `detractors`, `passives`,
        `promoters`, `rated`. Of several rows of one KPI the newest counts; figures in another
        unit are another KPI.
    history
        Columns of `model.columns.KPIS`: the figure of each period. By default `latest`.
    """
    if latest is None:
        return ()
    whole = latest if history is None else history
    unit_of = _units((latest, whole))
    past: dict[Identity, dict[date, float]] = defaultdict(dict)
    for row in cells.rows(whole):
        value, at = cells.number(row, "value"), cells.day(row.get("at"))
        if value is not None and at is not None:
            past[_identity(row, unit_of)][at] = value
    newest: dict[Identity, cells.Row] = {}
    for row in cells.rows(latest):
        key = _identity(row, unit_of)
        if key[0] and (key not in newest or _moment(row) >= _moment(newest[key])):
            newest[key] = row
    return tuple(_panel(row, past[key]) for key, row in newest.items())


def contradicted(
    panels: Iterable[KpiPanel], mean: float | None, ends: tuple[float | None, float | None]
) -> tuple[KpiPanel, ...]:
    """Panels of a stage, marked where its valence contradicts them.

    Parameters
    ----------
    panels
        Of this stage itself, not of its sub-stages.
    mean, ends
        The stage's valence and its 95 % interval.
    """
    low, high = ends
    if mean is None or low is None or high is None:
        return tuple(panels)
    made = []
    for panel in panels:
        tested = panel.change_low is not None and panel.change_high is not None
        found = contradiction(
            (low, high),
            against_target(
                _or_nan(panel.value),
                (_or_nan(panel.low), _or_nan(panel.high)),
                _or_nan(panel.target),
                panel.direction,
            ),
            clear_change(panel.verdict, tested=tested),
        )
        made.append(replace(panel, contradiction=found, felt=mean if found else None))
    return tuple(made)


def of_everyone(panels: Iterable[KpiPanel]) -> tuple[KpiPanel, ...]:
    """Panels beside the valence of some customers only: figures of all of them are not held
    against it."""
    return tuple(
        panel if panel.segment else replace(panel, contradiction="", felt=None) for panel in panels
    )


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _units(frames: Iterable[pd.DataFrame]) -> dict[tuple[str, ...], str]:
    """The first unit that each KPI, stage and segment has; figures without one are in it."""
    units: dict[tuple[str, ...], str] = {}
    for row in (row for frame in frames for row in cells.rows(frame)):
        *name, unit = _named(row)
        if unit:
            units.setdefault(tuple(name), unit)
    return units


def _named(row: cells.Row) -> tuple[str, str, str, str]:
    name, stage, segment, unit = (
        cells.text(row, column) for column in ("kpi", "stage", "segment", "unit")
    )
    return name, stage, segment, unit.casefold()


def _identity(row: cells.Row, units: Mapping[tuple[str, ...], str]) -> Identity:
    name, stage, segment, unit = _named(row)
    return name, stage, segment, unit or units.get((name, stage, segment), "")


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
        previous_at=cells.day(row.get("previous_at")),
        parts=_parts(row),
        rated=cells.flag(row, "rated"),
    )


def _parts(row: cells.Row) -> tuple[Part, ...]:
    shares = [(name, cells.number(row, name)) for name in PARTS]
    made = tuple(Part(name, share) for name, share in shares if share is not None)
    return made if len(made) == len(PARTS) else ()


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
