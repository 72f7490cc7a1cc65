"""Ratings of several coders, counted: the distinct ways in which a unit was rated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from cjm_widgets.errors import ArgumentError
from cjm_widgets.measure.bootstrap import Codes, Floats
from cjm_widgets.measure.columns import cluster_codes

Ratings = ArrayLike | pd.DataFrame | Sequence[Sequence[Hashable]]
"""A row per coder, a column per unit; None, NaN and pandas.NA where a coder gave none."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """The distinct ways in which units were rated, and how often each occurs.

    Units rated alike are one row, so that a thousand resamples of 10,000 units cost no more
    than the few ways there are.
    """

    codes: Codes
    """Ways × coders: number of the label, −1 where there is none."""
    times: Floats
    """Units rated in each way."""
    labels: tuple[Any, ...]
    """The labels in order; their place is their number."""
    clusters: sparse.csr_array | None
    """Kinds of respondents × ways: how often each way occurs in the units of one; None where
    no respondent has two units."""
    kinds: Floats
    """Respondents of each kind; where there are no clusters, units rated in each way."""

    @property
    def present(self) -> NDArray[np.bool_]:
        """Where there is a rating."""
        return self.codes >= 0

    @property
    def raters(self) -> Floats:
        """Ratings of a unit of each way."""
        return np.asarray(self.present.sum(axis=1), dtype=np.float64)

    @property
    def n(self) -> int:
        """Units with at least two ratings."""
        return int(self.times[self.raters > 1].sum())

    @property
    def drawn(self) -> int:
        """What is drawn in a resample: respondents, or units where each has its own."""
        return int(self.kinds.sum())

    def counts(self) -> sparse.csr_array:
        """Ways × labels: ratings of each label."""
        way, coder = np.nonzero(self.present)
        shape = (len(self.times), len(self.labels))
        ones = np.ones(len(way))
        return sparse.csr_array((ones, (way, self.codes[way, coder])), shape=shape)


def coded(ratings: Ratings) -> tuple[Codes, tuple[Any, ...]]:
    """Ratings as numbers of labels: units × coders, −1 where missing; and the labels in order.

    Raises
    ------
    ArgumentError
        If there is no table of at least two coders, or a label cannot be hashed.
    """
    table = _table(ratings)
    flat = pd.Series(table.ravel(), dtype=object)
    try:
        codes, unique = pd.factorize(flat)
    except TypeError as error:
        raise ArgumentError(
            f"ratings: a label is a text, a number or another hashable value ({error}); turn "
            f"lists into tuples and sets into frozensets"
        ) from error
    found = list(unique)
    # Numbers do not follow the order of units or coders: a figure cannot depend on it.
    order = in_order(found)
    place = np.full(len(found) + 1, -1, dtype=np.int64)
    place[order] = np.arange(len(found))
    return place[codes].reshape(table.shape).T, tuple(found[k] for k in order)


def in_order(labels: Sequence[Any]) -> list[int]:
    """Places of labels in an order of their own, whatever their types.

    >>> in_order(["b", 1, frozenset("ab"), "a"])
    [2, 1, 3, 0]
    """

    def spelled(place: int) -> tuple[str, list[str]]:
        label = labels[place]
        # Sets are ordered by inclusion, which is no order of all of them.
        whole = isinstance(label, frozenset)
        return type(label).__name__, sorted(map(repr, label)) if whole else [repr(label)]

    try:
        if any(isinstance(label, frozenset) for label in labels):
            raise TypeError
        return sorted(range(len(labels)), key=labels.__getitem__)
    except TypeError:
        return sorted(range(len(labels)), key=spelled)


def patterns(
    codes: Codes,
    labels: tuple[Any, ...],
    respondents: Iterable[object] | None = None,
    *,
    alike: bool = True,
    least: int = 2,
) -> Patterns:
    """Count the distinct ways of rating.

    Parameters
    ----------
    codes
        Units × coders, as `coded` gives them.
    labels
        The labels.
    respondents
        Whose each unit is; missing ones are respondents of their own.
    alike
        Whether it does not matter which coder gave which rating.
    least
        Units with fewer ratings are left out.

    Raises
    ------
    ArgumentError
        If there is not one respondent for each unit.
    """
    of = None
    if respondents is not None:
        who = pd.Series(list(respondents))
        if len(who) != len(codes):
            raise ArgumentError(
                f"respondents: {len(who)} for {len(codes)} units; give one for each unit, a "
                f"column of the ratings"
            )
        of = cluster_codes(who)
    rated = (codes >= 0).sum(axis=1) >= least
    kept = np.sort(codes[rated], axis=1) if alike else codes[rated]
    rows, way, times = _distinct(kept, len(labels))
    counted = times.astype(np.float64)
    found = None if of is None else _clusters(pd.factorize(of[rated])[0], way, len(rows))
    clusters, kinds = (None, counted) if found is None else found
    return Patterns(rows, counted, labels, clusters, kinds)


def _table(ratings: Ratings) -> NDArray[Any]:
    if isinstance(ratings, pd.DataFrame):
        table = ratings.to_numpy(dtype=object)
    elif isinstance(ratings, np.ndarray):
        table = ratings.astype(object)
    else:
        try:
            given: list[Any] = list(ratings)  # type: ignore[arg-type]  # TypeError
            if any(isinstance(row, str) for row in given):
                raise TypeError("a text is no row of labels")
            rows = [list(row) for row in given]
        except TypeError as error:
            raise ArgumentError(
                f"ratings: a table is needed, a row per coder and a column per unit, such as "
                f"[['a', 'b'], ['a', None]], not {str(ratings)[:60]!r}"
            ) from error
        lengths = {len(row) for row in rows}
        if len(lengths) > 1:
            raise ArgumentError(
                f"ratings: the coders have {min(lengths)} to {max(lengths)} ratings; each needs "
                f"one per unit, None where there is none"
            )
        # numpy would unpack labels that are tuples.
        table = np.empty((len(rows), lengths.pop() if lengths else 0), dtype=object)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                table[number, place] = value
    if table.ndim != 2 or len(table) < 2:
        raise ArgumentError(
            f"ratings: a row per coder and a column per unit is needed, with two coders or more; "
            f"received the shape {table.shape}"
        )
    return table


def _distinct(rows: Codes, labels: int) -> tuple[Codes, Codes, Codes]:
    """The distinct rows in order, which of them each row is, and how often each occurs."""
    base = labels + 1
    coders = rows.shape[1]
    if coders * np.log2(max(base, 2)) < 62:
        # One whole number per row sorts ten times as fast as rows do.
        powers = base ** np.arange(coders - 1, -1, -1, dtype=np.int64)
        _, first, way, times = np.unique(
            (rows + 1) @ powers, return_index=True, return_inverse=True, return_counts=True
        )
        return rows[first], way.ravel(), times
    unique, way, times = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    return unique, way.ravel(), times


def _clusters(of: Codes, way: Codes, ways: int) -> tuple[sparse.csr_array, Floats] | None:
    """Kinds of clusters by the ways they hold, and how many there are of each."""
    size = int(of.max(initial=-1)) + 1
    if size == len(of):
        return None
    order = np.lexsort((way, of))
    parts = np.split(way[order], np.flatnonzero(np.diff(of[order])) + 1)
    held = Counter(tuple(part.tolist()) for part in parts)
    # In an order that depends only on what they hold, as the resamples do on it.
    kinds = sorted(held)
    kind = np.repeat(np.arange(len(kinds)), [len(one) for one in kinds])
    column = np.array([w for one in kinds for w in one], dtype=np.int64)
    array = sparse.csr_array((np.ones(len(kind)), (kind, column)), shape=(len(kinds), ways))
    return array, np.array([held[one] for one in kinds], dtype=np.float64)
