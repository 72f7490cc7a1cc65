"""Plain values of a message from outside, checked: texts, whole numbers, objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cjm_widgets.errors import ArgumentError

_ID = 200
_LARGEST = 2**63 - 1


class BadMessage(ArgumentError):
    """A message that the protocol does not know."""


def text(value: object, what: str, *, longest: int = _ID, empty: bool = False) -> str:
    """A text of a message, not longer than allowed."""
    if not isinstance(value, str) or len(value) > longest or not (value or empty):
        raise BadMessage(f"{what} is a text of 1 to {longest} characters, not {shown(value)}")
    return value


def whole(value: object, what: str, *, least: int = 0, most: int = _LARGEST) -> int:
    """A whole number of a message, within bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadMessage(f"{what} is a whole number from {least} to {most}, not {shown(value)}")
    return value


def optional_whole(value: object, what: str, *, least: int = 0) -> int | None:
    """A whole number, or None."""
    return None if value is None else whole(value, what, least=least)


def mapping(value: object, what: str) -> Mapping[str, Any]:
    """An object of a message; JSON has made its keys texts."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise BadMessage(f"{what} is an object, not {shown(value)}")
    return value


def shown(value: object) -> str:
    """A value as an error shows it: short."""
    written = repr(value)
    return written if len(written) <= 80 else written[:77] + "..."
