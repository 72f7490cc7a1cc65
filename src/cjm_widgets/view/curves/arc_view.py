"""Courses of emotion through texts and through the day, as pictures that show themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from cjm_widgets.measure.courses.arcs import Arcs
from cjm_widgets.model.columns import tuples
from cjm_widgets.view.parts import cards, figures
from cjm_widgets.view.parts.figures_page import Figures, Table
from cjm_widgets.view.parts.shown import ShownFigures
from cjm_widgets.view.parts.theme import Theme
from cjm_widgets.words import number, say

if TYPE_CHECKING:
    import pandas as pd

MOST_LINES = 40
"""Single courses that are drawn behind the mean; the frame has all."""
WORDS = 160
"""Code points of a peak's words that the table shows."""
LEFT, RIGHT, TOP, WIDTH, PLOT, BOTTOM = 40, 24, 12, 680, 220, 34
_REACH = 1.0


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place worth a word."""

    x: float
    y: float
    text: str
    dy: float
    """How far below the place its word stands; above it where there is no room."""


def _y(valence: float) -> float:
    return round(TOP + (_REACH - valence) / (2 * _REACH) * PLOT, 1)


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _line(xs: Iterable[float], ys: Iterable[float]) -> list[str]:
    """Polylines through points, broken where there is no evidence."""
    lines: list[list[str]] = [[]]
    for x, y in zip(xs, ys, strict=True):
        if math.isfinite(y):
            lines[-1].append(f"{_x(x)},{_y(y)}")
        elif lines[-1]:
            lines.append([])
    return [" ".join(line) for line in lines if line]


def _bands(xs: Iterable[float], lows: Iterable[float], highs: Iterable[float]) -> list[str]:
    """Polygons between two courses, broken where either is unknown."""
    found: list[list[tuple[float, float, float]]] = [[]]
    for row in zip(xs, lows, highs, strict=True):
        if all(math.isfinite(v) for v in row):
            found[-1].append(row)
        elif found[-1]:
            found.append([])
    return [
        " ".join(
            [f"{_x(x)},{_y(high)}" for x, _, high in part]
            + [f"{_x(x)},{_y(low)}" for x, low, _ in reversed(part)]
        )
        for part in found
        if len(part) > 1
    ]


def _picture(language: str, title: str, **parts: Any) -> Markup:
    module = cards.environment().get_template("arcs.html").module
    ticks = [(_y(v), figures.valence(v, language)) for v in (1.0, 0.5, 0.0, -0.5, -1.0)]
    shape = {"thin": [], "lines": [], "bands": [], "marks": [], "dots": []} | parts
    return Markup(  # noqa: S704  # rendered by a template that escapes
        module.picture(  # type: ignore[attr-defined]  # a macro of the template
            width=WIDTH,
            height=TOP + PLOT + BOTTOM,
            left=LEFT,
            right=WIDTH - RIGHT,
            bottom=TOP + PLOT,
            zero=_y(0.0),
            ticks=ticks,
            title=title,
            **shape,
        )
    )


class ArcView(ShownFigures):
    """Courses of emotion through texts.

    Parameters
    ----------
    found
        As `measure.arcs.arcs` gives it.
    units
        Sentences or passages behind it.
    method
        How the courses were smoothed.
    estimate
        ``coded`` or ``automatic``.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self,
        found: Arcs,
        *,
        units: int,
        method: str = "average",
        estimate: str = "coded",
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self.found = found
        self.units, self.method, self.estimate = units, method, estimate

    @property
    def frame(self) -> pd.DataFrame:
        """`text`, `progress` (0…1), `valence`: every course."""
        return self.found.frame.copy()

    @property
    def mean(self) -> pd.DataFrame:
        """`progress`, `n`, `mean`, `low`, `high`: the aligned course."""
        return self.found.mean.copy()

    @property
    def extremes(self) -> pd.DataFrame:
        """Peaks and troughs with the words there."""
        return self.found.extremes.copy()

    def __repr__(self) -> str:
        return say("arcs.plain", self.language, n=self.found.frame["text"].nunique())

    def _figures(self) -> Figures:
        language, found = self.language, self.found
        texts = found.frame["text"].unique()
        notes = [
            say(f"arcs.methods.{self.method}", language),
            say(f"arcs.from_{self.estimate}", language, n=self.units),
        ]
        if found.short:
            notes.append(say("arcs.short", language, n=len(found.short)))
        if len(texts) > MOST_LINES:
            notes.append(say("arcs.most", language, n=MOST_LINES))
        ticks = ("arcs.start", "arcs.middle", "arcs.end")
        marks = [self._mark(row) for row in tuples(found.extremes)] if len(texts) == 1 else []
        curves = [part for _, part in found.frame.groupby("text", sort=False)][:MOST_LINES]
        mean = found.mean
        return Figures(
            title=say("arcs.title", language),
            subtitle=say("arcs.subtitle", language, n=len(texts)),
            lead=[self._lead()],
            picture=_picture(
                language,
                repr(self),
                thin=[
                    line
                    for part in (curves if len(texts) > 1 else [])
                    for line in _line(part["progress"], part["valence"])
                ],
                lines=_line(mean["progress"], mean["mean"]),
                bands=_bands(mean["progress"], mean["low"], mean["high"]),
                marks=marks,
                xs=[(_x(i / 2), say(key, language)) for i, key in enumerate(ticks)],
            ),
            table=Table(
                [
                    say(f"arcs.columns.{name}", language)
                    for name in ("text", "kind", "progress", "valence", "words")
                ],
                [self._cells(row) for row in tuples(found.extremes)],
                [False, False, True, True, False],
            ),
            notes=notes,
        )

    def _lead(self) -> str:
        mean = self.found.mean
        low, high = mean.iloc[int(mean["mean"].argmin())], mean.iloc[int(mean["mean"].argmax())]
        return say(
            "arcs.lead",
            self.language,
            first=figures.valence(float(mean["mean"].iloc[0]), self.language),
            last=figures.valence(float(mean["mean"].iloc[-1]), self.language),
            low=figures.valence(float(low["mean"]), self.language),
            low_at=self._percent(low["progress"]),
            high=figures.valence(float(high["mean"]), self.language),
            high_at=self._percent(high["progress"]),
        )

    def _mark(self, row: Any) -> _Mark:
        kind = str(row.kind)
        name = say(f"arcs.kinds.{kind}", self.language)
        words = f"{name} {figures.valence(row.valence, self.language)}"
        y = _y(row.valence)
        above = y > TOP + PLOT - 14 or (kind == "peak" and y > TOP + 14)
        return _Mark(_x(row.progress), y, words, -12.0 if above else 22.0)

    def _cells(self, row: Any) -> list[str]:
        words = str(row.words)
        return [
            str(row.text),
            say(f"arcs.kinds.{row.kind}", self.language),
            self._percent(row.progress),
            figures.valence(row.valence, self.language),
            words if len(words) <= WORDS else words[: WORDS - 1].rstrip() + "…",
        ]

    def _percent(self, share: float) -> str:
        return f"{number(100 * float(share), self.language, digits=0)} %"


