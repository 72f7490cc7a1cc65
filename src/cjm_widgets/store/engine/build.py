"""Frames from what the drivers give: text as `str`, times as datetime64[us], gaps as missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from cjm_widgets.model.columns import Column

_NO_TIME = np.iinfo(np.int64).min


def column(kind: str, values: Sequence[Any]) -> Any:
    """Values as the array a column's kind wants."""
    if kind == "text":
        return pd.array(list(values), dtype="str")
    if kind == "time":
        numbers = [_NO_TIME if value is None else value for value in values]
        return np.array(numbers, dtype=np.int64).view("datetime64[us]")
    if kind == "integer":
        return np.array(list(values), dtype=np.int64)
    if kind == "flag":
        return np.array(list(values), dtype=np.int64).astype(bool)
    if kind == "count":  # whole numbers with gaps
        return pd.array(list(values), dtype="Int64")
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def moment(at: int | None) -> str:
    """Microseconds since 1970 as ISO 8601 in UTC, to the second; empty where there are none."""
    if at is None:
        return ""
    return datetime.fromtimestamp(at // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def frame(kinds: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """A frame from rows; `kinds` names its columns in order with their kinds."""
    lists: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * len(kinds)
    return pd.DataFrame(
        {
            name: column(kind, values)
            for (name, kind), values in zip(kinds.items(), lists, strict=True)
        }
    )


def kinds_of(contract: Iterable[Column]) -> dict[str, str]:
    """Column names with their kinds, from a contract."""
    return {column.name: column.dtype for column in contract}


def values(data: pd.DataFrame, name: str) -> list[Any]:
    """A column as plain Python values, None where there is none.

    NumPy's own numbers must not reach sqlite3, which would store them as bytes.
    """
    series = data[name]
    missing = series.isna().tolist()
    if str(series.dtype).startswith("datetime64"):
        plain = series.astype("datetime64[us]").astype("int64").tolist()
    else:
        plain = series.tolist()
    if not any(missing):
        return list(plain)
    return [None if gap else value for gap, value in zip(missing, plain, strict=True)]
