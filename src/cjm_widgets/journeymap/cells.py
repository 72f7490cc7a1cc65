"""Values out of frames: what is missing becomes None, times become dates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]


def rows(frame: pd.DataFrame | None) -> Iterator[Row]:
    """The rows of a frame as mappings; none of a frame that is not there."""
    if frame is None:
        return
    names = [str(name) for name in frame.columns]
    for values in frame.itertuples(index=False, name=None):
        yield dict(zip(names, values, strict=True))


def missing(value: Any) -> bool:
    """Whether a cell is empty: None, NaN, NaT or pandas' NA."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return not isinstance(value, str) and str(value) in ("NaT", "<NA>")


def text(row: Row, name: str) -> str:
    """A cell as text; empty where it is missing."""
    value = row.get(name)
    return "" if missing(value) else str(value).strip()


def number(row: Row, name: str) -> float | None:
    """A cell as a finite number; None where it is missing."""
    value = row.get(name)
    if missing(value):
        return None
    found = float(value)  # type: ignore[arg-type]  # missing() has excluded None
    return found if math.isfinite(found) else None


def integer(row: Row, name: str) -> int | None:
    """A cell as a whole number; None where it is missing."""
    found = number(row, name)
    return None if found is None else int(found)


def flag(row: Row, name: str) -> bool:
    """A cell as yes or no; no where it is missing."""
    value = row.get(name)
    return False if missing(value) else bool(value)


def day(value: Any) -> date | None:
    """A time as its day; None where it is missing or no time."""
    if missing(value):
        return None
    if hasattr(value, "date"):
        found: date = value.date()
        return found
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip()[:10])
        except ValueError:
            return None
    return None
