"""Impact beside effort, as a picture that shows itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from cjm_widgets.model.columns import tuples
from cjm_widgets.view.parts import figures
from cjm_widgets.view.parts.dots import Dot, dots
from cjm_widgets.view.parts.figures_page import Figures, Table
from cjm_widgets.view.parts.shown import ShownFigures
from cjm_widgets.view.parts.theme import STAGES, Theme
from cjm_widgets.words import number, say

MOST = 20
"""Rows drawn; the table and the frame have all."""
_COLUMNS = (
    "code",
    "stage",
    "n",
    "share",
    "mean_with",
    "mean_without",
    "impact",
    "effort",
    "quadrant",
)


class OpportunitiesView(ShownFigures):
    """What mending each pain would bring its stage, and whether it is worth the effort.

    Parameters
    ----------
    frame
        As `measure.opportunities.opportunities` gives it.
    codes, stages
        Key to name; stages in the journey's order.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        codes: Mapping[str, str] | None = None,
        stages: Mapping[str, str] | None = None,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self._table = frame
        self.codes, self.stages = dict(codes or {}), dict(stages or {})

    @property
    def frame(self) -> pd.DataFrame:
        """See `measure.opportunities.opportunities`; a copy."""
        return self._table.copy()

    def __repr__(self) -> str:
        return say("opportunities.plain", self.language, n=len(self._table))

    def _figures(self) -> Figures:
        language = self.language
        drawn = self._table[self._table["impact"].notna()].head(MOST)
        ends = [v for v in (*drawn["low"], *drawn["high"], *drawn["impact"]) if math.isfinite(v)]
        high = math.ceil(max([0.1, *ends]) * 10) / 10
        low = math.floor(min([0.0, *ends]) * 10) / 10
        step = 0.1 if high - low <= 0.6 else 0.2 if high - low <= 1.4 else 0.5
        ticks = [
            (k * step, figures.valence(k * step, language))
            for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
        ]
        lead = [self._quick()] if (self._table["quadrant"] == "quick").any() else []
        notes = [say("opportunities.note", language)]
        if self._table["effort"].isna().any():
            notes.append(say("opportunities.unknown", language))
        return Figures(
            title=say("opportunities.title", language),
            subtitle=say("opportunities.subtitle", language),
            lead=lead,
            picture=dots(
                [self._dot(row) for row in tuples(drawn)],
                axis=(low, high),
                ticks=ticks,
                title=repr(self),
            ),
            table=Table(
                [say(f"opportunities.columns.{name}", language) for name in _COLUMNS],
                [self._cells(row) for row in tuples(self._table)],
                [False, False, *[True] * 6, False],
            ),
            notes=notes,
        )

    def _quick(self) -> str:
        quick = self._table[self._table["quadrant"] == "quick"].head(3)
        names = ", ".join(
            f"{self.codes.get(row.code, row.code)} ({self.stages.get(row.stage, row.stage)})"
            for row in tuples(quick)
        )
        return say("opportunities.quick", self.language, names=names)

    def _dot(self, row: Any) -> Dot:
        stages = list(self.stages)
        quadrant = self._quadrant(row.quadrant)
        effort = (
            say("opportunities.effort", self.language, effort=float(row.effort))
            if math.isfinite(row.effort)
            else say("opportunities.no_effort", self.language)
        )
        return Dot(
            label=str(self.codes.get(row.code, row.code)),
            under=str(self.stages.get(row.stage, row.stage)),
            value=float(row.impact),
            low=float(row.low),
            high=float(row.high),
            text=f"{figures.valence(float(row.impact), self.language)} · n {row.n}",
            note=f"{effort} · {quadrant}" if quadrant else effort,
            hollow=row.respondents < 10,
            hue=stages.index(row.stage) % STAGES + 1 if row.stage in stages else 0,
        )

    def _quadrant(self, value: Any) -> str:
        known = isinstance(value, str) and not pd.isna(value)
        return say(f"opportunities.quadrants.{value}", self.language) if known else ""

    def _cells(self, row: Any) -> list[str]:
        language = self.language

        def felt(value: float) -> str:
            return figures.valence(value, language) if math.isfinite(value) else ""

        return [
            self.codes.get(row.code, row.code),
            self.stages.get(row.stage, row.stage),
            number(int(row.n), language),
            f"{figures.percent(row.share, language)} %",
            felt(row.mean_with),
            felt(row.mean_without),
            felt(row.impact),
            number(float(row.effort), language) if math.isfinite(row.effort) else "",
            self._quadrant(row.quadrant),
        ]
