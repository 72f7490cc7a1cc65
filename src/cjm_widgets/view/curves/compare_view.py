"""Two curves held against each other: from where to where, by how much, how sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bokeh.plotting import figure

from cjm_widgets.journeymap import cells
from cjm_widgets.view.curves.curve_drawing import fitted, lines_of
from cjm_widgets.view.curves.overlay import style_axes
from cjm_widgets.view.parts import cards, figures, theme
from cjm_widgets.view.parts._bokeh import models
from cjm_widgets.view.parts.shown import Shown
from cjm_widgets.view.parts.theme import Theme, notebook_variables
from cjm_widgets.words import number, say

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

LEVEL = 0.05
NAME, PANEL, BETWEEN, FIGURES = 168, 250, 26, 176
"""Widths in pixels: names, each of the two panels, what lies between, the figures."""
ROW, TOP, FOOT = 38, 30, 24
REACHES = (0.5, 1.0, 2.0)
"""Ends the axis of differences may have."""


@dataclass(frozen=True, slots=True)
class Change:
    """One stage of the comparison."""

    name: str
    lines: tuple[str, ...]
    y: float
    before: float | None
    """Pixels, as all places here."""
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    tone: str
    """``good``, ``bad`` or empty: whether it is a clear change, and which."""
    text: str
    """The difference with its interval."""
    verdict: str
    cells: tuple[str, ...]
    """The stage's row of the table."""
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All stages of one comparison, in pixels."""

    group: str
    width: float
    height: float
    bottom: float
    left: tuple[float, float]
    right: tuple[float, float]
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[float, ...]
    """Where the lines of zero stand."""
    figures: float
    sides: tuple[str, str]
    """What the two are called, as it fits."""
    changes: tuple[Change, ...]
    description: str


class ComparisonView(Shown):
    """A comparison of two curves that shows itself.

    Parameters
    ----------
    table
        Columns of `measure.curves.comparison.compare_curves`; with `by`, its column first.
    parts
        Columns of `cjm_widgets.measure.curves.comparison.explain_change`, likewise.
    before, after
        What the two are called.
    names
        Key of a stage to its name.
    by
        Column of groups.
    estimate
        ``coded`` or ``automatic``: named on the picture.
    recurring
        People on both sides.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook or the reader's system.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        parts: pd.DataFrame,
        *,
        before: str,
        after: str,
        names: Mapping[str, str] | None = None,
        by: str | None = None,
        estimate: str = "coded",
        recurring: int = 0,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self._table, self._parts = table, parts
        self.before, self.after = before, after
        self.names = dict(names or {})
        self.by, self.estimate, self.recurring = by, estimate, recurring

    @property
    def frame(self) -> pd.DataFrame:
        """A row per stage: `before`, `after`, `difference`, `low`, `high`, `p`, `p_holm`…"""
        return self._table.copy()

    @property
    def parts(self) -> pd.DataFrame:
        """The overall change and its parts: `part`, `value`, `low`, `high`, `p`."""
        return self._parts.copy()

    def __repr__(self) -> str:
        return " ".join([self._title, *self.sentences()])

    def sentences(self) -> list[str]:
        """What the comparison says, in words, the result first."""
        said = [self._clear()]
        if self.by is None:
            said.append(self._whole())
        if self.recurring:
            said.append(say("compare.paired", self.language, n=self.recurring))
        return said

    def html(self) -> str:
        """The comparison with its table, style included, without script."""
        sides = {"before": self.before, "after": self.after}
        heads = [sides.get(key, say(f"compare.columns.{key}", self.language)) for key in _COLUMNS]
        return (
            cards.environment()
            .get_template("compare.html")
            .render(
                ctx=cards.Context(self.language),
                styles=self._styles(),
                title=self._title,
                view=self,
                pictures=self._pictures(),
                heads=heads,
                warning=say("curve.warning", self.language) if self.estimate == "automatic" else "",
                sentences=self.sentences(),
                notes=[
                    say(f"curve.note.{self.estimate}", self.language),
                    say("compare.note", self.language),
                ],
            )
        )

    def svg(self) -> str:
        """The drawing alone: one SVG a group, each with its own style, light and dark."""
        module: Any = cards.environment().get_template("compare_picture.html").module
        context, styles = cards.Context(self.language), self._styles()
        return "".join(
            str(module.picture(p, self._title, context, styles)) for p in self._pictures()
        )

    def figure(self) -> Any:
        """The differences in Bokeh: one figure, or a column of them with `by`."""
        mode = "dark" if self.theme == "dark" else "light"
        plots = [_figure(group, rows, self, mode) for group, rows in self._groups()]
        if len(plots) == 1:
            return plots[0]
        return models.Column(children=plots, sizing_mode="stretch_width")

    @property
    def _title(self) -> str:
        return say("compare.title", self.language, before=self.before, after=self.after)

    def _styles(self) -> Markup:
        rules = notebook_variables(self.theme, ".cjm-curve")
        return cards.own(rules + cards.static("curve.css") + cards.static("compare.css"))

    def _groups(self) -> list[tuple[str, list[cells.Row]]]:
        if self.by is None:
            return [("", list(cells.rows(self._table)))]
        return [
            (str(name), list(cells.rows(part)))
            for name, part in self._table.groupby(self.by, sort=False)
        ]

    def _name(self, row: cells.Row) -> str:
        key = cells.text(row, "stage")
        name = self.names.get(key, key)
        return f"{cells.text(row, self.by)} · {name}" if self.by is not None else name

    def _clear(self) -> str:
        changed = []
        for row in cells.rows(self._table):
            if tone(row):
                value = figures.valence(cells.number(row, "difference"), self.language)
                changed.append(f"{self._name(row)} {value}")
        if changed:
            return say("compare.changed", self.language, stages="; ".join(changed))
        if not self._table["difference"].notna().any():
            return say("compare.nothing", self.language)
        return say("compare.unchanged", self.language)

    def _whole(self) -> str:
        found = {cells.text(row, "part"): row for row in cells.rows(self._parts)}
        told = {part: with_interval(row, "value", self.language) for part, row in found.items()}
        return say("compare.whole", self.language, **told) if told else ""

    def _pictures(self) -> list[Picture]:
        reach = _reach(self._table)
        return [self._picture(group, rows, reach) for group, rows in self._groups() if rows]

    def _picture(self, group: str, rows: Sequence[cells.Row], reach: float) -> Picture:
        left = (float(NAME), float(NAME + PANEL))
        right = (left[1] + BETWEEN, left[1] + BETWEEN + PANEL)
        scales = (_Scale(left, 1.0), _Scale(right, reach))
        changes = tuple(
            self._change(row, TOP + ROW * (i + 0.5), scales) for i, row in enumerate(rows)
        )
        bottom = float(TOP + ROW * len(rows))
        ticks = [
            (scale.x(value), figures.plain(value, self.language, sign=True))
            for scale in scales
            for value in (-scale.reach, 0.0, scale.reach)
        ]
        return Picture(
            group=group,
            width=right[1] + 14 + FIGURES,
            height=bottom + FOOT,
            bottom=bottom,
            left=left,
            right=right,
            ticks=tuple(ticks),
            marks=tuple(scale.x(0.0) for scale in scales),
            figures=right[1] + 14,
            sides=(fitted(self.before, PANEL / 2 - 26), fitted(self.after, PANEL / 2 - 26)),
            changes=changes,
            description=" ".join(change.label for change in changes),
        )

    def _change(self, row: cells.Row, y: float, scales: tuple[_Scale, _Scale]) -> Change:
        key = cells.text(row, "stage")
        name = self.names.get(key, key)
        text, verdict = with_interval(row, "difference", self.language), self._verdict(row)
        means, change = scales
        return Change(
            name=name,
            lines=lines_of(name, NAME - 12)[:2],
            y=y,
            before=means.of(row, "before"),
            after=means.of(row, "after"),
            difference=change.of(row, "difference"),
            low=change.of(row, "low"),
            high=change.of(row, "high"),
            tone=tone(row),
            text=text,
            verdict=verdict,
            cells=tuple(_cell(row, column, self.language) for column in _COLUMNS[1:]),
            label=f"{name}: {text or verdict}{f', {verdict}' if text else ''}.",
        )

    def _verdict(self, row: cells.Row) -> str:
        if cells.flag(row, "suppressed"):
            return say("curve.hidden", self.language)
        if cells.number(row, "difference") is None:
            return say("compare.one_side", self.language)
        found = {"good": "better", "bad": "worse", "": "unclear"}[tone(row)]
        return say(f"compare.{found}", self.language)


