"""A table of sensitivity that shows itself: a variant a row, the lowest stage marked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import StageColumn
from cjm_widgets.view.curves import heat
from cjm_widgets.view.curves.curve_view import stage_column
from cjm_widgets.view.parts import cards
from cjm_widgets.view.parts.shown import Shown
from cjm_widgets.view.parts.theme import Theme, notebook_variables
from cjm_widgets.words import number, say

if TYPE_CHECKING:
    from markupsafe import Markup

    from cjm_widgets.measure.curves.sensitivity import Variant


class SensitivityView(Shown):
    """Whether a curve says the same when it is computed otherwise.

    Parameters
    ----------
    table
        As `cjm_widgets.measure.curves.sensitivity.sensitivity_frame` gives it.
    variants
        The curves behind its rows, in the same order.
    names
        Key of a stage to its name.
    missing
        What could not be computed.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook or the reader's system.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        variants: Sequence[Variant],
        *,
        names: Mapping[str, str] | None = None,
        missing: Sequence[str] = (),
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self._table, self._variants = table, tuple(variants)
        self.names, self.missing = dict(names or {}), tuple(missing)

    @property
    def frame(self) -> pd.DataFrame:
        """`kind`, `variant`, `worst`, `worst_mean`, `gap`, `best`, `same_worst`, `order`…"""
        return self._table.copy()

    @property
    def means(self) -> pd.DataFrame:
        """The curves themselves: `variant`, `stage`, `n`, `mean`, `low`, `high`."""
        parts = [
            variant.curve[["stage", "n", "mean", "low", "high"]].assign(variant=variant.label)
            for variant in self._variants
        ]
        frame = pd.concat(parts, ignore_index=True).astype({"variant": "str"})
        return frame[["variant", "stage", "n", "mean", "low", "high"]]

    def __repr__(self) -> str:
        return self.sentence()

    def sentence(self) -> str:
        """How often the worst stage is the same, and what makes it another."""
        language = self.language
        # Where scores know no word, a variant has no worst stage and says nothing.
        frame = self._table[self._table["worst"].notna()]
        worst = self._name(frame["worst"].iloc[0])
        counted = {"n": int(frame["same_worst"].sum()), "all": len(frame), "stage": worst}
        others = frame[~frame["same_worst"]]
        if len(frame) == 1:
            return say("sensitivity.alone", language, stage=worst)
        if not len(others):
            return say("sensitivity.same", language, **counted)
        told = "; ".join(
            f"{row['variant']} ({self._name(row['worst'])})" for row in cells.rows(others)
        )
        return say("sensitivity.differs", language, told=told, **counted)

    def html(self) -> str:
        """The table as HTML with its style, without script; every name is escaped."""
        return (
            cards.environment()
            .get_template("sensitivity.html")
            .render(
                ctx=cards.Context(self.language),
                styles=self._styles(),
                rows=self._rows(),
                stages=self._stage_names(),
                heads=[
                    say(f"sensitivity.columns.{key}", self.language) for key in ("worst", "order")
                ],
                sentence=self.sentence(),
                missing="; ".join(self.missing),
            )
        )

    def svg(self) -> str:
        """The cells alone as one SVG with its own style, light and dark."""
        module: Any = cards.environment().get_template("heat.html").module
        picture = heat.heat_drawing(self._rows(), self._stage_names())
        title = say("sensitivity.title", self.language)
        context = cards.Context(self.language)
        return str(module.heat_picture(picture, title, context, self._styles()))

    def figure(self) -> Any:
        """The cells in Bokeh."""
        mode = "dark" if self.theme == "dark" else "light"
        return heat.heat_figure(self._rows(), self._stage_names(), mode=mode)

    def _styles(self) -> Markup:
        rules = notebook_variables(self.theme, ".cjm-curve")
        return cards.own(rules + cards.static("curve.css"))

    def _name(self, key: object) -> str:
        return "—" if cells.missing(key) else self.names.get(str(key), str(key))

    def _stages(self) -> list[str]:
        """All stages of all variants, in the order of the first that has them."""
        seen = dict.fromkeys(
            str(stage) for variant in self._variants for stage in variant.curve["stage"]
        )
        order = list(self.names)
        return sorted(seen, key=lambda key: order.index(key) if key in order else len(order))

    def _stage_names(self) -> list[str]:
        return [self._name(key) for key in self._stages()]

    def _rows(self) -> list[heat.HeatRow]:
        rows = zip(self._variants, cells.rows(self._table), strict=True)
        return [self._row(variant, row) for variant, row in rows]

    def _row(self, variant: Variant, row: cells.Row) -> heat.HeatRow:
        curve = {cells.text(r, "stage"): r for r in cells.rows(variant.curve)}
        columns: list[StageColumn] = [
            stage_column(key, self._name(key), place, curve.get(key, {}))
            for place, key in enumerate(self._stages(), start=1)
        ]
        made = heat.heat_row(variant.label, columns, frozenset(), self.language)
        worst, order = cells.text(row, "worst"), cells.number(row, "order")
        marked = tuple(
            dataclasses.replace(cell, marked=column.key == worst)
            for cell, column in zip(made.cells, columns, strict=True)
        )
        more = (
            self._name(worst) if worst else "—",
            "" if order is None else number(order, self.language, digits=2),
        )
        return heat.HeatRow(variant.label, marked, more)
