"""How a delimited file is cut into cells, found from its first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cjm_widgets.errors import ArgumentError

DELIMITERS = (",", ";", "\t", "|")
NONE = "\x1f"
"""Stands for "no delimiter": a file of one column may hold commas in its texts."""

_RECORDS = 1_000
_SEP = re.compile(r"\ufeff?\"?sep=(.)\"?[ ,;\t]*(\r\n|\r|\n)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How records are cut into cells."""

    delimiter: str
    escaped: bool = False
    """Whether quotes inside quotes are written with a backslash before them."""
    spaced: bool = False
    """Whether a space stands between delimiter and quote."""
    sep: bool = False
    """Whether the first line is Excel's ``sep=;``, which no spreadsheet shows."""

    @property
    def plain(self) -> bool:
        """Whether any CSV reader would cut it the same way."""
        return not (self.escaped or self.spaced or self.sep) and self.delimiter != NONE


def records(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    """The records of a file; a blank line is a record without cells."""
    found = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        escapechar="\\" if dialect.escaped else None,
        skipinitialspace=dialect.spaced,
    )
    if dialect.delimiter != NONE:
        return found
    # The sign that parts nothing may stand in a text all the same.
    return ([NONE.join(record)] if record else [] for record in found)


def lines_of(text: str) -> list[str]:
    """A text's lines with their ends, cut at CR, LF and CRLF only, as a CSV file has them."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)


def find(sample: str, whole: bool, named: str | None, tabs: bool) -> Dialect:
    """The dialect of a file.

    Parameters
    ----------
    sample
        Its first characters.
    whole
        Whether the sample is the whole file; else its last record is not trusted.
    named
        The delimiter the user gave.
    tabs
        Whether the file's name says that tabs part its cells.

    Raises
    ------
    ArgumentError
        If `named` is not a single character, or one that cannot part cells.
    """
    if named is not None and (len(named) != 1 or named in '"\r\n\x00' or not named.isascii()):
        raise ArgumentError(
            f"delimiter={named!r}: one character is needed, such as ',', ';', '\\t' or '|'"
        )
    sep = _SEP.match(sample)
    if sep is not None:
        named = named or sep.group(1)
        sample = sample[sep.end() :]
    delimiter = named or _delimiter(sample, whole, tabs)
    mark = re.escape(delimiter)
    spaced = bool(re.search(mark + ' +"', sample)) and not re.search(mark + '"', sample)
    escaped = bool(re.search(r'\\"(?![\r\n"]|' + mark + r"|\Z)", sample)) and '"' in sample
    return Dialect(delimiter, escaped and _quoted(sample, delimiter), spaced, sep is not None)


def _quoted(sample: str, delimiter: str) -> bool:
    """Whether any cell is put in quotes; only there a backslash can protect one."""
    return bool(re.search(rf'(?:^|[\r\n{re.escape(delimiter)}]) *"', sample))


def _delimiter(sample: str, whole: bool, tabs: bool) -> str:
    best, best_score = NONE, (0.0, 0.0, 0)
    lines = lines_of(sample)
    for candidate in ("\t",) if tabs and "\t" in sample else DELIMITERS:
        found = _cut(lines, candidate, whole)
        score = _score(found, sample, candidate)
        if score > best_score:
            best, best_score = candidate, score
    return best


def _cut(lines: list[str], delimiter: str, whole: bool) -> list[list[str]]:
    found: list[list[str]] = []
    reader = records(lines, Dialect(delimiter))
    try:
        for record in reader:
            found.append(record)
            if len(found) > _RECORDS:
                return found[:-1]
    except csv.Error:
        return found
    return found if whole or len(found) < 2 else found[:-1]


def _score(found: list[list[str]], sample: str, delimiter: str) -> tuple[float, float, int]:
    """How well a delimiter explains the records: (accepted, share as wide as the header, width)."""
    start = preamble(found)
    filled = [record for record in found[start:] if record]
    if not filled:
        return 0.0, 0.0, 0
    width = len(filled[0])
    if width < 2:
        return 0.0, 0.0, 0
    same = sum(len(record) == width for record in filled) / len(filled)
    # "What did you like, and why?" is one column; its texts have commas now and then.
    if same < 0.8 and all(cell.startswith(" ") for cell in filled[0][1:]):
        return 0.0, 0.0, 0
    return 1.0, same, width


def preamble(found: list[list[str]]) -> int:
    """How many records stand before the header: titles and remarks of the exporting program.

    A title is taken for one only where something tells it from a header: a ``#`` before it,
    a blank line or a row of empty cells after it, or a table of three columns or more.
    """
    widths = Counter(len(record) for record in found if record)
    if not widths:
        return 0
    width = max(widths, key=lambda one: (widths[one], one))
    start = 0
    for i, record in enumerate(found[:20]):
        filled = [cell for cell in record if cell.strip()]
        if len(filled) >= 2:
            break
        if record and len(record) == width == 1 and not record[0].lstrip().startswith("#"):
            break
        following = found[i + 1] if i + 1 < len(found) else []
        if not following and i + 1 >= len(found):
            break
        told = (
            not filled
            or filled[0].lstrip().startswith("#")
            or not any(cell.strip() for cell in following)
            or (width >= 3 and widths[width] >= 3 and sum(map(bool, following)) >= 3)
        )
        if not told:
            break
        start = i + 1
    return (
        start if any(cell.strip() for cell in (found[start] if start < len(found) else [])) else 0
    )