_COLUMNS = (
    "stage",
    "before",
    "after",
    "difference",
    "low",
    "high",
    "p_holm",
    "paired",
    "n_before",
    "n_after",
)


@dataclass(frozen=True, slots=True)
class _Scale:
    ends: tuple[float, float]
    reach: float

    def x(self, value: float) -> float:
        inside = min(max(value, -self.reach), self.reach)
        share = (inside + self.reach) / (2 * self.reach)
        return round(self.ends[0] + 8 + share * (self.ends[1] - self.ends[0] - 16), 1)

    def of(self, row: cells.Row, name: str) -> float | None:
        value = cells.number(row, name)
        return None if value is None else self.x(value)


def tone(row: cells.Row) -> str:
    """Whether a stage clearly changed, and which way: ``good``, ``bad`` or empty."""
    p, value = cells.number(row, "p_holm"), cells.number(row, "difference")
    low, high = cells.number(row, "low"), cells.number(row, "high")
    if value is None or low is None or high is None:
        return ""
    # Where nothing varies there is no p, and the interval alone decides.
    clear = p < LEVEL if p is not None else low > 0 or high < 0
    return ("good" if value > 0 else "bad") if clear and value else ""


def with_interval(row: cells.Row, name: str, language: str) -> str:
    """A value with its interval: ``+0.32 (0.10 to 0.54)``; empty where there is none."""
    value, low, high = (cells.number(row, part) for part in (name, "low", "high"))
    if value is None:
        return ""
    text = figures.valence(value, language)
    if low is None or high is None:
        return text
    ends = say(
        "map.interval_short",
        language,
        low=figures.valence(low, language),
        high=figures.valence(high, language),
    )
    return f"{text} ({ends})"


