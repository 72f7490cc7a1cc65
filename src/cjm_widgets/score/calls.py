"""Any function from a text to a number as a scorer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from cjm_widgets.errors import ArgumentError

if TYPE_CHECKING:
    from cjm_widgets.score.protocol import Flags, Valences

TextToNumber = Callable[[str], float | None]
"""Gives the valence of a text, −1…1, or None where it knows nothing of the text."""


@dataclass(frozen=True, slots=True)
class FunctionScorer:
    """A function of the user's, called text by text."""

    function: TextToNumber
    name: str
    version: str = ""
    language: str = ""

    def score(self, texts: Sequence[str]) -> tuple[Valences, Flags]:
        """What the function gives for each text; `checked` holds it against the contract."""
        given = np.zeros(len(texts), dtype=np.object_)
        known = np.zeros(len(texts), dtype=np.bool_)
        for at, text in enumerate(texts):
            try:
                value: object = self.function(text)
            except Exception as error:
                # Its answer, which `checked` refuses with the text's number.
                given[at] = error
                break
            if value is not None:
                given[at], known[at] = value, True
        return cast("Valences", given), known


def checked(
    valence: object, known: object, rows: Sequence[object], name: str
) -> tuple[Valences, Flags]:
    """A scorer's answer held against its contract.

    Parameters
    ----------
    valence, known
        What it gave.
    rows
        What each text is called, for errors: its place, or its number in the study.
    name
        What the scorer is called.

    Raises
    ------
    ArgumentError
        If there is not one answer a text, or one is not a finite number from −1 to 1;
        names scorer and text.
    """
    values = _numbers(valence, rows, name)
    try:
        flags = np.asarray(known, dtype=np.bool_)
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"the scorer {name!r} gave no array of flags: {error}") from error
    n = len(rows)
    if values.shape != (n,) or flags.shape != (n,):
        raise ArgumentError(
            f"the scorer {name!r} gave {values.shape} valences and {flags.shape} flags for "
            f"{n} texts; it must give one of each a text"
        )
    wrong = np.flatnonzero(~(np.abs(values) <= 1))
    if wrong.size:
        at = int(wrong[0])
        raise ArgumentError(
            f"the scorer {name!r} gave {float(values[at])!r} for text {rows[at]} "
            f"({wrong.size} of {n} values are out of range); valence lies between −1 and 1"
        )
    return values, flags


def _numbers(valence: object, rows: Sequence[object], name: str) -> Valences:
    answers = valence if isinstance(valence, np.ndarray) and valence.dtype == np.object_ else ()
    for row, value in zip(rows, answers, strict=False):
        if isinstance(value, Exception):
            raise ArgumentError(
                f"the scorer {name!r} failed on text {row}: {type(value).__name__}: {value}; let "
                f"it give None for a text it cannot read"
            ) from value
        if isinstance(value, bool | np.bool_):
            raise ArgumentError(
                f"the scorer {name!r} gave {value} for text {row}; True and False are no valences: "
                f"it must give a number from −1 (very bad) to 1 (very good)"
            )
    try:
        return np.asarray(valence, dtype=np.float64)
    except (TypeError, ValueError) as error:
        given = list(valence) if isinstance(valence, Iterable) else [valence]
        for row, value in zip(rows, given, strict=False):
            try:
                float(np.asarray(value, dtype=np.float64))
            except (TypeError, ValueError):
                raise ArgumentError(
                    f"the scorer {name!r} gave {value!r} for text {row}; it must give a number "
                    f"from −1 to 1, or None where it knows nothing"
                ) from None
        raise ArgumentError(f"the scorer {name!r} gave no array of numbers: {error}") from error
