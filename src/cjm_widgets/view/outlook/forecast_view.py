"""A figure's past and what comes next, as a picture that shows itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from cjm_widgets.model.columns import tuples
from cjm_widgets.view.parts import cards, figures
from cjm_widgets.view.parts.figures_page import Figures, Table
from cjm_widgets.view.parts.shown import ShownFigures
from cjm_widgets.view.parts.theme import Theme
from cjm_widgets.words import say

if TYPE_CHECKING:
    import pandas as pd

LEFT, RIGHT, TOP, PLOT, BOTTOM = 64, 120, 12, 220, 30
STEP, WIDEST, LEAST = 46, 880, 420
TICKS = 4
VALENCE = "valence"
"""The unit of valences, which are written with their sign."""
_COLUMNS = ("at", "kind", "value", "low", "high", "level", "level_low", "level_high")


class ForecastView(ShownFigures):
    """What was measured, the level behind it, and where the next measurements fall.

    Parameters
    ----------
    frame
        As `measure.forecast.forecast` gives it.
    of
        What the figure is called.
    unit
        Its unit; ``"valence"`` for valences.
    target
        What it aims at; None for nothing.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        of: str,
        unit: str = "",
        target: float | None = None,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self._table = frame
        self.of, self.unit, self.target = of, unit, target

    @property
    def frame(self) -> pd.DataFrame:
        """`at`, `kind`, `value`, `low`, `high`, `level`, `level_low`, `level_high`."""
        return self._table.copy()

    def __repr__(self) -> str:
        return say("forecast.plain", self.language, of=self.of, says=self._lead())

    def _figures(self) -> Figures:
        language = self.language
        lead = [self._lead()]
        if self.target is not None:
            lead.append(self._against_target())
        return Figures(
            title=say("forecast.title", language, of=self.of),
            subtitle=say("forecast.subtitle", language),
            lead=lead,
            picture=self._picture(),
            table=Table(
                [say(f"forecast.columns.{name}", language) for name in _COLUMNS],
                [self._cells(row) for row in tuples(self._table)],
                [False, False, *[True] * 6],
            ),
            notes=[say("forecast.note", language)],
        )

    def _lead(self) -> str:
        first = self._table[self._table["kind"] == "forecast"].iloc[0]
        digits = figures.decimals(first["value"], first["low"], first["high"])
        return say(
            "forecast.lead",
            self.language,
            of=self.of,
            period=self._period(first["at"]),
            value=self._amount(first["value"], digits),
            low=self._amount(first["low"], digits),
            high=self._amount(first["high"], digits),
        )

    def _against_target(self) -> str:
        first = self._table[self._table["kind"] == "forecast"].iloc[0]
        target = float(self.target or 0.0)
        where = "below" if first["high"] < target else "above" if first["low"] > target else "open"
        return say(f"forecast.target_{where}", self.language, target=self._amount(target))

    def _picture(self) -> Markup:
        table = self._table
        width = min(WIDEST, max(LEAST, STEP * len(table) + LEFT + RIGHT))
        ends = [*table["low"], *table["high"], *table["level_low"], *table["level_high"]]
        ends += [] if self.target is None else [self.target]
        known = [float(v) for v in ends if math.isfinite(v)]
        scale = _round_scale(min(known), max(known))
        end = table.iloc[-1]
        digits = figures.decimals(end["value"], end["low"], end["high"])

        def y(value: Any) -> float:
            return float(round(TOP + (scale[-1] - value) / (scale[-1] - scale[0]) * PLOT, 1))

        stamps = [stamp.value for stamp in table["at"]]
        reach = max(stamps[-1] - stamps[0], 1)

        def x(stamp: int) -> float:
            share = (stamp - stamps[0]) / reach
            return float(round(LEFT + 10 + share * (width - LEFT - RIGHT - 20), 1))

        seen = table["kind"] == "measured"
        xs = [x(stamp) for stamp in stamps]
        last = int(seen.sum()) - 1
        label = max(1, math.ceil(66 * len(table) / (width - LEFT - RIGHT)))
        module = cards.environment().get_template("forecast.html").module
        return Markup(  # noqa: S704  # rendered by a template that escapes
            module.picture(  # type: ignore[attr-defined]  # a macro of the template
                width=width,
                height=TOP + PLOT + BOTTOM,
                left=LEFT,
                right=width - RIGHT,
                bottom=TOP + PLOT,
                ticks=[(y(v), self._amount(v)) for v in scale],
                dates=[
                    (xs[i], self._period(table["at"].iloc[i]))
                    for i in range(len(table))
                    if ((last - i) % label == 0 and i <= last) or i == len(table) - 1
                ],
                points=[
                    (xs[i], y(row.value), y(row.low), y(row.high), row.kind == "measured")
                    for i, row in enumerate(tuples(table))
                ],
                level=_points(xs[: last + 1], [y(v) for v in table["level"][: last + 1]]),
                coming=_points(xs[last:], [y(v) for v in table["level"][last:]]),
                band=_points(
                    [*xs[last:], *reversed(xs[last:])],
                    [y(v) for v in table["level_high"][last:]]
                    + [y(v) for v in reversed(table["level_low"][last:].tolist())],
                ),
                target=None if self.target is None else y(self.target),
                target_text=say("forecast.target", self.language),
                end=say("forecast.coming", self.language),
                title=repr(self),
                value=(y(end["value"]), self._amount(end["value"], digits)),
            )
        )

    def _cells(self, row: Any) -> list[str]:
        kind = say(f"forecast.kinds.{row.kind}", self.language)
        values = [self._amount(getattr(row, name)) for name in _COLUMNS[2:]]
        return [self._period(row.at), kind, *values]

    def _amount(self, value: float, digits: int | None = None) -> str:
        if not math.isfinite(value):
            return ""
        if self.unit == VALENCE:
            return figures.valence(float(value), self.language)
        return figures.amount(float(value), self.unit, self.language, digits=digits)

    def _period(self, at: Any) -> str:
        others = [stamp.date() for stamp in self._table["at"]]
        return figures.period(at.date(), others, self.language)


def _points(xs: list[float], ys: list[float]) -> str:
    return " ".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True))


def _round_scale(low: float, high: float) -> list[float]:
    """Round values that hold all between two, about five of them.

    >>> _round_scale(12.0, 47.0)
    [10.0, 20.0, 30.0, 40.0, 50.0]
    """
    reach = max(high - low, 1e-9)
    power = 10.0 ** math.floor(math.log10(reach / TICKS))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= reach / TICKS)
    first, last = math.floor(low / step), math.ceil(high / step)
    if first == last:
        last += 1
    return [round(k * step, 10) for k in range(first, last + 1)]
