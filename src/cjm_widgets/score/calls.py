"""Any function from a text to a number as a scorer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        """What the function gives for each text.

        Raises
        ------
        ArgumentError
            If it gives anything but a number from −1 to 1, or None.
        """
        valence = np.zeros(len(texts))
        known = np.zeros(len(texts), dtype=np.bool_)
        for at, text in enumerate(texts):
            value = self.function(text)
            if value is None:
                continue
            try:
                valence[at] = value
            except (TypeError, ValueError):
                raise ArgumentError(
                    f"the scorer {self.name!r} gave {value!r} for text {at}; "
                    f"it must give a number from −1 to 1, or None where it knows nothing"
                ) from None
            known[at] = True
        return checked(valence, known, len(texts), self.name)


def checked(valence: object, known: object, n: int, name: str) -> tuple[Valences, Flags]:
    """A scorer's answer held against its contract.

    Raises
    ------
    ArgumentError
        If there is not one answer a text, or one is not a finite number from −1 to 1;
        names the text by its position.
    """
    try:
        values = np.asarray(valence, dtype=np.float64)
        flags = np.asarray(known, dtype=np.bool_)
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"the scorer {name!r} gave no array of numbers: {error}") from error
    if values.shape != (n,) or flags.shape != (n,):
        raise ArgumentError(
            f"the scorer {name!r} gave {values.shape} valences and {flags.shape} flags for "
            f"{n} texts; it must give one of each a text"
        )
    wrong = np.flatnonzero(~(np.abs(values) <= 1))
    if wrong.size:
        at = int(wrong[0])
        raise ArgumentError(
            f"the scorer {name!r} gave {float(values[at])!r} for text {at} "
            f"({wrong.size} of {n} texts are out of range); valence lies between −1 and 1"
        )
    return values, flags
