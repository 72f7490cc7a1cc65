"""The scorer `vader`: VADER's own numbers, for English."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from cjm_widgets._optional import need

if TYPE_CHECKING:
    from cjm_widgets.score.protocol import Flags, Valences


@functools.cache
def _analyser() -> Any:
    return need("vaderSentiment.vaderSentiment", "vader").SentimentIntensityAnalyzer()


@dataclass(frozen=True, slots=True)
class VaderScorer:
    """The compound score of vaderSentiment, made for English tweets; needs the extra `vader`.

    Source: C. J. Hutto and E. Gilbert (2014), VADER: a parsimonious rule-based model for
    sentiment analysis of social media text, ICWSM 8.
    """

    name: str = "vader"
    language: str = "en"

    @property
    def version(self) -> str:
        """Version of vaderSentiment."""
        _analyser()  # says what is missing
        return metadata.version("vaderSentiment")

    def score(self, texts: Sequence[str]) -> tuple[Valences, Flags]:
        """Compound score of each text, and whether the lexicon knew any word of it."""
        polarity = _analyser().polarity_scores
        found = [polarity(text) for text in texts]
        valence = np.fromiter((one["compound"] for one in found), np.float64, len(found))
        known = np.fromiter((one["pos"] + one["neg"] > 0 for one in found), np.bool_, len(found))
        return valence, known
