"""The emotion curve as one Bokeh figure, its columns aligned with whatever stands above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bokeh.core.properties import DataSpec
from bokeh.plotting import figure

from cjm_widgets.journeymap.facts import StageColumn
from cjm_widgets.view import figures, marks, shape, theme
from cjm_widgets.view._bokeh import models
from cjm_widgets.words import say

HEIGHT = 248
WIDTHS = (120.0, 150.0, 190.0, 250.0, 340.0, 480.0, 900.0)
"""Column widths, in pixels, at which labels must stand clear: the map stretches."""
MODES = ("light", "dark")
_FOCUS = ":host(:focus:not(:focus-visible)),:focus:not(:focus-visible){outline:none!important}"
"""A click leaves no dotted frame around the drawing; the keyboard's focus still shows."""


def paint(model: Any, mode: str, **colours: Any) -> None:
    """Give a model its colours of one mode, and note both for the page's script.

    Each colour is ``(light, dark)``; the page sets the other when the reader's system asks.
    """
    for name, both in colours.items():
        setattr(model, name, both[MODES.index(mode)])
    noted = {
        name: [_for_script(model, name, one) for one in both] for name, both in colours.items()
    }
    model.tags = [*model.tags, {"paint": noted}]


def _for_script(model: Any, name: str, value: Any) -> Any:
    """A colour as BokehJS wants it set: glyphs by value or by column, annotations plainly."""
    if not isinstance(model.lookup(name).property, DataSpec):
        return value
    return {"field" if str(value).startswith("c_") else "value": value}


def _both(name: str) -> tuple[str, str]:
    return theme.colour(name, "light"), theme.colour(name, "dark")


def emotion_figure(
    columns: Sequence[StageColumn], language: str, *, mode: str = "light", height: int = HEIGHT
) -> figure:
    """The curve: whiskers with caps, connector, points by grade, values, gaps.

    Parameters
    ----------
    columns
        The stages in order; each is one unit wide, so that the figure fills a grid's columns.
    language
        Of the texts.
    mode
        ``light`` or ``dark``: the colours it starts with.
    height
        In pixels; the width stretches.
    """
    count = len(columns)
    plot = figure(
        height=height,
        sizing_mode="stretch_width",
        x_range=models.Range1d(0, max(count, 1)),
        y_range=models.Range1d(-shape.REACH, shape.REACH),
        toolbar_location=None,
        tools="",
        min_border=0,
        margin=0,
        outline_line_color=None,
        background_fill_alpha=0,
        border_fill_alpha=0,
        name="curve",
        stylesheets=[_FOCUS],
    )
    for axis in (plot.xaxis, plot.yaxis, plot.grid):
        axis.visible = False
    _ground(plot, count, mode)
    _line(plot, columns, mode)
    _points(plot, columns, language, mode)
    _labels(plot, columns, language, mode, height)
    return plot


def _ground(plot: figure, count: int, mode: str) -> None:
    band = models.BoxAnnotation(
        left=0, right=1, visible=False, line_color=None, level="image", name="band", fill_alpha=1
    )
    paint(band, mode, fill_color=_both("selected"))
    plot.add_layout(band)
    for i in range(count):
        edge = models.Span(location=i, dimension="height", line_width=1, level="image")
        paint(edge, mode, line_color=_both("line"))
        plot.add_layout(edge)
    for y, dash in ((0, [2, 4]), (1, [1, 5]), (-1, [1, 5])):
        rule = models.Span(location=y, dimension="width", line_dash=dash, level="image")
        paint(rule, mode, line_color=_both("field" if y == 0 else "line"))
        plot.add_layout(rule)


def _line(plot: figure, columns: Sequence[StageColumn], mode: str) -> None:
    lines = shape.connector([column.mean for column in columns])
    drawn = plot.multi_line([x for x, _ in lines], [y for _, y in lines], line_width=2)
    drawn.glyph.line_alpha = 0.38
    paint(drawn.glyph, mode, line_color=_both("ink"))


