"""Python counts code points, browsers count UTF-16 units: the one place that converts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from cjm_widgets.errors import ArgumentError

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def _astral(text: str) -> list[int]:
    """Where the characters stand that take two units in UTF-16."""
    return [] if text.isascii() else [match.start() for match in _ASTRAL.finditer(text)]


def utf16_length(text: str) -> int:
    """How many UTF-16 units a text has: what JavaScript calls its ``length``."""
    return len(text) + len(_astral(text))


def to_utf16(text: str, offsets: Iterable[int]) -> list[int]:
    """Offsets in code points as offsets in UTF-16 units.

    Parameters
    ----------
    text
        The text the offsets count in.
    offsets
        Each from 0 to `len(text)`, in any order.

    Raises
    ------
    ArgumentError
        If an offset lies outside the text.

    Examples
    --------
    >>> to_utf16("a😀b", [0, 1, 2, 3])
    [0, 1, 3, 4]
    """
    astral = _astral(text)
    end = len(text)
    found = []
    for offset in offsets:
        if not 0 <= offset <= end:
            raise ArgumentError(f"offset {offset} lies outside the text of {end} code points")
        found.append(offset + bisect_left(astral, offset))
    return found


def from_utf16(text: str, offsets: Iterable[int], *, clamp: bool = False) -> list[int]:
    """Offsets in UTF-16 units as offsets in code points.

    Parameters
    ----------
    text
        The text the offsets count in.
    offsets
        Each from 0 to `utf16_length(text)`, in any order.
    clamp
        Whether an offset outside the text becomes its nearest end, and one within a
        surrogate pair the start of that character, instead of being refused.

    Raises
    ------
    ArgumentError
        Without `clamp`: if an offset lies outside the text or within a surrogate pair.

    Examples
    --------
    >>> from_utf16("a😀b", [0, 1, 3, 4])
    [0, 1, 2, 3]
    """
    pairs = [point + before for before, point in enumerate(_astral(text))]
    end = len(text) + len(pairs)
    found = []
    for offset in offsets:
        if clamp:
            unit = min(max(offset, 0), end)
        elif 0 <= offset <= end:
            unit = offset
        else:
            raise ArgumentError(f"offset {offset} lies outside the text of {end} UTF-16 units")
        before = bisect_left(pairs, unit)
        if before and unit == pairs[before - 1] + 1:
            if not clamp:
                raise ArgumentError(
                    f"offset {offset} lies within a character of two UTF-16 units; "
                    f"use {unit - 1} or {unit + 1}"
                )
            unit, before = unit - 1, before - 1
        found.append(unit - before)
    return found
