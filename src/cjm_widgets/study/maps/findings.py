"""What a map lacks, what is stale, what rests on little: one finding a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from cjm_widgets.view.maps.check_view import SEVERITIES
from cjm_widgets.view.parts.figures import day
from cjm_widgets.words import say

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.journeymap import JourneyMap
    from cjm_widgets.journeymap.facts import KpiPanel, StageColumn

COLUMNS = ("what", "stage", "severity", "says", "remedy")
NAMED = 6
"""KPIs that a finding names."""
_LANES = {"goals": "medium", "touchpoints": "low"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at."""

    facts: JourneyMap | None
    """The map without ideas; None where nothing tells yet how customers feel."""
    texts: int = 0
    aim: str = ""
    personas: int = 0
    newest: Mapping[str, date] = field(default_factory=dict)
    """Stage of the map to the day of its newest dated text."""
    without_stage: int = 0
    """Texts that neither codings nor data nor a prediction bring to a stage."""
    today: date = date.max
    days: int = 90
    """Evidence older than this is stale."""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class _Finding:
    what: str
    severity: str
    stage: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


def found(seen: Seen) -> pd.DataFrame:
    """All findings.

    Returns
    -------
    pandas.DataFrame
        `what` (``aim``, ``persona``, ``feedback``, ``curve``, ``goals``, ``touchpoints``,
        ``evidence``, ``thin``, ``stale``, ``undated``, ``kpis``, ``kpi_value``, ``kpi_target``,
        ``kpi_stale``, ``without_stage``), `stage` (key; missing for the whole map), `severity`
        (``high``, ``medium``, ``low``), `says`, `remedy`; the gravest first.
    """
    import pandas as pd

    listed = sorted(_all(seen), key=lambda finding: SEVERITIES.index(finding.severity))
    rows = [
        (
            finding.what,
            finding.stage,
            finding.severity,
            say(f"check.says.{finding.what}", seen.language, **finding.values),
            say(f"check.remedies.{finding.what}", seen.language),
        )
        for finding in listed
    ]
    return (
        pd.DataFrame(rows, columns=list(COLUMNS))
        .astype("str")
        .assign(stage=pd.array([finding.stage for finding in listed], dtype="str"))
    )


def _all(seen: Seen) -> Iterator[_Finding]:
    if not seen.aim:
        yield _Finding("aim", "medium")
    if not seen.personas:
        yield _Finding("persona", "medium")
    facts = seen.facts
    if not seen.texts:
        yield _Finding("feedback", "high")
    if facts is None:
        if seen.texts:
            yield _Finding("curve", "high")
        return
    for column in facts.stages:
        yield from _of_stage(column, seen)
    yield from _of_kpis(facts, seen)
    if seen.without_stage:
        share = seen.without_stage / max(1, seen.texts)
        severity = "medium" if share > 0.2 else "low"
        yield _Finding("without_stage", severity, values={"n": seen.without_stage})


def _of_stage(column: StageColumn, seen: Seen) -> Iterator[_Finding]:
    for lane, severity in _LANES.items():
        if not column.lanes.get(lane):
            yield _Finding(lane, severity, column.key)
    if column.grade == "none":
        yield _Finding("evidence", "high", column.key)
        return
    if column.grade == "thin":
        yield _Finding("thin", "medium", column.key, {"n": column.respondents})
    newest = seen.newest.get(column.key)
    if newest is None:
        yield _Finding("undated", "low", column.key)
    elif (age := (seen.today - newest).days) > seen.days:
        severity = "high" if age > 2 * seen.days else "medium"
        told = {"n": age, "date": day(newest, seen.language)}
        yield _Finding("stale", severity, column.key, told)


def _of_kpis(facts: JourneyMap, seen: Seen) -> Iterator[_Finding]:
    panels = [*facts.kpis, *(panel for column in facts.stages for panel in column.kpis)]
    if not panels:
        yield _Finding("kpis", "medium")
    for stage in dict.fromkeys(panel.stage for panel in panels):
        yield from _of_some([panel for panel in panels if panel.stage == stage], stage, seen)


def _of_some(panels: list[KpiPanel], stage: str | None, seen: Seen) -> Iterator[_Finding]:
    """KPIs of one stage, or of the whole journey."""
    empty = [panel for panel in panels if panel.value is None]
    if empty:
        yield _Finding("kpi_value", "medium", stage, _named(empty))
    # A figure stands for its period, of which the first day is known.
    old = [p for p in panels if p.at is not None and (seen.today - p.at).days > 2 * seen.days]
    if old:
        newest = max(panel.at for panel in old if panel.at is not None)
        told = _named(old) | {"date": day(newest, seen.language)}
        yield _Finding("kpi_stale", "medium", stage, told)
    aimless = [panel for panel in panels if panel.target is None]
    if aimless:
        yield _Finding("kpi_target", "low", stage, _named(aimless))


def _named(panels: list[KpiPanel]) -> dict[str, object]:
    """How many there are and what they are called, the first few of them."""
    names = list(dict.fromkeys(panel.name for panel in panels))
    shown = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
    return {"n": len(names), "names": shown}