class HoursView(ShownFigures):
    """How people feel at which time of day.

    Parameters
    ----------
    frame
        As `measure.arcs.hours` gives it.
    width
        Hours that go together.
    estimate, language, theme
        As for `ArcView`.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        width: int = 3,
        estimate: str = "coded",
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self._table, self.width = frame, width
        self.estimate = estimate

    @property
    def frame(self) -> pd.DataFrame:
        """`hour`, `n`, `respondents`, `mean`, `low`, `high`."""
        return self._table.copy()

    def __repr__(self) -> str:
        return say("arcs.hours_plain", self.language, n=int(self._table["n"].sum()))

    def _figures(self) -> Figures:
        language, table = self.language, self._table
        middle = [(hour + self.width / 2) / 24 for hour in table["hour"]]
        seen = table[table["mean"].notna()]
        worst, best = seen.iloc[int(seen["mean"].argmin())], seen.iloc[int(seen["mean"].argmax())]
        lead = say(
            "arcs.hours_lead",
            language,
            best=self._hours(best["hour"]),
            high=figures.valence(float(best["mean"]), language),
            worst=self._hours(worst["hour"]),
            low=figures.valence(float(worst["mean"]), language),
        )
        return Figures(
            title=say("arcs.hours_title", language),
            subtitle=say("arcs.hours_subtitle", language, n=int(table["n"].sum())),
            lead=[lead] if len(seen) > 1 else [],
            picture=_picture(
                language,
                repr(self),
                lines=_line(middle, table["mean"]),
                bands=_bands(middle, table["low"], table["high"]),
                dots=[
                    (_x(x), _y(v), n < 10)
                    for x, v, n in zip(middle, table["mean"], table["respondents"], strict=True)
                    if math.isfinite(v)
                ],
                xs=[(_x(hour / 24), self._hour(hour)) for hour in range(0, 25, 3)],
            ),
            table=Table(
                [
                    say(f"arcs.hours_columns.{name}", language)
                    for name in ("hour", "n", "respondents", "mean", "low", "high")
                ],
                [self._cells(row) for row in tuples(table)],
            ),
            notes=[
                say("arcs.hours_note", language),
                say(f"arcs.hours_from_{self.estimate}", language),
            ],
        )

    def _cells(self, row: Any) -> list[str]:
        felt = [
            figures.valence(value, self.language) if math.isfinite(value) else ""
            for value in (row.mean, row.low, row.high)
        ]
        counts = [number(int(row.n), self.language), number(int(row.respondents), self.language)]
        return [self._hours(row.hour), *counts, *felt]

    def _hours(self, hour: float) -> str:
        return f"{self._hour(int(hour))}–{self._hour(int(hour) + self.width)}"

    def _hour(self, hour: int) -> str:
        return f"{hour} h" if self.language == "fr" else f"{hour:02d}:00"
