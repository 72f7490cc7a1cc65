"""Rows of dots with their intervals on one common axis: the plainest picture of estimates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cjm_widgets.view.parts import cards, shape
from cjm_widgets.view.parts.lines import broken

ROW, LINE = 34, 14
LABEL, PLOT, FIGURES = 190, 360, 150
TOP, BOTTOM = 10, 26
SIZE = 12.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One estimate."""

    label: str
    value: float
    """NaN: the row says its note instead."""
    low: float
    high: float
    text: str
    """The figure in words, at the right."""
    note: str = ""
    """Smaller, below the figure."""
    hollow: bool = False
    """Thin evidence."""
    hue: int = 0
    """Number of a stage's colour; 0: the ink."""
    under: str = ""
    """Smaller, below the label."""


@dataclass(frozen=True, slots=True)
class _Row:
    dot: Dot
    names: tuple[str, ...]
    under: str
    y: float
    x: float | None
    low: float | None
    high: float | None


def dots(
    rows: Sequence[Dot],
    *,
    axis: tuple[float, float],
    ticks: Sequence[tuple[float, str]],
    title: str,
    zero: float | None = 0.0,
) -> Markup:
    """The rows as one SVG; every text is escaped.

    Parameters
    ----------
    rows
        From top to bottom.
    axis
        Values at the left and right end; what lies beyond is cut at the edge.
    ticks
        Value and text of each line of the grid.
    title
        What the picture shows, for those who cannot see it.
    zero
        Value of the line that parts good from bad; None for none.
    """

    left = _label_width(rows)

    def x(value: float) -> float:
        share = (min(max(value, axis[0]), axis[1]) - axis[0]) / (axis[1] - axis[0])
        return round(left + 12 + share * (PLOT - 24), 1)

    made, y = [], float(TOP)
    for dot in rows:
        names = broken(dot.label, left - 8)
        under = " ".join(broken(dot.under, left - 8, most=1, size=11)) if dot.under else ""
        height = max(ROW, LINE * (len(names) + bool(under)) + 8)
        ends = math.isfinite(dot.low) and math.isfinite(dot.high)
        made.append(
            _Row(
                dot,
                names,
                under,
                y + height / 2,
                x(dot.value) if math.isfinite(dot.value) else None,
                x(dot.low) if ends else None,
                x(dot.high) if ends else None,
            )
        )
        y += height
    module = cards.environment().get_template("dots.html").module
    notes = [
        shape.text_width(text, SIZE, bold=False) for dot in rows for text in (dot.text, dot.note)
    ]
    return Markup(  # noqa: S704  # rendered by a template that escapes
        module.picture(  # type: ignore[attr-defined]  # a macro of the template
            rows=made,
            ticks=[(x(value), text) for value, text in ticks],
            zero=None if zero is None else x(zero),
            width=left + PLOT + max(FIGURES, max(notes, default=0) + 16),
            bottom=y,
            height=y + BOTTOM,
            plot=(left, left + PLOT),
            title=title,
        )
    )


def _label_width(rows: Sequence[Dot]) -> float:
    """Room for the labels: as much as the longest takes, and no more than some."""
    wide = [shape.text_width(dot.label, SIZE, bold=True) for dot in rows]
    wide += [shape.text_width(dot.under, 11, bold=True) for dot in rows]
    return min(float(LABEL), max(wide, default=0.0) + 12)
