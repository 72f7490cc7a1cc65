"""What a scorer is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Valences = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]


@runtime_checkable
class Scorer(Protocol):
    """Texts to valences."""

    @property
    def name(self) -> str:
        """Its name; scores are stored under it."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever its scores may; scores of another version are not mixed in."""
        ...

    @property
    def language(self) -> str:
        """ISO 639-1 code of the texts it is made for; empty for any language."""
        ...

    def score(self, texts: Sequence[str]) -> tuple[Valences, Flags]:
        """Valence of each text, −1…1, and whether any of its words was known.

        A text of which nothing is known has valence 0 and is not known: no evidence, which
        is not the same as neutral.
        """
        ...


@runtime_checkable
class Explains(Protocol):
    """A scorer that can say which words made the score."""

    def explain(self, text: str) -> pd.DataFrame:
        """The words that made the score of a text.

        Returns
        -------
        pandas.DataFrame
            Columns `word`, `start` and `stop` (code points in the text, half open) and
            `weight` (what it adds to the valence; the weights sum to it).
        """
        ...
