"""What a curve's picture must say of its ratings: coders who differ, scales turned round."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cjm_widgets.measure.curves.disagreement import overall_disagreement
from cjm_widgets.measure.curves.scale_direction import LEAST, Direction, direction
from cjm_widgets.score import score_by_language
from cjm_widgets.store import Store
from cjm_widgets.view.parts import figures
from cjm_widgets.words import say

READ = 400
"""Rated texts, evenly spread, whose words are held against their ratings."""


def scale_direction(store: Store, units: pd.DataFrame, language: str) -> Direction:
    """How people's ratings go with the words of some of the same texts.

    Parameters
    ----------
    store
        Where the texts are.
    units
        Coded units.
    language
        Of texts whose own is not known. Texts in others than English and French are left out:
        their words are not known.
    """
    rating = units[units["valence"].notna()].groupby("feedback")["valence"].mean()
    if len(rating) < LEAST:
        return Direction(math.nan, math.nan, len(rating))
    rating = rating.iloc[np.linspace(0, len(rating) - 1, min(READ, len(rating))).astype(int)]
    texts = store.texts(rating.index)
    spoken = texts["language"].fillna(language)
    scored = score_by_language(texts["text"], spoken)
    scores = scored["valence"].where(scored["known"]).to_numpy(dtype=np.float64)
    words = pd.Series(scores, index=texts["feedback"]).reindex(rating.index)
    return direction(rating.to_numpy(), words.to_numpy(dtype=np.float64))


def warnings(found: Direction, language: str) -> list[str]:
    """What to say of a scale that seems turned round."""
    if not found.turned:
        return []
    r = figures.valence(found.correlation, language)
    return [say("curve.wrong_way", language, n=found.n, r=r)]


def of_coders(spread: pd.DataFrame, language: str) -> list[str]:
    """What to say of coders who rated the same texts."""
    mean, texts = overall_disagreement(spread)
    if not texts:
        return []
    notes = [say("curve.disagreement", language, n=texts, value=figures.plain(mean, language))]
    if spread["coder_low"].notna().any():
        notes.append(say("curve.leanings", language))
    return notes


def of_equals(
    units: pd.DataFrame, curve: pd.DataFrame, names: dict[str, str], language: str
) -> list[str]:
    """What to say of stages at which all ratings are equal."""
    rated = units[units["stage"].notna() & units["valence"].notna()]
    by = rated.groupby("stage")["valence"]
    shown = [str(stage) for stage in curve.loc[curve["n"] > 1, "stage"]]
    spread = (by.max() - by.min()).reindex(shown)
    equal = [stage for stage in shown if spread[stage] < 1e-9]
    if not equal:
        return []
    if len(equal) == len(shown):
        return [say("curve.equal_all", language)]
    told = ", ".join(names.get(stage, stage) for stage in equal)
    return [say("curve.equal", language, stages=told)]


def of_scores(units: pd.DataFrame, estimate: str, texts: int, language: str) -> list[str]:
    """What to say of texts without a score, and of those in which a scorer knew no word.

    `texts` is how many the study has.
    """
    notes = []
    if left := texts - int(units["feedback"].nunique()):
        notes.append(say("curve.unscored", language, n=left))
    if len(units) and (share := float((~units["known"]).mean())):
        told = "curve.unknown_kept" if estimate == "calibrated" else "curve.unknown"
        notes.append(say(told, language, share=figures.percent(share, language)))
    return notes
