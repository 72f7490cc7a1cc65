"""The scorers `textblob` (English) and `textblob-fr` (French)."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cjm_widgets.score.pattern.engine import engine
from cjm_widgets.score.pattern.fast import Fast

if TYPE_CHECKING:
    from cjm_widgets.score.protocol import Flags, Valences


@functools.cache
def _fast(language: str) -> Fast:
    return Fast(engine(language))


@dataclass(frozen=True, slots=True)
class TextBlobScorer:
    """Polarity by the lexicon of pattern, as TextBlob and textblob-fr carry it.

    The numbers are those of `TextBlob(text).sentiment.polarity`, to the last bit, and come
    without nltk and without downloads. Known weaknesses: contracted negations do not count
    ("isn't good" scores as "good"), "Rating: 3" looks like an emoticon, about a third of
    real comments hold no word it knows, and means lean to the positive.

    Sources: https://textblob.readthedocs.io; T. De Smedt and W. Daelemans (2012), Pattern
    for Python, Journal of Machine Learning Research 13, 2063–2067.
    """

    language: str = "en"

    @property
    def name(self) -> str:
        """``textblob`` or ``textblob-fr``."""
        return "textblob" if self.language == "en" else f"textblob-{self.language}"

    @property
    def version(self) -> str:
        """Version of the package the numbers come from."""
        return engine(self.language).version

    def score(self, texts: Sequence[str]) -> tuple[Valences, Flags]:
        """Polarity of each text, and whether the lexicon knew any word of it."""
        return _fast(self.language).many(texts)

    def explain(self, text: str) -> pd.DataFrame:
        """The words that made the score; see `cjm_widgets.score.protocol.Explains`.

        An emoticon that spaces pull apart is left out, so that the weights may fall short
        of the valence by its share.
        """
        found = engine(self.language).assessments(text)
        lower = "".join(low if len(low := c.lower()) == 1 else c for c in text)
        rows: list[tuple[str, int, int, float]] = []
        at = 0
        for words, polarity, _, _ in found:
            shares = [word for word in words if word != "!"]
            # Negations come first in an assessment but may stand in the middle of the text.
            spans = [span for word in shares if (span := _find(lower, word, at)) is not None]
            if not spans:
                continue
            start, stop = min(a for a, _ in spans), max(b for _, b in spans)
            rows.append((text[start:stop], start, stop, polarity / len(found)))
            at = stop
        frame = pd.DataFrame(rows, columns=["word", "start", "stop", "weight"])
        return frame.astype({"word": "str", "start": "int64", "stop": "int64", "weight": "float64"})


def _find(text: str, word: str, at: int) -> tuple[int, int] | None:
    """Where a word stands from `at` on, as a word and not within another."""
    while (start := text.find(word, at)) >= 0:
        stop = start + len(word)
        before = start > 0 and word[0].isalnum() and text[start - 1].isalnum()
        after = stop < len(text) and word[-1].isalnum() and text[stop].isalnum()
        if not before and not after:
            return start, stop
        at = start + 1
    return None
