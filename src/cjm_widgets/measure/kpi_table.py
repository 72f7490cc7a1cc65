"""Tables of KPIs as people keep them, read into one shape."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, ReadError, UnknownName
from cjm_widgets.measure.kpi_names import (
    COLUMNS,
    direction_of,
    is_whole_journey,
    match,
    said_direction,
)
from cjm_widgets.measure.periods import is_month_first, period_start, plain_text
from cjm_widgets.model.columns import KPIS, check
from cjm_widgets.model.journey import Journey

_NUMBERS = ("value", "n", "low", "high", "target")
_NO_VALUE = frozenset(("", "-", "–", "—", "n/a", "na", "nd", "n.d.", "nc", "nan", "none", "null"))
_NUMBER = re.compile(r"([-+]?[\d.,]*\d)\s*(%|[^\d\s.,]{1,10})?")


def read_kpis(
    frame: pd.DataFrame,
    journey: Journey | None = None,
    columns: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Bring a table of KPIs, one value a row, into the columns of `KPIS`.

    Parameters
    ----------
    frame
        A table with at least the columns of the KPI's name and its value. Columns are found
        by their English or French names: kpi/indicateur, stage/étape, segment/persona,
        date/période, value/valeur, n/effectif, low/borne basse, high/borne haute, unit/unité,
        target/cible, direction/sens. Values may be text with a decimal comma, thousands
        separators and a unit (``"12,5 %"``); dates as `cjm_widgets.measure.periods` reads
        them. A column `row` gives the row numbers of messages; else the first row is 2, as in
        a spreadsheet with a header.
    journey
        Its stages are the ones allowed, by key or name. None: any.
    columns
        Which column is which (``{"value": "Taux"}``), where names do not tell.

    Returns
    -------
    pandas.DataFrame
        Columns of `cjm_widgets.model.columns.KPIS`, in order of the rows. `stage` is a key,
        missing for the whole journey (empty, ``total``, ``ensemble``…). `direction` is the
        one stated anywhere for the KPI, else what its name implies (churn, abandonment,
        waiting: down), else up; `unit` likewise. Rows without a value are left out; their row
        numbers are in ``.attrs["without_value"]``.

    Raises
    ------
    ReadError
        If there is no column of names or of values; a cell is not what its column holds; a
        stage is unknown; low and high do not enclose the value; two rows give a value for the
        same KPI, stage, segment and date; or a KPI has two directions. The message names rows.
    ArgumentError
        If `columns` names something else.
    """
    found = _columns(frame, columns or {})
    rows = frame["row"].astype(int).tolist() if "row" in frame else list(range(2, len(frame) + 2))
    cells = {what: _cells(frame, name) for what, name in found.items()}
    comma = _decimal_comma([cells[what] for what in _NUMBERS if what in cells], found)
    table: dict[str, list[Any]] = {}
    suffixes: list[str] = [""] * len(frame)
    for what in _NUMBERS:
        table[what] = []
        for place, cell in enumerate(cells.get(what, [None] * len(frame))):
            value, suffix = _number(cell, comma, rows[place], found.get(what, what))
            table[what].append(value)
            if what == "value":
                suffixes[place] = suffix
    gap = [None] * len(frame)
    table["kpi"] = _names(cells["kpi"], table["value"], rows, found["kpi"])
    table["stage"] = [
        _stage(cell, journey, rows[place], found.get("stage", ""))
        for place, cell in enumerate(cells.get("stage", gap))
    ]
    table["segment"] = [_text(cell) for cell in cells.get("segment", gap)]
    table["at"] = _times(cells.get("at", gap), rows, found.get("at", ""))
    table["unit"] = [
        _text(cell) or suffix or None
        for cell, suffix in zip(cells.get("unit", gap), suffixes, strict=True)
    ]
    table["direction"] = [
        _direction(cell, rows[place], found.get("direction", ""))
        for place, cell in enumerate(cells.get("direction", gap))
    ]
    kinds = {"text": "str", "number": "float64", "time": "datetime64[us]"}
    made = pd.DataFrame({c.name: pd.Series(table[c.name], dtype=kinds[c.dtype]) for c in KPIS})
    made.insert(0, "row", rows)
    missing = made["value"].isna()
    left_out = made.loc[missing, "row"].tolist()
    made = made[~missing].reset_index(drop=True)
    made["direction"] = _directions(made)
    made["unit"] = made["unit"].fillna(made.groupby("kpi")["unit"].transform("first"))
    _refuse_contradictions(made, found)
    made = made.drop(columns="row")
    made.attrs["without_value"] = left_out
    return check(made, KPIS, "read_kpis")


