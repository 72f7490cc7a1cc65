"""Texts as hashed words and pairs of words, and the way back to the words that stand in a text."""

from __future__ import annotations

import functools
import itertools
import re
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cjm_widgets.text.fold import fold, fold_map

if TYPE_CHECKING:
    from scipy import sparse

    Matrix = sparse.csr_matrix

HASHES = 2**18
_TOKEN = r"(?u)\b\w+\b|[!?]"  # noqa: S105 - a pattern, no password
_WORD = re.compile(_TOKEN)

Row = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Places and values of one text's words."""


@functools.cache
def _vectorizer() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        token_pattern=_TOKEN,
        preprocessor=fold,
        ngram_range=(1, 2),
        n_features=HASHES,
        alternate_sign=False,
        norm="l2",
        dtype=np.float32,
    )


def hashed(texts: Sequence[str], contexts: Sequence[Sequence[str]] | None = None) -> Matrix:
    """Texts as rows of hashed words and pairs of words, each of length 1.

    Parameters
    ----------
    texts
        The texts or passages; case and accents do not matter.
    contexts
        What is known of each besides, such as ``"question: What was good?"``: each counts as
        one word more.

    Returns
    -------
    scipy.sparse.csr_matrix
        A row per text, float32. Nothing of the texts can be read back from it.
    """
    given = texts
    if contexts is not None:
        given = [_told(text, context) for text, context in zip(texts, contexts, strict=True)]
    found: Matrix = _vectorizer().transform(given)
    return found


def _told(text: str, context: Sequence[str]) -> str:
    marks = [f"xcontextx{zlib.crc32(fold(item).encode())}" for item in context]
    return " ".join([*marks, text]) if marks else text


def rows_of(matrix: Matrix) -> list[Row]:
    """The rows of a matrix, one by one, as they can be kept."""
    ends = matrix.indptr
    return [
        (matrix.indices[a:b].astype(np.int32), matrix.data[a:b].astype(np.float32))
        for a, b in itertools.pairwise(ends)
    ]


def joined(rows: Sequence[Row]) -> Matrix:
    """Kept rows as a matrix."""
    from scipy import sparse

    ends = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(places) for places, _ in rows], out=ends[1:])
    if not len(rows):
        return sparse.csr_matrix(np.zeros((0, HASHES), dtype=np.float32))
    places = np.concatenate([row[0] for row in rows])
    values = np.concatenate([row[1] for row in rows])
    return sparse.csr_matrix((values, places, ends), shape=(len(rows), HASHES))


def numbered(matrix: Matrix, least: int) -> NDArray[np.int32]:
    """Number of each hash among those that stand in at least so many rows, −1 for the others."""
    seen = np.bincount(matrix.indices, minlength=matrix.shape[1])
    used = np.flatnonzero(seen >= least)
    columns = np.full(matrix.shape[1], -1, dtype=np.int32)
    columns[used] = np.arange(len(used), dtype=np.int32)
    return columns


def compact(matrix: Matrix, columns: NDArray[np.int32]) -> Matrix:
    """Only the columns that have a number, under it: no model knows the others."""
    from scipy import sparse

    at = columns[matrix.indices]
    known = at >= 0
    kept = np.concatenate([[0], np.cumsum(known)])
    shape = (matrix.shape[0], int(columns.max()) + 1)
    return sparse.csr_matrix((matrix.data[known], at[known], kept[matrix.indptr]), shape=shape)


def spoken(text: str) -> list[tuple[int, str]]:
    """Each word and pair of words of a text, as it stands there, with its place in the hash.

    >>> [word for _, word in spoken("Très cher !")]
    ['Très', 'Très cher', 'cher', 'cher !', '!']
    """
    from sklearn.utils import murmurhash3_32

    folded, back = fold_map(text)
    spans = [match.span() for match in _WORD.finditer(folded)]
    found = []
    for number, (start, stop) in enumerate(spans):
        for last in (number, number + 1):
            if last >= len(spans):
                continue
            end = spans[last][1]
            token = folded[start:stop]
            if last > number:
                token = f"{token} {folded[spans[last][0] : end]}"
            place = abs(murmurhash3_32(token, seed=0)) % HASHES
            found.append((int(place), text[back[start] : back[end - 1] + 1]))
    return found
