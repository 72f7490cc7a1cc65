"""Arrow columns of any type -> the four this room works with; Parquet files as tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cjm_widgets.errors import ReadError
from cjm_widgets.read import headers
from cjm_widgets.read.cells import shown
from cjm_widgets.read.report import Problems
from cjm_widgets.read.table import Batch, Table
from cjm_widgets.read.wish import Wish

_ROWS = 20_000


def read_parquet(path: Path, wish: Wish) -> Table:
    """A Parquet file as a table; rows are counted from 1.

    Raises
    ------
    ReadError
        If it is no Parquet file, or damaged.
    """
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
            unpacked = sum(
                file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups)
            )
    except (pa.ArrowException, OSError) as error:
        raise ReadError(
            f"this is no Parquet file, or it is damaged: {error}", file=wish.file
        ) from None
    wish.limits.hold("columns", len(schema), "the table has columns:", wish.file)
    wish.limits.hold("rows", rows, "the table has rows:", wish.file)
    wish.limits.hold("unpacked", unpacked, "unpacked, the file has bytes:", wish.file)
    header = headers.named(schema.names, 0)

    def batches() -> Iterator[Batch]:
        start = 1
        try:
            with parquet.ParquetFile(path) as file:
                for one in file.iter_batches(batch_size=_ROWS):
                    if len(one):
                        numbers = pa.array(np.arange(start, start + len(one)))
                        yield Batch(numbers, [settled(column) for column in one.columns])
                        start += len(one)
        except (pa.ArrowException, OSError) as error:
            raise ReadError(
                f"the Parquet file is damaged: {error}", file=wish.file, row=start
            ) from None

    return Table(
        columns=header.names,
        batches=batches,
        format="Parquet",
        problems=Problems(wish.limits.problems),
        blank=header.blank,
    )


def settled(column: Any) -> Any:
    """An Arrow array as text, int64, float64 or a moment in UTC without zone."""
    kind = column.type
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_dictionary(kind):
        return settled(column.dictionary_decode())
    if pa.types.is_string(kind):
        return column
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_boolean(kind):
        return pc.if_else(column, "true", "false").cast(pa.string())
    if pa.types.is_integer(kind):
        return column.cast(pa.string()) if kind == pa.uint64() else column.cast(pa.int64())
    if pa.types.is_floating(kind):
        wide = column.cast(pa.float64())
        return pc.if_else(pc.is_finite(wide), wide, pa.scalar(None, pa.float64()))
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            column = column.cast(pa.timestamp(kind.unit, "UTC")).cast(pa.timestamp(kind.unit))
        return column.cast(pa.timestamp("us"), safe=False)
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("us"))
    return pa.array([shown(value) for value in column.to_pylist()], pa.string())


def texts(column: Any) -> Any:
    """A settled column as text: whole floats without ``.0``, days without midnight."""
    if pa.types.is_string(column.type):
        return column
    if pa.types.is_integer(column.type):
        return column.cast(pa.string())
    return pa.array([shown(value) for value in column.to_pylist()], pa.string())
