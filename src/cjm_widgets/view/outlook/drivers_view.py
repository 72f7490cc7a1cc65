"""What goes with loyalty, as a picture that shows itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cjm_widgets.measure.outlook.drivers import Drivers
from cjm_widgets.model.columns import tuples
from cjm_widgets.view.parts import figures
from cjm_widgets.view.parts.dots import Dot, dots
from cjm_widgets.view.parts.figures_page import Figures, Table
from cjm_widgets.view.parts.shown import ShownFigures
from cjm_widgets.view.parts.theme import STAGES, Theme
from cjm_widgets.words import number, say

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("stage", "n", "mean", "share", "low", "high", "effect", "effect_low", "effect_high")


class DriversView(ShownFigures):
    """Which stages go with an outcome, and how much.

    Parameters
    ----------
    found
        As `measure.drivers.drivers` gives it.
    of
        What the outcome is called.
    names
        Key of a stage to its name, in the journey's order.
    estimate
        What the valences are: ``coded`` or ``automatic``.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self,
        found: Drivers,
        *,
        of: str,
        names: Mapping[str, str] | None = None,
        estimate: str = "coded",
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self.found = found
        self.of, self.estimate = of, estimate
        self.names = dict(names or {})

    @property
    def frame(self) -> pd.DataFrame:
        """`stage`, `n`, `mean`, `share`, `low`, `high`, `effect`, `effect_low`, `effect_high`."""
        return self.found.frame.copy()

    def __repr__(self) -> str:
        return say("drivers.plain", self.language, of=self.of, n=self.found.n)

    def _figures(self) -> Figures:
        language, found = self.language, self.found
        shown = found.frame[found.frame["share"].notna()]
        few = found.frame[found.frame["share"].isna()]
        numbers = list(self.names)
        rows = [
            Dot(
                label=self._name(row.stage),
                value=float(row.share),
                low=float(row.low),
                high=float(row.high),
                text=say(
                    "drivers.share",
                    language,
                    share=self._percent(row.share),
                    low=self._percent(row.low),
                    high=self._percent(row.high),
                ),
                note=self._effect(row),
                hue=numbers.index(row.stage) % STAGES + 1 if row.stage in numbers else 0,
            )
            for row in tuples(shown)
        ]
        ticks = [(k / 4, f"{number(25 * k, language)} %") for k in range(5)]
        notes = [say("drivers.note", language)]
        notes.append(say(f"drivers.from_{self.estimate}", language))
        if len(few):
            names = ", ".join(self._name(stage) for stage in few["stage"])
            notes.append(say("drivers.few", language, names=names))
        return Figures(
            title=say("drivers.title", language, of=self.of),
            subtitle=say("drivers.subtitle", language, n=found.n),
            lead=[self._lead(shown)],
            picture=dots(
                rows,
                axis=(0.0, 1.0),
                ticks=ticks,
                title=say("drivers.alt", language, of=self.of),
                zero=None,
            ),
            table=Table(
                [say(f"drivers.columns.{name}", language) for name in _COLUMNS],
                [self._cells(row) for row in tuples(found.frame)],
            ),
            notes=notes,
        )

    def _lead(self, shown: pd.DataFrame) -> str:
        first = shown.iloc[0]
        clear = len(shown) == 1 or first["low"] > shown["high"].iloc[1:].max()
        return say(
            "drivers.lead_clear" if clear else "drivers.lead_open",
            self.language,
            r2=self._percent(self.found.r2),
            adjusted=self._percent(max(0.0, self.found.r2_adjusted)),
            of=self.of,
            stage=self._name(str(first["stage"])),
        )

    def _effect(self, row: Any) -> str:
        return say(
            "drivers.effect",
            self.language,
            effect=figures.plain(float(row.effect), self.language, sign=True),
            low=figures.plain(float(row.effect_low), self.language, sign=True),
            high=figures.plain(float(row.effect_high), self.language, sign=True),
        )

    def _cells(self, row: Any) -> list[str]:
        def shown(name: str) -> str:
            value = float(getattr(row, name))
            if math.isnan(value):
                return ""
            if name in ("share", "low", "high"):
                return f"{self._percent(value)} %"
            return number(value, self.language, digits=2, sign=True)

        cells = [self._name(row.stage), number(int(row.n), self.language)]
        return cells + [shown(name) for name in _COLUMNS[2:]]

    def _percent(self, share: float) -> str:
        return number(100 * float(share), self.language, digits=0)

    def _name(self, stage: str) -> str:
        return self.names.get(stage, stage)
