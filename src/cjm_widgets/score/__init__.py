"""Texts become scores: the `Scorer` protocol, the table of scorers, and frames of scores.

`texts` scores lists and columns, `table` finds a scorer by name or takes a function,
`lexical` holds the default scorers, `textblob` and `pattern` those with TextBlob's own numbers.
"""

from cjm_widgets.score.protocol import Explains, Scorer
from cjm_widgets.score.table import (
    PREFERRED,
    default_scorer,
    installed,
    knows,
    scorer,
    scorer_names,
)
from cjm_widgets.score.texts import score_by_language, score_texts, score_with
from cjm_widgets.score.transformer import TransformersScorer

__all__ = [
    "PREFERRED",
    "Explains",
    "Scorer",
    "TransformersScorer",
    "default_scorer",
    "installed",
    "knows",
    "score_by_language",
    "score_texts",
    "score_with",
    "scorer",
    "scorer_names",
]
