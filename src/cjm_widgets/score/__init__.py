"""Texts become scores: the `Scorer` protocol, the table of scorers, and frames of scores.

`texts` scores lists and columns, `table` finds a scorer by name or takes a function,
`textblob` and `pattern` hold the scorers that come with the package.
"""

from cjm_widgets.score.protocol import Explains, Scorer
from cjm_widgets.score.table import default_scorer, scorer, scorer_names
from cjm_widgets.score.texts import score_by_language, score_texts, score_with

__all__ = [
    "Explains",
    "Scorer",
    "default_scorer",
    "score_by_language",
    "score_texts",
    "score_with",
    "scorer",
    "scorer_names",
]
