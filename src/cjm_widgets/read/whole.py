"""A small table read whole, as it stands: codings, KPIs, a codebook."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa

from cjm_widgets.errors import ReadError
from cjm_widgets.read.formats import open_file
from cjm_widgets.read.limits import Limits
from cjm_widgets.read.table import Batch
from cjm_widgets.read.wish import Wish


def read_table(source: str | os.PathLike[str] | pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """A table with its columns as the file names them, and the file's name for messages.

    Parameters
    ----------
    source
        A file in any format that feedback may have, or a frame.

    Returns
    -------
    tuple of (pandas.DataFrame, str)
        The index holds the row numbers: those a spreadsheet shows, where the header is row 1;
        of a frame counted from 1. Cells of delimited text and workbooks are text; empty ones
        are missing, rows of empty cells are left out. Column names are without white space
        around them; named levels of a frame's index are columns.

    Raises
    ------
    FileMissing, ReadError
        If there is no such file, it cannot be read, or two columns have the same name.
    """
    if isinstance(source, pd.DataFrame):
        frame = source.copy()
        if any(name is not None for name in frame.index.names):
            frame = frame.reset_index(allow_duplicates=True)
        frame.columns = pd.Index([str(name).strip() for name in frame.columns])
        frame.index = pd.RangeIndex(1, len(frame) + 1)
        return _held(frame, "frame"), "frame"
    path = Path(source).expanduser()
    table = open_file(path, Wish(str(source), limits=Limits()))
    names = [name.strip() for name in table.columns]
    parts = [_frame(batch, names) for batch in table.batches()]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in names}), path.name
    return _held(pd.concat(parts).dropna(how="all"), path.name), path.name


def _held(frame: pd.DataFrame, file: str) -> pd.DataFrame:
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise ReadError("two columns have this name; rename one", file=file, column=str(twice[0]))
    return frame


def _frame(batch: Batch, names: list[str]) -> pd.DataFrame:
    columns = [f"{place}" for place in range(len(names))]
    made: pd.DataFrame = pa.table(dict(zip(columns, batch.columns, strict=True))).to_pandas()
    for name in columns:
        if str(made[name].dtype) in ("str", "object", "string"):
            text = made[name].astype("str")
            # A cell of blanks says nothing, as everywhere in this room.
            made[name] = text.mask(text.str.strip() == "")
    made.columns = pd.Index(names)
    made.index = pd.Index(batch.rows.to_pylist(), dtype="int64")
    return made
