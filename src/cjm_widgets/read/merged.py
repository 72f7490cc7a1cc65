"""Merged cells of a sheet, which openpyxl does not tell when it reads row by row."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cjm_widgets.errors import ReadError
from cjm_widgets.read.wish import Wish

_MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\""
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_BLOCK = 1 << 20
_OVERLAP = 256
_GHOSTS = 2_000_000


@dataclass(slots=True)
class Merges:
    """The merged ranges of a sheet as (top, left, bottom, right); rows from 1, columns from 0."""

    ranges: list[tuple[int, int, int, int]] = field(default_factory=list)
    width: int = 0
    """Columns of the sheet."""
    ghosts: dict[int, set[int]] = field(default_factory=dict)
    """By column: rows whose cell was filled from the first cell of its range."""
    _open: dict[tuple[int, int, int, int], str] = field(default_factory=dict)
    _by_top: dict[int, list[tuple[int, int, int, int]]] | None = None

    def header_depth(self, start: int = 0) -> int:
        """The last row of the header, as far as merged cells tell; `start` rows stand before it.

        Ranges that begin in the header and reach down belong to it whole; a range that
        only lies across some columns is a group name with the columns' names below it.
        """
        depth = start + 1
        grew = True
        while grew:
            grew = False
            for top, left, bottom, right in self.ranges:
                title = self._title((top, left, bottom, right))
                reach = bottom if bottom > top else top + (0 if title else 1)
                if start < top <= depth < reach and (bottom > top or top == depth):
                    depth, grew = reach, True
        return depth

    def _title(self, one: tuple[int, int, int, int]) -> bool:
        """Whether a range lies across the whole sheet: a title, not a value of each column."""
        top, left, bottom, right = one
        return top == bottom and left == 0 and right + 1 >= self.width

    def fill(self, row: int, texts: list[str]) -> list[str]:
        """The row with merged cells repeating their value; rows must come in order."""
        if not self.ranges:
            return texts
        if self._by_top is None:
            self._by_top = {}
            for one in self.ranges:
                if self._title(one):
                    continue
                self._by_top.setdefault(one[0], []).append(one)
        for one in self._by_top.get(row, ()):
            self._open[one] = texts[one[1]] if one[1] < len(texts) else ""
        for one, value in list(self._open.items()):
            top, left, bottom, right = one
            if row > bottom:
                del self._open[one]
                continue
            if not value:
                continue
            if len(texts) <= right:
                texts = texts + [""] * (right + 1 - len(texts))
            for j in range(left, right + 1):
                if (row, j) != (top, left):
                    texts[j] = value
                    self.ghosts.setdefault(j, set()).add(row)
        return texts


def scan_sheet(path: Path, sheet: Any, wish: Wish) -> tuple[Merges, bool]:
    """The merged ranges of a sheet, and whether it has formulas.

    Raises
    ------
    ReadError
        If merged ranges cover more cells than any honest sheet has.
    """
    part = str(sheet._worksheet_path)
    merges, formulas, area = Merges(width=int(sheet.max_column or 0)), False, 0
    with zipfile.ZipFile(path) as packed, packed.open(part.lstrip("/")) as opened:
        rest = b""
        seen: set[tuple[int, int, int, int]] = set()
        while block := opened.read(_BLOCK):
            text = rest + block
            formulas = formulas or _FORMULA.search(text) is not None
            for left, top, right, bottom in _MERGE.findall(text):
                one = (int(top), _column(left), int(bottom), _column(right))
                if one not in seen:
                    seen.add(one)
                    area += (one[2] - one[0] + 1) * (one[3] - one[1] + 1)
                    if area > _GHOSTS:
                        raise ReadError(
                            "merged cells cover more than two million cells; unmerge them",
                            file=wish.file,
                        )
                    merges.ranges.append(one)
            rest = text[-_OVERLAP:]
    return merges, formulas


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
