"""Texts become a frame of scores."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError
from cjm_widgets.score.calls import checked
from cjm_widgets.score.protocol import Scorer
from cjm_widgets.score.table import AnyScorer, default_scorer, scorer_names
from cjm_widgets.score.table import scorer as find_scorer
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.score.protocol import Flags, Valences


def score_texts(
    texts: Iterable[str | None], scorer: AnyScorer | None = None, lang: str = "en"
) -> pd.DataFrame:
    """Automatic valence of texts.

    Parameters
    ----------
    texts
        A list, a Series or any other iterable of texts; a missing one (None, NaN) is
        allowed.
    scorer
        A scorer's name, a function from a text to a number from −1 to 1, or a `Scorer`;
        None takes the default of the language.
    lang
        ISO 639-1 code of the texts.

    Returns
    -------
    pandas.DataFrame
        One row per text, in order, index 0…n−1: `valence` (float64, −1…1) and `known`
        (bool). A text of which the scorer knows no word has valence 0 and is not known;
        a missing text has none (NaN) and is not known.

    Raises
    ------
    UnknownName
        If no scorer is called that, or it does not know the language.
    ArgumentError
        If `texts` is a single text or holds something else than texts, or the scorer gives
        a number that is not in −1…1.

    Warns
    -----
    UserWarning
        If no scorer is named and the language has none: no text gets a valence.

    Examples
    --------
    >>> score_texts(["A great shop.", "It came on Monday.", None], "textblob")
       valence  known
    0      0.8   True
    1      0.0  False
    2      NaN  False
    """
    given = _listed(texts)
    chosen = default_scorer(lang) if scorer is None else find_scorer(scorer, lang)
    if chosen is None:
        unscored = say("units.texts", n=len(given))
        warnings.warn(
            f"no scorer for texts in {lang!r}: {unscored} without a valence; "
            f"name a scorer ({', '.join(scorer_names())}) or give a function",
            stacklevel=2,
        )
    valence, known = score_with(chosen, given)
    return pd.DataFrame({"valence": valence, "known": known})


def score_by_language(
    texts: Iterable[str | None], languages: Iterable[str], scorer: AnyScorer | None = None
) -> pd.DataFrame:
    """Automatic valence of texts in several languages, each by the scorer of its language.

    Parameters
    ----------
    texts
        As for `score_texts`.
    languages
        ISO 639-1 code of each text.
    scorer
        As for `score_texts`; None takes the default of each language.

    Returns
    -------
    pandas.DataFrame
        `valence` and `known` as in `score_texts`; `scorer` and `scorer_version` (text,
        missing where the language has no scorer: such texts have no valence).

    Raises
    ------
    ArgumentError
        As for `score_texts`, or if there are not as many languages as texts.
    """
    given = _listed(texts)
    codes = list(languages)
    if len(codes) != len(given):
        raise ArgumentError(f"there are {len(given)} texts but {len(codes)} languages")
    valence = np.full(len(given), np.nan)
    known = np.zeros(len(given), dtype=np.bool_)
    names: list[str | None] = [None] * len(given)
    versions: list[str | None] = [None] * len(given)
    for code in dict.fromkeys(codes):
        chosen = default_scorer(code) if scorer is None else find_scorer(scorer, code)
        if chosen is None:
            continue
        rows = [at for at, other in enumerate(codes) if other == code]
        valence[rows], known[rows] = score_with(chosen, [given[at] for at in rows])
        for at in rows:
            names[at], versions[at] = chosen.name, chosen.version
    frame = pd.DataFrame({"valence": valence, "known": known})
    return frame.assign(
        scorer=pd.Series(names, dtype="str"), scorer_version=pd.Series(versions, dtype="str")
    )


def score_with(
    scorer: Scorer | None, texts: Sequence[str | None], rows: Sequence[object] | None = None
) -> tuple[Valences, Flags]:
    """Valence and known of each text by one scorer; NaN and False for a missing text.

    An answer that is no valence is refused by what `rows` calls its text, else by its place.
    """
    valence = np.full(len(texts), np.nan)
    known = np.zeros(len(texts), dtype=np.bool_)
    there = [at for at, text in enumerate(texts) if text is not None]
    if scorer is None or not there:
        return valence, known
    given = [text for text in texts if text is not None]
    found = scorer.score(given)
    called = there if rows is None else [rows[at] for at in there]
    valence[there], known[there] = checked(*found, called, scorer.name)
    return valence, known


def _listed(texts: Iterable[str | None]) -> list[str | None]:
    """The texts as a list, what is missing as None."""
    if isinstance(texts, str | bytes):
        raise ArgumentError("texts is a list or a column of texts, not one text; write [text]")
    if isinstance(texts, pd.DataFrame):
        raise ArgumentError(
            f"texts is a column, not a frame; choose one of: {', '.join(map(str, texts.columns))}"
        )
    listed: list[str | None] = []
    for at, text in enumerate(cast("Iterable[object]", texts)):
        if isinstance(text, str):
            listed.append(text)
        elif text is None or text is pd.NA or text is pd.NaT or _is_nan(text):
            listed.append(None)
        else:
            raise ArgumentError(
                f"text {at} is {text!r}, of type {type(text).__name__}; "
                f"only texts can be scored: convert the column with .astype('str')"
            )
    return listed


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)
