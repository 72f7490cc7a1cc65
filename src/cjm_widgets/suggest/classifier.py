"""A classifier on a study's own codings: stage, codes and valence of a passage.

Logistic regressions on hashed words and pairs of words. The penalty grows with the number of
examples so that probabilities come out about as large as the share of right answers: on
hospital comments (docs/suggestions.md) they differ by two to six in a hundred.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cjm_widgets.suggest.examples import Kept
from cjm_widgets.suggest.regression import Question, probabilities, solved
from cjm_widgets.suggest.words import compact, hashed, joined, numbered, spoken

if TYPE_CHECKING:
    from cjm_widgets.suggest.words import Matrix

Floats = NDArray[np.float64]

LEAST = 30
"""Examples below which nothing is learned."""
FEWEST = 5
"""Examples a code needs."""
CODES = 20
"""Codes that are learned, the most frequent ones."""
MANY = 1_000
"""Examples from which on a word that came once is left out: most words do, and it tells nothing."""
WORDS = 5
"""Words shown for a suggestion."""


@dataclass(frozen=True, slots=True)
class Head:
    """The models of one question: one column of weights per answer."""

    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    exclusive: bool
    """Whether only one answer can be right: then the probabilities sum to 1."""
    n: int
    """Examples it was learned from."""

    def probabilities(self, rows: Matrix) -> Floats:
        """Probability of each answer (column) for each row."""
        found = probabilities(np.asarray(rows @ self.weights), self.exclusive)
        return np.asarray(found, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned of stages, codes and valences; each None where there was too little."""

    version: str
    """A digest of what it was learned from: the same codings give the same model."""
    n: int
    columns: NDArray[np.int32]
    """Number of each hash among the words it knows, −1 for the others."""
    stage: Head | None
    codes: Head | None
    valence: Head | None
    """Its classes are a coder's steps, ``"-2"`` to ``"2"``."""

    def rows(self, texts: Sequence[str], contexts: Sequence[Sequence[str]]) -> Matrix:
        """Texts as this model reads them."""
        return compact(hashed(texts, contexts), self.columns)

    def words(self, text: str, head: Head, answer: str) -> tuple[str, ...]:
        """The words of a text that speak most for an answer, the strongest first."""
        weights = head.weights[:, head.classes.index(answer)]
        best: dict[str, float] = {}
        for place, word in spoken(text):
            at = int(self.columns[place])
            if at >= 0 and weights[at] > 0:
                best.setdefault(word, float(weights[at]))
        order = sorted(best, key=lambda word: (-best[word], word))
        chosen: list[str] = []
        for word in order:
            # "refund" says as much as "the refund".
            if not any(word in other or other in word for other in chosen):
                chosen.append(word)
        return tuple(chosen[:WORDS])


def fit(kept: Sequence[Kept], *, only_stage: bool = False) -> Model | None:
    """Learn from coded passages; the same passages give the same model.

    Parameters
    ----------
    kept
        The passages, in an order that does not depend on chance.
    only_stage
        Whether codes and valences are left out.

    Returns
    -------
    Model or None
        None where there are too few: a question needs 30 passages with an answer, and two
        different answers.
    """
    asked = [_one_of([k.stage for k in kept])]
    if not only_stage:
        steps = [None if k.step is None else str(k.step) for k in kept]
        asked += [_several_of([k.codes for k in kept]), _one_of(steps)]
    questions = [question for question in asked if question is not None]
    if not questions:
        return None
    matrix = joined([k.row for k in kept])
    columns = numbered(matrix, least=2 if len(kept) > MANY else 1)
    weights = iter(solved(compact(matrix, columns), questions))
    heads = [
        None if q is None else Head(q.classes, next(weights), q.exclusive, int(q.told.sum()))
        for q in asked
    ]
    stage, codes, valence = (*heads, None, None)[:3]
    return Model(_version(kept), len(kept), columns, stage, codes, valence)


def _version(kept: Sequence[Kept]) -> str:
    said = [(k.uid, k.stage, k.codes, k.step) for k in kept]
    return hashlib.blake2b(repr(said).encode(), digest_size=6).hexdigest()


def _one_of(answers: Sequence[str | None]) -> Question | None:
    """A question with one right answer; None where too little was answered."""
    classes = sorted({answer for answer in answers if answer is not None})
    said = [() if answer is None else (answer,) for answer in answers]
    return _asked(said, classes, exclusive=True)


def _several_of(codes: Sequence[tuple[str, ...]]) -> Question | None:
    """A question to which several answers can be right: the codes that come often enough."""
    count = Counter(key for some in codes for key in set(some))
    often = sorted((key for key in count if count[key] >= FEWEST), key=lambda k: (-count[k], k))
    return _asked(codes, often[:CODES], exclusive=False)


def _asked(
    said: Sequence[tuple[str, ...]], classes: Sequence[str], *, exclusive: bool
) -> Question | None:
    told = np.array([len(some) > 0 for some in said], dtype=np.bool_)
    if told.sum() < LEAST or len(classes) < 2:
        return None
    column = {answer: at for at, answer in enumerate(classes)}
    given = np.zeros((len(said), len(classes)), dtype=np.float32)
    for row, some in enumerate(said):
        for answer in some:
            if answer in column:
                given[row, column[answer]] = 1
    return Question(tuple(classes), given, told, exclusive)
