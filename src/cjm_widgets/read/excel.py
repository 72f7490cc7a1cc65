"""XLSX: cells as a person sees them, read without formulas being run and within bounds."""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cjm_widgets.errors import ReadError, UnknownName
from cjm_widgets.read import headers
from cjm_widgets.read.cells import FORBIDDEN, clean, moment, number
from cjm_widgets.read.dialect import preamble
from cjm_widgets.read.merged import Merges, scan_sheet
from cjm_widgets.read.report import Guess, Problems
from cjm_widgets.read.table import Spool, Table
from cjm_widgets.read.wish import Wish

_MEMBERS = 10_000
_HEAD = 60
_COVER = 10
_ZEROS = re.compile(r"0{2,}$")
_PERCENT = re.compile(r"[^;]*?(?:\.(0+))?%")


def read_excel(path: Path, wish: Wish) -> Table:
    """One sheet of a workbook as a table.

    Formulas are not run: the value stored beside one is read, and its text where there is
    none. Merged cells repeat their value. Percentages are read as shown.

    Raises
    ------
    ReadError
        If the file is no workbook, unpacks to too much, or the sheet is empty.
    """
    from openpyxl import load_workbook

    # By itself openpyxl looks at the name, and a workbook may be called anything.
    opened: list[Any] = [path.open("rb")]
    with warnings.catch_warnings():
        # openpyxl warns about styles and validations it does not know; neither matters here.
        warnings.simplefilter("ignore")
        try:
            _refuse_bomb(path, wish)
            values = load_workbook(opened[0], read_only=True, data_only=True)
            opened.append(values)
            name, others = _sheet(values, wish)
            merges, formulas = scan_sheet(path, values[name], wish)
            texts = None
            if formulas:
                opened.append(path.open("rb"))
                texts = load_workbook(opened[-1], read_only=True, data_only=False)
                opened.append(texts)
            table = _table(values[name], texts[name] if texts else None, merges, wish)
        except ReadError:
            raise
        except (RecursionError, MemoryError):
            raise ReadError(
                "the workbook is nested too deeply to be read", file=wish.file
            ) from None
        except Exception as error:
            # openpyxl raises whatever its parsers raise: KeyError, BadZipFile, ParseError…
            raise ReadError(
                f"the workbook is damaged or not XLSX ({type(error).__name__}: {error}); "
                "open it in a spreadsheet and save it as XLSX again",
                file=wish.file,
            ) from error
        finally:
            for one in reversed(opened):
                one.close()
    table.sheet = name
    if others and wish.sheet is None:
        table.guessed.append(Guess("sheet", name, "first_sheet"))
        table.guessed.append(Guess("other_sheets", ", ".join(others), "other_sheets"))
    return table


def _refuse_bomb(path: Path, wish: Wish) -> None:
    with zipfile.ZipFile(path) as packed:
        members = packed.infolist()
        # `zipfile` never unpacks more of a member than it declares here.
        unpacked = sum(one.file_size for one in members)
        wish.limits.hold("unpacked", unpacked, "unpacked, the workbook has bytes:", wish.file)
        if len(members) > _MEMBERS:
            raise ReadError(f"the workbook has {len(members):,} parts", file=wish.file)
        if any(one.flag_bits & 1 for one in members):
            raise ReadError(
                "the file is protected by a password; save it without one", file=wish.file
            )
        for one in members:
            if one.filename.endswith((".xml", ".rels")):
                _refuse_entities(packed, one, wish)


def _refuse_entities(packed: zipfile.ZipFile, member: zipfile.ZipInfo, wish: Wish) -> None:
    """A workbook's XML never has a document type; one that has means harm."""
    with packed.open(member) as part:
        start = part.read(4096).replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise ReadError(
            "the workbook's XML declares entities, which no spreadsheet writes", file=wish.file
        )


def _sheet(book: Any, wish: Wish) -> tuple[str, list[str]]:
    tables = [one for one in book.worksheets if hasattr(one, "iter_rows")]
    names = [one.title for one in tables]
    if not names:
        raise ReadError("the workbook has no sheet with cells", file=wish.file)
    if isinstance(wish.sheet, int) and not isinstance(wish.sheet, bool):
        if not 0 <= wish.sheet < len(names):
            raise ReadError(
                f"sheet={wish.sheet}: the workbook has {len(names)} sheets, counted from 0: "
                f"{', '.join(names)}",
                file=wish.file,
            )
        return names[wish.sheet], []
    if wish.sheet is not None:
        if wish.sheet not in names:
            raise ReadError(str(UnknownName("sheet", wish.sheet, names)), file=wish.file)
        return str(wish.sheet), []
    seen = [one.title for one in tables if one.sheet_state == "visible"] or names
    rows = {name: _filled(book[name]) for name in seen}
    full = [name for name in seen if rows[name]]
    if not full:
        raise ReadError("every sheet of the workbook is empty", file=wish.file)
    name = next((one for one in full if not _is_cover(rows[one])), full[0])
    return name, [other for other in full if other != name]


def _filled(sheet: Any) -> list[int]:
    """How many cells are filled in each of the first rows that is not blank."""
    counts = (sum(value is not None for value in row) for row in _values(sheet))
    return [count for count in counts if count]


def _is_cover(rows: list[int]) -> bool:
    """Whether a sheet is but a title page: a few lines, which are no table."""
    return len(rows) < _COVER and sum(count > 1 for count in rows) < 2


def _values(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_row=1_000, values_only=True)


