"""Many texts at once: only the few words that do something are looked at one by one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cjm_widgets.score.chunks import Chunk, Numbers
from cjm_widgets.score.pattern.steps import BOOSTS, ENDING, ENDS_BOTH, NEGATES, Steps, Vocabulary

Flags = npt.NDArray[np.uint8]

WAITS, ACTS = 16, 8
"""What a word is beside the flags of one that only ends something: it may leave a negation
or a modifier to the words after it; it must be looked at."""


def acting(chunk: Chunk, vocabulary: Vocabulary) -> tuple[list[Steps], Numbers]:
    """What the words of texts do, all that does nothing left out.

    What comes between two words that act is one word: it ends what any of it ends. It is left
    out where nothing waits to be ended.

    Returns
    -------
    steps
        The steps of all texts, one after the other.
    borders
        Where each text's steps begin, and, last, where they end.
    """
    known = [vocabulary[word] if word else () for word in chunk.words]
    kinds = np.fromiter(map(_kind, known), np.uint8, len(known))
    found = kinds[chunk.codes]
    places = np.flatnonzero(found & ACTS)
    if not len(places):
        return [], np.zeros(len(chunk.borders), dtype=np.int64)
    between = np.bitwise_or.reduceat(found & ENDS_BOTH, places)
    both = np.empty(2 * len(places), dtype=np.int64)
    both[::2] = chunk.codes[places]
    both[1::2] = len(known) + between.astype(np.int64)
    kept = np.ones(len(both), dtype=np.bool_)
    kept[1::2] = (between > 0) & (found[places] & WAITS > 0)
    after = np.append(0, np.cumsum(kept))
    borders = after[2 * np.searchsorted(places, chunk.borders)]
    known += ENDING
    return list(map(known.__getitem__, both[kept].tolist())), borders


def _kind(steps: Steps) -> int:
    if steps is None:
        return ENDS_BOTH
    if not steps:
        return 0
    last = steps[-1]
    if type(last) is tuple:
        return ACTS | WAITS if last[2] or last[3] else ACTS
    if len(steps) == 1 and type(last) is int and not last & (NEGATES | BOOSTS):
        return last
    return ACTS | WAITS


def spanned(chunk: Chunk, vocabulary: Vocabulary) -> set[int]:
    """The texts in which an emoticon may span two words, so that only their own code knows."""
    words = chunk.words
    careful = np.fromiter(map(vocabulary.careful.__contains__, words), np.bool_, len(words))
    places = np.flatnonzero(careful[chunk.codes])
    texts = chunk.text_of(places)
    before = np.where(chunk.borders[texts] < places, chunk.codes[places - 1], -1)
    pairs = zip(texts.tolist(), before.tolist(), chunk.codes[places].tolist(), strict=True)
    return {
        text
        for text, first, second in pairs
        if vocabulary.joined(words[first] if first >= 0 else "", words[second])
    }
