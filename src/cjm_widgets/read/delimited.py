"""CSV and TSV: by Arrow where the file is clean, by Python's csv module where it is not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow

from cjm_widgets.errors import ReadError
from cjm_widgets.read import dialect as dialects
from cjm_widgets.read import encoding as encodings
from cjm_widgets.read import headers
from cjm_widgets.read.cells import clean
from cjm_widgets.read.dialect import NONE, Dialect
from cjm_widgets.read.encoding import Encoding, Utf8
from cjm_widgets.read.headers import Header
from cjm_widgets.read.report import Guess, Problems
from cjm_widgets.read.table import Batch, Spool, Table
from cjm_widgets.read.wish import Wish

_SAMPLE = 1 << 18
_BLOCK = 1 << 19  # larger ones take more memory and no less time


def read_delimited(path: Path, wish: Wish, *, tabs: bool = False) -> Table:
    """A delimited text file as a table.

    Raises
    ------
    ReadError
        If it is empty, binary, without rows, or a quote is never closed.
    """
    found = encodings.find(path, wish.encoding, wish.file)
    sample, whole = _sample(path, found)
    encodings.refuse_binary(sample, found, wish.file)
    if not sample.strip("\ufeff\r\n\t ;,|"):
        raise ReadError("the file is empty: it has no header and no rows", file=wish.file)
    cut = dialects.find(sample, whole, wish.delimiter, tabs)
    header = _header(sample, whole, cut, wish)
    wish.limits.hold("columns", len(header.names), "the table has", wish.file)
    table = Table(
        columns=header.names,
        batches=lambda: iter(()),
        format="TSV" if cut.delimiter == "\t" else "CSV",
        problems=Problems(wish.limits.problems),
        labels=header.labels,
        blank=header.blank,
        encoding=found.name,
        delimiter=None if cut.delimiter == NONE else cut.delimiter,
        replaced=found.replaced,
        guessed=header.guessed,
        nul=found.nul,
        semicolons=cut.delimiter == ";",
    )
    # An odd number of quotes is a stray or an unclosed one: only the slow reader tells which.
    clean_cut = (
        cut.plain
        and found.quotes % 2 == 0
        and not any(one.because == "preamble" for one in header.guessed)
    )
    if clean_cut and _arrow_agrees(path, found, cut, header, wish):
        table.batches = lambda: _by_arrow(path, found, cut, header)
    else:
        spool = _by_python(path, found, cut, header, table, wish=wish)
        table.batches = lambda: spool.batches(len(header.names))
    return table


def _sample(path: Path, found: Encoding) -> tuple[str, bool]:
    with path.open("r", encoding=found.codec, errors="replace", newline="") as file:
        text = file.read(_SAMPLE)
        return text, not file.read(1)


def _header(sample: str, whole: bool, cut: Dialect, wish: Wish) -> Header:
    lines = dialects.lines_of(sample)
    first: list[list[str]] = []
    try:
        with _cells_up_to(max(wish.limits.cell, _SAMPLE)):
            for record in dialects.records(lines[1:] if cut.sep else lines, cut):
                first.append(record)
                if len(first) >= 1_000:
                    break
    except csv.Error as error:
        raise ReadError(
            f"the first rows cannot be cut into cells: {error}", file=wish.file
        ) from None
    if first and not whole and len(first) > 2:
        first = first[:-1]
    header = headers.find([[clean(cell)[0] for cell in row] for row in first], whole)
    if header is None:
        raise ReadError("the file is empty: it has no header and no rows", file=wish.file)
    if cut.delimiter == NONE:
        header.guessed.append(Guess("delimiter", "–", "one_column"))
    return header


def _open_arrow(path: Path, found: Encoding, cut: Dialect, header: Header) -> Any:
    names = [str(j) for j in range(len(header.names))]
    source = str(path) if found.clean else Utf8(path, found.codec)
    return arrow.open_csv(
        source,
        read_options=arrow.ReadOptions(
            block_size=_BLOCK, column_names=names, skip_rows_after_names=header.skip
        ),
        parse_options=arrow.ParseOptions(
            delimiter=cut.delimiter, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=arrow.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )


def _by_arrow(path: Path, found: Encoding, cut: Dialect, header: Header) -> Iterator[Batch]:
    row = header.skip + 1
    with _open_arrow(path, found, cut, header) as reader:
        for batch in reader:
            if len(batch):
                numbers = pa.array(np.arange(row, row + len(batch)))
                yield Batch(numbers, batch.columns)
                row += len(batch)


def _arrow_agrees(path: Path, found: Encoding, cut: Dialect, header: Header, wish: Wish) -> bool:
    """Whether Arrow cuts the whole file into cells as Python would, and no row is ragged."""
    last = None
    rows = 0
    try:
        with _open_arrow(path, found, cut, header) as reader:
            for batch in reader:
                rows += len(batch)
                wish.limits.hold("rows", rows, "the table has at least", wish.file)
                last = batch if len(batch) else last
    except pa.ArrowInvalid:
        return False
    if last is None:
        return False
    ending = [str(column[-1].as_py()) for column in last.columns]
    # A blank line at the end, or a quote that swallowed the rest of the file.
    return any(ending) and not any("\n" in cell or "\r" in cell for cell in ending)


class _Lines:
    """The lines of a file, remembering those of the record being read."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.held: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self.held.append(line)
        return line


