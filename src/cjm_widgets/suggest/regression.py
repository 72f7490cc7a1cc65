"""Logistic regressions for several questions about the same passages, solved all at once.

The passages' words are multiplied with the weights of all answers together, which costs little
more than with those of one. The weights are found by conjugate gradients (Polak and Ribière),
each question for itself, scaled by how often a word comes; a few rounds are enough, and stopping
early is part of what keeps weights small. There is no constant: an answer is told by words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from cjm_widgets.suggest.words import Matrix

Singles = NDArray[np.float32]

ROUNDS = 10
SCALED = 2 / 3
"""How much rare words are brought forward: 1 would be Newton's step for each word alone, 0 none."""
TOO_FAR = 0.25
"""A step is shortened when the slope behind it is more than this part of the one before it."""
_TINY = np.float32(1e-20)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about passages, and what was answered."""

    classes: tuple[str, ...]
    given: Singles
    """A row per passage, a column per class: 1 for what was answered."""
    told: NDArray[np.bool_]
    """Whether a passage has an answer; the others are not learned from."""
    exclusive: bool
    """Whether only one answer can be right."""

    @property
    def penalty(self) -> float:
        """Of the squared weights, beside the mean loss; probabilities fit with it."""
        n = int(self.told.sum())
        return float(0.05 * (n / 300) ** 0.4 / n)


def probabilities(scores: Singles, exclusive: bool) -> Singles:
    """Chance of each answer (column): of one of them, or of each for itself."""
    odds = np.exp(np.clip(scores, -60.0, 60.0))
    rest = np.einsum("ij->i", odds)[:, None] if exclusive else odds + np.float32(1)
    return np.asarray(odds / rest, dtype=np.float32)


def solved(rows: Matrix, questions: Sequence[Question], rounds: int = ROUNDS) -> list[Singles]:
    """Weights of words (rows) for answers (columns), for each question.

    Parameters
    ----------
    rows
        Words of the passages, float32.
    questions
        At least one; each with an answer to at least one passage.
    rounds
        More rounds follow the given answers more closely.
    """
    search = _Search(rows, questions)
    for _ in range(rounds):
        search.go_on()
    return [search.weights[:, part] for part in search.parts]


class _Search:
    """Where the search for the weights of all answers stands."""

    def __init__(self, rows: Matrix, questions: Sequence[Question]) -> None:
        sizes = [len(question.classes) for question in questions]
        ends = np.cumsum(sizes)
        self.parts = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
        self._exclusive = [question.exclusive for question in questions]
        self._rows, self._columns = rows, rows.T
        self._given = np.hstack([question.given for question in questions])
        share = np.column_stack([q.told / q.told.sum() for q in questions]).astype(np.float32)
        self._share = np.repeat(share, sizes, axis=1)
        self._penalty = np.repeat(np.array([q.penalty for q in questions], np.float32), sizes)
        self._scale = self._scaling(share, sizes)
        self.weights = np.zeros((rows.shape[1], int(ends[-1])), dtype=np.float32)
        self._scores = np.zeros((rows.shape[0], int(ends[-1])), dtype=np.float32)
        self._p = self._chances(self._scores)
        self._way = np.zeros_like(self.weights)
        self._slopes = np.zeros_like(self.weights)
        self._before = np.full(int(ends[-1]), np.inf, dtype=np.float32)

    def go_on(self) -> None:
        """One step for all questions, each as far as is best for it."""
        slopes = self._columns @ self._error()
        slopes += self._penalty * self.weights
        scaled = self._scale * slopes
        now = self._together(_dots(slopes, scaled))
        turned = now - self._together(_dots(self._slopes, scaled))
        self._way *= np.maximum(turned / np.maximum(self._before, _TINY), 0)
        self._way -= scaled
        self._slopes, self._before = slopes, now
        self._move(self._together(_dots(slopes, self._way)))

    def _move(self, slope: Singles) -> None:
        along = self._rows @ self._way
        held = self._penalty * _dots(self.weights, self._way)
        bent = self._penalty * _dots(self._way, self._way)
        curve = self._together(self._curvature(along) + bent)
        step = -slope / np.maximum(curve, _TINY)
        moved = self._scores + step * along
        self._p = self._chances(moved)
        after = self._together(_dots(self._error(), along) + held + step * bent)
        far = after > np.maximum(-TOO_FAR * slope, _TINY)
        if far.any():  # the loss bends more there than here
            shorter = step * np.clip(slope / np.minimum(slope - after, -_TINY), 0.05, 1)
            step = np.where(far, shorter, step)
            moved = self._scores + step * along
            self._p = self._chances(moved)
        self._scores = moved
        self.weights += step * self._way

    def _error(self) -> Singles:
        error = self._p - self._given
        error *= self._share
        return error

    def _chances(self, scores: Singles) -> Singles:
        found = np.empty_like(scores)
        for part, exclusive in zip(self.parts, self._exclusive, strict=True):
            found[:, part] = probabilities(scores[:, part], exclusive)
        return found

    def _curvature(self, along: Singles) -> Singles:
        """Second derivative of the loss on the way, of each answer."""
        weighed = self._p * along
        mean = weighed.copy()
        for part, exclusive in zip(self.parts, self._exclusive, strict=True):
            if exclusive:
                mean[:, part] = np.einsum("ij->i", weighed[:, part])[:, None]
        weighed *= self._share
        return _dots(weighed, along - mean)

    def _together(self, values: Singles) -> Singles:
        """Answers of which one is right go the same way, so what they give is added up."""
        found = values.copy()
        for part, exclusive in zip(self.parts, self._exclusive, strict=True):
            if exclusive:
                found[part] = values[part].sum()
        return found

    def _scaling(self, share: Singles, sizes: Sequence[int]) -> Singles:
        """How far each weight moves for its slope: about as the loss bends under it alone."""
        squares = self._rows.copy()
        squares.data = squares.data**2
        often = np.clip(_dots(self._given, self._share), 1e-4, 1 - 1e-4)
        bends = np.repeat(squares.T @ share, sizes, axis=1) * (often * (1 - often))
        return np.asarray((bends + self._penalty) ** -SCALED, dtype=np.float32)


def _dots(one: Singles, other: Singles) -> Singles:
    """Products of columns, added up."""
    return np.asarray(np.einsum("ij,ij->j", one, other), dtype=np.float32)
