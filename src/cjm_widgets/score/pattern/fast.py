"""Words do their steps, one after the other: the polarity of a text."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cjm_widgets.score.chunks import Chunk, chunk, pieces
from cjm_widgets.score.pattern.bulk import acting, spanned
from cjm_widgets.score.pattern.engine import Engine
from cjm_widgets.score.pattern.steps import (
    ADVERB,
    BOOSTS,
    ENDS_MODIFIER,
    ENDS_NEGATION,
    NEGATES,
    Steps,
    Vocabulary,
)

Valences = npt.NDArray[np.float64]
Known = npt.NDArray[np.bool_]

NEGATED = -0.5
"""What a negation makes of a polarity: "not good" is slightly bad."""
BOOST = 1.25
"""What an exclamation mark makes of the polarity before it."""


class Fast:
    """A language's analyser with a memory for words.

    Gives what TextBlob gives, to the last bit. Safe to call from several threads.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._words = Vocabulary(engine)
        self._lock = threading.Lock()

    def __call__(self, text: str) -> tuple[float, bool]:
        """The polarity of a text, −1…1, and whether the analyser knew anything in it."""
        words = text.split()
        if not words:
            return 0.0, False
        with self._lock:
            vocabulary = self._words
            vocabulary.tidy()
            steps = list(map(vocabulary.__getitem__, words))
            spans = not vocabulary.careful.keys().isdisjoint(words) and vocabulary.joins(words)
        return self.engine.polarity(text) if spans else _polarity(steps)

    def many(self, texts: Sequence[str]) -> tuple[Valences, Known]:
        """As each text alone, in a fraction of the time."""
        valence = np.zeros(len(texts))
        known = np.zeros(len(texts), dtype=np.bool_)
        for first, piece in pieces(texts):
            words = chunk(piece)
            found = map(self, piece) if words is None else self._chunk(words, piece)
            for at, (polarity, flag) in enumerate(found, first):
                valence[at], known[at] = polarity, flag
        return valence, known

    def _chunk(self, words: Chunk, texts: Sequence[str]) -> Iterator[tuple[float, bool]]:
        with self._lock:
            self._words.tidy()
            steps, borders = acting(words, self._words)
            slow = spanned(words, self._words)
        for at, (start, stop) in enumerate(pairwise(borders.tolist())):
            yield self.engine.polarity(texts[at]) if at in slow else _polarity(steps[start:stop])


def _clamped(polarity: float) -> float:
    return 1.0 if polarity > 1.0 else -1.0 if polarity < -1.0 else polarity


def _polarity(words: Iterable[Steps]) -> tuple[float, bool]:
    """Mean polarity of what the words assess.

    The loop keeps the assessment at work (polarity, intensity, whether it is turned round)
    and what waits for the next word: a negation, a modifier. It follows `assessments` of
    pattern's Sentiment, which textblob and textblob-fr carry. Before the first assessment
    the polarity at work is 0, which neither a sum nor a factor minds.
    """
    total = 0.0
    count = 0
    polarity = 0.0
    intensity = 1.0
    turned = False
    negation = modifier = 0
    for steps in words:
        if steps is None:
            negation = modifier = 0
            continue
        for step in steps:
            kind = step.__class__
            if kind is int:
                if step & NEGATES:  # type: ignore[operator]  # an int, as just seen
                    negation = 1
                elif negation and step & ENDS_NEGATION:  # type: ignore[operator]  # an int
                    negation = 0
                if negation and modifier == ADVERB:
                    turned, negation = True, 0
                elif modifier and step & ENDS_MODIFIER:  # type: ignore[operator]  # an int
                    modifier = 0
                if step & BOOSTS:  # type: ignore[operator]  # an int
                    polarity = _clamped(polarity * BOOST)
                continue
            if kind is tuple:
                value, strength, modifies, negates = step  # type: ignore[misc]  # a tuple
                if modifier:  # "really good": the same assessment, made stronger
                    polarity = _clamped(value * intensity)
                    intensity = strength
                else:
                    total += polarity * NEGATED if turned else polarity
                    count += 1
                    polarity, intensity, turned = value, strength, False
                if negation:  # "not very good"
                    intensity, turned = 1.0 / intensity, True
                modifier, negation = modifies, negates
            else:
                total += polarity * NEGATED if turned else polarity
                count += 1
                polarity, intensity, turned = step, 1.0, False  # type: ignore[assignment]  # a float
    if not count:
        return 0.0, False
    total += polarity * NEGATED if turned else polarity
    return total / float(count), True
