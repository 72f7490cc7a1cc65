"""What a text file holds whose name does not tell."""

from __future__ import annotations

import csv
from pathlib import Path

from cjm_widgets.errors import ReadError
from cjm_widgets.read import dialect as dialects
from cjm_widgets.read import encoding as encodings
from cjm_widgets.read.dialect import NONE
from cjm_widgets.read.wish import Wish

_SAMPLE = 1 << 16
_SAME = 0.9


def kind(path: Path, wish: Wish) -> str | None:
    """The name of the format: ``JSON`` or ``CSV``; nothing where neither is plain to see."""
    found = encodings.find(path, wish.encoding, wish.file)
    with path.open("r", encoding=found.codec, errors="replace", newline="") as file:
        text = file.read(_SAMPLE)
        whole = not file.read(1)
    try:
        encodings.refuse_binary(text, found, wish.file)
    except ReadError:
        return None
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return "JSON"
    # Markup has commas too, and is no table.
    return "CSV" if not start.startswith("<") and _tabular(text, whole, wish) else None


def _tabular(text: str, whole: bool, wish: Wish) -> bool:
    """Whether nearly all lines are cut into the same number of cells, two at least."""
    cut = dialects.find(text, whole, wish.delimiter, tabs=False)
    if cut.delimiter == NONE:
        return False
    try:
        rows = list(dialects.records(dialects.lines_of(text), cut))
    except csv.Error:
        return False
    rows = rows if whole else rows[:-1]
    widths = [len(row) for row in rows[dialects.preamble(rows) :] if row]
    return len(widths) > 1 and widths.count(widths[0]) >= _SAME * len(widths)
