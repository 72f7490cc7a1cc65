"""The scorers `cjm-en` and `cjm-fr`."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cjm_widgets.score.lexical.lexicon import lexicon
from cjm_widgets.score.lexical.reading import Reader
from cjm_widgets.score.pattern.engine import engine

if TYPE_CHECKING:
    from cjm_widgets.score.protocol import Flags, Valences

VERSION = "2"
"""Of our lists and rules: another one whenever a score may change."""


@functools.cache
def _reader(language: str) -> Reader:
    return Reader(lexicon(language))


@dataclass(frozen=True, slots=True)
class LexicalScorer:
    """Valence by TextBlob's lexicon, mended and extended for what customers write.

    Each known word or phrase adds its valence, turned round by a negation, stronger after
    "very", in capital letters or before an exclamation mark, weaker before "but" and
    stronger after it. With n such words and S their sum the text's valence is
    x / √(1 + x²), x = S / (√n + ½). docs/scorers.md says what it reaches and where it fails.
    """

    language: str = "en"

    @property
    def name(self) -> str:
        """``cjm-en`` or ``cjm-fr``."""
        return f"cjm-{self.language}"

    @property
    def version(self) -> str:
        """Version of our lists and of the package with TextBlob's lexicon."""
        return f"{VERSION}+{engine(self.language).version}"

    def score(self, texts: Sequence[str]) -> tuple[Valences, Flags]:
        """Valence of each text, −1…1, and whether any of its words was known."""
        valence = np.zeros(len(texts))
        known = np.zeros(len(texts), dtype=np.bool_)
        for at, found in enumerate(_reader(self.language).many(texts)):
            if found:
                known[at] = True
                valence[at] = _valence(sum([added for added, _, _ in found]), len(found))
        return valence, known

    def explain(self, text: str) -> pd.DataFrame:
        """The words that made the score; see `cjm_widgets.score.protocol.Explains`."""
        found = _reader(self.language).explain(text)
        total = sum(added for added, _, _ in found)
        # What all words together lose by the curve is shared among them in proportion.
        share = _valence(total, len(found)) / total if total else 1 / _evidence(len(found))
        rows = [(text[start:stop], start, stop, added * share) for added, start, stop in found]
        frame = pd.DataFrame(rows, columns=["word", "start", "stop", "weight"])
        return frame.astype({"word": "str", "start": "int64", "stop": "int64", "weight": "float64"})


def _evidence(words: int) -> float:
    return math.sqrt(words) + 0.5


def _valence(total: float, words: int) -> float:
    """More words of one mind say more, each further one less; never beyond −1…1."""
    x = total / _evidence(words)
    return x / math.sqrt(1 + x * x)
