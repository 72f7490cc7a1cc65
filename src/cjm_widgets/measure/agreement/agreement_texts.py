"""Agreement on single texts: which ones coders should talk about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from cjm_widgets.measure.agreement.agreement_passages import Passages, each_text
from cjm_widgets.words import say

Row = tuple[str, str, str, float, float, float, int, str]
"""Measure, level, scope, value, low, high, n (coders), reading."""


def text_rows(ratings: pd.DataFrame, on: str, passages: Passages, language: str) -> Iterator[Row]:
    """A text's figures, text by text.

    Parameters
    ----------
    ratings
        A row per text, a column per coder; None where there is none.
    on
        ``stage``, ``valence`` or ``codes``: what the ratings are.
    passages
        The passages of these texts, in their order.
    language
        Of the readings.

    Yields
    ------
    tuple
        ``percent``: share of pairs of coders who say the same. For valence ``difference``: the
        mean difference of two coders, 0…2. Otherwise ``alpha_u`` and ``characters_coded``.
        There are no intervals: a single text is not a sample of texts.
    """
    found = {}
    if on != "valence":
        found = {name: each_text(passages, name) for name in ("alpha_u", "characters_coded")}
    nothing = float("nan")
    for place, (text, said) in enumerate(zip(ratings.index, ratings.to_numpy(), strict=True)):
        given = [label for label in said if label is not None]
        pairs = list(combinations(given, 2))
        percent = float(np.mean([a == b for a, b in pairs]))
        reading = say(f"agreement.{_verdict(percent == 1)}", language)
        level = {"stage": "nominal", "valence": "nominal", "codes": "sets"}[on]
        ends = (nothing, nothing, len(given))
        yield ("percent", level, str(text), percent, *ends, reading)
        if on == "valence":
            apart = float(np.mean([abs(a - b) for a, b in pairs]))
            yield ("difference", "interval", str(text), apart, *ends, reading)
        for name, values in found.items():
            value = float(values[place])
            words = "grades.undefined" if np.isnan(value) else _verdict(value == 1)
            yield (name, "passages", str(text), value, *ends, say(f"agreement.{words}", language))


def _verdict(same: bool) -> str:
    return "texts.same" if same else "texts.differ"
