"""Single cells of a table of KPIs: texts, numbers with their unit, stages, times, directions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from cjm_widgets.errors import ReadError, UnknownName
from cjm_widgets.measure.kpis.kpi_names import is_whole_journey, said_direction
from cjm_widgets.measure.kpis.periods import is_month_first, period_start, plain_text
from cjm_widgets.model.journey import Journey

_NO_VALUE = frozenset(("", "-", "–", "—", "n/a", "na", "nd", "n.d.", "nc", "nan", "none", "null"))
_NUMBER = re.compile(
    r"(?P<before>[€$£]|[A-Z]{3}(?=[\s\d+-]))?\s*(?P<digits>[-+]?[\d.,]*\d)"
    r"\s*(?P<after>%|[^\d\s.,]{1,10})?"
)
_FRENCH = ("valeur", "indicateur", "etape", "periode", "cible", "objectif", "unite", "effectif")


def text_of(cell: object) -> str | None:
    """A cell's words; None where it has none."""
    text = "" if cell is None else str(cell).strip()
    return text or None


def decimal_comma(cells: Iterable[object], headers: Iterable[str]) -> bool:
    """Whether ``1,234`` is a little over one; decided once for the whole table."""
    texts = [_spaceless(cell) for cell in cells if isinstance(cell, str)]
    if any(re.search(r"\.\d+,\d|,\d{1,2}(?!\d)|,\d{4,}|^-?0,", text) for text in texts):
        return True
    if any(re.search(r",\d{3}[.,]|\.\d{1,2}(?!\d)|\.\d{4,}|^-?0\.", text) for text in texts):
        return False
    return any(plain_text(name) in _FRENCH for name in headers)


def _spaceless(text: str) -> str:
    return re.sub(r"(?<=\d)[\s'’](?=\d{3}(?!\d))", "", text.strip().replace("−", "-"))


def number_of(cell: object, comma: bool, row: int, column: str) -> tuple[float, str]:
    """A cell's number, NaN where it has none, and the unit or currency that stands beside it."""
    if cell is None:
        return np.nan, ""
    if isinstance(cell, int | float | np.number) and not isinstance(cell, bool):
        value, unit = float(cell), ""
    else:
        text = _spaceless(str(cell))
        if plain_text(text) in _NO_VALUE:
            return np.nan, ""
        match_ = _NUMBER.fullmatch(text)
        digits = match_["digits"] if match_ else ""
        digits = digits.replace(".", "").replace(",", ".") if comma else digits.replace(",", "")
        # In a table of decimal commas a lone point is still a decimal point: 12.5 is not 125.
        if (
            match_
            and comma
            and "," not in match_["digits"]
            and not re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+", match_["digits"])
        ):
            digits = match_["digits"]
        try:
            value = float(digits)
            unit = (match_["after"] or match_["before"] or "").strip() if match_ else ""
        except ValueError as error:
            raise ReadError(f"{cell!r} is not a number", row=row, column=column) from error
    if not np.isfinite(value):
        raise ReadError(f"{cell!r} is not a finite number", row=row, column=column)
    return value, unit


def stage_of(cell: object, journey: Journey | None, row: int, column: str) -> str | None:
    """Key of the stage a cell names; None for the whole journey."""
    name = text_of(cell)
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


def times_of(
    cells: Sequence[object], rows: Sequence[int], columns: Sequence[str]
) -> list[pd.Timestamp | None]:
    """First days of the periods that cells name; whether months stand first is decided once."""
    month_first = is_month_first([cell for cell in cells if isinstance(cell, str)])
    places = zip(cells, rows, columns, strict=True)
    return [_time(cell, month_first, row, column) for cell, row, column in places]


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


def direction_said(cell: object, row: int, column: str) -> str | None:
    """Which way a cell says is good; None where it says nothing."""
    word = text_of(cell)
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
