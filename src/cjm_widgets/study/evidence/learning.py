"""The scorer `learned`: trained on what people said of the study's own texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cjm_widgets.errors import NoEvidence
from cjm_widgets.store import Store
from cjm_widgets.text.sentences import sentences

if TYPE_CHECKING:
    from cjm_widgets.suggest.learned import Matrix

LEARNED = "learned"
"""Scorer that is trained on the study's own ratings."""
LEAST = 20
"""Rated texts below which nothing is learned."""
PLAIN = ("channel", "touchpoint", "language")
WITHIN = ("question", "touchpoint")
"""Attributes under which the same words may mean something else, the most telling first."""


def features_of(store: Store, texts: pd.DataFrame, score: NDArray[np.float64]) -> Matrix:
    """What is learned from: words, a lexicon's score, attributes; texts are numbered rows.

    What interviewers say is left out.
    """
    from cjm_widgets.suggest import learned

    names = [*PLAIN, *store.attributes()["attribute"]]
    attributes = texts[[name for name in dict.fromkeys(names) if name in texts.columns]]
    return learned.features(
        _answers(store, texts).tolist(),
        scores=[score],
        attributes=attributes,
        within=[name for name in WITHIN if name in attributes.columns][:1],
    )


def learned_version(store: Store, version: str) -> str:
    """Changes with the ratings, the texts, who speaks, and the scores that are learned from."""
    rated = _rated(store)
    asks = store.documents("speaker")
    said = "".join(f"{number}:{value:.4f};" for number, value in rated.items())
    return hashlib.sha256(f"{version};{store.totals().texts};{asks};{said}".encode()).hexdigest()[
        :12
    ]


def learned_scores(store: Store, scores: pd.DataFrame) -> pd.DataFrame:
    """Cross-fitted valence of every text.

    Parameters
    ----------
    store
        With ratings by people.
    scores
        A lexicon's scores of the texts, by the contract SCORES.

    Returns
    -------
    pandas.DataFrame
        `feedback`, `version`, `language`, `text` (with blanks where interviewers speak),
        `valence`. A text of a rated respondent is
        predicted by a model that has seen none of that respondent's ratings.

    Raises
    ------
    NoEvidence
        If people rated fewer than twenty texts.
    """
    from cjm_widgets.suggest import learned

    rated = _rated(store)
    if len(rated) < LEAST:
        raise NoEvidence(
            f"people rated {len(rated)} texts; to learn from them, rate at least {LEAST}, better "
            f"200, drawn at random: study.sample(…)"
        )
    texts = store.feedback_frame(text=True).set_index("feedback")
    lexicon = scores.drop_duplicates("feedback").set_index("feedback")["valence"]
    known = lexicon.reindex(texts.index).to_numpy(dtype=np.float64)
    matrix = features_of(store, texts, known)
    ratings = rated.reindex(texts.index).to_numpy(dtype=np.float64)
    valence = learned.valences(matrix, ratings, texts["respondent"])
    columns = ["feedback", "version", "language", "text"]
    said = texts.assign(valence=valence, text=_answers(store, texts))
    return said.reset_index()[[*columns, "valence"]]


def as_scores(found: pd.DataFrame, version: str, chunk: int) -> Iterator[pd.DataFrame]:
    """Each text's valence for the text and for each of its sentences, by the contract SCORES.

    What is learned is learned of whole texts; a sentence has its text's.
    """
    for begin in range(0, len(found), chunk):
        rows = []
        part = found.iloc[begin : begin + chunk]
        columns = (part[name] for name in ("feedback", "version", "language", "text", "valence"))
        for number, edition, language, text, valence in zip(*columns, strict=True):
            rows.append((number, edition, 0, len(text), "text", valence))
            spoken = language if isinstance(language, str) else "en"
            for start, stop in sentences(text, spoken):
                rows.append((number, edition, start, stop, "sentence", valence))
        names = ["feedback", "version", "start", "stop", "unit", "valence"]
        made = pd.DataFrame(rows, columns=names).astype({"unit": "str"})
        yield made.assign(scorer=LEARNED, scorer_version=version, known=True)


def _answers(store: Store, texts: pd.DataFrame) -> pd.Series[str]:
    """The words of numbered texts, with blanks where interviewers speak."""
    return store.without_interviewers(texts[["text"]].reset_index()).set_index("feedback")["text"]


def _rated(store: Store) -> pd.Series[float]:
    """Text to people's mean valence: of each coder's mean, as everywhere."""
    codings = store.codings()
    codings = codings[codings["valence"].notna()]
    by_coder = codings.groupby(["feedback", "coder"])["valence"].mean()
    return by_coder.groupby("feedback").mean()
