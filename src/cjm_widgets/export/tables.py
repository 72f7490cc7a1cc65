"""CSV files that a spreadsheet opens right: accents, times, and no formula that runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cjm_widgets.errors import ArgumentError
from cjm_widgets.export.atomic import written
from cjm_widgets.export.options import Options

if TYPE_CHECKING:
    import pandas as pd

FORMULA = re.compile(
    r"[\s\x00-\x20\xa0\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫−]|[\t\r\n]"
)
"""What a spreadsheet may take for a formula: the signs that open one, behind any white or
invisible space, full-width and small variants too, and cells that begin with a tab or a line
break."""

CHUNK = 50_000


def guarded(text: str) -> str:
    """A text that no spreadsheet runs: with an apostrophe before what may open a formula.

    >>> guarded("=1+1"), guarded("  @SUM(1)"), guarded("fine"), guarded("-2 stars")
    ("'=1+1", "'  @SUM(1)", 'fine', "'-2 stars")
    """
    return f"'{text}" if FORMULA.match(text) else text


def write(what: Any, target: Path, options: Options) -> list[Path]:
    """Write each frame beside the others: ``study.csv`` gives ``study.codings.csv``…

    UTF-8 with a byte-order mark, which Excel needs for accents; commas, lines ending with
    CR LF (RFC 4180); times as ISO 8601; empty cells for what is missing. Numbers stay
    numbers; texts and column names pass through `guarded`.
    """
    if not isinstance(what, Mapping) or not what:
        raise ArgumentError(
            "a .csv file needs tables: a mapping of name to frame with at least one entry, not "
            f"{type(what).__name__ if not isinstance(what, Mapping) else 'an empty one'}"
        )
    for name, frame in what.items():
        if not re.fullmatch(r"[A-Za-z0-9_-]+", str(name)):
            raise ArgumentError(
                f"the name of a table becomes part of a file name: letters, digits, - and _ only, "
                f"not {name!r}"
            )
        if not hasattr(frame, "to_csv"):
            raise ArgumentError(f"table {name!r} is a {type(frame).__name__}, not a frame")
    paths = []
    for name, frame in what.items():
        path = target.with_name(f"{target.stem}.{name}.csv")
        with written(path, encoding="utf-8-sig") as file:
            for start in range(0, max(1, len(frame)), CHUNK):
                part = _safe(frame.iloc[start : start + CHUNK])
                part.to_csv(
                    file,
                    index=False,
                    header=start == 0,
                    lineterminator="\r\n",
                    date_format="%Y-%m-%dT%H:%M:%S",
                )
        paths.append(path)
    return paths


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    from pandas.api import types

    safe = frame.copy()
    for place in range(safe.shape[1]):
        column = safe.iloc[:, place]
        if types.is_numeric_dtype(column.dtype) or types.is_datetime64_any_dtype(column.dtype):
            continue
        mended = column.map(_safe_cell, na_action="ignore")
        safe.isetitem(place, mended.array)
    safe.columns = [guarded(str(name)) for name in safe.columns]
    return safe


def _safe_cell(value: Any) -> Any:
    return guarded(value) if isinstance(value, str) else value
