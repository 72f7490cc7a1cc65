"""An emotion curve that shows itself: as SVG with its table, in Bokeh, as a frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from cjm_widgets.errors import FrameError
from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import StageColumn
from cjm_widgets.view import cards, marks, shape
from cjm_widgets.view._bokeh import models
from cjm_widgets.view.curve_figure import emotion_figure
from cjm_widgets.view.theme import STAGES, Theme, check_theme, notebook_variables
from cjm_widgets.words import say

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

LEFT, TOP, RIGHT = 34, 8, 6
HEIGHT, SMALL_HEIGHT = 230, 170
WIDEST, LEAST, SMALL_LEAST = 900, 96, 78
LINE = 14


@dataclass(frozen=True, slots=True)
class _Mark:
    """One stage in the drawing, in pixels."""

    column: StageColumn
    hue: int
    x: float
    y: float | None
    low: float | None
    high: float | None
    labels: tuple[tuple[str, float, float, str, str], ...]
    """Text, x, y, anchor, class."""
    names: tuple[str, ...]
    """The stage's name, broken into lines."""
    evidence: str


@dataclass(frozen=True, slots=True)
class _Drawing:
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
    marks: tuple[_Mark, ...]
    columns: tuple[StageColumn, ...]


class CurveView:
    """An emotion curve that shows itself.

    Parameters
    ----------
    frame
        Columns of `model.columns.CURVE`, in the order of the journey; optional `grade`,
        `stands_apart`, `share_negative`, `share_neutral`, `share_positive`. With `by`, one
        more column and one curve for each of its values.
    names
        Key of a stage to its name; keys stand in where a name is missing.
    by
        Name of the column that parts the frame into curves.
    title
        Above the drawing; "Emotion curve" by default.
    estimate
        ``coded``, ``automatic`` or ``calibrated``: named on the picture.
    scorer
        Name and version of the scorer, where one was used.
    without_stage
        Texts for which no stage is known; said below the curve.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook or the reader's system.

    Raises
    ------
    FrameError
        If a column is missing.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        names: Mapping[str, str] | None = None,
        by: str | None = None,
        title: str = "",
        estimate: str = "coded",
        scorer: str = "",
        without_stage: int | None = None,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        check_theme(theme)
        needed = ("stage", "n", "mean", "low", "high", *([by] if by else []))
        for name in needed:
            if name not in frame.columns:
                raise FrameError(
                    f"CurveView: the frame lacks the column {name!r}; it has: "
                    f"{', '.join(map(str, frame.columns))}"
                )
        self.frame = frame
        self.names = dict(names or {})
        self.by, self.title = by, title
        self.estimate, self.scorer, self.without_stage = estimate, scorer, without_stage
        self.language, self.theme = language, theme

    def __repr__(self) -> str:
        return say("curve.plain", self.language, n=int(self.frame["stage"].nunique()))

    def groups(self) -> list[tuple[str, tuple[StageColumn, ...]]]:
        """The curves: the group's name, empty without `by`, and its stages in order."""
        order = {str(key): i for i, key in enumerate(dict.fromkeys(self.frame["stage"]), start=1)}
        if self.by is None:
            return [("", self._columns(self.frame, order))]
        return [
            (str(name), self._columns(part, order))
            for name, part in self.frame.groupby(self.by, sort=False)
        ]

    def _columns(self, frame: pd.DataFrame, order: Mapping[str, int]) -> tuple[StageColumn, ...]:
        rows = {cells.text(row, "stage"): row for row in cells.rows(frame)}
        return tuple(
            _column(key, self.names.get(key, key), place, rows.get(key, {}))
            for key, place in order.items()
        )

    def svg(self) -> str:
        """The drawing alone: one SVG a curve, each with its own style, light and dark."""
        module: Any = cards.environment().get_template("drawing.html").module
        context, styles = cards.Context(self.language), self._styles()
        return "".join(
            str(module.drawing(drawing, context, styles)) for drawing in self._drawings()
        )

    def _styles(self) -> Markup:
        rules = notebook_variables(self.theme, ".cjm-curve")
        return cards.own(rules + cards.static("curve.css"))

    def html(self) -> str:
        """The curve with its table, style included, without script."""
        template = cards.environment().get_template("curve.html")
        return template.render(
            ctx=cards.Context(self.language),
            styles=self._styles(),
            title=self.title or say("curve.title", self.language),
            drawings=self._drawings(),
            warning=say("curve.warning", self.language) if self.estimate == "automatic" else "",
            notes=self._notes(),
            grouped=self.by is not None,
            by=self.by or "",
        )

    def figure(self) -> Any:
        """The curve in Bokeh: one figure, or a column of them with `by`."""
        mode = "dark" if self.theme == "dark" else "light"
        plots = []
        for name, columns in self.groups():
            plot = emotion_figure(columns, self.language, mode=mode, height=260)
            plot.min_width = LEAST * max(1, len(columns))
            # PlainText, since a bare text between $$ would be read as mathematics.
            plot.title = models.Title(text=models.PlainText(text=name or self.title))
            plot.xaxis.visible = True
            plot.xaxis.ticker = [column.number - 0.5 for column in columns]
            plot.xaxis.major_label_overrides = {
                column.number - 0.5: models.PlainText(text=column.name) for column in columns
            }
            plot.html_attributes = {
                "data-lm-suppress-shortcuts": "true",
                "role": "img",
                "aria-label": marks.spoken(columns, self.language),
            }
            plots.append(plot)
        if len(plots) == 1:
            return plots[0]
        return models.Column(children=plots, sizing_mode="stretch_width")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}

    def _notes(self) -> list[str]:
        notes = [say(f"curve.note.{self.estimate}", self.language)]
        if self.scorer and self.estimate != "coded":
            notes.append(say("curve.scorer", self.language, name=self.scorer))
        if self.without_stage:
            notes.append(say("curve.without_stage", self.language, n=self.without_stage))
        return notes

    def _drawings(self) -> list[_Drawing]:
        groups = [(name, columns) for name, columns in self.groups() if columns]
        small = len(groups) > 1
        count = max(1, *(len(columns) for _, columns in groups)) if groups else 1
        least = SMALL_LEAST if small else LEAST
        words = [word for _, columns in groups for c in columns for word in c.name.split()]
        longest = max((shape.text_width(word, 12, bold=True) for word in words), default=0.0) + 10
        width = max(least, min(150.0, (WIDEST / (2 if small else 1) - LEFT - RIGHT) / count))
        width = max(width, min(longest, 150.0))
        height = SMALL_HEIGHT if small else HEIGHT
        return [self._drawing(name, columns, width, height) for name, columns in groups]

    def _drawing(
        self, group: str, columns: tuple[StageColumn, ...], width: float, height: int
    ) -> _Drawing:
        points = [marks.point(column, self.language) for column in columns]
        spots = shape.place(points, [width], height)
        unit = shape.pixels_per_unit(height)

        def y(valence: float) -> float:
            return round(TOP + (shape.REACH - valence) * unit, 1)

        made = []
        for i, (column, spot) in enumerate(zip(columns, spots, strict=True)):
            x = round(LEFT + (i + 0.5) * width, 1)
            made.append(self._mark(column, spot, x, width, y))
        lines = tuple(
            " ".join(
                f"{LEFT + px * width:.1f},{y(py)}" for px, py in zip(xs[::2], ys[::2], strict=True)
            )
            for xs, ys in shape.connector([column.mean for column in columns])
        )
        bottom = TOP + height
        deepest = max((len(mark.names) for mark in made), default=1)
        title = self.title or say("curve.title", self.language)
        return _Drawing(
            title=group or title,
            description=marks.spoken(columns, self.language),
            width=round(LEFT + width * len(columns) + RIGHT, 1),
            height=bottom + 18 + LINE * (deepest + 1),
            bottom=bottom,
            left=LEFT,
            ticks=(("+1", y(1)), ("0", y(0)), ("−1", y(-1))),
            lines=lines,
            marks=tuple(made),
            columns=columns,
        )

    def _mark(
        self, column: StageColumn, spot: shape.Labels, x: float, width: float, y: Any
    ) -> _Mark:
        texts = []
        if column.mean is None:
            words = say("map.no_evidence", self.language)
            texts.append((words, x, y(0) - 6, "middle", "note"))
        anchor = {"left": "start", "center": "middle", "right": "end"}
        for found, kind in ((spot.value, _tone(column)), (spot.note, "note")):
            if found is not None and column.mean is not None:
                at = round(x + found.dx, 1), round(y(column.mean) + found.dy + 4, 1)
                texts.append((found.text, *at, anchor[found.align], kind))
        grade = say(f"grades.{column.grade}", self.language)
        return _Mark(
            column=column,
            hue=(column.number - 1) % STAGES + 1,
            x=x,
            y=None if column.mean is None else y(column.mean),
            low=None if column.low is None else y(column.low),
            high=None if column.high is None else y(column.high),
            labels=tuple(texts),
            names=_lines(column.name, width - 8),
            evidence="n 0" if column.grade == "none" else f"n {column.n} · {grade}",
        )


