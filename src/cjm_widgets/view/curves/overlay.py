"""Several emotion curves in one drawing: points side by side, each group by marker and name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bokeh.core.properties import value
from bokeh.plotting import figure

from cjm_widgets.journeymap.facts import StageColumn
from cjm_widgets.view.curves.curve_drawing import (
    LEFT,
    LINE,
    TICKS,
    TOP,
    WIDEST,
    column_width,
    fitted,
    lines_of,
    polyline,
    scale,
)
from cjm_widgets.view.parts import figures, marks, shape, theme
from cjm_widgets.view.parts._bokeh import models
from cjm_widgets.view.parts.markers import MARKERS, path
from cjm_widgets.words import say

MOST = len(MARKERS)
"""Curves that can be told apart in one drawing."""
HEIGHT = 270
STEP, REACH = 15.0, 0.62
"""Pixels between the points of two groups, and the share of a stage they may take."""
NAME, GAP = 170.0, 17.0
"""Widest name at the right, and the least distance of two."""

Group = tuple[str, tuple[StageColumn, ...]]


@dataclass(frozen=True, slots=True)
class Dot:
    """One group at one stage, in pixels."""

    path: str
    grade: str
    x: float
    low: float | None
    high: float | None
    label: str
    """Everything of it in words."""


@dataclass(frozen=True, slots=True)
class Line:
    """One group's curve."""

    name: str
    """As it fits; the label has it whole."""
    label: str
    hue: int
    marker: str
    """Path of its marker beside the name."""
    x: float
    y: float
    """Where the name stands."""
    lead: str
    """From the last point to the name; empty where the group has no point."""
    lines: tuple[str, ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Overlay:
    """Curves of several groups in one drawing, in pixels."""

    description: str
    width: float
    height: float
    left: float
    right: float
    ticks: tuple[tuple[str, float], ...]
    edges: tuple[float, ...]
    """Where one stage ends and the next begins."""
    names: tuple[tuple[float, tuple[tuple[str, float], ...]], ...]
    """Middle of a stage, and the lines of its name with their heights."""
    lines: tuple[Line, ...]


def overlay(
    groups: Sequence[Group],
    language: str,
    hidden: Mapping[str, frozenset[str]] | None = None,
) -> Overlay:
    """Where everything stands when the curves of some groups lie over each other.

    `hidden` has, by group, the keys of the stages of which too few people spoke.
    """
    unseen = hidden or {}
    stages = groups[0][1] if groups else ()
    name_width = min(
        NAME, max((shape.text_width(name, 12, bold=True) for name, _ in groups), default=0.0)
    )
    room = (WIDEST - LEFT - name_width - 40) / max(len(stages), 1)
    width = max(column_width(stages, room, 84), _dodge(len(groups), 1e9) * len(groups) / REACH)
    right = LEFT + width * len(stages)
    y, step = scale(HEIGHT), _dodge(len(groups), width)
    heights = _spread([_last(columns, y) for _, columns in groups])
    lines = []
    for k, (name, columns) in enumerate(groups):
        dx = (k - (len(groups) - 1) / 2) * step
        lines.append(_line((k, name), columns, (width, dx, right), heights[k], language))
    names = tuple(
        (
            round(LEFT + (i + 0.5) * width, 1),
            tuple(
                (line, TOP + HEIGHT + 16 + LINE * j)
                for j, line in enumerate(lines_of(column.name, width - 8))
            ),
        )
        for i, column in enumerate(stages)
    )
    deepest = max((len(of) for _, of in names), default=1)
    return Overlay(
        description=" ".join(
            f"{name}: {marks.spoken(columns, language, unseen.get(name, ()))}"
            for name, columns in groups
        ),
        width=round(right + name_width + 40, 1),
        height=TOP + HEIGHT + 20 + LINE * deepest,
        left=LEFT,
        right=round(right, 1),
        ticks=tuple((text, y(at)) for text, at in TICKS),
        edges=tuple(round(LEFT + i * width, 1) for i in range(len(stages) + 1)),
        names=names,
        lines=tuple(lines),
    )


def _line(
    group: tuple[int, str],
    columns: tuple[StageColumn, ...],
    across: tuple[float, float, float],
    height: float,
    language: str,
) -> Line:
    (k, name), (width, dx, right) = group, across
    y = scale(HEIGHT)
    dots = []
    for i, column in enumerate(columns):
        if column.mean is None:
            continue
        x = round(LEFT + (i + 0.5) * width + dx, 1)
        at = y(column.mean)
        low, high = (None if end is None else y(end) for end in (column.low, column.high))
        label = told(name, column, language)
        dots.append(Dot(path(MARKERS[k % MOST], x, at, 5.5), column.grade, x, low, high, label))
    lead = ""
    if dots:
        last = next(c for c in reversed(columns) if c.mean is not None)
        lead = f"M{dots[-1].x + 7:.1f} {y(last.mean or 0)}L{right + 6:.1f} {height:.1f}"
    return Line(
        name=fitted(name, NAME),
        label=name,
        hue=k % theme.STAGES + 1,
        marker=path(MARKERS[k % MOST], right + 14, height, 5.0),
        x=round(right + 24, 1),
        y=round(height + 4, 1),
        lead=lead,
        lines=tuple(
            polyline(xs, ys, width, y, dx)
            for xs, ys in shape.connector([column.mean for column in columns])
        ),
        dots=tuple(dots),
    )


def told(group: str, column: StageColumn, language: str) -> str:
    """One stage of one group in words: who, where, how, how sure, from how much."""
    parts = [
        figures.valence(column.mean, language) or say("map.no_evidence", language),
        marks.interval(column, language),
        marks.evidence(column, language) if column.mean is not None else "",
    ]
    return f"{group} · {column.name}: {', '.join(part for part in parts if part)}"


def _dodge(groups: int, width: float) -> float:
    return min(STEP, REACH * width / max(groups - 1, 1))


def _last(columns: Sequence[StageColumn], y: Any) -> float:
    """Height of a group's last point; the middle where it has none."""
    means = [column.mean for column in columns if column.mean is not None]
    return float(y(means[-1] if means else 0.0))


def _spread(wanted: Sequence[float]) -> list[float]:
    """Heights of names, as near to where they belong as a distance between them lets."""
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    placed: dict[int, float] = {}
    lowest = TOP + 8.0
    for k in order:
        placed[k] = max(wanted[k], lowest)
        lowest = placed[k] + GAP
    most = TOP + HEIGHT - 4.0
    for k in reversed(order):
        placed[k] = min(placed[k], most)
        most = placed[k] - GAP
    return [placed[k] for k in range(len(wanted))]


def overlay_figure(groups: Sequence[Group], language: str, *, mode: str = "light") -> figure:
    """The same in Bokeh, with a legend that hides and shows a group."""
    stages = groups[0][1] if groups else ()
    plot = figure(
        height=HEIGHT + 70,
        sizing_mode="stretch_width",
        x_range=models.Range1d(0, max(len(stages), 1)),
        y_range=models.Range1d(-shape.REACH, shape.REACH),
        toolbar_location=None,
        tools="",
        background_fill_alpha=0,
        border_fill_alpha=0,
        outline_line_color=None,
    )
    plot.min_width = 90 * max(1, len(stages))
    style_axes(plot, mode)
    plot.xaxis.ticker = [i + 0.5 for i in range(len(stages))]
    plot.xaxis.major_label_overrides = {
        i + 0.5: models.PlainText(text="\n".join(lines_of(column.name, 84)))
        for i, column in enumerate(stages)
    }
    items = []
    for k, (name, columns) in enumerate(groups):
        dx = (k - (len(groups) - 1) / 2) * min(0.12, REACH / max(len(groups) - 1, 1))
        drawn = _curve(plot, (k, name), columns, dx, language, mode)
        items.append(models.LegendItem(label=value(fitted(name, NAME)), renderers=drawn))
    legend = models.Legend(
        items=items,
        click_policy="hide",
        border_line_alpha=0,
        background_fill_alpha=0,
        label_text_color=theme.colour("ink", mode),
        label_text_font=theme.FONTS,
    )
    plot.add_layout(legend, "right")
    return plot


def style_axes(plot: figure, mode: str) -> None:
    """Axes of a figure in the colours of a mode, with a dashed line at 0."""
    ink, line = theme.colour("ink2", mode), theme.colour("line", mode)
    for axis in (*plot.xaxis, *plot.yaxis):
        axis.axis_line_color = axis.major_tick_line_color = line
        axis.minor_tick_line_color = None
        axis.major_label_text_color = ink
        axis.major_label_text_font_size = "12px"
        axis.major_label_text_font = theme.FONTS
    plot.grid.grid_line_color = None
    plot.add_layout(
        models.Span(location=0, dimension="width", line_dash=[2, 4], line_color=line, level="image")
    )


def _curve(
    plot: figure,
    group: tuple[int, str],
    columns: Sequence[StageColumn],
    dx: float,
    language: str,
    mode: str,
) -> list[Any]:
    k, name = group
    colour, ground = theme.stage_colour(k + 1, mode), theme.colour("background", mode)
    seen = [column for column in columns if column.mean is not None]
    closed = [
        (c.number - 0.5 + dx, c.low, c.high)
        for c in seen
        if c.low is not None and c.high is not None
    ]
    runs = shape.connector([column.mean for column in columns])
    line = plot.multi_line(
        [[x + dx for x in xs] for xs, _ in runs],
        [ys for _, ys in runs],
        line_color=colour,
        line_alpha=0.45,
        line_width=2,
    )
    whiskers = plot.segment(
        [x for x, _, _ in closed],
        [low for _, low, _ in closed],
        [x for x, _, _ in closed],
        [high for _, _, high in closed],
        line_color=colour,
        line_width=1.5,
    )
    points = plot.scatter(
        "x",
        "y",
        size=12,
        marker=MARKERS[k % MOST],
        line_color=colour,
        line_width=2,
        fill_color="fill",
        source=models.ColumnDataSource(
            {
                "x": [c.number - 0.5 + dx for c in seen],
                "y": [c.mean for c in seen],
                "fill": [ground if c.grade == "thin" else colour for c in seen],
                "told": [told(name, c, language) for c in seen],
            }
        ),
    )
    plot.add_tools(models.HoverTool(renderers=[points], tooltips=[("", "@told")]))
    return [points, line, whiskers]
