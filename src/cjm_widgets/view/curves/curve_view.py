"""An emotion curve that shows itself: as SVG with its table, in Bokeh, as a frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from cjm_widgets.errors import ArgumentError, FrameError, UnknownName
from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import StageColumn
from cjm_widgets.view.curves import curve_drawing, heat, overlay
from cjm_widgets.view.curves.curve_figure import emotion_figure
from cjm_widgets.view.parts import cards, marks
from cjm_widgets.view.parts._bokeh import models
from cjm_widgets.view.parts.theme import Theme, check_theme, notebook_variables
from cjm_widgets.words import say

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

Layout = Literal["multiples", "overlay", "heat"]
"""Curves of groups: one drawing each, all in one, or a table of coloured cells."""
MORE = ("effective_n", "unknown", "predicted", "shared", "disagreement")
"""Columns that the table shows where the frame has them."""


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
    layout
        With `by`: ``multiples``, a drawing a group; ``overlay``, up to six in one drawing;
        ``heat``, a table of coloured cells.
    groups
        Value of `by` to what the group is called, where that differs.
    notes, warnings
        Further sentences below and above the drawing.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook or the reader's system.

    Raises
    ------
    FrameError
        If a column is missing.
    UnknownName
        If the theme or the layout is unknown.
    ArgumentError
        If more than six curves are to lie over each other.
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
        layout: Layout = "multiples",
        groups: Mapping[str, str] | None = None,
        notes: Sequence[str] = (),
        warnings: Sequence[str] = (),
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        check_theme(theme)
        if layout not in get_args(Layout):
            raise UnknownName("layout", layout, get_args(Layout))
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
        self.layout: Layout = layout if by is not None else "multiples"
        self.notes, self.warnings = tuple(notes), tuple(warnings)
        self._group_names = dict(groups or {})
        self.language, self.theme = language, theme
        many = len(frame[by].unique()) if by is not None else 1
        if self.layout == "overlay" and many > overlay.MOST:
            raise ArgumentError(
                f"layout='overlay': {many} curves over each other cannot be told apart, at most "
                f"{overlay.MOST} can; take layout='heat' or 'multiples', or fewer groups"
            )

    def __repr__(self) -> str:
        return say("curve.plain", self.language, n=int(self.frame["stage"].nunique()))

    def groups(self) -> list[tuple[str, tuple[StageColumn, ...]]]:
        """The curves: the group's name, empty without `by`, and its stages in order."""
        order = {str(key): i for i, key in enumerate(dict.fromkeys(self.frame["stage"]), start=1)}
        if self.by is None:
            return [("", self._columns(self.frame, order))]
        return [
            (self._group_names.get(str(name), str(name)), self._columns(part, order))
            for name, part in self.frame.groupby(self.by, sort=False, observed=True)
        ]

    def _columns(self, frame: pd.DataFrame, order: Mapping[str, int]) -> tuple[StageColumn, ...]:
        rows = {cells.text(row, "stage"): row for row in cells.rows(frame)}
        return tuple(
            stage_column(key, self.names.get(key, key), place, rows.get(key, {}))
            for key, place in order.items()
        )

    def svg(self) -> str:
        """The drawing alone: one SVG a curve, or one of all, with its own style, light and dark."""
        context, styles = cards.Context(self.language), self._styles()
        if self.layout == "overlay":
            drawn = overlay.overlay(self.groups(), self.language, self._hidden())
            return _macro("overlay.html", "overlaid", drawn, self._title, context, styles)
        if self.layout == "heat":
            picture = heat.heat_drawing(self._heat(), self._stage_names())
            return _macro("heat.html", "heat_picture", picture, self._title, context, styles)
        return "".join(
            _macro("drawing.html", "drawing", drawing, context, styles)
            for drawing in self._drawings()
        )

    @property
    def _title(self) -> str:
        return self.title or say("curve.title", self.language)

    def _styles(self) -> Markup:
        rules = notebook_variables(self.theme, ".cjm-curve")
        return cards.own(rules + cards.static("curve.css"))

    def html(self) -> str:
        """The curve with its table, style included, without script."""
        context, groups = cards.Context(self.language), self.groups()
        over = self.layout == "overlay" and groups and groups[0][1]
        # A column of zeros tells nothing: nobody predicts where people coded.
        shown = [
            name for name in MORE if name in self.frame.columns and self.frame[name].fillna(0).any()
        ]
        return (
            cards.environment()
            .get_template("curve.html")
            .render(
                ctx=context,
                styles=self._styles(),
                title=self._title,
                layout=self.layout,
                drawings=self._drawings() if self.layout == "multiples" else [],
                overlay=overlay.overlay(groups, self.language, self._hidden()) if over else None,
                heat=self._heat() if self.layout == "heat" else [],
                stages=self._stage_names(),
                warnings=self._warnings(),
                notes=self._notes(),
                grouped=self.by is not None,
                by=self.by or "",
                rows=self._table(groups, shown),
                more=shown,
            )
        )

    def figure(self) -> Any:
        """The curve in Bokeh: one figure, or a column of them for the multiples of `by`."""
        mode = "dark" if self.theme == "dark" else "light"
        if self.layout == "overlay":
            return overlay.overlay_figure(self.groups(), self.language, mode=mode)
        if self.layout == "heat":
            return heat.heat_figure(self._heat(), self._stage_names(), mode=mode)
        plots = []
        for name, columns in self._drawn():
            hidden = self._hidden().get(name, frozenset())
            plot = emotion_figure(columns, self.language, mode=mode, height=260, hidden=hidden)
            plot.min_width = curve_drawing.LEAST * max(1, len(columns))
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
                "aria-label": marks.spoken(columns, self.language, hidden),
            }
            plots.append(plot)
        if len(plots) == 1:
            return plots[0]
        return models.Column(children=plots, sizing_mode="stretch_width")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}

    def _warnings(self) -> list[str]:
        own = [say("curve.warning", self.language)] if self.estimate == "automatic" else []
        return [*own, *self.warnings]

    def _notes(self) -> list[str]:
        notes = [say(f"curve.note.{self.estimate}", self.language)]
        if self.scorer and self.estimate != "coded":
            notes.append(say("curve.scorer", self.language, name=self.scorer))
        if self.without_stage:
            notes.append(say("curve.without_stage", self.language, n=self.without_stage))
        if self.layout != "multiples":
            notes.append(say(f"curve.legend.{self.layout}", self.language))
        elif self.by is not None:
            drawn = {name for name, _ in self._drawn()}
            if left := [name for name, _ in self.groups() if name not in drawn]:
                notes.append(say("curve.undrawn", self.language, groups=", ".join(left)))
        return [*notes, *self.notes]

    def _drawings(self) -> list[curve_drawing.Drawing]:
        leanings = {} if self.by is not None else self._leanings()
        return curve_drawing.drawings(
            self._drawn(), self._title, self.language, leanings, self._hidden()
        )

    def _drawn(self) -> list[overlay.Group]:
        """The curves of the multiples: those with a point, if any has one."""
        groups = self.groups()
        shown = [one for one in groups if any(column.mean is not None for column in one[1])]
        return shown or groups

    def _leanings(self) -> dict[str, tuple[float, float]]:
        """Where the harshest and the mildest coder alone would put each point."""
        found = {}
        for row in cells.rows(self.frame):
            mean, low = cells.number(row, "mean"), cells.number(row, "coder_low")
            high = cells.number(row, "coder_high")
            if mean is not None and low is not None and high is not None:
                ends = (max(mean + low, -1.0), min(mean + high, 1.0))
                found[cells.text(row, "stage")] = ends
        return found

    def _stage_names(self) -> list[str]:
        return [self.names.get(str(key), str(key)) for key in dict.fromkeys(self.frame["stage"])]

    def _hidden(self) -> dict[str, frozenset[str]]:
        """Group to the stages of which too few people spoke."""
        hidden: dict[str, set[str]] = {}
        for row in cells.rows(self.frame):
            if cells.flag(row, "suppressed"):
                group = cells.text(row, self.by or "")
                name = self._group_names.get(group, group)
                hidden.setdefault(name, set()).add(cells.text(row, "stage"))
        return {name: frozenset(stages) for name, stages in hidden.items()}

    def _heat(self) -> list[heat.HeatRow]:
        hidden = self._hidden()
        return [
            heat.heat_row(name, columns, hidden.get(name, frozenset()), self.language)
            for name, columns in self.groups()
        ]

    def _table(
        self, groups: Sequence[overlay.Group], shown: Sequence[str]
    ) -> list[tuple[str, StageColumn, bool, list[str]]]:
        """Rows of the table: group, stage, whether hidden, and what else the frame knows."""
        hidden = self._hidden()
        names = {str(value): name for value, name in self._group_names.items()}
        known = {}
        for row in cells.rows(self.frame):
            group = cells.text(row, self.by) if self.by is not None else ""
            known[names.get(group, group), cells.text(row, "stage")] = row
        return [
            (
                name,
                column,
                column.key in hidden.get(name, ()),
                [marks.further(known.get((name, column.key), {}), k, self.language) for k in shown],
            )
            for name, columns in groups
            for column in columns
        ]


def _macro(template: str, name: str, *values: object) -> str:
    module: Any = cards.environment().get_template(template).module
    return str(getattr(module, name)(*values))


def stage_column(key: str, name: str, place: int, row: cells.Row) -> StageColumn:
    """A row of a curve's frame as a view draws it; without a grade it is given one."""
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
