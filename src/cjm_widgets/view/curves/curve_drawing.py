"""The geometry of one emotion curve as a drawing: every place in pixels, every name in lines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from cjm_widgets.journeymap.facts import StageColumn
from cjm_widgets.view.parts import marks, shape
from cjm_widgets.view.parts.theme import STAGES
from cjm_widgets.words import say

LEFT, TOP, RIGHT = 34, 8, 6
HEIGHT, SMALL_HEIGHT = 230, 170
WIDEST, LEAST, SMALL_LEAST = 900, 110, 118
LINE = 14
TICKS = (("+1", 1.0), ("0", 0.0), ("−1", -1.0))

Leanings = Mapping[str, tuple[float, float]]
"""Key of a stage to where its harshest and its mildest coder alone would put the point."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One stage in the drawing, in pixels."""

    column: StageColumn
    hue: int
    x: float
    y: float | None
    low: float | None
    high: float | None
    coders: tuple[float, float] | None
    """Where the harshest and the mildest coder alone would put the point."""
    labels: tuple[tuple[str, float, float, str, str], ...]
    """Text, x, y, anchor, class."""
    names: tuple[str, ...]
    """The stage's name, broken into lines."""
    evidence: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One curve, in pixels."""

    title: str
    description: str
    width: float
    height: float
    bottom: float
    """Where the plot ends and the names begin."""
    left: float
    ticks: tuple[tuple[str, float], ...]
    lines: tuple[str, ...]
    marks: tuple[Mark, ...]
    columns: tuple[StageColumn, ...]


def drawings(
    groups: Sequence[tuple[str, tuple[StageColumn, ...]]],
    title: str,
    language: str,
    leanings: Leanings,
    hidden: Mapping[str, frozenset[str]] | None = None,
) -> list[Drawing]:
    """One drawing a curve, all on one scale; `hidden` has the stages of too few people of each."""
    drawn = [(name, columns) for name, columns in groups if columns]
    small = len(drawn) > 1
    count = max((len(columns) for _, columns in drawn), default=1)
    room = WIDEST / (2 if small else 1) - LEFT - RIGHT
    every = [column for _, columns in drawn for column in columns]
    width = column_width(every, room / count, SMALL_LEAST if small else LEAST)
    height = SMALL_HEIGHT if small else HEIGHT
    return [
        _drawing(
            name or title, columns, width, height, language, leanings, (hidden or {}).get(name, ())
        )
        for name, columns in drawn
    ]


def column_width(columns: Sequence[StageColumn], wanted: float, least: float) -> float:
    """Width of a stage: what is wanted, but wide enough for the longest word of a name."""
    words = [word for column in columns for word in column.name.split()]
    longest = max((shape.text_width(word, 12, bold=True) for word in words), default=0.0) + 10
    return max(least, min(150.0, wanted), min(longest, 150.0))


def scale(height: float) -> Callable[[float], float]:
    """From a valence to pixels from the top."""
    unit = shape.pixels_per_unit(height)
    return lambda valence: round(TOP + (shape.REACH - valence) * unit, 1)


def polyline(
    xs: Sequence[float],
    ys: Sequence[float],
    width: float,
    y: Callable[[float], float],
    dx: float = 0,
) -> str:
    """Every other point of a connector, as SVG writes it."""
    return " ".join(
        f"{LEFT + px * width + dx:.1f},{y(py)}" for px, py in zip(xs[::2], ys[::2], strict=True)
    )


def _drawing(
    title: str,
    columns: tuple[StageColumn, ...],
    width: float,
    height: int,
    language: str,
    leanings: Leanings,
    hidden: Collection[str],
) -> Drawing:
    points = [marks.point(column, language) for column in columns]
    spots = shape.place(points, [width], height)
    y = scale(height)
    made = tuple(
        _mark(column, spot, (i, width), y, language, leanings.get(column.key), hidden)
        for i, (column, spot) in enumerate(zip(columns, spots, strict=True))
    )
    lines = tuple(
        polyline(xs, ys, width, y)
        for xs, ys in shape.connector([column.mean for column in columns])
    )
    bottom = TOP + height
    deepest = max((len(mark.names) for mark in made), default=1)
    return Drawing(
        title=title,
        description=marks.spoken(columns, language, hidden),
        width=round(LEFT + width * len(columns) + RIGHT, 1),
        height=bottom + 18 + LINE * (deepest + 1),
        bottom=bottom,
        left=LEFT,
        ticks=tuple((text, y(at)) for text, at in TICKS),
        lines=lines,
        marks=made,
        columns=columns,
    )


def _mark(
    column: StageColumn,
    spot: shape.Labels,
    place: tuple[int, float],
    y: Callable[[float], float],
    language: str,
    coders: tuple[float, float] | None,
    hidden: Collection[str],
) -> Mark:
    x = round(LEFT + (place[0] + 0.5) * place[1], 1)
    texts = []
    if column.mean is None:
        gap = marks.missing(column, language, hidden)
        texts.append((gap, x, y(0) - 6, "middle", "note"))
    anchor = {"left": "start", "center": "middle", "right": "end"}
    for found, kind in ((spot.value, _tone(column)), (spot.note, "note")):
        if found is not None and column.mean is not None:
            at = round(x + found.dx, 1), round(y(column.mean) + found.dy + 4, 1)
            texts.append((found.text, *at, anchor[found.align], kind))
    grade = say(f"grades.{column.grade}", language)
    nothing = "" if column.key in hidden else "n 0"
    return Mark(
        column=column,
        hue=(column.number - 1) % STAGES + 1,
        x=x,
        y=None if column.mean is None else y(column.mean),
        low=None if column.low is None else y(column.low),
        high=None if column.high is None else y(column.high),
        coders=None if coders is None or column.mean is None else (y(coders[0]), y(coders[1])),
        labels=tuple(texts),
        names=lines_of(column.name, place[1] - 8),
        evidence=nothing if column.grade == "none" else f"n {column.n} · {grade}",
    )


def _tone(column: StageColumn) -> str:
    low, high = column.low, column.high
    if column.grade == "thin" or low is None or high is None or low <= 0 <= high:
        return "value"
    return "value good" if (column.mean or 0) > 0 else "value bad"


def lines_of(name: str, width: float, most: int = 3) -> tuple[str, ...]:
    """A name in lines that fit; what three lines cannot hold is cut, the table has it whole."""
    lines: list[str] = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or shape.text_width(longer, 12, bold=True) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    shown = [fitted(line, width) for line in lines[:most]]
    if len(lines) > most:
        shown[-1] = fitted(shown[-1].rstrip("…") + "…", width)
    return tuple(shown)


def fitted(line: str, width: float) -> str:
    """A line, cut with an ellipsis where it is wider."""
    if shape.text_width(line, 12, bold=True) <= width:
        return line
    while len(line) > 2 and shape.text_width(line + "…", 12, bold=True) > width:
        line = line[:-1]
    return line.rstrip("…") + "…"
