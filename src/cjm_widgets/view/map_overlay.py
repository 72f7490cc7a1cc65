"""What is drawn over the map's own curve: other curves, targets and their gaps, house colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cjm_widgets.journeymap.facts import JourneyMap, Overlay
from cjm_widgets.view import figures, shape, theme
from cjm_widgets.view._bokeh import models
from cjm_widgets.view.curve_figure import MODES, paint
from cjm_widgets.words import say

if TYPE_CHECKING:
    from bokeh.plotting import figure

    from cjm_widgets.view.brand import Brand

_DASHES = ([7, 4], [2, 4], [10, 3, 2, 3], [14, 5])
_MARKS = ("square", "triangle", "diamond", "inverted_triangle")
_PATHS = ("M11 2h8v8h-8z", "M15 1.5l5 8.5h-10z", "M15 .8l5 5.2-5 5.2-5-5.2z", "M15 10.5l5-8.5h-10z")
_HUES = (1, 5, 2, 4)
"""Colours of the stages that stand furthest apart, for readers of every kind of sight."""
STEP = 0.07
"""How far aside points of further curves stand, in columns, so that none hides another."""


@dataclass(frozen=True, slots=True)
class Line:
    """A curve laid over the map's own, as its legend says it."""

    name: str
    size: str
    hue: int
    """Number of a stage's colour; 0 for the colour of the map's own curve."""
    dash: str
    mark: str


def legend(facts: JourneyMap, language: str) -> list[Line]:
    """The overlays as their legend draws them."""
    own = Line(say("map.this_map", language), "", 0, "", "M15 2a4 4 0 1 0 .01 0")
    return [own] + [
        Line(
            line.name,
            say("map.overlay_size", language, n=line.n, respondents=line.respondents),
            _HUES[place % len(_HUES)],
            " ".join(map(str, _DASHES[place % len(_DASHES)])),
            _PATHS[place % len(_PATHS)],
        )
        for place, line in enumerate(facts.overlays)
    ]


def lay(plot: figure, facts: JourneyMap, mode: str) -> None:
    """Draw overlays and targets into the figure of a map's curve."""
    for place, line in enumerate(facts.overlays):
        _curve(plot, line, place, len(facts.overlays), mode, facts.language)
    aimed = any(column.target for column in facts.stages)
    if aimed:
        _targets(plot, facts, mode)
    if aimed or facts.overlays:
        _texts_above(plot, mode)


def _texts_above(plot: figure, mode: str) -> None:
    """The curve's own texts on a ground of their own, above everything else."""
    ground = (theme.colour("background", "light"), theme.colour("background", "dark"))
    texts = [
        drawn
        for drawn in plot.renderers
        if isinstance(drawn, models.GlyphRenderer) and isinstance(drawn.glyph, models.Text)
    ]
    for drawn in texts:
        drawn.glyph.background_fill_alpha = 0.85
        drawn.glyph.padding = 1
        paint(drawn.glyph, mode, background_fill_color=ground)
    plot.renderers = [drawn for drawn in plot.renderers if drawn not in texts] + texts


def _curve(plot: figure, line: Overlay, place: int, count: int, mode: str, language: str) -> None:
    aside = (place - (count - 1) / 2) * STEP
    hue = _HUES[place % len(_HUES)]
    colours = (theme.stage_colour(hue, "light"), theme.stage_colour(hue, "dark"))
    paths = shape.connector([point.mean for point in line.points])
    drawn = plot.multi_line(
        [[x + aside for x in xs] for xs, _ in paths],
        [ys for _, ys in paths],
        line_width=2,
        line_dash=_DASHES[place % len(_DASHES)],
    )
    paint(drawn.glyph, mode, line_color=colours)
    seen = [(i, point) for i, point in enumerate(line.points) if point.mean is not None]
    data = {
        "x": [i + 0.5 + aside for i, _ in seen],
        "y": [point.mean for _, point in seen],
        "name": [line.name for _ in seen],
        "value": [figures.valence(point.mean, language) for _, point in seen],
        "n": [say("units.texts", language, n=point.n) for _, point in seen],
    }
    points = plot.scatter(
        "x",
        "y",
        size=10,
        line_width=1.8,
        marker=_MARKS[place % len(_MARKS)],
        source=models.ColumnDataSource(data),
        name=f"overlay-{place}",
    )
    ground = tuple(theme.colour("background", m) for m in MODES)
    paint(points.glyph, mode, line_color=colours, fill_color=ground)
    # Texts of a hover box set with @ are written as text, never as markup.
    tips = [("", "@name"), (say("map.mean", language), "@value"), ("", "@n")]
    plot.add_tools(models.HoverTool(renderers=[points], tooltips=tips))


def _targets(plot: figure, facts: JourneyMap, mode: str) -> None:
    """A bar at what is aimed at, and an arrow's stem from where the stage is now."""
    aimed = [
        (column.number - 0.5, column.target.valence, column.mean)
        for column in facts.stages
        if column.target is not None and column.target.valence is not None
    ]
    ink = tuple(theme.colour("ink", m) for m in MODES)
    gaps = [(x, aim, mean) for x, aim, mean in aimed if mean is not None and aim > mean]
    stems = plot.segment(
        [x + 0.12 for x, _, _ in gaps],
        [mean for _, _, mean in gaps],
        [x + 0.12 for x, _, _ in gaps],
        [aim for _, aim, _ in gaps],
        line_width=1.6,
        line_dash=[2, 3],
        name="gaps-to-target",
    )
    paint(stems.glyph, mode, line_color=ink)
    bars = plot.segment(
        [x - 0.2 for x, _, _ in aimed],
        [aim for _, aim, _ in aimed],
        [x + 0.2 for x, _, _ in aimed],
        [aim for _, aim, _ in aimed],
        line_width=3,
        name="targets",
    )
    paint(bars.glyph, mode, line_color=ink)


def recoloured(plot: figure, brand: Brand) -> None:
    """Give a figure a house's colours and font in place of the usual ones."""
    light, dark = brand.colours("light"), brand.colours("dark")
    swaps = {**light, **dark}
    if brand.font:
        swaps[theme.FONTS] = brand.fonts()
    if not swaps:
        return
    for model in plot.references():
        if isinstance(model, models.ColumnDataSource):
            for name, values in list(model.data.items()):
                model.data[name] = [_swapped(value, swaps) for value in values]
            continue
        for name in ("fill_color", "line_color", "text_color", "text_font"):
            value = getattr(model, name, None)
            if isinstance(value, str | dict):
                setattr(model, name, _swapped(value, swaps))
        model.tags = [_swapped(tag, swaps) for tag in model.tags]


def _swapped(value: Any, swaps: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return swaps.get(value, value)
    if isinstance(value, dict):
        return {key: _swapped(one, swaps) for key, one in value.items()}
    if isinstance(value, list):
        return [_swapped(one, swaps) for one in value]
    return value
