"""What is laid over a map's own curve: how further curves look, where they and targets stand.

The page and the drawing take it from here, so that a curve looks the same in both.
"""

from __future__ import annotations

from dataclasses import dataclass

from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.view.parts import shape

STEP = 0.1
"""How far aside points of further curves stand, in columns, so that none hides another."""
BAR, STEM = 0.2, 0.12
"""Half the length of a target's bar, and how far aside its gap stands, in columns."""


@dataclass(frozen=True, slots=True)
class Look:
    """How one further curve is told apart: by hue, dash and mark."""

    hue: int
    """Number of a stage's colour."""
    dash: tuple[int, ...]
    mark: str
    """As Bokeh calls it."""
    corners: tuple[tuple[float, float], ...]
    """The same mark around its middle, in pixels."""

    def outline(self, x: float, y: float) -> str:
        """The mark around a place, as a path in SVG."""
        return "M" + "L".join(f"{x + dx:g} {y + dy:g}" for dx, dy in self.corners) + "Z"


# Colours of the stages that stand furthest apart, for readers of every kind of sight.
_LOOKS = (
    Look(1, (7, 4), "square", ((-4, -4), (4, -4), (4, 4), (-4, 4))),
    Look(5, (2, 4), "triangle", ((0, -4.5), (5, 4), (-5, 4))),
    Look(2, (10, 3, 2, 3), "diamond", ((0, -5.2), (5, 0), (0, 5.2), (-5, 0))),
    Look(4, (14, 5), "inverted_triangle", ((0, 4.5), (5, -4), (-5, -4))),
)


def look(place: int) -> Look:
    """How the further curve at a place, from 0, looks; looks repeat after four."""
    return _LOOKS[place % len(_LOOKS)]


def aside(place: int) -> float:
    """To the right and to the left of the map's own points in turns."""
    return (place // 2 + 1) * STEP * (1 if place % 2 == 0 else -1)


def aims(facts: JourneyMap) -> list[tuple[float, float, float | None]]:
    """Place, target and mean of the stages that have a target."""
    return [
        (column.number - 0.5, column.target.valence, column.mean)
        for column in facts.stages
        if column.target is not None and column.target.valence is not None
    ]


def gaps(facts: JourneyMap) -> list[tuple[float, float, float]]:
    """Place, mean and target of the stages that are below their target."""
    found = [(x + STEM, mean, aim) for x, aim, mean in aims(facts) if mean is not None]
    return [(x, mean, aim) for x, mean, aim in found if aim > mean]


def clutter(facts: JourneyMap) -> shape.Clutter:
    """What the curve's texts keep clear of."""
    lines: list[tuple[list[float], list[float]]] = []
    marks: list[tuple[float, float, float, float]] = []
    for place, line in enumerate(facts.overlays):
        away = aside(place)
        paths = shape.connector([point.mean for point in line.points])
        lines += [([x + away for x in xs], ys) for xs, ys in paths]
        marks += [
            (i + 0.5 + away, point.mean, point.mean, 7.0)
            for i, point in enumerate(line.points)
            if point.mean is not None
        ]
    lines += [([x - BAR, x + BAR], [aim, aim]) for x, aim, _ in aims(facts)]
    marks += [(x, mean, aim, 2.0) for x, mean, aim in gaps(facts)]
    return shape.Clutter(tuple(lines), tuple(marks)) if lines or marks else shape.NOTHING