def _column(key: str, name: str, place: int, row: cells.Row) -> StageColumn:
    mean, people = cells.number(row, "mean"), cells.integer(row, "respondents") or 0
    low, high = cells.number(row, "low"), cells.number(row, "high")
    grade = cells.text(row, "grade")
    if mean is None:
        grade = "none"
    elif grade not in ("solid", "thin"):
        wide = low is None or high is None or (high - low) / 2 > 0.25
        grade = "thin" if people < 10 or wide else "solid"
    return StageColumn(
        key=key,
        name=name,
        number=place,
        n=cells.integer(row, "n") or 0,
        respondents=people,
        mean=mean,
        low=low,
        high=high,
        negative=cells.number(row, "share_negative"),
        neutral=cells.number(row, "share_neutral"),
        positive=cells.number(row, "share_positive"),
        grade=cast(Literal["solid", "thin", "none"], grade),
        stands_apart=cells.flag(row, "stands_apart") and mean is not None,
    )


def _tone(column: StageColumn) -> str:
    low, high = column.low, column.high
    if column.grade == "thin" or low is None or high is None or low <= 0 <= high:
        return "value"
    return "value good" if (column.mean or 0) > 0 else "value bad"


def _lines(name: str, width: float, most: int = 3) -> tuple[str, ...]:
    """A name in lines that fit; what three lines cannot hold is cut, the table has it whole."""
    lines: list[str] = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or shape.text_width(longer, 12, bold=True) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    fitted = [_fitted(line, width) for line in lines[:most]]
    if len(lines) > most:
        fitted[-1] = _fitted(fitted[-1].rstrip("…") + "…", width)
    return tuple(fitted)


def _fitted(line: str, width: float) -> str:
    if shape.text_width(line, 12, bold=True) <= width:
        return line
    while len(line) > 2 and shape.text_width(line + "…", 12, bold=True) > width:
        line = line[:-1]
    return line.rstrip("…") + "…"
