"""Text without case and accents, for matching and searching."""

from __future__ import annotations

import unicodedata

_PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u2032": "'",
    "\u0060": "'", "\u00b4": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u0153": "oe", "\u00e6": "ae", "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00f0": "d",
    "\u0131": "i", "\u00fe": "th", "\u00ad": "", "\u200b": "", "\ufeff": "",
}  # fmt: skip


def _fold_one(character: str) -> str:
    """One character folded; folded again it stays what it is."""
    before, now = "", character
    while before != now:
        before = now
        plain = "".join(_PLAIN.get(c, c) for c in now)
        spread = unicodedata.normalize("NFKD", plain.casefold())
        now = "".join(" " if c.isspace() else c for c in spread if not "\u0300" <= c <= "\u036f")
    return now


class _Table(dict[int, str]):
    """What `str.translate` asks for each character; filled as characters occur."""

    def __missing__(self, point: int) -> str:
        folded = self[point] = _fold_one(chr(point))
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """A text without case, accents and typographic variants, for comparing.

    Ligatures and letters with a stroke become plain letters (``œ`` → ``oe``, ``ß`` → ``ss``),
    curly quotes and dashes their typewriter forms, any white space a blank. Folding is done
    character by character, so `fold(a + b) == fold(a) + fold(b)`.

    Examples
    --------
    >>> fold("L’Œuvre ÉTAIT Großartig")
    "l'oeuvre etait grossartig"
    """
    return text.translate(_TABLE)


def fold_map(text: str) -> tuple[str, list[int]]:
    """A folded text and the way back.

    Returns
    -------
    (str, list of int)
        `fold(text)`, and for each of its characters the code point in `text` that it came
        from; one more entry at the end holds `len(text)`. A range ``[a, b)`` found in the
        folded text stands in the original at ``[back[a], back[b - 1] + 1)``.
    """
    pieces = [_TABLE[ord(character)] for character in text]
    back = [at for at, piece in enumerate(pieces) for _ in piece]
    back.append(len(text))
    return "".join(pieces), back
