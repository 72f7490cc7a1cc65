"""Moments of truth, and peak and end: estimates in rows that show themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from cjm_widgets.journeymap import cells
from cjm_widgets.view.curves.compare_view import with_interval
from cjm_widgets.view.parts import figures
from cjm_widgets.view.parts.dots import Dot, dots
from cjm_widgets.view.parts.figures_page import Figures, Table, figures_html
from cjm_widgets.view.parts.shown import Shown
from cjm_widgets.view.parts.theme import STAGES, Theme
from cjm_widgets.words import number, say

if TYPE_CHECKING:
    import pandas as pd

_TICKS = (-1.0, -0.5, 0.0, 0.5, 1.0)
_TIES = ("tie", "low", "high", "slope")
_NAN = float("nan")


class MomentsView(Shown):
    """Which stages are moments of truth.

    Parameters
    ----------
    table
        As `cjm_widgets.measure.curves.moments.loyalty_ties` gives it.
    of
        What the loyalty figure is called.
    names
        Key of a stage to its name, in the journey's order.
    estimate
        ``coded`` or ``automatic``.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        *,
        of: str,
        names: Mapping[str, str] | None = None,
        estimate: str = "coded",
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self._table, self.of, self.estimate = table, of, estimate
        self.names = dict(names or {})

    @property
    def frame(self) -> pd.DataFrame:
        """`stage`, `respondents`, `tie`, `low`, `high`, `p_holm`, `slope`, `stands_apart`…"""
        return self._table.copy()

    def __repr__(self) -> str:
        return self.sentence()

    def sentence(self) -> str:
        """Which stages are moments of truth, the strongest first."""
        found = self._table[self._table["moment"]].sort_values("rank")
        if not len(found):
            return say("moments.none", self.language, of=self.of)
        told = ", ".join(self._name(stage) for stage in found["stage"])
        return say("moments.found", self.language, of=self.of, stages=told)

    def html(self) -> str:
        """The picture with its words and its table, without script."""
        language = self.language
        rows = list(cells.rows(self._table))
        heads = ("stage", "respondents", *_TIES, "stands_apart", "moment")
        what = Figures(
            title=say("moments.title", language, of=self.of),
            subtitle=say("moments.subtitle", language),
            lead=[self.sentence()],
            picture=self._picture(rows),
            table=Table(
                [say(f"moments.columns.{head}", language) for head in heads],
                [self._cells(row) for row in rows],
                (False, True, True, True, True, True, False, False),
            ),
            notes=[say(f"curve.note.{self.estimate}", language), say("moments.note", language)],
        )
        return figures_html(what, language, self.theme)

    def _name(self, stage: str) -> str:
        return self.names.get(stage, stage)

    def _picture(self, rows: list[cells.Row]) -> Markup:
        order = list(self.names)
        drawn = []
        for row in rows:
            stage = cells.text(row, "stage")
            tie = cells.number(row, "tie")
            n = cells.integer(row, "respondents") or 0
            text = with_interval(row, "tie", self.language)
            few = say("moments.few", self.language, n=n)
            drawn.append(
                Dot(
                    label=self._name(stage),
                    value=_NAN if tie is None else tie,
                    low=_value(row, "low"),
                    high=_value(row, "high"),
                    text=text or few,
                    note=self._role(row) if text else "",
                    hollow=not cells.flag(row, "moment"),
                    hue=order.index(stage) % STAGES + 1 if stage in order else 0,
                )
            )
        return dots(
            drawn,
            axis=(-1.0, 1.0),
            ticks=[(at, figures.plain(at, self.language, sign=True)) for at in _TICKS],
            title=say("moments.title", self.language, of=self.of),
        )

    def _role(self, row: cells.Row) -> str:
        if cells.flag(row, "moment"):
            return say("moments.moment", self.language)
        if cells.flag(row, "stands_apart"):
            return say("map.stands_apart", self.language)
        return ""

    def _cells(self, row: cells.Row) -> list[str]:
        yes = say("moments.yes", self.language)
        return [
            self._name(cells.text(row, "stage")),
            number(cells.integer(row, "respondents") or 0, self.language),
            *(figures.valence(cells.number(row, name), self.language) for name in _TIES),
            *(yes if cells.flag(row, name) else "" for name in ("stands_apart", "moment")),
        ]


class PeakEndView(Shown):
    """Peak and end of respondents' own courses.

    Parameters
    ----------
    table
        As `cjm_widgets.measure.curves.peak_end.peak_end_means` gives it.
    people
        As `cjm_widgets.measure.curves.peak_end.peak_end` gives it.
    estimate
        ``coded`` or ``automatic``.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        people: pd.DataFrame,
        *,
        estimate: str = "coded",
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self._table, self._people = table, people
        self.estimate = estimate

    @property
    def frame(self) -> pd.DataFrame:
        """`part`, `value`, `low`, `high`, `n`."""
        return self._table.copy()

    @property
    def people(self) -> pd.DataFrame:
        """A row per respondent: `n`, `first`, `last`, `peak`, `end`, `peak_end`, `mean`, `gap`."""
        return self._people.copy()

    def __repr__(self) -> str:
        return self.sentence()

    def sentence(self) -> str:
        """Whether people leave with a better or a worse memory than their average."""
        row = next(r for r in cells.rows(self._table) if cells.text(r, "part") == "gap")
        low, high = cells.number(row, "low"), cells.number(row, "high")
        way = "open"
        if low is not None and high is not None:
            way = "better" if low > 0 else "worse" if high < 0 else "open"
        value = with_interval(row, "value", self.language)
        return say(f"peak_end.{way}", self.language, value=value)

    def html(self) -> str:
        """The picture with its words and its table, without script."""
        language, rows = self.language, list(cells.rows(self._table))
        names = {
            part: say(f"peak_end.parts.{part}", language)
            for part in (cells.text(row, "part") for row in rows)
        }
        drawn = [
            Dot(
                label=names[cells.text(row, "part")],
                value=_value(row, "value"),
                low=_value(row, "low"),
                high=_value(row, "high"),
                text=with_interval(row, "value", language),
            )
            for row in rows
        ]
        n = cells.integer(rows[0], "n") or 0
        title = say("peak_end.title", language)
        what = Figures(
            title=title,
            subtitle=say("peak_end.subtitle", language, n=n),
            lead=[self.sentence()],
            picture=dots(
                drawn,
                axis=(-1.0, 1.0),
                ticks=[(at, figures.plain(at, language, sign=True)) for at in _TICKS],
                title=title,
            ),
            table=Table(
                [
                    say(f"peak_end.columns.{head}", language)
                    for head in ("part", "value", "low", "high")
                ],
                [
                    [
                        names[cells.text(row, "part")],
                        *(
                            figures.valence(cells.number(row, name), language)
                            for name in ("value", "low", "high")
                        ),
                    ]
                    for row in rows
                ],
            ),
            notes=[say(f"curve.note.{self.estimate}", language), say("peak_end.note", language)],
        )
        return figures_html(what, language, self.theme)


def _value(row: cells.Row, name: str) -> float:
    found = cells.number(row, name)
    return _NAN if found is None else found
