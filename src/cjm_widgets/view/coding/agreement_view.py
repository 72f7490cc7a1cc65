"""A table of agreement that shows itself, with a bar for each interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cjm_widgets.view.parts import cards
from cjm_widgets.view.parts.shown import Shown
from cjm_widgets.view.parts.theme import Theme, notebook_variables
from cjm_widgets.words import number, say

if TYPE_CHECKING:
    import pandas as pd

MOST = 200
"""Rows drawn; the frame has all."""
WIDTH, LEAST = 140, -0.2
"""Pixels of a bar, which goes from this value to 1."""


@dataclass(frozen=True, slots=True)
class _Row:
    scope: str
    measure: str
    level: str
    value: str
    interval: str
    n: str
    reading: str
    label: str
    """What the bar shows, in words; empty for none."""
    x: float
    low: float
    high: float


class AgreementView(Shown):
    """How far coders agree.

    Parameters
    ----------
    table
        As `measure.agreement_table` gives it.
    on, by
        What is compared, and what it is divided by.
    coders
        Whose codings.
    texts
        How many texts two of them coded.
    names
        Scope to the name it is shown by.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook or the reader's system.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        *,
        on: str = "stage",
        by: str | None = None,
        coders: tuple[str, ...] = (),
        texts: int = 0,
        names: Mapping[str, str] | None = None,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self._table = table
        self.on = on
        self.by = by
        self.coders = coders
        self.texts = texts
        self.names = dict(names or {})

    def __repr__(self) -> str:
        return say("agreement.plain", self.language, n=len(self._table))

    @property
    def frame(self) -> pd.DataFrame:
        """`measure`, `level`, `scope`, `value`, `low`, `high`, `n`, `reading`; a copy."""
        return self._table.copy()

    def html(self) -> str:
        """The table as HTML with its style, without script; every name is escaped."""
        context = cards.Context(self.language)
        style = notebook_variables(self.theme, ".cjm-agreement")
        return (
            cards.environment()
            .get_template("agreement.html")
            .render(
                ctx=context,
                view=self,
                divided=self.by is not None,
                zero=_x(0.0),
                width=WIDTH,
                rows=[self._row(row) for row in self._table.head(MOST).itertuples()],
                more=max(0, len(self._table) - MOST),
                styles=cards.own(style + cards.static("agreement.css")),
            )
        )

    def _row(self, row: Any) -> _Row:
        language = self.language
        value, low, high = (self._figure(v) for v in (row.value, row.low, row.high))
        drawn = not math.isnan(row.value) and row.measure != "difference"
        ends = not (math.isnan(row.low) or math.isnan(row.high))
        label = say("agreement.bar", language, value=value, low=low, high=high) if ends else value
        return _Row(
            scope=self.names.get(row.scope, row.scope)
            if row.scope != "all"
            else say("agreement.all", language),
            measure=say(f"agreement.measures.{row.measure}", language),
            level=say(f"agreement.levels.{row.level}", language),
            value=value,
            interval=say("kpi.interval", language, low=low, high=high) if ends else "",
            n=number(int(row.n), language),
            reading=row.reading,
            label=label if drawn else "",
            x=_x(row.value) if drawn else 0.0,
            low=_x(row.low if ends else row.value) if drawn else 0.0,
            high=_x(row.high if ends else row.value) if drawn else 0.0,
        )

    def _figure(self, value: float) -> str:
        return "" if math.isnan(value) else number(float(value), self.language, digits=3)


def _x(value: float) -> float:
    """Pixels from the left of a bar; what lies below the least stands at the edge."""
    share = (min(max(value, LEAST), 1.0) - LEAST) / (1 - LEAST)
    return round(4 + share * (WIDTH - 8), 1)
