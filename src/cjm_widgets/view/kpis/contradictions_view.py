"""What people feel beside what the figures say, as a picture that shows itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from cjm_widgets.view.parts import figures
from cjm_widgets.view.parts.dots import Dot, dots
from cjm_widgets.view.parts.figures_page import Figures, Table, figures_html
from cjm_widgets.view.parts.theme import STAGES, Theme, check_theme
from cjm_widgets.words import say

_COLUMNS = ("stage", "valence", "interval", "kpi", "value", "target", "verdict", "says")
_TEXT = (False, True, True, False, True, True, False, False)


class ContradictionsView:
    """Each stage's KPIs beside its valence, and where they contradict each other.

    Parameters
    ----------
    frame
        As `measure.contradictions.contradictions` gives it.
    names
        Key of a stage to its name, in the journey's order.
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
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        check_theme(theme)
        self.names = dict(names or {})
        self.language, self.theme = language, theme
        says = [self._says(row) for row in frame.to_dict("records")]
        self._frame = frame.assign(says=pd.Series(says, index=frame.index, dtype="str"))

    @property
    def frame(self) -> pd.DataFrame:
        """`stage`, `valence`, `low`, `high`, `respondents`, `kpi`, `segment`, `value`, `unit`,
        `target`, `on_target`, `verdict`, `contradiction` and `says`: it in words, or missing."""
        return self._frame.copy()

    def __repr__(self) -> str:
        n = int(self._frame["contradiction"].notna().sum())
        return say("kpi.contradictions.plain", self.language, n=n)

    def html(self) -> str:
        """The picture with its words and its table, without script."""
        return figures_html(self._figures(), self.language, self.theme)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}

    def _say(self, key: str, **values: object) -> str:
        return say(f"kpi.contradictions.{key}", self.language, **values)

    def _says(self, row: Mapping[Any, Any]) -> str | None:
        """A contradiction in words; None where there is none."""
        if pd.isna(row["contradiction"]):
            return None
        if pd.isna(row["on_target"]):
            why = str(row["verdict"])
        else:
            why = "reached" if row["on_target"] else "missed"
        return self._say(
            str(row["contradiction"]),
            stage=self._name(row["stage"]),
            valence=figures.valence(float(row["valence"]), self.language),
            kpi=row["kpi"],
            why=self._say(f"why.{why}"),
        )

    def _figures(self) -> Figures:
        rows = self._frame.to_dict("records")
        found = [row["says"] for row in rows if not pd.isna(row["says"])]
        lead = [self._say("found", n=len(found)), *found] if found else [self._say("none")]
        ticks = [(k / 2, figures.valence(k / 2, self.language)) for k in range(-2, 3)]
        return Figures(
            title=self._say("title"),
            subtitle=self._say("subtitle"),
            lead=lead,
            picture=dots(
                [self._dot(row) for row in rows],
                axis=(-1.0, 1.0),
                ticks=ticks,
                title=self._say("alt"),
            ),
            table=Table(
                [self._say(f"columns.{name}") for name in _COLUMNS],
                [self._cells(row) for row in rows],
                numeric=_TEXT,
            ),
            notes=[self._say("note")],
        )

    def _dot(self, row: Mapping[Any, Any]) -> Dot:
        stages = list(self.names)
        against = not pd.isna(row["contradiction"])
        return Dot(
            label=self._name(row["stage"]),
            value=float(row["valence"]),
            low=float(row["low"]),
            high=float(row["high"]),
            text=f"{'⇄ ' if against else ''}{self._kpi(row)} {self._value(row)}",
            note=", ".join(part for part in (self._target(row), self._change(row)) if part),
            hue=stages.index(row["stage"]) % STAGES + 1 if row["stage"] in stages else 0,
        )

    def _kpi(self, row: Mapping[Any, Any]) -> str:
        return str(row["kpi"]) if pd.isna(row["segment"]) else f"{row['kpi']} ({row['segment']})"

    def _value(self, row: Mapping[Any, Any]) -> str:
        unit = "" if pd.isna(row["unit"]) else str(row["unit"])
        return figures.amount(float(row["value"]), unit, self.language)

    def _target(self, row: Mapping[Any, Any]) -> str:
        if math.isnan(float(row["target"])):
            return say("kpi.no_target", self.language)
        text = say(
            "kpi.target", self.language, value=figures.plain(float(row["target"]), self.language)
        )
        word = say("kpi.reached" if row["on_target"] else "kpi.missed", self.language)
        return f"{text} {word}"

    def _change(self, row: Mapping[Any, Any]) -> str:
        if pd.isna(row["verdict"]):
            return ""
        word = "unclear" if row["verdict"] == "unchanged" else str(row["verdict"])
        return say(f"kpi.{word}", self.language)

    def _cells(self, row: Mapping[Any, Any]) -> list[str]:
        valence, low, high = (
            figures.valence(float(row[name]), self.language) for name in ("valence", "low", "high")
        )
        known = not math.isnan(float(row["low"]) + float(row["high"]))
        return [
            self._name(row["stage"]),
            valence,
            say("kpi.interval", self.language, low=low, high=high) if known else "",
            self._kpi(row),
            self._value(row),
            self._target(row),
            self._change(row),
            "" if pd.isna(row["says"]) else str(row["says"]),
        ]

    def _name(self, stage: object) -> str:
        return self.names.get(str(stage), str(stage))
