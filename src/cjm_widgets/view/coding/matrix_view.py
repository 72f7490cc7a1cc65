"""How often codes occur and what they meet, as tables with tints and bars."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cjm_widgets.errors import UnknownName
from cjm_widgets.model.columns import tuples
from cjm_widgets.view.parts import cards, figures
from cjm_widgets.view.parts.shown import Shown
from cjm_widgets.view.parts.theme import Theme, notebook_variables
from cjm_widgets.words import number, say

if TYPE_CHECKING:
    from cjm_widgets.model.codebook import Codebook

MOST_ROWS, MOST_COLUMNS = 200, 40
"""Rows and columns drawn; the frame has all."""
DARKEST = 55
"""Per cent of colour in the cell with the most, so that its number stays readable."""


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    tint: int


class MatrixView(Shown):
    """How often two kinds of things meet.

    Parameters
    ----------
    table
        Counts, as `measure.code_tables.counted` gives them.
    cells
        Passages behind each cell: `row`, `column`, `passage` (place in `passages`).
    passages
        The passages.
    what
        What rows and columns are.
    names
        Label to name, of rows and of columns.
    count, meeting
        What is counted and when two things meet.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        cells: pd.DataFrame,
        passages: pd.DataFrame,
        *,
        what: tuple[str, str],
        names: tuple[Mapping[str, str], Mapping[str, str]],
        count: str = "passages",
        meeting: str = "same",
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self._table, self._cells, self._passages = table, cells, passages
        self.what, self.names = what, (dict(names[0]), dict(names[1]))
        self.count, self.meeting = count, meeting

    @property
    def frame(self) -> pd.DataFrame:
        """Counts: a row and a column for each label, zeros included; a copy."""
        return self._table.copy()

    def behind(self, row: str, column: str) -> pd.DataFrame:
        """The passages that a cell counts.

        Parameters
        ----------
        row, column
            Key or name of a row and of a column.

        Raises
        ------
        UnknownName
            If the table has no such row or column.
        """
        keys = [
            _key(given, names, "row" if side == 0 else "column")
            for side, (given, names) in enumerate(zip((row, column), self.names, strict=True))
        ]
        here = self._cells[(self._cells["row"] == keys[0]) & (self._cells["column"] == keys[1])]
        return self._passages.iloc[sorted(here["passage"].unique())].reset_index(drop=True)

    def jaccard(self) -> pd.DataFrame:
        """Codes × codes only: texts (or what is counted) in which both occur, divided by those
        in which either does, 0…1."""
        alone = self._passages_of()
        made = self._table.astype("float64")
        for i, row in enumerate(made.index):
            for j, column in enumerate(made.columns):
                either = len(alone.get(row, set()) | alone.get(column, set()))
                both = int(self._table.to_numpy()[i, j])
                made.iloc[i, j] = both / either if either else math.nan
        return made

    def _passages_of(self) -> dict[str, set[Any]]:
        unit = {"texts": "feedback", "respondents": "respondent"}.get(self.count)
        found: dict[str, set[Any]] = {}
        for place, codes in enumerate(self._passages["codes"]):
            one = place if unit is None else self._passages[unit].iat[place]
            for code in str(codes).split("; "):
                found.setdefault(code, set()).add(one)
        return found

    def __repr__(self) -> str:
        rows, columns = self._table.shape
        return say("matrix.plain", self.language, rows=rows, columns=columns)

    def html(self) -> str:
        """The table as HTML with its style, without script; every name is escaped."""
        seen = self._table.loc[(self._table > 0).any(axis=1), (self._table > 0).any(axis=0)]
        drawn = seen.iloc[:MOST_ROWS, :MOST_COLUMNS]
        most = int(drawn.to_numpy().max()) if drawn.size else 0
        rows = [
            (
                self.names[0].get(str(label), str(label)),
                [self._cell(int(value), most) for value in values],
            )
            for label, values in zip(drawn.index, drawn.to_numpy(), strict=True)
        ]
        style = notebook_variables(self.theme, ".cjm-matrix")
        left = self._table.shape[0] - drawn.shape[0], self._table.shape[1] - drawn.shape[1]
        return (
            cards.environment()
            .get_template("matrix.html")
            .render(
                ctx=cards.Context(self.language),
                title=say("matrix.title", self.language),
                subtitle=say(
                    "matrix.subtitle",
                    self.language,
                    count=say(f"matrix.counts.{self.count}", self.language),
                    meeting=say(f"matrix.meetings.{self.meeting}", self.language),
                ),
                heads=[self.names[1].get(str(label), str(label)) for label in drawn.columns],
                rows=rows,
                note=say("matrix.left", self.language, rows=left[0], columns=left[1])
                if any(left)
                else "",
                styles=cards.own(style + cards.static("passages.css")),
            )
        )

    def _cell(self, value: int, most: int) -> _Cell:
        tint = round(DARKEST * value / most) if most else 0
        return _Cell(number(value, self.language) if value else "", tint)


class FrequencyView(Shown):
    """How often each code occurs, as a tree with bars.

    Parameters
    ----------
    table
        As `measure.code_tables.frequencies` gives it.
    book
        The codebook, for names and tree.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        book: Codebook,
        *,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self._table, self.book = table, book

    @property
    def frame(self) -> pd.DataFrame:
        """`code`, `passages`, `texts`, `respondents`, `coders`, `share`, `valence`,
        `passages_below`; a copy."""
        return self._table.copy()

    def __repr__(self) -> str:
        return say("frequencies.plain", self.language, n=len(self._table))

    def html(self) -> str:
        """The table as HTML with its style, without script; every name is escaped."""
        most = max(1, int(self._table["passages"].max())) if len(self._table) else 1
        rows = [self._row(row, most) for row in tuples(self._table)]
        style = notebook_variables(self.theme, ".cjm-matrix")
        heads = ("code", "passages", "below", "texts", "respondents", "share", "valence")
        return (
            cards.environment()
            .get_template("frequencies.html")
            .render(
                ctx=cards.Context(self.language),
                title=say("frequencies.title", self.language),
                heads=[say(f"frequencies.columns.{name}", self.language) for name in heads],
                rows=rows,
                styles=cards.own(style + cards.static("passages.css")),
            )
        )

    def _row(self, row: Any, most: int) -> tuple[str, bool, int, list[str]]:
        code = self.book.code(row.code)
        language = self.language
        counts = [row.passages, row.passages_below, row.texts, row.respondents]
        cells = [number(int(value), language) for value in counts]
        cells.append(f"{figures.percent(row.share, language)} %" if row.share == row.share else "")
        felt = math.isfinite(row.valence)
        cells.append(figures.valence(row.valence, language) if felt else "")
        return code.name, code.parent is not None, round(100 * row.passages / most), cells


def _key(given: str, names: Mapping[str, str], what: str) -> str:
    if given in names:
        return given
    folded = given.strip().casefold()
    for key, name in names.items():
        if name.casefold() == folded:
            return key
    raise UnknownName(f"{what} of the table", given, names)
