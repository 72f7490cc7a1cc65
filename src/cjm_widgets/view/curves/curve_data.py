"""What the curve's figure draws, as plain lists: one table for each of its data sources.

A map's page holds one figure and, for each of its filters, these lists; its script gives them
to the figure, so that a filter costs no models.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from cjm_widgets.journeymap.facts import StageColumn
from cjm_widgets.view.parts import figures, marks, shape, theme

HEIGHT = 248
WIDTHS = (120.0, 150.0, 190.0, 250.0, 340.0, 480.0, 900.0)
"""Column widths, in pixels, at which labels must stand clear: the map stretches."""
MODES = ("light", "dark")
ALIGNS = ("left", "center", "right")
GROUND = 0.88
"""How much a text hides of what it has to stand over."""

AWAY = -9.0
"""Where texts stand that are not to be seen: left of the first stage, far enough."""

Data = dict[str, dict[str, list[Any]]]
"""Name of a data source to its columns."""


def curve_data(
    columns: Sequence[StageColumn],
    language: str,
    *,
    height: int = HEIGHT,
    clutter: shape.Clutter = shape.NOTHING,
    hidden: Collection[str] = (),
) -> Data:
    """The data of a curve.

    Parameters
    ----------
    columns
        The stages in order; each is one unit wide.
    language
        Of the texts.
    height
        Of the figure, in pixels.
    clutter
        What else is drawn, which the texts keep clear of.
    hidden
        Keys of the stages of which too few people spoke.

    Returns
    -------
    dict
        ``edges``, ``line``, ``whiskers``, ``points`` and, for each alignment, ``values-…``,
        ``notes-…`` and ``gaps-…``; all of them even where they are empty.
    """
    lines = shape.connector([column.mean for column in columns])
    closed = [c for c in columns if c.mean is not None and c.low is not None and c.high is not None]
    return {
        "edges": {"x": list(range(len(columns)))},
        "line": {"xs": [_short(xs) for xs, _ in lines], "ys": [_short(ys) for _, ys in lines]},
        "whiskers": {
            "x": [c.number - 0.5 for c in closed],
            "low": [c.low for c in closed],
            "high": [c.high for c in closed],
        },
        "points": _points([c for c in columns if c.mean is not None], language),
        **_labels(columns, language, (height, clutter), hidden),
    }


def _short(values: Sequence[float]) -> list[float]:
    return [round(value, 4) for value in values]


def _points(seen: Sequence[StageColumn], language: str) -> dict[str, list[Any]]:
    data: dict[str, list[Any]] = {
        "x": [c.number - 0.5 for c in seen],
        "y": [c.mean for c in seen],
        "size": [15 if c.stands_apart else 13 for c in seen],
        "stage": [f"{c.number} {c.name}" for c in seen],
        "value": [figures.valence(c.mean, language) for c in seen],
        "interval": [marks.interval(c, language) for c in seen],
        "evidence": [marks.evidence(c, language) for c in seen],
    }
    for mode in MODES:
        ground = theme.colour("background", mode)
        hues = [theme.stage_colour(c.number, mode) for c in seen]
        thin = [c.grade == "thin" for c in seen]
        data[f"c_fill_{mode}"] = [ground if t else hue for hue, t in zip(hues, thin, strict=True)]
        data[f"c_edge_{mode}"] = [hue if t else ground for hue, t in zip(hues, thin, strict=True)]
    return data


def _labels(
    columns: Sequence[StageColumn],
    language: str,
    room: tuple[int, shape.Clutter],
    hidden: Collection[str],
) -> Data:
    height, clutter = room
    points = [marks.point(c, language) for c in columns]
    spots = shape.place(points, WIDTHS, height, clutter)
    gaps = [
        None
        if c.mean is not None
        else shape.place_gap(marks.missing(c, language, hidden), i, WIDTHS, height, clutter)
        for i, c in enumerate(columns)
    ]
    made: Data = {}
    for align in ALIGNS:
        values = [s.value if s.value and s.value.align == align else None for s in spots]
        notes = [s.note if s.note and s.note.align == align else None for s in spots]
        made[f"values-{align}"] = _texts(columns, values)
        for mode in MODES:
            colours = [theme.colour(_meaning(c), mode) for c in columns]
            made[f"values-{align}"][f"c_{mode}"] = colours
        made[f"notes-{align}"] = _texts(columns, notes)
    made["gaps-center"] = _texts(columns, gaps)
    return made


def _texts(
    columns: Sequence[StageColumn], spots: Sequence[shape.Spot | None]
) -> dict[str, list[Any]]:
    """A row per stage; where it has no such text, one out of sight.

    Bokeh 3.9 misplaces texts whose alignment is a column, hence a source per alignment; and it
    fails now and then when a source of texts becomes shorter, hence always as many rows.
    """
    return {
        "x": [c.number - 0.5 if spot else AWAY for c, spot in zip(columns, spots, strict=True)],
        "y": [(c.mean or 0.0) if spot else 0.0 for c, spot in zip(columns, spots, strict=True)],
        "text": [spot.text if spot else "" for spot in spots],
        "dx": [spot.dx if spot else 0 for spot in spots],
        "dy": [spot.dy if spot else 0 for spot in spots],
        "ground": [GROUND if spot and spot.over else 0.0 for spot in spots],
    }


def _meaning(column: StageColumn) -> str:
    """The colour a value is written in: what its interval leaves open is neither good nor bad."""
    low, high = column.low, column.high
    if column.grade == "thin" or low is None or high is None or low <= 0 <= high:
        return "ink2"
    return "good" if (column.mean or 0) > 0 else "bad"
