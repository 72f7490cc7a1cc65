"""What is drawn over the map's own curve: other curves, targets and their gaps, house colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cjm_widgets.journeymap.facts import JourneyMap, Overlay
from cjm_widgets.view.curves.curve_data import Data, curve_data
from cjm_widgets.view.curves.curve_figure import Drawing, both, paint
from cjm_widgets.view.parts import figures, laid, shape, theme
from cjm_widgets.view.parts._bokeh import models
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.view.parts.brand import Brand


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
            laid.look(place).hue,
            " ".join(map(str, laid.look(place).dash)),
            laid.look(place).outline(15, 6),
        )
        for place, line in enumerate(facts.overlays)
    ]


def map_data(facts: JourneyMap) -> Data:
    """The data of a map's whole drawing: curve, further curves, targets and their gaps."""
    made = curve_data(facts.stages, facts.language, clutter=laid.clutter(facts))
    for place, line in enumerate(facts.overlays):
        made |= _overlay_data(line, place, laid.aside(place), facts.language)
    return made | _target_data(facts)


def map_figure(data: Data, count: int, language: str, mode: str, overlays: int) -> Any:
    """The figure that draws `map_data` of this map and of its other views.

    Parameters
    ----------
    data
        What it shows first.
    count
        Stages.
    language
        Of the words in hover boxes.
    mode
        ``light`` or ``dark``.
    overlays
        The most curves that any view lays over its own.
    """
    # A view with fewer curves leaves the others empty.
    nothing = _overlay_data(Overlay(""), 0, 0.0, language)
    more = {
        f"{name.rstrip('0123456789')}{place}": table
        for place in range(overlays)
        for name, table in nothing.items()
    }
    drawing = Drawing(more | data, mode)
    drawing.curve(language)
    for place in range(overlays):
        _curve(drawing, place, language)
    _targets(drawing)
    drawing.texts()
    return drawing.sized(count)


def _overlay_data(line: Overlay, place: int, aside: float, language: str) -> Data:
    paths = shape.connector([point.mean for point in line.points])
    seen = [(i, point) for i, point in enumerate(line.points) if point.mean is not None]
    return {
        f"overlay-line-{place}": {
            "xs": [[round(x + aside, 4) for x in xs] for xs, _ in paths],
            "ys": [[round(y, 4) for y in ys] for _, ys in paths],
        },
        f"overlay-{place}": {
            "x": [i + 0.5 + aside for i, _ in seen],
            "y": [point.mean for _, point in seen],
            "name": [line.name for _ in seen],
            "value": [figures.valence(point.mean, language) for _, point in seen],
            "n": [say("units.texts", language, n=point.n) for _, point in seen],
        },
    }


def _curve(drawing: Drawing, place: int, language: str) -> None:
    look = laid.look(place)
    colours = (theme.stage_colour(look.hue, "light"), theme.stage_colour(look.hue, "dark"))
    line = models.MultiLine(xs="xs", ys="ys", line_width=2, line_dash=list(look.dash))
    paint(line, drawing.mode, line_color=colours)
    drawing.add(line, drawing.source(f"overlay-line-{place}"))
    points = models.Scatter(x="x", y="y", size=10, line_width=1.8, marker=look.mark)
    paint(points, drawing.mode, line_color=colours, fill_color=both("background"))
    name = f"overlay-{place}"
    drawn = drawing.add(points, drawing.source(name))
    # Texts of a hover box set with @ are written as text, never as markup.
    tips = [("", "@name"), (say("map.mean", language), "@value"), ("", "@n")]
    drawing.plot.add_tools(models.HoverTool(renderers=[drawn], tooltips=tips))


def _target_data(facts: JourneyMap) -> Data:
    """A bar at what is aimed at, and a stem from where the stage is now."""
    aims, gaps = laid.aims(facts), laid.gaps(facts)
    return {
        "gaps-to-target": {
            "x0": [x for x, _, _ in gaps],
            "y0": [mean for _, mean, _ in gaps],
            "x1": [x for x, _, _ in gaps],
            "y1": [aim for _, _, aim in gaps],
        },
        "targets": {
            "x0": [x - laid.BAR for x, _, _ in aims],
            "y0": [aim for _, aim, _ in aims],
            "x1": [x + laid.BAR for x, _, _ in aims],
            "y1": [aim for _, aim, _ in aims],
        },
    }


def _targets(drawing: Drawing) -> None:
    for name, look in (
        ("gaps-to-target", {"line_width": 1.6, "line_dash": [2, 3]}),
        ("targets", {"line_width": 3}),
    ):
        glyph = models.Segment(x0="x0", y0="y0", x1="x1", y1="y1", **look)
        paint(glyph, drawing.mode, line_color=both("ink"))
        drawing.add(glyph, drawing.source(name))


def _swaps(brand: Brand) -> dict[str, str]:
    swaps = {**brand.colours("light"), **brand.colours("dark")}
    return swaps | ({theme.FONTS: brand.fonts()} if brand.font else {})


def recoloured_data(data: Data, brand: Brand) -> Data:
    """The same data in a house's colours."""
    swaps = _swaps(brand)
    return {
        source: {
            name: _swapped(values, swaps) if name.startswith("c_") else values
            for name, values in table.items()
        }
        for source, table in data.items()
    }


def recoloured(plot: Any, brand: Brand) -> None:
    """Give a figure a house's colours and font in place of the usual ones."""
    swaps = _swaps(brand)
    if not swaps:
        return
    for model in plot.references():
        if isinstance(model, models.ColumnDataSource):
            # Each source came out of `recoloured_data`.
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