class _cells_up_to:  # noqa: N801 — reads as a phrase after "with"
    """Python's csv module bounds a cell by a global; it is put back afterwards."""

    def __init__(self, characters: int) -> None:
        self._characters = characters

    def __enter__(self) -> None:
        self._before = csv.field_size_limit(min(self._characters, 2**31 - 1))

    def __exit__(self, *_: object) -> None:
        csv.field_size_limit(self._before)


def _by_python(
    path: Path, found: Encoding, cut: Dialect, header: Header, table: Table, *, wish: Wish
) -> Spool:
    """The rows with their record numbers; ragged ones are noted and kept."""
    spool = Spool()
    width = len(header.names)
    number = 0
    blank: list[int] = []
    with (
        path.open("r", encoding=found.codec, errors="replace", newline="") as file,
        _cells_up_to(wish.limits.cell),
    ):
        lines = _Lines(file)
        if cut.sep:
            next(lines)
            lines.held.clear()
        reader = dialects.records(lines, cut)
        while True:
            opened = number + 1
            held = list(lines.held)
            lines.held.clear()
            try:
                record = next(reader, None)
            except csv.Error as error:
                raise _unreadable(error, opened, wish) from None
            if record is None:
                _refuse_unclosed(held, cut, number, wish)
                break
            number += 1
            if number <= header.skip:
                continue
            if not record:
                blank.append(number)
                continue
            if len(lines.held) > 1 and _strict_error(lines.held, cut) is not None:
                table.problems.add("stray_quote", number, None, "".join(lines.held))
            for empty in blank:
                spool.add(empty, [])
            blank.clear()
            spool.add(number, _fitted(record, number, width, table))
            wish.limits.hold("rows", spool.count, "the table has at least", wish.file)
    spool.flush()
    return spool


def _fitted(record: list[str], number: int, width: int, table: Table) -> list[str]:
    if len(record) > width:
        if any(cell.strip() for cell in record[width:]):
            table.problems.add("too_many_cells", number, None, " | ".join(record[width:]))
        return record[:width]
    if len(record) < width and any(cell.strip() for cell in record):
        table.problems.add("too_few_cells", number, None, f"{len(record)} / {width}")
    return record


def _unreadable(error: csv.Error, row: int, wish: Wish) -> ReadError:
    if "field larger than field limit" in str(error):
        bound = wish.limits.cell
        return ReadError(
            f"a cell has more than {bound:,} characters: most likely a quotation mark opened "
            f"here is never closed; close it, or pass limits=Limits(cell={bound * 10}) if the "
            "text is really that long",
            file=wish.file,
            row=row,
        )
    return ReadError(f"the row cannot be cut into cells: {error}", file=wish.file, row=row)


def _strict_error(held: list[str], cut: Dialect) -> str | None:
    """What a strict reader says against the quotes of a record; nothing if they are right."""
    strict = csv.reader(
        io.StringIO("".join(held), newline=""),
        delimiter=cut.delimiter,
        escapechar="\\" if cut.escaped else None,
        skipinitialspace=cut.spaced,
        strict=True,
    )
    try:
        for _ in strict:
            pass
    except csv.Error as error:
        return str(error)
    return None


def _refuse_unclosed(held: list[str], cut: Dialect, row: int, wish: Wish) -> None:
    """Refuse a file whose last record ends inside a quote: it swallowed the rows after it."""
    if held and "unexpected end of data" in (_strict_error(held, cut) or ""):
        raise ReadError(
            "a quotation mark opened in this row is never closed, so all that follows "
            "would be one cell; close it (inside a quoted cell it is written twice)",
            file=wish.file,
            row=row,
        )
