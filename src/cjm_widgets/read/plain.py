"""Plain text: one feedback per line, or per paragraph where blank lines part them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cjm_widgets.errors import ReadError
from cjm_widgets.read import encoding as encodings
from cjm_widgets.read.delimited import read_delimited
from cjm_widgets.read.documents import read_whole, transcript
from cjm_widgets.read.report import Guess, Problems
from cjm_widgets.read.table import Spool, Table
from cjm_widgets.read.wish import Wish

_MEAN_LINES = 20


def read_plain(path: Path, wish: Wish) -> Table:
    """A text file as a table of one column, ``text``.

    A transcript is one feedback (see `cjm_widgets.text.turns`). Else each line that is not
    blank is one. Where blank lines part the lines into
    paragraphs of up to 20 lines on average, each paragraph is. Where each line has the same
    number of tabs, or a delimiter is named, the file is a table.

    Raises
    ------
    ReadError
        If nothing stands in it.
    """
    found = encodings.find(path, wish.encoding, wish.file)
    with path.open("r", encoding=found.codec, errors="replace", newline=None) as file:
        start = file.read(8192)
    encodings.refuse_binary(start, found, wish.file)
    if wish.delimiter is None and transcript(path, wish, found.codec):
        return read_whole(path, wish)
    shape = _shape(path, found.codec)
    if wish.delimiter is not None or shape.tabbed:
        table = read_delimited(path, wish, tabs=wish.delimiter is None)
        table.guessed.append(Guess("kind", table.format, "tabs"))
        return table
    if not shape.paragraphs:
        raise ReadError("the file is empty: it has no text", file=wish.file)
    parted = shape.paragraphs > 1 and 1 < shape.lines / shape.paragraphs <= _MEAN_LINES
    spool = Spool()
    for number, text in _paragraphs(path, found.codec, parted):
        wish.limits.hold("cell", len(text), "a text has characters:", wish.file, number)
        spool.add(number, [text])
        wish.limits.hold("rows", spool.count, "there are at least texts:", wish.file)
    spool.flush()
    return Table(
        columns=["text"],
        batches=lambda: spool.batches(1),
        format="text",
        problems=Problems(wish.limits.problems),
        encoding=found.name,
        replaced=found.replaced,
        guessed=[Guess("kind", "text", "paragraphs" if parted else "lines")],
    )


class _Shape:
    """Counts of lines, paragraphs and tabs."""

    def __init__(self) -> None:
        self.lines = self.paragraphs = 0
        self.tabs: set[int] = set()

    @property
    def tabbed(self) -> bool:
        """Whether each line has the same number of tabs."""
        return self.lines > 1 and len(self.tabs) == 1 and 0 not in self.tabs


def _lines(path: Path, codec: str) -> Iterator[str]:
    with path.open("r", encoding=codec, errors="replace", newline=None) as file:
        for line in file:
            yield line.rstrip("\n")


def _shape(path: Path, codec: str) -> _Shape:
    shape = _Shape()
    inside = False
    for line in _lines(path, codec):
        filled = bool(line.strip())
        if filled:
            shape.lines += 1
            if len(shape.tabs) < 2:
                shape.tabs.add(line.count("\t"))
            shape.paragraphs += not inside
        inside = filled
    return shape


def _paragraphs(path: Path, codec: str, parted: bool) -> Iterator[tuple[int, str]]:
    held: list[str] = []
    first = 1
    for number, line in enumerate(_lines(path, codec), 1):
        if line.strip():
            if not held:
                first = number
            held.append(line)
        if held and (not parted or not line.strip()):
            yield first, "\n".join(held)
            held = []
    if held:
        yield first, "\n".join(held)
