"""A funnel that shows itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from cjm_widgets.view.parts import cards, figures, shape
from cjm_widgets.view.parts.figures_page import Figures, Table, figures_html
from cjm_widgets.view.parts.lines import broken
from cjm_widgets.view.parts.theme import STAGES, Theme, check_theme
from cjm_widgets.words import number, say

if TYPE_CHECKING:
    import pandas as pd

LEFT, PLOT, STEP = 180, 420, 50
_COLUMNS = ("n", "rate", "low", "high", "lost", "of_first")


@dataclass(frozen=True, slots=True)
class _Bar:
    names: tuple[str, ...]
    y: float
    wide: float
    onward: float | None
    """Width of the next bar; None at the last."""
    text: str
    next: str
    beside: float
    """Where `next` begins: right of what narrows towards the next bar."""
    hue: int


class FunnelView:
    """How many go on from each stage to the next.

    Parameters
    ----------
    frame
        As `measure.funnel.funnel` gives it.
    names
        Key of a stage to its name, in the journey's order.
    by
        Column of groups, if there are several funnels.
    of
        What is counted, and when; empty where nobody says.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        names: Mapping[str, str] | None = None,
        by: str | None = None,
        of: str = "",
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        check_theme(theme)
        self._frame, self.by, self.of = frame, by, of
        self.names = dict(names or {})
        self.language, self.theme = language, theme

    @property
    def frame(self) -> pd.DataFrame:
        """`stage`, `n`, `rate`, `low`, `high`, `lost`, `of_first`, under the column of groups."""
        return self._frame.copy()

    def __repr__(self) -> str:
        return say("funnel.plain", self.language, n=self._frame["stage"].nunique())

    def html(self) -> str:
        """The picture with its words and its table, without script."""
        return figures_html(self._figures(), self.language, self.theme)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}

    def _groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Name of each group and its rows; one without a name where there are no groups."""
        if self.by is None:
            return [("", self._frame.to_dict("records"))]  # type: ignore[list-item]
        parts = self._frame.groupby(self.by, sort=False)
        return [(str(name), rows.to_dict("records")) for name, rows in parts]  # type: ignore[misc]

    def _figures(self) -> Figures:
        language = self.language
        heads = [say("funnel.columns.stage", language)]
        heads += [say(f"funnel.columns.{name}", language) for name in _COLUMNS]
        return Figures(
            title=say("funnel.title", language),
            subtitle=self.of or say("funnel.subtitle", language),
            lead=[line for name, rows in self._groups() if (line := self._worst(name, rows))],
            picture=self._picture(),
            table=Table(heads, [self._cells(n, row) for n, rows in self._groups() for row in rows]),
            notes=[say("funnel.note", language), say("funnel.note_table", language)],
        )

    def _worst(self, group: str, rows: list[dict[str, Any]]) -> str:
        """Where most are lost."""
        steps = [(row["lost"], place) for place, row in enumerate(rows) if row["lost"] > 0]
        if not steps:
            return ""
        lost, place = max(steps, key=lambda step: step[0])
        before, row = rows[place - 1], rows[place]
        return say(
            "funnel.worst_of" if group else "funnel.worst",
            self.language,
            group=group,
            a=self._name(before["stage"]),
            b=self._name(row["stage"]),
            lost=self._count(lost),
            n=self._count(before["n"]),
            rate=self._percent(row["rate"]),
        )

    def _picture(self) -> Markup:
        bars: list[_Bar] = []
        titles: list[tuple[float, str]] = []
        y = 6.0
        for name, rows in self._groups():
            if name:
                titles.append((y + 12, name))
                y += 22
            first = rows[0]["n"] or 1.0
            for row, after in zip(rows, [*rows[1:], None], strict=True):
                bars.append(self._bar(row, after, first, y))
                y += STEP if after is not None else 40
            y += 10 * bool(name)
        left = self._left()
        ends = [left + bar.wide + 8 + shape.text_width(bar.text, 12, bold=False) for bar in bars]
        ends += [left + bar.beside + shape.text_width(bar.next, 11, bold=False) for bar in bars]
        module: Any = cards.environment().get_template("funnel.html").module
        return Markup(  # noqa: S704  # rendered by a template that escapes
            module.picture(
                bars=bars,
                titles=titles,
                width=round(max(ends) + 12),
                height=round(y),
                left=left,
                title=say("funnel.alt", self.language),
            )
        )

    def _bar(
        self, row: dict[str, Any], after: dict[str, Any] | None, first: float, y: float
    ) -> _Bar:
        stages = list(self.names)
        key = str(row["stage"])
        share = row["n"] / first
        text = self._count(row["n"])
        if not math.isnan(row["of_first"]):
            share_text = self._percent(row["of_first"])
            text = say("funnel.of_first", self.language, n=text, share=share_text)
        wide = round(max(2.0, PLOT * share), 1)
        onward = None if after is None else round(max(2.0, PLOT * after["n"] / first), 1)
        return _Bar(
            names=broken(self._name(key), self._left() - 16),
            y=y,
            wide=wide,
            onward=onward,
            text=text,
            next="" if after is None else self._onward(after),
            beside=round(0.7 * wide + 0.3 * (onward or 0) + 10, 1),
            hue=stages.index(key) % STAGES + 1 if key in stages else 1,
        )

    def _left(self) -> float:
        """Room for the names of the stages."""
        names = {self._name(stage) for stage in self._frame["stage"]}
        widest = max((shape.text_width(name, 12, bold=True) for name in names), default=0.0)
        return min(float(LEFT), widest + 18)

    def _onward(self, row: dict[str, Any]) -> str:
        """What becomes of those counted at the stage before a row."""
        if math.isnan(row["rate"]):
            return say("funnel.next_none", self.language)
        parts = {n: 100 * row[n] for n in ("rate", "low", "high")}
        digits = figures.decimals(*parts.values())
        shares = {n: figures.plain(v, self.language, digits=digits) for n, v in parts.items()}
        return say("funnel.next", self.language, lost=self._count(row["lost"]), **shares)

    def _cells(self, group: str, row: dict[str, Any]) -> list[str]:
        name = self._name(row["stage"])
        made = [f"{group}: {name}" if group else name]
        for column in _COLUMNS:
            value = row[column]
            if math.isnan(value):
                made.append("")
            elif column in ("n", "lost"):
                made.append(self._count(value))
            else:
                made.append(f"{self._percent(value)}\u202f%")
        return made

    def _percent(self, share: float) -> str:
        return figures.plain(100 * share, self.language)

    def _count(self, value: float) -> str:
        return number(value, self.language, digits=0)

    def _name(self, stage: object) -> str:
        return self.names.get(str(stage), str(stage))
