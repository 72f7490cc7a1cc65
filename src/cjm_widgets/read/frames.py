"""A pandas frame or series of any dtypes as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from cjm_widgets.errors import ReadError
from cjm_widgets.read import headers
from cjm_widgets.read.arrowed import settled
from cjm_widgets.read.cells import FORBIDDEN, clean, shown
from cjm_widgets.read.report import Problems
from cjm_widgets.read.table import Batch, Table
from cjm_widgets.read.wish import Wish

_ROWS = 20_000


def read_frame(frame: pd.DataFrame | pd.Series[Any], wish: Wish) -> Table:
    """A frame as a table; rows are counted from 1, named index levels are columns.

    Raises
    ------
    ReadError
        If it has no rows or no columns.
    """
    if isinstance(frame, pd.Series):
        frame = frame.to_frame("text" if frame.name is None else None)
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index(allow_duplicates=True, names=_levels(frame))
    if not len(frame) or not len(frame.columns):
        raise ReadError(
            f"the frame is empty: it has {len(frame)} rows and {len(frame.columns)} columns",
            file=wish.file,
        )
    wish.limits.hold("rows", len(frame), "the frame has rows:", wish.file)
    wish.limits.hold("columns", len(frame.columns), "the frame has columns:", wish.file)
    header = headers.named([clean(_name(one))[0] for one in frame.columns], 0)
    table = Table(
        columns=header.names,
        batches=lambda: iter(()),
        format="frame",
        problems=Problems(wish.limits.problems),
        blank=header.blank,
    )
    odd = {j for j in range(len(frame.columns)) if not _plain(frame.iloc[:, j].dtype)}
    noted = 0

    def batches() -> Iterator[Batch]:
        nonlocal noted
        for start in range(0, len(frame), _ROWS):
            part = frame.iloc[start : start + _ROWS]
            columns = []
            for j in range(len(frame.columns)):
                column = part.iloc[:, j]
                if j not in odd:
                    columns.append(settled(pa.array(column, from_pandas=True)))
                    continue
                found = [shown(value) for value in column.tolist()]
                columns.append(pa.array(_held(found, start, j, table, start < noted), pa.string()))
            noted = max(noted, start + 1)
            yield Batch(pa.array(np.arange(start + 1, start + 1 + len(part))), columns)

    table.batches = batches
    return table


def _levels(frame: pd.DataFrame) -> list[str]:
    return [
        str(name) if name is not None else f"level_{i}" for i, name in enumerate(frame.index.names)
    ]


def _name(column: object) -> str:
    if isinstance(column, tuple):
        return " / ".join(str(part) for part in column if str(part))
    return str(column)


def _plain(dtype: object) -> bool:
    """Whether Arrow reads a column of this dtype without looking at each value."""
    if isinstance(dtype, pd.StringDtype):
        # A string column of Python's own may hold lone surrogates, which Arrow refuses.
        return dtype.storage == "pyarrow"
    if isinstance(dtype, pd.DatetimeTZDtype | pd.ArrowDtype):
        return True
    kind = getattr(dtype, "kind", "O")
    return kind in "iufbM" and not isinstance(dtype, pd.PeriodDtype | pd.IntervalDtype)


def _held(
    found: list[str | None], start: int, j: int, table: Table, noted: bool
) -> list[str | None]:
    """The texts without what Arrow and the engines cannot hold; noted once, not at each pass."""
    for i, text in enumerate(found):
        if text is not None and FORBIDDEN.search(text):
            found[i], count = clean(text)
            if not noted:
                table.replaced += count
                table.problems.add("replaced", start + i + 1, table.columns[j], found[i])
    return found