def _points(plot: figure, columns: Sequence[StageColumn], language: str, mode: str) -> None:
    seen = [column for column in columns if column.mean is not None]
    closed = [c for c in seen if c.low is not None and c.high is not None]
    whiskers: Any = models.ColumnDataSource(
        {
            "x": [c.number - 0.5 for c in closed],
            "low": [c.low for c in closed],
            "high": [c.high for c in closed],
        }
    )
    stems = plot.segment("x", "low", "x", "high", source=whiskers, line_width=1.6)
    paint(stems.glyph, mode, line_color=_both("ink"))
    for end in ("low", "high"):
        caps = plot.scatter("x", end, source=whiskers, marker="dash", size=10, line_width=1.6)
        paint(caps.glyph, mode, line_color=_both("ink"))
    data: dict[str, list[Any]] = {
        "x": [c.number - 0.5 for c in seen],
        "y": [c.mean for c in seen],
        "size": [15 if c.stands_apart else 13 for c in seen],
        "stage": [f"{c.number} {c.name}" for c in seen],
        "value": [figures.valence(c.mean, language) for c in seen],
        "interval": [marks.interval(c, language) for c in seen],
        "evidence": [marks.evidence(c, language) for c in seen],
    }
    for m in MODES:
        ground = theme.colour("background", m)
        data[f"c_fill_{m}"] = [
            ground if c.grade == "thin" else theme.stage_colour(c.number, m) for c in seen
        ]
        data[f"c_edge_{m}"] = [
            theme.stage_colour(c.number, m) if c.grade == "thin" else ground for c in seen
        ]
    drawn = plot.scatter("x", "y", size="size", line_width=2, source=models.ColumnDataSource(data))
    drawn.name = "points"
    paint(
        drawn.glyph,
        mode,
        fill_color=("c_fill_light", "c_fill_dark"),
        line_color=("c_edge_light", "c_edge_dark"),
    )
    # Texts of a hover box set with @ are written as text, never as markup.
    plot.add_tools(
        models.HoverTool(
            renderers=[drawn],
            tooltips=[
                ("", "@stage"),
                (say("map.mean", language), "@value"),
                (say("map.interval", language), "@interval"),
                ("", "@evidence"),
            ],
        )
    )


def _labels(
    plot: figure, columns: Sequence[StageColumn], language: str, mode: str, height: int
) -> None:
    spots = shape.place([marks.point(c, language) for c in columns], WIDTHS, height)
    placed = list(zip(columns, spots, strict=True))
    values = [(c, s.value) for c, s in placed if s.value is not None]
    for drawn, shown in _texts(plot, values, shape.VALUE_SIZE, "bold", "values"):
        for m in MODES:
            drawn.data_source.add([theme.colour(_meaning(c), m) for c in shown], f"c_{m}")
        paint(drawn.glyph, mode, text_color=("c_light", "c_dark"))
    notes = [(c, s.note) for c, s in placed if s.note is not None]
    for drawn, _ in _texts(plot, notes, shape.NOTE_SIZE, "normal", "notes"):
        paint(drawn.glyph, mode, text_color=_both("ink2"))
    words = say("map.no_evidence", language)
    gaps = [(c, shape.Spot(words, 0, 0, "center")) for c in columns if c.mean is None]
    for drawn, _ in _texts(plot, gaps, shape.NOTE_SIZE, "normal", "gaps"):
        drawn.glyph.padding = 4
        ground = _both("background")
        paint(drawn.glyph, mode, text_color=_both("ink2"), background_fill_color=ground)


def _meaning(column: StageColumn) -> str:
    """The colour a value is written in: what its interval leaves open is neither good nor bad."""
    low, high = column.low, column.high
    if column.grade == "thin" or low is None or high is None or low <= 0 <= high:
        return "ink2"
    return "good" if (column.mean or 0) > 0 else "bad"


def _texts(
    plot: figure,
    placed: Sequence[tuple[StageColumn, shape.Spot]],
    size: float,
    style: str,
    name: str,
) -> Iterator[tuple[Any, list[StageColumn]]]:
    """One renderer per alignment: Bokeh 3.9 misplaces texts whose alignment is a column."""
    for align in ("left", "center", "right"):
        these = [(column, spot) for column, spot in placed if spot.align == align]
        if not these:
            continue
        source = models.ColumnDataSource(
            {
                "x": [c.number - 0.5 for c, _ in these],
                "y": [c.mean or 0.0 for c, _ in these],
                "text": [spot.text for _, spot in these],
                "dx": [spot.dx for _, spot in these],
                "dy": [spot.dy for _, spot in these],
            }
        )
        drawn = plot.text(
            "x",
            "y",
            text="text",
            x_offset="dx",
            y_offset="dy",
            text_align=align,
            text_baseline="middle",
            text_font_size=f"{size}px",
            text_font_style=style,
            text_font={"value": theme.FONTS},
            source=source,
            name=f"{name}-{align}",
        )
        yield drawn, [column for column, _ in these]
