"""The shapes in which people keep KPIs, brought into one: a figure a row."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cjm_widgets.errors import ArgumentError, ReadError, UnknownName
from cjm_widgets.measure.kpis.kpi_cells import number_of
from cjm_widgets.measure.kpis.kpi_names import COLUMNS, RATINGS, match
from cjm_widgets.measure.kpis.kpi_parts import PARTS
from cjm_widgets.measure.kpis.periods import period_start

_ABOUT_ROWS = ("stage", "segment", "at", "n")
"""What a row says of all KPIs that stand in it."""
_BESIDE = ("n", "low", "high", "target", "unit")
"""What a column of its own may say of one KPI, such as ``NPS n``."""
_HEADED = re.compile(
    r"(?P<name>.+?)\s*[(\[](?P<unit>%|[€$£]|k€|[A-Z]{3}|\d+\s*[-–]\s*\d+|"
    r"min(?:utes?)?|s(?:ec(?:onde?s?)?)?|h(?:ours?|eures?)?|days?|jours?|points?|pts?)[)\]]"
)
"""A header with a unit: ``Waiting time (min)``."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A table's cells, a figure a row."""

    rows: list[int] = field(default_factory=list)
    """Number of the row each figure comes from, as the table's owner counts."""
    found: dict[str, list[Any]] = field(default_factory=dict)
    """What it is, such as ``value``, to the cell of each figure; None where there is none."""
    columns: dict[str, list[str]] = field(default_factory=dict)
    """The same to the name of the column that it stands in."""

    def add(self, row: int, cells: Mapping[str, tuple[Any, str]]) -> None:
        """One more figure: what to cell and column."""
        self.rows.append(row)
        for what in COLUMNS:
            cell, column = cells.get(what, (None, what))
            self.found.setdefault(what, []).append(cell)
            self.columns.setdefault(what, []).append(column)


