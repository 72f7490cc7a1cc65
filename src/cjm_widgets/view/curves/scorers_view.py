"""How well scorers agree with people, as a picture that shows itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bokeh import plotting
from markupsafe import Markup

from cjm_widgets.view.curves.curve_figure import paint
from cjm_widgets.view.parts import theme as themes
from cjm_widgets.view.parts._bokeh import models
from cjm_widgets.view.parts.dots import Dot, dots
from cjm_widgets.view.parts.figures_page import Figures, Table, figures_html
from cjm_widgets.view.parts.shown import Shown
from cjm_widgets.view.parts.theme import STAGES, Theme
from cjm_widgets.words import number, say

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("scorer", "n", "spearman", "interval", "pearson", "error", "bias", "unknown", "version")
_TICKS = (-1.0, -0.5, 0.0, 0.5, 1.0)
_ROW = 30
THIN = 30
"""Ratings below which a dot is hollow."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Which scorer to take for the texts of a language."""

    language: str
    n: int
    """Rated passages in this language."""
    choice: str = ""
    """The scorer to take; empty where too few ratings can tell."""
    value: float = math.nan
    """Its Spearman correlation."""
    others: tuple[str, ...] = ()
    """Scorers that are as good within noise."""
    clear: bool = False
    """Whether it is better than all others beyond noise."""


