"""Many texts as words, each different word once: what makes scoring in bulk fast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int64]

CHARACTERS = 4_000_000
"""Of texts that are split together, which bounds memory; a longer text is alone."""
FEW = 8
"""Below so many texts it is not worth while."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Texts as words, as Python's `str.split` parts them."""

    words: list[str]
    """The different words. An empty one stands for white space around a text."""
    codes: npt.NDArray[np.int32]
    """The words of all texts in order, as their places in `words`."""
    borders: Numbers
    """Where each text's words begin in `codes`, and, last, where they end."""

    def text_of(self, places: Numbers) -> Numbers:
        """The texts that these places in `codes` belong to."""
        return np.searchsorted(self.borders, places, "right") - 1


def pieces(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Texts in pieces of about as many characters, each with the place of its first text."""
    first = size = 0
    for at, text in enumerate(texts):
        if size and size + len(text) > CHARACTERS:
            yield first, texts[first:at]
            first, size = at, 0
        size += len(text)
    if first < len(texts):
        yield first, texts[first:]


def chunk(texts: Sequence[str]) -> Chunk | None:
    """Texts as words; None where they are too few, or hold half a character."""
    if len(texts) < FEW:
        return None
    try:
        column = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:  # a lone surrogate, which only Python's own strings can hold
        return None
    lists = pc.utf8_split_whitespace(column)
    coded = lists.values.dictionary_encode()
    return Chunk(
        coded.dictionary.to_pylist(),
        coded.indices.to_numpy(),
        lists.offsets.to_numpy().astype(np.int64),
    )