def shaped(frame: pd.DataFrame, given: Mapping[str, str]) -> Cells:
    """The cells of a table, whichever shape it has.

    Parameters
    ----------
    frame
        A figure a row; or a KPI a row with a column for each period (``2025-Q1``, ``mars 2025``);
        or a period, stage or segment a row with a column for each KPI (``CSAT (%)``), beside
        which ``CSAT n``, ``CSAT target``, ``CSAT low``, ``CSAT high`` and ``CSAT unit`` may stand.
    given
        Which column is which, where names do not tell.

    Raises
    ------
    ReadError
        If the shape is none of these, or two columns have one name.
    ArgumentError
        If `given` names something else.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ArgumentError(f"a pandas DataFrame is needed, not {type(frame).__name__}")
    found = _known(frame, given)
    rows = frame["row"].astype(int).tolist() if "row" in frame else list(range(2, len(frame) + 2))
    free = [name for name in frame.columns if str(name) not in {*found.values(), "row"}]
    if "value" not in found and {"promoters", "detractors"} <= set(found):
        return _tidy(frame, found, rows)
    if "kpi" in found and "value" not in found and (dated := [n for n in free if _dated(n)]):
        return _by_period(frame, found, rows, dated)
    if not {"kpi", "value"} & set(found) and set(_ABOUT_ROWS[:3]) & set(found):
        measured = [name for name in free if _holds_numbers(cells_of(frame, name))]
        if measured:
            return _by_kpi(frame, {w: c for w, c in found.items() if w in _ABOUT_ROWS}, rows, free)
    for what in ("kpi", "value"):
        if what not in found:
            raise ReadError(
                f"no column is named as the {'KPI' if what == 'kpi' else 'value'} "
                f"({', '.join(COLUMNS[what][:6])}…), and no columns are periods or KPIs beside a "
                f"date, stage or segment; the table has: {', '.join(map(str, frame.columns))}; "
                f"rename one or give columns={{{what!r}: …}}"
            )
    return _tidy(frame, found, rows)


def _known(frame: pd.DataFrame, given: Mapping[str, str]) -> dict[str, str]:
    """Which column is which, as far as names tell."""
    for what, chosen in given.items():
        if what not in COLUMNS:
            raise UnknownName("column of a KPI table", what, COLUMNS)
        if chosen not in frame.columns:
            raise UnknownName(f"column (columns[{what!r}])", chosen, map(str, frame.columns))
    found = dict(given)
    free = [str(name) for name in frame.columns if name not in given.values()]
    for what, synonyms in COLUMNS.items():
        if what not in found and (name := match(free, synonyms)) is not None:
            found[what] = name
            free.remove(name)
    return found


def cells_of(frame: pd.DataFrame, name: Any) -> list[Any]:
    """Cells of a column, None where they are empty.

    Raises
    ------
    ReadError
        If several columns have the name.
    """
    if (same := int((frame.columns == name).sum())) > 1:
        raise ReadError(f"{same} columns have this name; rename all but one", column=str(name))
    column = frame[name]
    return [None if gone else cell for cell, gone in zip(column, column.isna(), strict=True)]


def _tidy(frame: pd.DataFrame, found: Mapping[str, str], rows: list[int]) -> Cells:
    made = Cells()
    columns = {what: cells_of(frame, name) for what, name in found.items()}
    for place, row in enumerate(rows):
        cells = {what: (columns[what][place], name) for what, name in found.items()}
        if "kpi" not in found:
            cells["kpi"] = ("NPS", "kpi")
        made.add(row, cells)
    return made


def _by_period(
    frame: pd.DataFrame, found: Mapping[str, str], rows: list[int], dated: list[Any]
) -> Cells:
    made = Cells()
    about = {w: cells_of(frame, name) for w, name in found.items() if w not in ("value", "at")}
    values = {name: cells_of(frame, name) for name in dated}
    for place, row in enumerate(rows):
        cells = {what: (column[place], found[what]) for what, column in about.items()}
        for name in dated:
            more = {"value": (values[name][place], str(name)), "at": (name, str(name))}
            made.add(row, cells | more)
    return made


def _by_kpi(
    frame: pd.DataFrame, about: Mapping[str, str], rows: list[int], free: list[Any]
) -> Cells:
    made = Cells()
    names = [name for name in free if not _beside(name, free)]
    measured = {n: c for n in names if _holds_numbers(c := cells_of(frame, n))}
    whole = {what: cells_of(frame, name) for what, name in about.items()}
    more = {
        name: {what: n for n in free if (what := _beside(n, [name])) is not None}
        for name in measured
    }
    beside = {n: cells_of(frame, n) for columns in more.values() for n in columns.values()}
    for place, row in enumerate(rows):
        cells = {what: (column[place], about[what]) for what, column in whole.items()}
        for name, values in measured.items():
            called, unit = headed(str(name))
            own = {what: (beside[n][place], str(n)) for what, n in more[name].items()}
            figure = {
                "kpi": (called, str(name)),
                "value": (values[place], str(name)),
                "unit": (unit, str(name)),
            }
            made.add(row, cells | figure | own)
    return made


def headed(header: str) -> tuple[str, str | None]:
    """Name and unit of a KPI as its column's header has them.

    Examples
    --------
    >>> headed("CSAT (%)"), headed("Effort (CES)")
    (('CSAT', '%'), ('Effort (CES)', None))
    """
    found = _HEADED.fullmatch(header.strip())
    if found is None or found["unit"] in PARTS or found["unit"].casefold() in RATINGS:
        return header.strip(), None
    return found["name"], found["unit"]


def _beside(name: object, others: list[Any]) -> str | None:
    """What a column says of a KPI in another column; None where it is none of that kind."""
    words = re.sub(r"[\W_]+", " ", str(name)).strip().casefold().rpartition(" ")
    for other in others:
        called = re.sub(r"[\W_]+", " ", headed(str(other))[0]).strip().casefold()
        if called and called == words[0] and other is not name:
            return next((w for w in _BESIDE if words[2] in COLUMNS[w]), None)
    return None


def _dated(name: object) -> bool:
    if isinstance(name, str):
        return period_start(name) is not None
    return isinstance(name, pd.Timestamp | pd.Period) or (
        isinstance(name, int) and period_start(str(name)) is not None
    )


def _holds_numbers(cells: list[Any]) -> bool:
    """Whether any cell is a number; a column of words only is no KPI."""
    return any(_is_number(cell) for cell in cells)


def _is_number(cell: object) -> bool:
    try:
        return not math.isnan(number_of(cell, comma=False, row=0, column="")[0])
    except ReadError:
        return False
