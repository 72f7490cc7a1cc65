"""What every format gives: a table of named columns, in batches that can be read twice."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import pyarrow as pa

from cjm_widgets.read.report import Guess, Problems

BATCH = 5_000
"""Rows that Python-side readers gather before they hand them on."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows: their numbers, and one Arrow array per column of the table.

    A column is text (`pa.string`), int64, float64 or a timestamp in microseconds without
    zone; the same in each batch of a table.
    """

    rows: Any
    columns: Sequence[Any]

    def __len__(self) -> int:
        return len(self.rows)

    def slice(self, start: int, length: int) -> Batch:
        """Some of the rows, without a copy."""
        return Batch(
            self.rows.slice(start, length), [one.slice(start, length) for one in self.columns]
        )


@dataclass(slots=True)
class Table:
    """A table whose columns are known and whose rows come in batches, as often as asked."""

    columns: list[str]
    batches: Callable[[], Iterator[Batch]]
    format: str
    problems: Problems
    labels: dict[str, str] = field(default_factory=dict)
    blank: set[int] = field(default_factory=set)
    """Columns without a name of their own; dropped where nothing stands in them."""
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    replaced: int = 0
    """Characters that could not be decoded."""
    lost: int = 0
    """Rows that could not be read at all; their problems are noted."""
    guessed: list[Guess] = field(default_factory=list)
    ghosts: Mapping[int, set[int]] = field(default_factory=dict)
    """By column: rows whose cell only repeats a merged cell above or left of it."""
    sha256: str = ""
    nul: bool = True
    """Whether a text may hold NUL characters."""
    semicolons: bool = False
    """Whether cells are parted by semicolons, which is where decimal commas live."""
    speakers: tuple[str, ...] = ()
    """Labels of those whom a subtitle file names as speakers."""
    documents: bool = False
    """Whether each row is a whole file: its columns are ours."""


class Spool:
    """Rows of a slow format, kept in an unnamed temporary file so that they are parsed once.

    Parameters
    ----------
    gather
        Rows per batch.
    """

    def __init__(self, gather: int = BATCH) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 — closed by the finalizer
        # A stream may be dropped half read; the file must not outlive it.
        self.close = weakref.finalize(self, self._file.close)
        self._gather = gather
        self._numbers: list[int] = []
        self._rows: list[Sequence[str | None]] = []
        self._ends: list[tuple[int, int]] = []
        self.width = 0
        self.count = 0

    def add(self, number: int, row: Sequence[str | None]) -> None:
        """Keep one row; missing cells at its end are missing."""
        self._numbers.append(number)
        self._rows.append(row)
        self.count += 1
        if len(self._rows) >= self._gather:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered."""
        if not self._rows:
            return
        self.width = max(self.width, *(len(row) for row in self._rows))
        width = self.width
        columns = [
            pa.array([row[j] if j < len(row) else None for row in self._rows], pa.string())
            for j in range(width)
        ]
        batch = pa.record_batch(
            [pa.array(self._numbers, pa.int64()), *columns],
            names=[str(j) for j in range(width + 1)],
        )
        start = self._file.seek(0, 2)
        with pa.ipc.new_stream(self._file, batch.schema) as writer:
            writer.write_batch(batch)
        self._ends.append((start, self._file.tell() - start))
        self._numbers, self._rows = [], []

    def batches(self, width: int) -> Iterator[Batch]:
        """The rows as batches of `width` columns, from the beginning."""
        self.flush()
        for start, length in self._ends:
            self._file.seek(start)
            with pa.ipc.open_stream(self._file.read(length)) as reader:
                read = reader.read_next_batch()
            columns = [read.column(j + 1) for j in range(min(width, read.num_columns - 1))]
            absent = [pa.nulls(len(read), pa.string()) for _ in range(width - len(columns))]
            yield Batch(read.column(0), [*columns, *absent])


def again(batches: Iterable[Batch], size: int) -> Iterator[Batch]:
    """The same rows in batches of exactly `size`, but for the last."""
    held: list[Batch] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += len(batch)
        while count >= size:
            whole = _joined(held)
            yield whole.slice(0, size)
            count -= size
            held = [whole.slice(size, count)] if count else []
    if count:
        yield _joined(held)


def _joined(held: Sequence[Batch]) -> Batch:
    if len(held) == 1:
        return held[0]
    return Batch(
        pa.concat_arrays([one.rows for one in held]),
        [pa.concat_arrays([one.columns[j] for one in held]) for j in range(len(held[0].columns))],
    )


def head(table: Table, count: int) -> Batch | None:
    """The first rows of a table, to guess from; none where it has no rows."""
    batches = table.batches()
    try:
        return next(again(batches, count), None)
    finally:
        close = getattr(batches, "close", None)
        if close is not None:
            close()
