"""Ratings on any scale -> valence, −1…1."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cjm_widgets.errors import ArgumentError, ReadError
from cjm_widgets.read import numbers

_NEGATIVE = ((-1.0, 1.0), (-2.0, 2.0), (-5.0, 5.0))
_POSITIVE = ((1.0, 5.0), (1.0, 7.0), (0.0, 10.0))
_SHARE = 0.97
_DISTINCT = 10_000


def checked(scale: object) -> tuple[float, float]:
    """The ends of a scale as the user gave them: the worst rating and the best.

    Raises
    ------
    ArgumentError
        If they are not two different finite numbers.
    """
    try:
        low, high = (float(end) for end in scale)  # type: ignore[attr-defined]  # any iterable
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        raise ArgumentError(
            f"valence_scale={scale!r}: two different numbers are needed, the worst rating "
            "and the best, such as (-5, 5), (1, 5) or (0, 10)"
        )
    return low, high


class Ratings:
    """Counts the values of a rating column, to tell its scale."""

    def __init__(self) -> None:
        self.counts: Counter[float] = Counter()

    def look(self, column: Any) -> None:
        """Take in some values of the column."""
        for counted in pc.value_counts(column.drop_null()).to_pylist():
            value = _number(counted["values"])
            if value is not None and (len(self.counts) < _DISTINCT or value in self.counts):
                self.counts[value] += counted["counts"]

    def scale(self, file: str, column: str) -> tuple[float, float]:
        """The smallest of the usual scales that holds nearly all the values.

        Raises
        ------
        ReadError
            If none does, or the values do not tell: all between 0 and 1.
        """
        total = sum(self.counts.values())
        negative = sum(count for value, count in self.counts.items() if value < 0)
        small = sum(count for value, count in self.counts.items() if 0 <= value <= 1)
        if total and (negative or small < total):
            zeros = self.counts.get(0.0, 0)
            for low, high in _NEGATIVE if negative > (1 - _SHARE) * total else _POSITIVE:
                inside = sum(count for value, count in self.counts.items() if low <= value <= high)
                if inside >= _SHARE * total and not (low == 1 and zeros):
                    return low, high
        raise ReadError(
            "the scale of the ratings cannot be told from them"
            + (
                f" ({min(self.counts):g} … {max(self.counts):g})"
                if self.counts
                else ": none is a number"
            )
            + "; pass valence_scale=(worst, best), such as (-5, 5) or (1, 5)",
            file=file,
            column=column,
        )


def scaled(column: Any, scale: tuple[float, float]) -> tuple[Any, Any, Any]:
    """A rating column as valence: linear from the worst rating, −1, to the best, 1.

    Returns
    -------
    tuple
        The valence, missing where there is none; a mask of values that are no number; and
        one of numbers beyond the scale.
    """
    coded = column.dictionary_encode()
    low, high = scale
    values, wrong, off = [], [], []
    for raw in coded.dictionary.to_pylist():
        value = _number(raw)
        wrong.append(value is None and bool(str(raw).strip()))
        beyond = value is not None and not min(scale) <= value <= max(scale)
        off.append(beyond)
        values.append(None if value is None or beyond else (2 * value - low - high) / (high - low))
    indices = coded.indices
    filled = pc.is_valid(indices)

    def mask(flags: list[bool]) -> Any:
        taken = pa.array(flags, pa.bool_()).take(indices)
        return pc.and_(filled, pc.fill_null(taken, False))

    return pa.array(values, pa.float64()).take(indices), mask(wrong), mask(off)


def _number(raw: object) -> float | None:
    if isinstance(raw, str):
        return numbers.one(raw)
    if isinstance(raw, int | float) and np.isfinite(raw):
        return float(raw)
    return None