def _cell(row: cells.Row, name: str, language: str) -> str:
    value = cells.number(row, name)
    if value is None:
        return ""
    if name in ("paired", "n_before", "n_after"):
        return number(int(value), language)
    if name == "p_holm":
        return (
            number(value, language, digits=3)
            if value >= 0.001
            else f"< {number(0.001, language, digits=3)}"
        )
    return figures.valence(value, language)


def _reach(table: pd.DataFrame) -> float:
    ends = table[["low", "high", "difference"]].abs().max()
    most = float(ends.fillna(0.0).max())
    return next((reach for reach in REACHES if most <= reach), REACHES[-1])


def _figure(group: str, rows: Sequence[cells.Row], view: ComparisonView, mode: str) -> figure:
    """Differences with intervals, a stage a row."""
    known = [(i, row) for i, row in enumerate(rows) if cells.number(row, "difference") is not None]
    reach = _reach(view.frame)
    plot = figure(
        height=90 + 34 * len(rows),
        sizing_mode="stretch_width",
        x_range=models.Range1d(-reach * 1.05, reach * 1.05),
        y_range=models.Range1d(max(len(rows), 1), 0),
        toolbar_location=None,
        tools="",
        background_fill_alpha=0,
        border_fill_alpha=0,
        outline_line_color=None,
        title=models.Title(
            text=models.PlainText(text=group or view._title), text_color=theme.colour("ink", mode)
        ),
    )
    style_axes(plot, mode)
    plot.yaxis.ticker = [i + 0.5 for i in range(len(rows))]
    plot.yaxis.major_label_overrides = {
        i + 0.5: models.PlainText(
            text=view.names.get(cells.text(row, "stage"), cells.text(row, "stage"))
        )
        for i, row in enumerate(rows)
    }
    plot.add_layout(
        models.Span(location=0, dimension="height", line_color=theme.colour("field", mode))
    )
    colours = [theme.colour(tone(row) or "ink2", mode) for _, row in known]
    plot.segment(
        [row["low"] for _, row in known],
        [i + 0.5 for i, _ in known],
        [row["high"] for _, row in known],
        [i + 0.5 for i, _ in known],
        line_color=colours,
        line_width=2,
    )
    points = plot.scatter(
        "x",
        "y",
        size=11,
        fill_color="colour",
        line_color=theme.colour("background", mode),
        source=models.ColumnDataSource(
            {
                "x": [row["difference"] for _, row in known],
                "y": [i + 0.5 for i, _ in known],
                "colour": colours,
                "told": [with_interval(row, "difference", view.language) for _, row in known],
                "verdict": [view._verdict(row) for _, row in known],
            }
        ),
    )
    plot.add_tools(models.HoverTool(renderers=[points], tooltips=[("", "@told"), ("", "@verdict")]))
    return plot
