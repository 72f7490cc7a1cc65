"""The emotion curve as one Bokeh figure, its columns aligned with whatever stands above it.

Built of the models themselves: Bokeh's plotting interface makes three times as many, and a map
must be drawn at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bokeh.core.properties import DataSpec

from cjm_widgets.journeymap.facts import StageColumn
from cjm_widgets.view.curves.curve_data import ALIGNS, HEIGHT, MODES, WIDTHS, curve_data
from cjm_widgets.view.parts import shape, theme
from cjm_widgets.view.parts._bokeh import models
from cjm_widgets.words import say

__all__ = ["HEIGHT", "MODES", "WIDTHS", "emotion_figure", "paint"]

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


def both(name: str) -> tuple[str, str]:
    """A colour of the palette, light and dark."""
    return theme.colour(name, "light"), theme.colour(name, "dark")


def emotion_figure(
    columns: Sequence[StageColumn],
    language: str,
    *,
    mode: str = "light",
    height: int = HEIGHT,
    hidden: Collection[str] = (),
) -> Any:
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
    hidden
        Keys of the stages of which too few people spoke.
    """
    plot = Drawing(curve_data(columns, language, height=height, hidden=hidden), mode, height)
    plot.curve(language)
    plot.texts()
    return plot.sized(len(columns))


class Drawing:
    """A figure in the making; what is added later lies above what was there.

    Parameters
    ----------
    data
        Tables of the data sources, by name.
    mode
        ``light`` or ``dark``: the colours it starts with.
    height
        In pixels.
    """

    def __init__(
        self, data: Mapping[str, dict[str, list[Any]]], mode: str, height: int = HEIGHT
    ) -> None:
        self.data, self.mode = data, mode
        self.layers: list[Any] = []
        self.plot = models.Plot(
            height=height,
            sizing_mode="stretch_width",
            x_range=models.Range1d(0, 1),
            y_range=models.Range1d(-shape.REACH, shape.REACH),
            title=None,
            toolbar_location=None,
            min_border=0,
            margin=0,
            outline_line_color=None,
            background_fill_alpha=0,
            border_fill_alpha=0,
            name="curve",
            stylesheets=[_FOCUS],
        )

    def source(self, name: str) -> Any:
        """The data source of this name, which the page's script fills anew for a filter."""
        return models.ColumnDataSource(self.data[name], name=name)

    def add(self, glyph: Any, source: Any, **more: Any) -> Any:
        """Draw a source with a glyph."""
        drawn = models.GlyphRenderer(
            data_source=source, glyph=glyph, nonselection_glyph=None, muted_glyph=None, **more
        )
        self.layers.append(drawn)
        return drawn

    def curve(self, language: str) -> None:
        """Ground, connector, whiskers and points."""
        self._ground()
        line = models.MultiLine(xs="xs", ys="ys", line_width=2, line_alpha=0.38)
        paint(line, self.mode, line_color=both("ink"))
        self.add(line, self.source("line"))
        whiskers = self.source("whiskers")
        stems = models.Segment(x0="x", y0="low", x1="x", y1="high", line_width=1.6)
        caps = [
            models.Scatter(x="x", y=end, marker="dash", size=10, line_width=1.6)
            for end in ("low", "high")
        ]
        for glyph in (stems, *caps):
            paint(glyph, self.mode, line_color=both("ink"))
            self.add(glyph, whiskers)
        points = models.Scatter(x="x", y="y", size="size", line_width=2)
        paint(
            points,
            self.mode,
            fill_color=("c_fill_light", "c_fill_dark"),
            line_color=("c_edge_light", "c_edge_dark"),
        )
        drawn = self.add(points, self.source("points"))
        # Texts of a hover box set with @ are written as text, never as markup.
        tips = [
            ("", "@stage"),
            (say("map.mean", language), "@value"),
            (say("map.interval", language), "@interval"),
            ("", "@evidence"),
        ]
        self.plot.add_tools(models.HoverTool(renderers=[drawn], tooltips=tips))

    def _ground(self) -> None:
        band = models.BoxAnnotation(
            left=0,
            right=1,
            visible=False,
            line_color=None,
            level="image",
            name="band",
            fill_alpha=1,
        )
        paint(band, self.mode, fill_color=both("selected"))
        self.plot.add_layout(band)
        edges = models.VSpan(x="x", line_width=1)
        paint(edges, self.mode, line_color=both("line"))
        self.add(edges, self.source("edges"), level="image")
        for y, dash in ((0, [2, 4]), (1, [1, 5]), (-1, [1, 5])):
            rule = models.Span(location=y, dimension="width", line_dash=dash, level="image")
            paint(rule, self.mode, line_color=both("field" if y == 0 else "line"))
            self.plot.add_layout(rule)

    def texts(self) -> None:
        """Values, remarks, and the words at stages without evidence."""
        for align in ALIGNS:
            name = f"values-{align}"
            glyph = self._text(shape.VALUE_SIZE, "bold", align)
            paint(glyph, self.mode, text_color=("c_light", "c_dark"))
            self.add(glyph, self.source(name))
            name = f"notes-{align}"
            glyph = self._text(shape.NOTE_SIZE, "normal", align)
            paint(glyph, self.mode, text_color=both("ink2"))
            self.add(glyph, self.source(name))
        gaps = self._text(shape.NOTE_SIZE, "normal", "center", background_fill_alpha=1, padding=4)
        paint(gaps, self.mode, text_color=both("ink2"))
        self.add(gaps, self.source("gaps-center"))

    def _text(self, size: float, style: str, align: str, **more: Any) -> Any:
        ground = {"background_fill_alpha": "ground", "padding": 1} | more
        glyph = models.Text(
            x="x",
            y="y",
            text="text",
            x_offset="dx",
            y_offset="dy",
            text_align=align,
            text_baseline="middle",
            text_font_size=f"{size}px",
            text_font_style=style,
            text_font={"value": theme.FONTS},
            **ground,
        )
        paint(glyph, self.mode, background_fill_color=both("background"))
        return glyph

    def sized(self, count: int) -> Any:
        """The figure, as wide as so many stages."""
        self.plot.x_range.end = max(count, 1)
        self.plot.renderers = [*self.plot.renderers, *self.layers]
        return self.plot