def _columns(frame: pd.DataFrame, given: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(frame, pd.DataFrame):
        raise ArgumentError(f"a pandas DataFrame is needed, not {type(frame).__name__}")
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
    for what in ("kpi", "value"):
        if what not in found:
            raise ReadError(
                f"no column is named as the {'KPI' if what == 'kpi' else 'value'} "
                f"({', '.join(COLUMNS[what][:6])}…); the table has: "
                f"{', '.join(map(str, frame.columns))}; rename one or give columns="
                f"{{{what!r}: …}}"
            )
    return found


def _cells(frame: pd.DataFrame, name: str) -> list[Any]:
    if (same := int((frame.columns == name).sum())) > 1:
        raise ReadError(f"{same} columns have this name; rename all but one", column=name)
    column = frame[name]
    return [None if gone else cell for cell, gone in zip(column, column.isna(), strict=True)]


def _text(cell: object) -> str | None:
    text = "" if cell is None else str(cell).strip()
    return text or None


def _decimal_comma(columns: list[list[Any]], found: Mapping[str, str]) -> bool:
    """Whether ``1,234`` is a little over one; decided once for the whole table."""
    texts = [_spaceless(cell) for column in columns for cell in column if isinstance(cell, str)]
    if any(re.search(r"\.\d+,\d|,\d{1,2}(?!\d)|,\d{4,}|^-?0,", text) for text in texts):
        return True
    if any(re.search(r",\d{3}[.,]|\.\d{1,2}(?!\d)|\.\d{4,}|^-?0\.", text) for text in texts):
        return False
    french = ("valeur", "indicateur", "etape", "periode", "cible", "objectif", "unite", "effectif")
    return any(plain_text(name) in french for name in found.values())


def _spaceless(text: str) -> str:
    return re.sub(r"(?<=\d)[\s'’](?=\d{3}(?!\d))", "", text.strip().replace("−", "-"))


def _number(cell: object, comma: bool, row: int, column: str) -> tuple[float, str]:
    """A cell's number, NaN where it has none, and the unit that stands behind it."""
    if cell is None:
        return np.nan, ""
    if isinstance(cell, int | float | np.number) and not isinstance(cell, bool):
        value, unit = float(cell), ""
    else:
        text = _spaceless(str(cell))
        if plain_text(text) in _NO_VALUE:
            return np.nan, ""
        match_ = _NUMBER.fullmatch(text)
        digits = match_[1] if match_ else ""
        digits = digits.replace(".", "").replace(",", ".") if comma else digits.replace(",", "")
        # In a table of decimal commas a lone point is still a decimal point: 12.5 is not 125.
        if (
            match_
            and comma
            and "," not in match_[1]
            and not re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+", match_[1])
        ):
            digits = match_[1]
        try:
            value, unit = float(digits), (match_[2] or "") if match_ else ""
        except ValueError as error:
            raise ReadError(f"{cell!r} is not a number", row=row, column=column) from error
    if not np.isfinite(value):
        raise ReadError(f"{cell!r} is not a finite number", row=row, column=column)
    return value, unit


def _names(cells: list[Any], values: list[float], rows: list[int], column: str) -> list[str]:
    """Names as first written, so that ``nps`` and ``NPS`` are one KPI."""
    first: dict[str, str] = {}
    names = []
    for cell, value, row in zip(cells, values, rows, strict=True):
        name = _text(cell)
        if name is None and not np.isnan(value):
            raise ReadError("the value has no KPI name", row=row, column=column)
        names.append(first.setdefault(plain_text(name or ""), name or ""))
    return names


def _stage(cell: object, journey: Journey | None, row: int, column: str) -> str | None:
    name = _text(cell)
    if name is None:
        return None
    if journey is None:
        return None if is_whole_journey(name) else name
    try:
        return journey.stage(name).key
    except UnknownName as error:
        if is_whole_journey(name):
            return None
        raise ReadError(
            f"{error}; leave the cell empty for the whole journey", row=row, column=column
        ) from error


def _times(cells: list[Any], rows: list[int], column: str) -> list[pd.Timestamp | None]:
    texts = [cell for cell in cells if isinstance(cell, str)]
    month_first = is_month_first(texts)
    return [_time(cell, month_first, row, column) for cell, row in zip(cells, rows, strict=True)]


def _time(cell: object, month_first: bool, row: int, column: str) -> pd.Timestamp | None:
    if cell is None:
        return None
    if isinstance(cell, pd.Period):
        return cell.start_time
    if isinstance(cell, dt.date):
        stamp = pd.Timestamp(cell)
        return stamp if stamp.tzinfo is None else stamp.tz_convert("UTC").tz_localize(None)
    text = str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell)
    if not text.strip():
        return None
    start = period_start(text, month_first=month_first)
    if start is None:
        raise ReadError(
            f"{text!r} is no date or period; allowed are such as 2025-04-01, 01/04/2025, "
            f"2025-04, 2025-Q2, T2 2025 or 2025",
            row=row,
            column=column,
        )
    return pd.Timestamp(start)


