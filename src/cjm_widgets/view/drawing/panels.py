"""The row of KPI panels above the drawn map."""

from __future__ import annotations

from dataclasses import dataclass

from cjm_widgets.journeymap.facts import JourneyMap, KpiPanel, StageColumn
from cjm_widgets.view.drawing import metrics
from cjm_widgets.view.drawing.pen import BODY, SMALL, VALUE, Pen
from cjm_widgets.view.parts.kpi_text import SPARK_HEIGHT, SPARK_WIDTH, PanelText, panel_text
from cjm_widgets.words import say

MOST = 6
LEAST, WIDEST = 190.0, 420.0
INSIDE = 12.0
MIX = 10.0
"""Height of the bar of an NPS's parts."""
_TONES = {"up": "good", "down": "bad", "same": "ink2"}


@dataclass(frozen=True, slots=True)
class Panel:
    """One KPI with everything it says."""

    text: PanelText
    of: str
    """The stage it belongs to; empty for the whole journey."""


def chosen(facts: JourneyMap, most: int = MOST) -> list[Panel]:
    """Panels of the whole journey, filled up with stages' own, those with a target first."""
    own: list[tuple[KpiPanel, StageColumn | None]] = [(panel, None) for panel in facts.kpis]
    staged: list[tuple[KpiPanel, StageColumn | None]] = [
        (panel, column) for column in facts.stages for panel in column.kpis
    ]
    staged.sort(key=lambda pair: pair[0].target is None)
    own += staged[: max(0, most - len(own))]
    return [
        Panel(panel_text(panel, facts.language), "" if c is None else f"{c.number} {c.name}")
        for panel, c in own
    ]


@dataclass(frozen=True, slots=True)
class _Told:
    """A panel's lines, broken for its width."""

    panel: Panel
    names: tuple[str, ...]
    span: str
    """First and last period of the trend, where it stands at the right of the first line."""
    rest: tuple[tuple[str, str], ...]
    """Line and colour."""

    @property
    def height(self) -> float:
        return (
            2 * 10
            + len(self.names) * BODY.leading
            + VALUE.leading
            + 15 * len(self.rest)
            + MIX * bool(self.panel.text.parts)
        )


def _told(panel: Panel, width: float, language: str) -> _Told:
    text, room = panel.text, width - 2 * INSIDE
    name = f"{text.name} ({text.segment})" if text.segment else text.name
    left = room - metrics.width(text.n_text, SMALL.size) - 10
    wide = sum(metrics.width(part, SMALL.size) for part in (text.interval_text, text.span_text))
    span = text.span_text if wide + 12 <= room else ""
    pieces = [
        # The period stands at the right of this line; where that is too tight, below it.
        (text.interval_text or ("\xa0" if span or text.parts else ""), "ink2"),
        ("" if span else text.span_text, "ink2"),
        (text.parts_text, "ink2"),
        (text.change_text, _TONES[text.change_class]),
        (text.change_more, "ink2"),
        (text.contradiction, "ink"),
        (text.target_text or say("kpi.no_target", language), _TONES[text.target_class]),
        (
            " · ".join(
                part for part in (panel.of, "" if text.span_text else text.period_text) if part
            ),
            "ink2",
        ),
    ]
    rest = tuple(
        (line, colour)
        for words, colour in pieces
        for line in metrics.wrap(words, room, SMALL.size, most=2)
    )
    return _Told(panel, metrics.wrap(name, left, BODY.size, most=3), span, rest)


def draw(pen: Pen, facts: JourneyMap, left: float, top: float, room: float) -> float:
    """Draw the panels in rows; gives their whole height, 0 where there are none."""
    panels = chosen(facts)
    if not panels:
        return 0.0
    across = max(1, min(len(panels), int(room // LEAST)))
    rows = -(-len(panels) // across)
    across = -(-len(panels) // rows)
    width = min(room / across, WIDEST)
    y = top
    for start in range(0, len(panels), across):
        told = [_told(p, width, facts.language) for p in panels[start : start + across]]
        height = max(one.height for one in told)
        pen.rect(left + 0.5, y + 0.5, width * len(told) - 1, height, stroke="line", radius=8)
        for place, one in enumerate(told):
            x = left + place * width
            if place:
                pen.line((x, y), (x, y + height), "line")
            _draw(pen, one, x + INSIDE, y + 10, width - 2 * INSIDE)
        y += height + 8
    return y - top


def _draw(pen: Pen, told: _Told, x: float, y: float, room: float) -> None:
    text = told.panel.text
    pen.text(x + room, y, text.n_text, SMALL.but(leading=16), "end")
    y = pen.lines(x, y, told.names, BODY.but(colour="ink2"))
    spark = SPARK_WIDTH + 8 if text.spark else 0
    size = _fitting(text, room - spark)
    pen.text(x, y, text.number_text, VALUE.but(size=size))
    if text.unit_text:
        at = x + metrics.width(text.number_text, size, bold=True) + 4
        unit = metrics.wrap(text.unit_text, x + room - spark - at, SMALL.size, most=1)
        pen.lines(at, y + 4, unit, SMALL.but(leading=VALUE.leading - 2))
    if text.spark:
        _spark(pen, text, x + room - SPARK_WIDTH, y + (VALUE.leading - SPARK_HEIGHT) / 2)
    y += VALUE.leading
    pen.text(x + room, y, told.span, SMALL.but(leading=16), "end")
    for place, (line, colour) in enumerate(told.rest):
        pen.text(x, y, line, SMALL.but(colour=colour))
        y += 15
        if place == 0 and text.parts:
            _mix(pen, text, x, y + 2, room)
            y += MIX


def _mix(pen: Pen, text: PanelText, x: float, y: float, room: float) -> None:
    """Detractors, passives and promoters as a bar."""
    colours = {"neg": "bad", "neu": "field", "pos": "good"}
    for part in text.parts:
        wide = room * part.width / 100
        pen.rect(x, y, max(0.0, wide - 1), 5, fill=colours[part.tone])
        x += wide


def _fitting(text: PanelText, room: float) -> float:
    """The type size at which the figure leaves its unit a place."""
    unit = min(60.0, metrics.width(text.unit_text, SMALL.size) + 4 if text.unit_text else 0.0)
    wide = metrics.width(text.number_text, VALUE.size, bold=True)
    return VALUE.size if wide <= room - unit else max(11.0, VALUE.size * (room - unit) / wide)


def _spark(pen: Pen, text: PanelText, x: float, y: float) -> None:
    pairs = [point.split(",") for point in text.spark.split()]
    points = [(x + float(a), y + float(b)) for a, b in pairs]
    pen.polyline(points, "ink", thick=1.6)
    pen.circle(*points[-1], 2.4, fill="ink", stroke="ink", thick=0)