def _rows(sheet: Any, formulas: Any, wish: Wish) -> Iterator[tuple[int, list[Any], list[Any]]]:
    """Row number, cells, and the cells with formulas instead of values."""
    sheet.reset_dimensions()
    cells = sheet.iter_rows()
    if formulas is None:
        for i, row in enumerate(cells):
            wish.limits.hold("rows", i, "the sheet has at least", wish.file)
            yield i + 1, list(row), []
        return
    formulas.reset_dimensions()
    for i, (row, other) in enumerate(zip_longest(cells, formulas.iter_rows(), fillvalue=())):
        wish.limits.hold("rows", i, "the sheet has at least", wish.file)
        yield i + 1, list(row), list(other)


def _table(sheet: Any, formulas: Any, merges: Merges, wish: Wish) -> Table:
    problems = Problems(wish.limits.problems)
    reader = _Reader(merges, problems, wish)
    rows = _rows(sheet, formulas, wish)
    first: list[list[str]] = []
    for row in rows:
        first.append(reader.row(*row))
        if len(first) >= max(_HEAD, merges.header_depth() + 2):
            break
    while first and not any(first[-1]):
        first.pop()
    start = preamble(first)
    depth = merges.header_depth(start)
    if depth > start + 1:
        stacked = first[start:depth]
        joined = [
            _stacked([row[j] for row in stacked if j < len(row)])
            for j in range(max((len(row) for row in stacked), default=0))
        ]
        header: headers.Header | None = headers.named(joined, depth)
        if header is not None:
            header.guessed.append(Guess("header", str(depth - start), "merged"))
    else:
        header = headers.find(first, whole=False)
    if header is None:
        raise ReadError("the sheet is empty: it has no header and no rows", file=wish.file)
    width = max([len(header.names), *(len(row) for row in first[header.skip :])])
    names = headers.named(
        [
            "" if j >= len(header.names) or j in header.blank else header.names[j]
            for j in range(width)
        ],
        header.skip,
    )
    wish.limits.hold("columns", width, "the sheet has columns:", wish.file)
    spool = _spooled(first, rows, reader, header.skip, width)
    return Table(
        columns=names.names,
        batches=lambda: spool.batches(width),
        format="XLSX",
        problems=problems,
        labels=header.labels,
        blank=names.blank,
        guessed=header.guessed,
        replaced=reader.replaced,
        ghosts=merges.ghosts,
    )


def _spooled(first: list[list[str]], rows: Any, reader: _Reader, skip: int, width: int) -> Spool:
    spool = Spool()
    blank: list[int] = []

    def keep(number: int, row: list[str]) -> None:
        # Formatted but empty rows at the end of a sheet are no rows.
        if not any(row):
            blank.append(number)
            return
        for empty in blank:
            spool.add(empty, [])
        blank.clear()
        if any(row[width:]):
            reader.problems.add(
                "too_many_cells", number, None, " | ".join(filter(None, row[width:]))
            )
        spool.add(number, row[:width])

    for i, row in enumerate(first):
        if i >= skip:
            keep(i + 1, row)
    for found in rows:
        keep(found[0], reader.row(*found))
    spool.flush()
    return spool


def _stacked(parts: list[str]) -> str:
    """Names above each other as one, each once."""
    kept: list[str] = []
    for part in parts:
        text = part.strip()
        if text and text not in kept:
            kept.append(text)
    return " / ".join(kept)


class _Reader:
    """Turns rows of cells into rows of texts."""

    def __init__(self, merges: Merges, problems: Problems, wish: Wish) -> None:
        self.merges, self.problems, self.wish = merges, problems, wish
        self.replaced = 0

    def row(self, row: int, cells: list[Any], formulas: list[Any]) -> list[str]:
        """The texts of one row; empty where a cell is."""
        self.wish.limits.hold("columns", len(cells), "the sheet has columns:", self.wish.file, row)
        texts = [self._text(cell, row) for cell in cells]
        for j, other in enumerate(formulas):
            stored = cells[j].value if j < len(cells) else None
            if other.value is not None and stored is None:
                texts += [""] * (j + 1 - len(texts))
                texts[j] = self._clean(_formula(other.value), row)
                self.problems.add("formula", row, None, texts[j])
        return self.merges.fill(row, texts)

    def _text(self, cell: Any, row: int) -> str:
        value = cell.value
        if value is None:
            return ""
        if isinstance(value, str):
            if getattr(cell, "data_type", "s") == "e":
                self.problems.add("cell_error", row, None, value)
                return ""
            return self._clean(value, row)
        return _seen(value, str(cell.number_format or ""))

    def _clean(self, text: str, row: int) -> str:
        self.wish.limits.hold("cell", len(text), "a cell has characters:", self.wish.file, row)
        if FORBIDDEN.search(text):
            text, count = clean(text)
            self.replaced += count
            self.problems.add("replaced", row, None, text)
        return text


def _formula(value: Any) -> str:
    return str(getattr(value, "text", None) or value)


def _seen(value: Any, shape: str) -> str:
    """A number or a date as the sheet shows it, as far as that matters to an analyst."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, int | float):
        percent = _PERCENT.match(shape)
        if percent is not None:
            return f"{value * 100:.{len(percent.group(1) or '')}f}%"
        if _ZEROS.match(shape) and float(value).is_integer() and value >= 0:
            return str(int(value)).zfill(len(shape))
        return number(float(value)) or "" if isinstance(value, float) else str(value)
    return str(value)
