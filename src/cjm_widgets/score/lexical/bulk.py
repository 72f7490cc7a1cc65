"""The tokens of many texts at once, and which of them do anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from cjm_widgets.score.chunks import Chunk, Numbers

if TYPE_CHECKING:
    from cjm_widgets.score.lexical.reading import Token

DOES, BEGINS = 1, 2


@dataclass(frozen=True, slots=True)
class Spread:
    """Texts as tokens."""

    tokens: list[Token]
    """The tokens of all texts, one text after the other, and one more."""
    acting: Numbers
    """The places of those that do something."""
    borders: Numbers
    """Where each text's tokens begin, and, last, where they end."""

    def places(self) -> Iterator[list[int]]:
        """Of each text, the places of the tokens that do something."""
        places = self.acting.tolist()
        for start, stop in pairwise(np.searchsorted(self.acting, self.borders).tolist()):
            yield places[start:stop]


def spread(words: Chunk, parts: Sequence[Sequence[Token]], end: Token) -> Spread:
    """Put the tokens of each different word where the word stands, and `end` after all."""
    flat = list(chain.from_iterable(parts))
    sizes = np.fromiter(map(len, parts), np.int64, len(parts))
    begins = np.cumsum(sizes) - sizes
    counts = sizes[words.codes]
    ends = np.append(0, np.cumsum(counts))
    at = np.repeat(begins[words.codes] - ends[:-1], counts) + np.arange(ends[-1])
    tokens = [*map(flat.__getitem__, at.tolist()), end]
    kinds = np.fromiter(map(_kind, flat), np.uint8, len(flat))[at]
    going_on = [
        place
        for place in np.flatnonzero(kinds == BEGINS).tolist()
        if (node := tokens[place].node) and (node.stems or tokens[place + 1].key in node.after)
    ]
    kinds[going_on] = DOES
    return Spread(tokens, np.flatnonzero(kinds == DOES), ends[words.borders])


def _kind(token: Token) -> int:
    return DOES if token.does else BEGINS if token.node else 0
