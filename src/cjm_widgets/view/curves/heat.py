"""A table of means coloured from orange to blue: groups by stages, or variants by stages.

The colour only repeats what the sign says: each cell writes its value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bokeh.plotting import figure

from cjm_widgets.journeymap.facts import StageColumn
from cjm_widgets.view.curves.curve_drawing import fitted, lines_of
from cjm_widgets.view.curves.overlay import told
from cjm_widgets.view.parts import figures, theme
from cjm_widgets.view.parts._bokeh import models
from cjm_widgets.words import number, say

DEEPEST = 46
"""Per cent of the colour at ±1: the deepest on which ink keeps a contrast of 4.5 in both modes."""
CELL, ROW, HEAD, NAME = 104, 44, 54, 170
"""Sizes of the drawing in pixels: a cell's width and height, the head, the names at the left."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One mean in its cell."""

    value: str
    """With its sign; empty where there is none."""
    n: str
    label: str
    """Everything in words, for the pointer and for those who cannot see it."""
    tone: str
    """``good``, ``bad`` or empty."""
    depth: float
    """Per cent of the tone's colour."""
    kind: str
    """``solid``, ``thin``, ``none`` or ``hidden``."""
    marked: bool = False
    """Whether it is the lowest of its row that a table of sensitivity speaks of."""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One group or variant."""

    name: str
    cells: tuple[HeatCell, ...]
    more: tuple[str, ...] = ()
    """Further figures at the end of the row."""


def heat_row(
    name: str, columns: Sequence[StageColumn], hidden: frozenset[str], language: str
) -> HeatRow:
    """A group's curve as a row of cells; `hidden` are the stages of too few people."""
    cells = []
    for column in columns:
        if column.key in hidden:
            words = say("curve.hidden", language)
            cells.append(HeatCell("", "", f"{name} · {column.name}: {words}", "", 0, "hidden"))
            continue
        cells.append(
            HeatCell(
                value=figures.valence(column.mean, language),
                n="" if column.mean is None else f"n\xa0{number(column.n, language)}",
                label=told(name, column, language),
                tone=tone(column.mean),
                depth=depth(column.mean),
                kind=column.grade,
            )
        )
    return HeatRow(name, tuple(cells))


def tone(mean: float | None) -> str:
    """Which of the two colours a mean takes."""
    return "" if not mean else "good" if mean > 0 else "bad"


def depth(mean: float | None) -> float:
    """How much of it, in per cent."""
    return 0.0 if mean is None else round(min(abs(mean), 1.0) * DEEPEST, 1)


def shade(cell: HeatCell, mode: str) -> str:
    """The colour of a cell, mixed as the style sheet mixes it."""
    ground = theme.colour("background", mode)
    if not cell.tone:
        return ground
    return mixed(theme.colour(cell.tone, mode), ground, cell.depth / 100)


def mixed(colour: str, ground: str, share: float) -> str:
    """A share of one colour, the rest of another.

    Examples
    --------
    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    parts = (
        round(int(a, 16) * share + int(b, 16) * (1 - share))
        for a, b in zip(_channels(colour), _channels(ground), strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def _channels(colour: str) -> tuple[str, str, str]:
    return colour[1:3], colour[3:5], colour[5:7]


@dataclass(frozen=True, slots=True)
class HeatDrawing:
    """The table as a picture, in pixels."""

    width: float
    height: float
    heads: tuple[tuple[float, tuple[str, ...]], ...]
    rows: tuple[tuple[str, float, tuple[tuple[float, HeatCell], ...]], ...]
    cell: tuple[int, int] = (CELL, ROW)
    description: str = ""


def heat_drawing(rows: Sequence[HeatRow], stages: Sequence[str]) -> HeatDrawing:
    """Where everything stands in the picture."""
    heads = tuple(
        (NAME + (i + 0.5) * CELL, lines_of(name, CELL - 8)) for i, name in enumerate(stages)
    )
    placed = tuple(
        (
            fitted(row.name, NAME - 14),
            float(HEAD + ROW * k),
            tuple((float(NAME + CELL * i), cell) for i, cell in enumerate(row.cells)),
        )
        for k, row in enumerate(rows)
    )
    return HeatDrawing(
        width=NAME + CELL * len(stages) + 2,
        height=HEAD + ROW * len(rows) + 2,
        heads=heads,
        rows=placed,
        description=" ".join(cell.label + "." for row in rows for cell in row.cells),
    )


def heat_figure(rows: Sequence[HeatRow], stages: Sequence[str], *, mode: str = "light") -> figure:
    """The same in Bokeh."""
    plot = figure(
        height=70 + ROW * len(rows),
        sizing_mode="stretch_width",
        x_range=models.Range1d(0, max(len(stages), 1)),
        y_range=models.Range1d(max(len(rows), 1), 0),
        x_axis_location="above",
        toolbar_location=None,
        tools="",
        background_fill_alpha=0,
        border_fill_alpha=0,
        outline_line_color=None,
    )
    plot.min_width = CELL * max(1, len(stages)) + 140
    ink = theme.colour("ink", mode)
    plot.grid.grid_line_color = None
    heads = ["\n".join(lines_of(name, 104)) for name in stages]
    for axis, names in ((plot.xaxis, heads), (plot.yaxis, [fitted(r.name, NAME) for r in rows])):
        axis.ticker = [i + 0.5 for i in range(len(names))]
        axis.major_label_overrides = {
            i + 0.5: models.PlainText(text=name) for i, name in enumerate(names)
        }
        axis.axis_line_color = axis.major_tick_line_color = axis.minor_tick_line_color = None
        axis.major_label_text_color = ink
        axis.major_label_text_font_size = "12px"
        axis.major_label_text_font = theme.FONTS
    cells = [(i, k, cell) for k, row in enumerate(rows) for i, cell in enumerate(row.cells)]
    empty = [cell.kind in ("none", "hidden") for _, _, cell in cells]
    source: Any = models.ColumnDataSource(
        {
            "x": [i + 0.5 for i, _, _ in cells],
            "y": [k + 0.5 for _, k, _ in cells],
            "fill": [shade(cell, mode) for _, _, cell in cells],
            "hatch": ["/" if gone else " " for gone in empty],
            "text": [f"{cell.value}\n{cell.n}".strip() for _, _, cell in cells],
            "told": [cell.label for _, _, cell in cells],
        }
    )
    drawn = plot.rect(
        "x",
        "y",
        width=0.97,
        height=0.94,
        source=source,
        fill_color="fill",
        line_color=theme.colour("line", mode),
        hatch_pattern="hatch",
        hatch_color=theme.colour("field", mode),
        hatch_alpha=0.5,
    )
    plot.text(
        "x",
        "y",
        text="text",
        source=source,
        text_align="center",
        text_baseline="middle",
        text_color=ink,
        text_font_size="12px",
        text_font={"value": theme.FONTS},
    )
    plot.add_tools(models.HoverTool(renderers=[drawn], tooltips=[("", "@told")]))
    return plot
