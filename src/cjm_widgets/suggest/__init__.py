"""Stages proposed where nobody has coded: from a column, or from the words of the texts.

What this room gives is a guess; its callers mark it as predicted.
"""

from cjm_widgets.suggest.mapping import by_mapping, guess_mapping
from cjm_widgets.suggest.vocabulary import Matcher, stages_of

__all__ = ["Matcher", "by_mapping", "guess_mapping", "stages_of"]
