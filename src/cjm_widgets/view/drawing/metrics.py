"""How wide a text is and where it breaks, without a browser.

``widths.json`` holds, for each mark, the widest of Noto Sans, its italic and Liberation Sans
(which is as wide as Arial and Helvetica), in hundredths of the type size, rounded up. A text
that fits by this table fits in all of them.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from importlib import resources

_WIDE = 1.02
"""An ideogram, in ems."""
_OTHER = 0.78
"""A mark the table does not hold."""
_PARTS = re.compile(r"[ \t\n\r\f\v]+")
_JOINTS = re.compile(r"(?<=[-/‐–—@_.,])(?=\S)")
"""Where a word too long for its line breaks first."""
_UNWRITABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]"
)

_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Signs that change the direction of what follows, beyond the words they stand in."""


@functools.cache
def _table(bold: bool) -> dict[str, float]:
    source = resources.files(__package__).joinpath("widths.json")
    groups = json.loads(source.read_text(encoding="utf-8"))["bold" if bold else "regular"]
    return {mark: int(size) / 100 for size, marks in groups.items() for mark in marks}


def _mark(mark: str) -> float:
    kind = unicodedata.category(mark)
    if kind in ("Mn", "Me", "Cf"):
        return 0.0
    return _WIDE if unicodedata.east_asian_width(mark) in "WF" else _OTHER


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, in pixels, in the usual sans-serif fonts.

    >>> 30 < width("+0.35", 12, bold=True) < 36
    True
    """
    table = _table(bold)
    return size * sum(table[mark] if mark in table else _mark(mark) for mark in text)


def plain(text: str) -> str:
    """A text on one line, without what XML cannot hold or what turns other words round.

    >>> plain("two\\n  lines\\x00")
    'two lines'
    """
    text = _TURNING.sub("", _UNWRITABLE.sub(" ", text))
    return " ".join(part for part in _PARTS.split(text) if part)


def wrap(
    text: str, room: float, size: float, *, bold: bool = False, most: int | None = None
) -> tuple[str, ...]:
    """A text in lines that fit.

    Parameters
    ----------
    text
        Line breaks in it count as spaces.
    room
        Pixels a line may take. A word that is wider breaks after a hyphen or slash, else
        between letters.
    size
        Type size in pixels.
    most
        Lines at most; the last ends with ``…`` then. None keeps all.

    >>> wrap("Pay in one go", 60, 12)
    ('Pay in', 'one go')
    """
    lines: list[str] = []
    now = ""
    for word in plain(text).split(" "):
        longer = f"{now} {word}" if now else word
        if width(longer, size, bold=bold) <= room:
            now = longer
            continue
        if now:
            lines.append(now)
        *full, now = _pieces(word, room, size, bold)
        lines += full
    if now:
        lines.append(now)
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1], room, size, bold)]
    return tuple(lines)


def _pieces(word: str, room: float, size: float, bold: bool) -> list[str]:
    """A word in pieces that fit, of which the last is the rest."""
    if width(word, size, bold=bold) <= room:
        return [word]
    pieces, now = [], ""
    for part in _JOINTS.split(word):
        if now and width(now + part, size, bold=bold) > room:
            pieces.append(now)
            now = ""
        now += part
        while width(now, size, bold=bold) > room and len(now) > 1:
            fits = _fitting(now, room, size, bold)
            pieces.append(now[:fits])
            now = now[fits:]
    return [*pieces, now]


def _fitting(text: str, room: float, size: float, bold: bool) -> int:
    """How many marks fit, at least one; an accent stays with its letter."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if width(text[:middle], size, bold=bold) <= room else (low, middle - 1)
        )
    while 1 < low < len(text) and unicodedata.combining(text[low]):
        low -= 1
    return low


def _cut(line: str, room: float, size: float, bold: bool) -> str:
    """A line that ends with ``…``, after a whole word where one fits."""
    words = line.split(" ")
    while len(words) > 1 and width(f"{' '.join(words)}…", size, bold=bold) > room:
        words.pop()
    cut = " ".join(words)
    while cut and width(f"{cut}…", size, bold=bold) > room:
        cut = cut[:-1]
    return cut.rstrip(" ,;:") + "…"


def shrunk(text: str, room: float, size: float, least: float, *, bold: bool = False) -> float:
    """The type size, from `size` down to `least`, at which the longest word fits."""
    longest = max((width(word, 1, bold=bold) for word in plain(text).split(" ")), default=0.0)
    return size if longest * size <= room else max(least, room / longest)