def _direction(cell: object, row: int, column: str) -> str | None:
    word = _text(cell)
    if word is None or plain_text(word) in _NO_VALUE:
        return None
    direction = said_direction(word)
    if direction is None:
        raise ReadError(
            f"{word!r} is no direction; write 'up' or 'down' (which way is good), in French "
            f"'hausse' or 'baisse'",
            row=row,
            column=column,
        )
    return direction


def _directions(made: pd.DataFrame) -> pd.Series[Any]:
    said = made[made["direction"].notna()]
    stated: dict[str, str] = {}
    for name, rows in said.groupby("kpi", sort=False):
        if rows["direction"].nunique() > 1:
            raise ReadError(
                f"{name} has two directions, "
                f"{' and '.join(_each_with_row(rows))}; which way is good is one thing per KPI"
            )
        stated[str(name)] = str(rows["direction"].iloc[0])
    return made["kpi"].map(lambda name: stated.get(name, direction_of(name))).astype("str")


def _each_with_row(rows: pd.DataFrame) -> list[str]:
    first = rows.drop_duplicates("direction")
    pairs = zip(first["direction"], first["row"], strict=True)
    return [f"{direction!r} (row {row})" for direction, row in pairs]


def _refuse_contradictions(made: pd.DataFrame, found: Mapping[str, str]) -> None:
    outside = (made["low"] > made["value"]) | (made["high"] < made["value"])
    if outside.any():
        one = made[outside].iloc[0]
        raise ReadError(
            f"the interval {one['low']:g} to {one['high']:g} does not hold the value "
            f"{one['value']:g}",
            row=int(one["row"]),
        )
    negative = made["n"] < 0
    if negative.any():
        one = made[negative].iloc[0]
        raise ReadError(
            f"n is {one['n']:g}; a number of observations is 0 or more",
            row=int(one["row"]),
            column=found["n"],
        )
    key = ["kpi", "stage", "segment", "at"]
    again = made.duplicated(key, keep=False)
    if again.any():
        first = made[again].iloc[0]
        same = made[
            np.logical_and.reduce(
                [(made[k] == first[k]) | (made[k].isna() & pd.isna(first[k])) for k in key]
            )
        ]
        rows = " and ".join(str(row) for row in same["row"])
        place = "" if pd.isna(first["stage"]) else f" at stage {first['stage']!r}"
        when = "without a date" if pd.isna(first["at"]) else f"for {first['at']:%Y-%m-%d}"
        raise ReadError(
            f"{first['kpi']}{place} has more than one value {when}: rows {rows}; keep one, or "
            f"tell them apart by a segment",
            row=int(first["row"]),
        )
