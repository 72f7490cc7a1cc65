"""A small table read whole, as it stands: codings, KPIs, a codebook."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa

from cjm_widgets.read.formats import open_file
from cjm_widgets.read.limits import Limits
from cjm_widgets.read.table import Batch
from cjm_widgets.read.wish import Wish


def read_table(source: str | os.PathLike[str] | pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """A table with its columns as the file names them, and the file's name for messages.

    Parameters
    ----------
    source
        A file in any format that feedback may have, or a frame, which comes back as it is.

    Returns
    -------
    tuple of (pandas.DataFrame, str)
        Cells of delimited text and workbooks are text; empty ones are missing. Column names
        are without white space around them.

    Raises
    ------
    FileMissing, ReadError
        If there is no such file, or it cannot be read.
    """
    if isinstance(source, pd.DataFrame):
        return source, "frame"
    path = Path(source)
    table = open_file(path, Wish(str(source), limits=Limits()))
    names = [name.strip() for name in table.columns]
    parts = [_frame(batch, names) for batch in table.batches()]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in names}), path.name
    return pd.concat(parts, ignore_index=True), path.name


def _frame(batch: Batch, names: list[str]) -> pd.DataFrame:
    made: pd.DataFrame = pa.table(dict(zip(names, batch.columns, strict=True))).to_pandas()
    for name in names:
        if str(made[name].dtype) in ("str", "object", "string"):
            text = made[name].astype("str")
            # A cell of blanks says nothing, as everywhere in this room.
            made[name] = text.mask(text.str.strip() == "")
    return made
