"""What people said of some texts, learned for all: valences, and which stage is spoken of.

Ridge regression on hashed words, words within each question, a lexicon's score and the
attributes. Predictions are cross-fitted: no text is predicted by a model that has seen a
rating of its respondent, else a calibrated estimate would be biased.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cjm_widgets.errors import ArgumentError, NoEvidence

if TYPE_CHECKING:
    from scipy import sparse

    Matrix = sparse.csr_matrix

Floats = NDArray[np.float64]

FOLDS = 5
RIDGE = 1.0
"""Penalty of the ridge; see docs/calibration.md for how little it matters."""
HASHES = 2**18
LEVELS = 50
"""An attribute with more different values than this is an identifier, not a kind of text."""
_WORD = r"(?u)\b\w+\b|[!?]|[^\w\s.,;:()\"'’«»/&%*_-]"
_DUAL = 2500
"""Up to this many ratings the exact solution in their number is the faster one."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Cross-fitted predictions of every text."""

    values: Floats
    """A row per text, a column per target."""
    fold: NDArray[np.int64]
    """Fold of the text's respondent, −1 where no text of the respondent was rated."""


def features(
    texts: Sequence[str],
    *,
    scores: Sequence[ArrayLike] = (),
    attributes: pd.DataFrame | None = None,
    within: Sequence[str] = (),
) -> Matrix:
    """Texts, their scores and attributes as numbers to learn from.

    Parameters
    ----------
    texts
        The texts, all of the study: how rare a word is is counted in them.
    scores
        Scores of lexicons, −1…1, one array each; a missing one counts as 0.
    attributes
        A row per text. Numbers are standardised, missing ones stand apart; other columns count
        as categories, unless nearly every text has a value of its own.
    within
        Columns of `attributes` within which words count on their own besides: "Nothing" in
        answer to "What could be improved?" is praise.

    Returns
    -------
    scipy.sparse.csr_matrix
        A row per text. Words and pairs of words are hashed; nothing of the texts can be read
        back from a model.

    Raises
    ------
    ArgumentError
        If the arguments differ in length, or `within` is no column.
    """
    from scipy import sparse
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    words = HashingVectorizer(
        token_pattern=_WORD, ngram_range=(1, 2), n_features=HASHES, norm=None, alternate_sign=False
    )
    counts = words.transform(texts)
    blocks = [TfidfTransformer(sublinear_tf=True).fit_transform(counts)]
    for score in scores:
        given = np.nan_to_num(np.asarray(score, dtype=np.float64))
        _same_length(len(given), len(texts), "scores")
        blocks.append(sparse.csr_matrix(given[:, None]))
    if attributes is not None:
        _same_length(len(attributes), len(texts), "attributes")
        for name in within:
            if name not in attributes.columns:
                known = ", ".join(map(str, attributes.columns))
                raise ArgumentError(f"within: {name!r} is no column of attributes ({known})")
            blocks.append(_within(blocks[0], attributes[name]))
        blocks += [_attribute(attributes[name]) for name in attributes]
    joined: Matrix = sparse.hstack([block for block in blocks if block.shape[1]], format="csr")
    return joined


def cross_fitted(
    matrix: Matrix,
    targets: ArrayLike,
    respondents: Sequence[object] | pd.Series[Any] | None = None,
    *,
    seed: int = 0,
    folds: int = FOLDS,
    ridge: float = RIDGE,
) -> Learned:
    """Predict every text by models that have not seen its respondent's ratings.

    Parameters
    ----------
    matrix
        What `features` gives.
    targets
        A row per text, a column per thing to learn (or one column); NaN rows are not rated.
    respondents
        Who said it; missing ones, or None: each text has its own.
    seed
        Decides which respondent is in which fold.
    folds
        How many models; a respondent's ratings are left out of one of them.
    ridge
        Penalty, above 0.

    Returns
    -------
    Learned
        A text of a rated respondent is predicted by the one model that left the respondent
        out; any other by the mean of all models.

    Raises
    ------
    NoEvidence
        If the ratings are of fewer than two respondents: nothing could be held out.
    """
    wanted = np.asarray(targets, dtype=np.float64).reshape(matrix.shape[0], -1)
    rated = np.flatnonzero(np.isfinite(wanted).all(axis=1))
    who = _people(respondents, matrix.shape[0])
    people, place = np.unique(who[rated], return_inverse=True)
    if len(people) < 2:
        raise NoEvidence(
            f"nothing can be learned from ratings of {len(people)} respondents: "
            f"rate texts of at least ten"
        )
    folds = min(folds, len(people))
    drawn = np.random.default_rng(seed).permutation(len(people)) % folds
    at = np.minimum(np.searchsorted(people, who), len(people) - 1)
    fold = np.where(people[at] == who, drawn[at], -1).astype(np.int64)

    # Features that no rated text has weigh nothing; most hashes are of that kind.
    known = matrix[rated]
    used = np.unique(known.indices)
    matrix, known = matrix[:, used], known[:, used]
    values = np.zeros((matrix.shape[0], wanted.shape[1]))
    gram = (known @ known.T).toarray() if len(rated) <= _DUAL else None
    for number in range(folds):
        train = drawn[place] != number
        y = wanted[rated[train]]
        centre = y.mean(axis=0)
        if gram is None:
            weights = _primal(known[train], y - centre, ridge)
        else:
            kernel = gram[np.ix_(train, train)] + ridge * np.eye(int(train.sum()))
            weights = known[train].T @ np.linalg.solve(kernel, y - centre)
        predicted = matrix @ weights + centre
        mine, nobody = fold == number, fold < 0
        values[mine] = predicted[mine]
        values[nobody] += predicted[nobody] / folds
    return Learned(values, fold)


