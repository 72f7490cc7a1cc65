"""Word documents (.docx) as plain text; nothing in them is run, loaded or followed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cjm_widgets._optional import need
from cjm_widgets.errors import MissingExtra, ReadError
from cjm_widgets.read.cells import clean
from cjm_widgets.read.wish import Wish

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MEMBERS = 10_000
_SKIPPED = frozenset(f"{_W}{name}" for name in ("txbxContent", "moveFrom", "del", "instrText"))
_TIME = re.compile(r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d+)?[\])]?")
_LABEL = 40
"""Code points of the longest label in a table of speakers and what they say."""


def word_text(path: Path, wish: Wish) -> str:
    """The paragraphs of a document, a line each.

    Tracked insertions are in, deletions are not. A table's row with a short first cell reads
    ``cell: words``, as transcripts in tables have the speaker there.

    Raises
    ------
    ReadError
        If the file is no Word document, is damaged or unpacks to too much.
    MissingExtra
        If python-docx is not installed.
    """
    try:
        _refuse_bomb(path, wish)
        # python-docx parses without entities, external references and huge trees.
        body = need("docx", extra="docx").Document(str(path)).element.body
        lines = list(_lines(body))
    except (ReadError, MissingExtra):
        raise
    except (RecursionError, MemoryError):
        raise ReadError("the document is nested too deeply to be read", file=wish.file) from None
    except Exception as error:
        # The parsers below raise whatever they raise: KeyError, BadZipFile, XMLSyntaxError…
        raise ReadError(
            f"the document is damaged or not DOCX ({type(error).__name__}: {error}); open it "
            "and save it as DOCX again",
            file=wish.file,
        ) from error
    return clean("\n".join(lines).strip())[0]


def _refuse_bomb(path: Path, wish: Wish) -> None:
    with zipfile.ZipFile(path) as packed:
        members = packed.infolist()
    unpacked = sum(one.file_size for one in members)
    wish.limits.hold("unpacked", unpacked, "unpacked, the document has bytes:", wish.file)
    if len(members) > _MEMBERS:
        raise ReadError(f"the document has {len(members):,} parts", file=wish.file)
    if any(one.flag_bits & 1 for one in members):
        raise ReadError("the file is protected by a password; save it without one", file=wish.file)


def _lines(parent: Any) -> Iterator[str]:
    for element in parent:
        if element.tag == f"{_W}p":
            yield _paragraph(element)
        elif element.tag == f"{_W}tbl":
            for row in element.iter(f"{_W}tr"):
                yield _row([" ".join(_lines(cell)).strip() for cell in row.iterchildren(f"{_W}tc")])
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _lines(element)


def _paragraph(element: Any) -> str:
    return "".join(_pieces(element))


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        else:
            yield from _pieces(child)


def _row(cells: list[str]) -> str:
    filled = [cell for cell in cells if cell]
    stamp = f"[{filled.pop(0).strip('[]()')}] " if filled and _TIME.fullmatch(filled[0]) else ""
    if len(filled) == 2 and len(filled[0]) <= _LABEL:
        return f"{stamp}{filled[0].rstrip(' :')}: {filled[1]}"
    return stamp + " ".join(filled)
