"""The emotion curve of the drawn map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cjm_widgets.journeymap.facts import JourneyMap, Overlay, StageColumn
from cjm_widgets.view.drawing import metrics
from cjm_widgets.view.drawing.pen import SMALL, Pen, Style
from cjm_widgets.view.parts import laid, marks, shape
from cjm_widgets.words import say

HEIGHT = 260.0
VALUE = Style(shape.VALUE_SIZE, 16, bold=True)
NOTE = Style(shape.NOTE_SIZE, 14, "ink2")


@dataclass(frozen=True, slots=True)
class Field:
    """Where the curve is drawn."""

    left: float
    top: float
    column: float
    """Width of one stage."""

    def x(self, place: float) -> float:
        """Stage number 0 stands at 0.5."""
        return self.left + place * self.column

    def y(self, valence: float) -> float:
        """From the top of the sheet."""
        return self.top + (shape.REACH - valence) * shape.pixels_per_unit(HEIGHT)


def tone(column: StageColumn) -> str:
    """The colour of a value: what its interval leaves open is neither good nor bad."""
    low, high = column.low, column.high
    if column.grade == "thin" or low is None or high is None or low <= 0 <= high:
        return "ink2"
    return "good" if (column.mean or 0) > 0 else "bad"


def draw(pen: Pen, facts: JourneyMap, field: Field) -> None:
    """Rules, connector, laid-over curves, targets, whiskers, points and labels."""
    stages = facts.stages
    right = field.x(len(stages))
    for valence, dash in ((1, "1 5"), (0, "2 4"), (-1, "1 5")):
        y = field.y(valence)
        pen.line((field.left, y), (right, y), "line" if valence else "field", dash=dash)
    for place, overlay in enumerate(facts.overlays):
        _overlay(pen, overlay, place, field)
    _connector(pen, [column.mean for column in stages], field)
    if "targets" in facts.lanes:
        _targets(pen, facts, field)
    points = [marks.point(column, facts.language) for column in stages]
    spots = shape.place(points, [field.column], HEIGHT, laid.clutter(facts))
    for place, (column, spot) in enumerate(zip(stages, spots, strict=True)):
        x = field.x(place + 0.5)
        if column.mean is None:
            _gap(pen, x, facts.language, field)
            continue
        _whisker(pen, column, x, field)
        _point(pen, column, x, field.y(column.mean))
        _labels(pen, column, spot, x, field.y)


def _connector(pen: Pen, means: Sequence[float | None], field: Field) -> None:
    for xs, ys in shape.connector(means):
        pairs = list(zip(xs, ys, strict=True))[::2]
        points = [(field.x(x), field.y(y)) for x, y in pairs]
        pen.polyline(points, "ink", thick=2, opacity=0.38)


def key(pen: Pen, overlay: Overlay, place: int, x: float, y: float) -> None:
    """A laid-over curve in the legend."""
    look = laid.look(place)
    dash = " ".join(map(str, look.dash))
    pen.polyline([(x, y + 7), (x + 32, y + 7)], f"s{look.hue}", thick=1.8, dash=dash)
    if overlay.points:
        pen.outline(look.outline(x + 16, y + 7), fill="background", stroke=f"s{look.hue}")


def _overlay(pen: Pen, overlay: Overlay, place: int, field: Field) -> None:
    look, away = laid.look(place), laid.aside(place)
    means, dash = [point.mean for point in overlay.points], " ".join(map(str, look.dash))
    for xs, ys in shape.connector(means):
        pairs = list(zip(xs, ys, strict=True))[::2]
        points = [(field.x(x + away), field.y(y)) for x, y in pairs]
        pen.polyline(points, f"s{look.hue}", thick=1.8, dash=dash)
    for i, mean in enumerate(means):
        if mean is not None:
            path = look.outline(field.x(i + 0.5 + away), field.y(mean))
            pen.outline(path, fill="background", stroke=f"s{look.hue}")


def _targets(pen: Pen, facts: JourneyMap, field: Field) -> None:
    """A bar at what is aimed at, and a stem from where the stage is now."""
    for x, mean, aim in laid.gaps(facts):
        pen.line((field.x(x), field.y(mean)), (field.x(x), field.y(aim)), "ink", dash="2 3")
    for x, aim, _ in laid.aims(facts):
        ends = [(field.x(x + far), field.y(aim)) for far in (-laid.BAR, laid.BAR)]
        pen.line(ends[0], ends[1], "ink", thick=3)


def _gap(pen: Pen, x: float, language: str, field: Field) -> None:
    told = say("map.no_evidence", language)
    lines = metrics.wrap(told, field.column - 8, NOTE.size)
    y = field.y(0) - NOTE.leading * len(lines) / 2
    wide = max(metrics.width(line, NOTE.size) for line in lines) + 8
    pen.rect(x - wide / 2, y, wide, NOTE.leading * len(lines), fill="background")
    for line in lines:
        pen.text(x, y, line, NOTE, "middle")
        y += NOTE.leading


def _whisker(pen: Pen, column: StageColumn, x: float, field: Field) -> None:
    if column.low is None or column.high is None:
        return
    top, bottom = field.y(column.high), field.y(column.low)
    pen.line((x, top), (x, bottom), "ink", thick=1.6)
    for y in (top, bottom):
        pen.line((x - 5, y), (x + 5, y), "ink", thick=1.6)


def _point(pen: Pen, column: StageColumn, x: float, y: float) -> None:
    hue, radius = f"s{column.number}", 7.5 if column.stands_apart else 6.5
    if column.grade == "thin":
        pen.circle(x, y, radius - 1, fill="background", stroke=hue)
    else:
        pen.circle(x, y, radius, fill=hue, stroke="background")


def _labels(
    pen: Pen, column: StageColumn, spots: shape.Labels, x: float, y_of: Callable[[float], float]
) -> None:
    anchors = {"left": "start", "center": "middle", "right": "end"}
    value = VALUE.but(colour=tone(column))
    for spot, style in ((spots.value, value), (spots.note, NOTE)):
        if spot is not None and column.mean is not None:
            y = y_of(column.mean) + spot.dy - style.leading / 2
            if spot.over:
                left, top, right, low = spot.box(style.size, bold=style.bold)
                ground = y_of(column.mean) + top
                pen.rect(x + left, ground, right - left, low - top, fill="background", opacity=0.88)
            pen.text(x + spot.dx, y, spot.text, style, anchors[spot.align])  # type: ignore[arg-type]  # three


def scale(pen: Pen, facts: JourneyMap, left: float, room: float, field: Field) -> None:
    """The lane's name and its scale, at the left of the drawing."""
    language = facts.language
    ends = (1, say("map.delighted", language)), (-1, say("map.frustrated", language))
    for valence, text in ends:
        size = metrics.shrunk(text.replace(" ", "\xa0"), room, SMALL.size, 8.0)
        pen.text(left + room, field.y(valence) - 7, text, SMALL.but(size=size), "end")
    pen.text(left + room, field.y(0) - 7, "0", SMALL, "end")
    y = field.y(1) + 12
    name = facts.lane_names.get("curve") or say("map.lanes.curve", language)
    bold = SMALL.but(size=12, leading=16, bold=True)
    y = pen.lines(left, y, metrics.wrap(name, room, bold.size, bold=True), bold) + 1
    for note in (f"map.estimate.{facts.estimate}", "map.interval"):
        y = pen.lines(left, y, metrics.wrap(say(note, language), room - 12, SMALL.size), SMALL)
