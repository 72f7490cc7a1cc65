"""A classifier on a study's own codings: stage, codes and valence of a passage.

Logistic regressions, one class against the others, fitted by stochastic gradient descent with
averaged weights on hashed words and pairs of words. The penalty grows with the number of
examples so that probabilities come out about as large as the share of right answers: on
hospital comments (docs/suggestions.md) they differ by two to ten in a hundred.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cjm_widgets.suggest.examples import Kept
from cjm_widgets.suggest.words import compact, hashed, joined, spoken

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
EPOCHS = 3
WITH, WITHOUT = 400, 1_200
"""Passages with a code and without it that its model sees at most, drawn at random; that there
are more of one kind is accounted for in the intercept."""
WORDS = 5
"""Words shown for a suggestion."""


@dataclass(frozen=True, slots=True)
class Head:
    """The models of one question: one column of weights per answer."""

    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    intercept: Floats
    exclusive: bool
    """Whether only one answer can be right: then the probabilities sum to 1."""
    n: int
    """Examples it was learned from."""

    def probabilities(self, rows: Matrix) -> Floats:
        """Probability of each answer (column) for each row."""
        scores = np.asarray(rows @ self.weights, dtype=np.float64) + self.intercept
        p = 1 / (1 + np.exp(-np.clip(scores, -500, 500)))
        if self.exclusive:
            p = p / np.maximum(p.sum(axis=1, keepdims=True), 1e-12)
        return np.asarray(p, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned of stages, codes and valences; each None where there was too little."""

    version: str
    """A digest of what it was learned from: the same codings give the same model."""
    n: int
    used: NDArray[np.int64]
    """Hashes of the words it knows."""
    stage: Head | None
    codes: Head | None
    valence: Head | None
    """Its classes are a coder's steps, ``"-2"`` to ``"2"``."""

    def rows(self, texts: Sequence[str], contexts: Sequence[Sequence[str]]) -> Matrix:
        """Texts as this model reads them."""
        return compact(hashed(texts, contexts), self.used)

    def words(self, text: str, head: Head, answer: str) -> tuple[str, ...]:
        """The words of a text that speak most for an answer, the strongest first."""
        weights = head.weights[:, head.classes.index(answer)]
        best: dict[str, float] = {}
        for place, word in spoken(text):
            at = int(np.searchsorted(self.used, place))
            if at < len(self.used) and self.used[at] == place and weights[at] > 0:
                best.setdefault(word, float(weights[at]))
        order = sorted(best, key=lambda word: (-best[word], word))
        chosen: list[str] = []
        for word in order:
            # "refund" says as much as "the refund".
            if not any(word in other or other in word for other in chosen):
                chosen.append(word)
        return tuple(chosen[:WORDS])


def fit(kept: Sequence[Kept], *, seed: int = 0, only_stage: bool = False) -> Model | None:
    """Learn from coded passages.

    Parameters
    ----------
    kept
        The passages, in an order that does not depend on chance.
    seed
        Decides the order in which they are looked at.
    only_stage
        Whether codes and valences are left out.

    Returns
    -------
    Model or None
        None where there are too few: a question needs 30 passages with an answer, and two
        different answers.
    """
    matrix = joined([k.row for k in kept])
    seen = np.bincount(matrix.indices, minlength=1)
    # In many passages a word that came once tells nothing, and most words come once.
    used = np.flatnonzero(seen > (1 if len(kept) > MANY else 0)).astype(np.int64)
    rows = compact(matrix, used)
    if only_stage:
        stage = _exclusive(rows, [k.stage for k in kept], seed)
        if stage is None:
            return None
        return Model(_version(kept, seed), len(kept), used, stage, None, None)
    steps = [None if k.step is None else str(k.step) for k in kept]
    heads = (
        _exclusive(rows, [k.stage for k in kept], seed),
        _several(rows, [k.codes for k in kept], seed),
        _exclusive(rows, steps, seed),
    )
    if not any(heads):
        return None
    return Model(_version(kept, seed), len(kept), used, *heads)


def _version(kept: Sequence[Kept], seed: int) -> str:
    said = [(k.uid, k.stage, k.codes, k.step) for k in kept]
    return hashlib.blake2b(repr((seed, said)).encode(), digest_size=6).hexdigest()


def _exclusive(rows: Matrix, answers: Sequence[str | None], seed: int) -> Head | None:
    told = np.array([at for at, answer in enumerate(answers) if answer is not None], dtype=np.int64)
    given = np.array([answers[at] for at in told], dtype=np.str_)
    classes = np.unique(given)
    if len(told) < LEAST or len(classes) < 2:
        return None
    with _unchecked():
        model = _sgd(len(told), seed).fit(rows[told], given)
    weights, intercept = model.coef_.T, model.intercept_
    if len(classes) == 2:  # the library keeps one column for two classes
        weights = np.hstack([-weights, weights])
        intercept = np.concatenate([-intercept, intercept])
    return Head(
        tuple(str(name) for name in model.classes_),
        np.asarray(weights, dtype=np.float32),
        np.asarray(intercept, dtype=np.float64),
        True,
        len(told),
    )


def _several(rows: Matrix, codes: Sequence[tuple[str, ...]], seed: int) -> Head | None:
    told = np.array([at for at, some in enumerate(codes) if some], dtype=np.int64)
    count = Counter(key for some in codes for key in set(some))
    often = sorted((key for key in count if count[key] >= FEWEST), key=lambda k: (-count[k], k))
    if len(told) < LEAST or len(often) < 2:
        return None
    chance = np.random.default_rng(seed)
    weights, intercept = [], []
    for key in often[:CODES]:
        bears = np.array([key in codes[at] for at in told])
        yes, no = _some(told[bears], WITH, chance), _some(told[~bears], WITHOUT, chance)
        chosen = np.concatenate([yes, no])
        if not len(no):  # every passage bears it
            weights.append(np.zeros(rows.shape[1], dtype=np.float32))
            intercept.append(5.0)
            continue
        with _unchecked():
            model = _sgd(len(chosen), seed).fit(rows[chosen], np.arange(len(chosen)) < len(yes))
        weights.append(model.coef_[0].astype(np.float32))
        odds = bears.sum() / len(yes) * len(no) / (len(told) - bears.sum())
        intercept.append(float(model.intercept_[0]) + float(np.log(odds)))
    return Head(
        tuple(often[:CODES]), np.column_stack(weights), np.array(intercept), False, len(told)
    )


def _some(rows: NDArray[np.int64], most: int, chance: np.random.Generator) -> NDArray[np.int64]:
    return rows if len(rows) <= most else np.sort(chance.choice(rows, most, replace=False))


def _sgd(n: int, seed: int) -> Any:
    from sklearn.linear_model import SGDClassifier

    penalty = 0.05 * (n / 300) ** 0.4 / n
    return SGDClassifier(
        loss="log_loss", alpha=penalty, max_iter=EPOCHS, tol=None, average=True, random_state=seed
    )


def _unchecked() -> AbstractContextManager[None]:
    """What is given is finite and right; looking again would take a third of the time."""
    from sklearn import config_context

    made: AbstractContextManager[None] = config_context(
        assume_finite=True, skip_parameter_validation=True
    )
    return made