class ScorersView(Shown):
    """How well each scorer agrees with a study's human valences.

    Parameters
    ----------
    frame
        A row per scorer, as `Study.scorers` describes it.
    by_stage, by_language
        The same per stage (column `stage`) and per language (column `language`).
    advice
        Which scorer to take, for each language.
    names
        Key of a stage to its name, in the journey's order.
    refused
        Scorers that could not score, with the reason.
    passages
        Rated passages that were read; by default those of the scorer that read most.
    sampled
        Whether these were drawn out of more.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        by_stage: pd.DataFrame,
        by_language: pd.DataFrame,
        advice: Sequence[Advice] = (),
        names: Mapping[str, str] | None = None,
        refused: Mapping[str, str] | None = None,
        passages: int | None = None,
        sampled: bool = False,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self.frame, self.by_stage, self.by_language = frame, by_stage, by_language
        self.advice = tuple(advice)
        self.names = dict(names or {})
        self.refused = dict(refused or {})
        self.passages = int(frame["n"].max()) if passages is None else passages
        self.sampled = sampled

    def __repr__(self) -> str:
        return f"{say('scorers.plain', self.language, n=len(self.frame))} {' '.join(self.advices)}"

    @property
    def advices(self) -> list[str]:
        """What to choose, a sentence for each language of the ratings."""
        return [self._advised(one) for one in self.advice]

    def html(self) -> str:
        """The picture with its words and its table, without script; every name is escaped."""
        return figures_html(self._figures(), self.language, self.theme)

    def figure(self) -> Any:
        """The picture in Bokeh: all ratings together, then a small one for each stage."""
        mode = "dark" if self.theme == "dark" else "light"
        plots = [self._plot(self.frame, say("scorers.together", self.language), mode)]
        plots += [self._plot(part, self.names.get(key, key), mode) for key, part in self._stages()]
        return models.Column(children=plots, sizing_mode="stretch_width")

    def _stages(self) -> list[tuple[str, pd.DataFrame]]:
        """Stages in the journey's order with their rows; those without any correlation are out."""
        told = self.by_stage.dropna(subset="spearman")
        known = [key for key in self.names if key in set(told["stage"])]
        rest = [key for key in dict.fromkeys(told["stage"]) if key not in known]
        return [(key, told[told["stage"] == key]) for key in [*known, *rest]]

    def _advised(self, one: Advice) -> str:
        language = self.language
        spoken = {"n": one.n, "code": one.language}
        if not one.choice:
            return say("scorers.few", language, **spoken)
        kind = "clear" if one.clear else "noise" if one.others else "only"
        return say(
            f"scorers.choose.{kind}",
            language,
            name=one.choice,
            value=number(one.value, language, digits=2),
            others=", ".join(one.others),
            **spoken,
        )

    def _figures(self) -> Figures:
        language = self.language
        notes = [say("scorers.note", language)]
        if self.sampled:
            notes.append(say("scorers.sampled", language, n=self.passages))
        silent = sorted(set(self.by_stage["stage"]) - {key for key, _ in self._stages()})
        if silent:
            named = ", ".join(self.names.get(key, key) for key in silent)
            notes.append(say("scorers.silent", language, names=named))
        if bool(self.frame["stale"].any()):
            stale = ", ".join(self.frame.loc[self.frame["stale"], "scorer"])
            notes.append(say("scorers.stale", language, names=stale))
        notes += [
            say("scorers.refused", language, name=name, why=why)
            for name, why in self.refused.items()
        ]
        return Figures(
            title=say("scorers.title", language),
            subtitle=say("scorers.subtitle", language, n=self.passages),
            lead=self.advices,
            picture=self._pictures(),
            table=Table(
                [say(f"scorers.columns.{name}", language) for name in _COLUMNS],
                [self._cells(row) for row in self.frame.itertuples()],
                numeric=[0 < at < len(_COLUMNS) - 1 for at in range(len(_COLUMNS))],
            ),
            notes=notes,
        )

    def _pictures(self) -> Markup:
        drawn = self._dots(self.frame, say("scorers.together", self.language))
        for key, part in self._stages():
            name = self.names.get(key, key)
            order = list(self.names)
            hue = order.index(key) % STAGES + 1 if key in order else 0
            drawn += Markup('<p class="lead"><strong><bdi>{}</bdi></strong></p>').format(name)
            drawn += self._dots(part, name, hue)
        return drawn

    def _dots(self, frame: pd.DataFrame, title: str, hue: int = 0) -> Markup:
        ordered = frame.sort_values("spearman", ascending=False)
        rows = [self._dot(row, hue) for row in ordered.itertuples()]
        ticks = [(tick, number(tick, self.language, digits=1)) for tick in _TICKS]
        alt = say("scorers.alt", self.language, name=title)
        return dots(rows, axis=(-1.0, 1.0), ticks=ticks, title=alt)

    def _dot(self, row: Any, hue: int) -> Dot:
        return Dot(
            label=row.scorer,
            value=float(row.spearman),
            low=float(row.spearman_low),
            high=float(row.spearman_high),
            text=self._figure(row),
            note=say("scorers.evidence", self.language, n=int(row.n), k=int(row.respondents)),
            hollow=int(row.n) < THIN,
            hue=hue,
        )

    def _figure(self, row: Any) -> str:
        if math.isnan(row.spearman):
            return say("scorers.untold", self.language)
        return f"{number(float(row.spearman), self.language, digits=2)} ({self._interval(row)})"

    def _interval(self, row: Any) -> str:
        if math.isnan(row.spearman_low):
            return ""
        low, high = (
            number(float(value), self.language, digits=2)
            for value in (row.spearman_low, row.spearman_high)
        )
        return say("kpi.interval", self.language, low=low, high=high)

    def _cells(self, row: Any) -> list[str]:
        def shown(value: float, *, sign: bool = False) -> str:
            if math.isnan(value):
                return ""
            return number(float(value), self.language, digits=2, sign=sign)

        return [
            row.scorer,
            number(int(row.n), self.language),
            shown(row.spearman),
            self._interval(row),
            shown(row.pearson),
            shown(row.error),
            shown(row.bias, sign=True),
            f"{number(100 * float(row.unknown), self.language, digits=0)} %",
            row.version,
        ]

    def _plot(self, frame: pd.DataFrame, title: str, mode: str) -> plotting.figure:
        rows = frame.dropna(subset="spearman").sort_values("spearman")
        names = rows["scorer"].tolist()
        plot = plotting.figure(
            height=70 + _ROW * max(1, len(names)),
            sizing_mode="stretch_width",
            min_width=320,
            x_range=models.Range1d(-1, 1),
            y_range=models.FactorRange(factors=names),
            toolbar_location=None,
            tools="",
            outline_line_color=None,
            background_fill_alpha=0,
            border_fill_alpha=0,
        )
        # PlainText, since a bare text between $$ would be read as mathematics.
        plot.title = models.Title(text=models.PlainText(text=title))
        plot.xaxis.ticker = list(_TICKS)
        plot.ygrid.visible = False
        ink = (themes.colour("ink", "light"), themes.colour("ink", "dark"))
        line = (themes.colour("line", "light"), themes.colour("line", "dark"))
        paint(plot.title, mode, text_color=ink)
        for axis in (*plot.xaxis, *plot.yaxis):
            paint(axis, mode, major_label_text_color=ink, axis_line_color=line)
        paint(plot.xgrid[0], mode, grid_line_color=line)
        low, high = rows["spearman_low"].tolist(), rows["spearman_high"].tolist()
        stems = plot.segment(low, names, high, names, line_width=1.6)
        paint(stems.glyph, mode, line_color=ink)
        points = plot.scatter(rows["spearman"].tolist(), names, size=11, line_width=1.6)
        paint(points.glyph, mode, line_color=ink, fill_color=ink)
        plot.html_attributes = {
            "data-lm-suppress-shortcuts": "true",
            "role": "img",
            "aria-label": say("scorers.alt", self.language, name=title),
        }
        return plot