def valences(
    matrix: Matrix,
    ratings: ArrayLike,
    respondents: Sequence[object] | pd.Series[Any] | None = None,
    *,
    seed: int = 0,
) -> Floats:
    """Cross-fitted valence of every text, −1…1.

    Parameters
    ----------
    matrix
        What `features` gives.
    ratings
        People's valence of each text, NaN where nobody rated it.
    respondents
        Who said it; None: each text has its own.
    seed
        Decides which respondent is in which fold.

    Raises
    ------
    NoEvidence
        If the ratings are of fewer than two respondents.
    """
    found = cross_fitted(matrix, ratings, respondents, seed=seed)
    return np.clip(found.values[:, 0], -1.0, 1.0)


def memberships(
    matrix: Matrix,
    stages: ArrayLike,
    respondents: Sequence[object] | pd.Series[Any] | None = None,
    *,
    seed: int = 0,
) -> Floats:
    """Cross-fitted probability of every text to speak of each stage, 0…1.

    Parameters
    ----------
    matrix
        What `features` gives.
    stages
        A row per text, a column per stage: 1 where people coded the stage in the text, 0 where
        they did not, NaN in texts that nobody coded.
    respondents
        Who said it; None: each text has its own.
    seed
        Decides which respondent is in which fold.

    Raises
    ------
    NoEvidence
        If the codings are of fewer than two respondents.
    """
    found = cross_fitted(matrix, stages, respondents, seed=seed)
    return np.clip(found.values, 0.0, 1.0)


def _primal(x: Matrix, y: Floats, ridge: float) -> Floats:
    from sklearn.linear_model import Ridge

    model = Ridge(alpha=ridge, fit_intercept=False, solver="sparse_cg", tol=1e-5)
    return np.asarray(model.fit(x, y).coef_, dtype=np.float64).reshape(y.shape[1], -1).T


def _same_length(given: int, texts: int, what: str) -> None:
    if given != texts:
        raise ArgumentError(f"{what}: {given} rows for {texts} texts; give one for each text")


def _people(respondents: Sequence[object] | pd.Series[Any] | None, n: int) -> NDArray[np.int64]:
    if respondents is None:
        return np.arange(n)
    codes, unique = pd.factorize(pd.Series(list(respondents)))
    _same_length(len(codes), n, "respondents")
    alone = codes < 0
    codes = codes.astype(np.int64)
    codes[alone] = len(unique) + np.arange(int(alone.sum()))
    return codes


def _codes(column: pd.Series[Any]) -> tuple[NDArray[np.int64], int]:
    codes, unique = pd.factorize(column)
    return codes.astype(np.int64), len(unique)


def _onehot(codes: NDArray[np.int64], size: int) -> Matrix:
    """1 in the column of the row's category; a missing one has none."""
    from scipy import sparse

    rows = np.flatnonzero(codes >= 0)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, codes[rows])), shape=(len(codes), size))


def _within(words: Matrix, column: pd.Series[Any]) -> Matrix:
    """The words once more, in places of their own for each value of the column."""
    from scipy import sparse

    codes, size = _codes(column)
    if not 1 < size <= LEVELS:
        return sparse.csr_matrix((len(column), 0))
    found = words.tocoo()
    here = codes[found.row] >= 0
    rows = found.row[here]
    # Large odd numbers scatter the values over the hashes; meetings are as rare as for words.
    places = (found.col[here].astype(np.int64) + (codes[rows] + 1) * 40_503) % HASHES
    return sparse.csr_matrix((found.data[here], (rows, places)), shape=(len(column), HASHES))


def _attribute(column: pd.Series[Any]) -> Matrix:
    from scipy import sparse

    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        given = column.to_numpy(dtype=np.float64, na_value=np.nan)
        there = np.isfinite(given)
        spread = float(given[there].std()) if there.any() else 0.0
        if spread < 1e-12:
            return sparse.csr_matrix((len(column), 0))
        standard = np.where(there, (given - given[there].mean()) / spread, 0.0)
        return sparse.csr_matrix(np.column_stack([standard, ~there]))
    codes, size = _codes(column)
    return _onehot(codes, size) if 1 < size <= LEVELS else sparse.csr_matrix((len(column), 0))
