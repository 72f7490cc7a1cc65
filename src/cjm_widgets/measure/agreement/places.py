"""Where coders of the same texts differ, counted over many texts at once.

The same answers as `agreement.consensus` gives for one text, in arrays: 200,000 codings
take a tenth of a second instead of three.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from cjm_widgets.model.review import STEP, On

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """Codings in arrays of one length, ordered by text, start and stop.

    Each coding is of the version of its text that is compared.
    """

    feedback: Integers
    coder: Integers
    start: Integers
    stop: Integers
    stage: Integers
    """Number of the stage, −1 for none."""
    valence: Floats
    """−1…1, NaN for none."""


def same_places(rows: Rows) -> Integers:
    """Which codings are about the same words.

    Returns
    -------
    numpy.ndarray
        For each coding the number of its place, from 0; a place lies in one text. What makes
        two passages the same one, `cjm_widgets.measure.agreement.consensus.same_passages` says.
    """
    n = len(rows.feedback)
    ones: list[Integers] = []
    others: list[Integers] = []
    here, apart = np.arange(n, dtype=np.int64), 0
    while len(here):
        apart += 1
        here = here[here + apart < n]
        there = here + apart
        # By start: from the first that begins behind a passage on, none overlaps it any more.
        near = (rows.feedback[there] == rows.feedback[here]) & (rows.start[there] < rows.stop[here])
        here, there = here[near], there[near]
        same = (rows.coder[there] != rows.coder[here]) & _half(rows, here, there)
        ones.append(here[same])
        others.append(there[same])
    one = np.concatenate(ones) if ones else here
    other = np.concatenate(others) if others else here
    links = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(n, n))
    return connected_components(links, directed=False)[1].astype(np.int64)


def _half(rows: Rows, one: Integers, other: Integers) -> Flags:
    """Whether at least half of the shorter passage lies in the other."""
    common = np.minimum(rows.stop[one], rows.stop[other]) - np.maximum(
        rows.start[one], rows.start[other]
    )
    long = rows.stop - rows.start
    found: Flags = (common > 0) & (2 * common >= np.minimum(long[one], long[other]))
    return found


def differing(rows: Rows, place: Integers, bearing: tuple[Integers, Integers], on: On) -> Flags:
    """At which places coders differ.

    Parameters
    ----------
    rows, place
        Codings, and what `same_places` says of them.
    bearing
        Codes of codings: places in `rows`, and numbers of codes.
    on
        What counts as a difference.

    Returns
    -------
    numpy.ndarray
        For each place whether `agreement.consensus.differences` names `on`; False in
        texts of a single coder.
    """
    places = int(place.max()) + 1 if len(place) else 0
    if not places:
        return np.zeros(0, dtype=bool)
    people = int(rows.coder.max()) + 1
    # A side is what one coder says at one place.
    sides, side = np.unique(place * people + rows.coder, return_inverse=True)
    at = sides // people
    found: Flags
    if on == "valence":
        found = _valences(rows, side, at, places)
    else:
        owner, label = (side, rows.stage) if on == "stage" else (side[bearing[0]], bearing[1])
        told = label >= 0
        found = _unequal(_signatures(owner[told], label[told], len(sides)), at, places)
    text = np.zeros(places, dtype=np.int64)
    text[place] = rows.feedback
    coders = _coders(rows)
    number = coders[np.searchsorted(np.unique(rows.feedback), text)]
    silent = np.bincount(at, minlength=places) < number
    made: Flags = (number > 1) & (found | silent)
    return made


def _coders(rows: Rows) -> Integers:
    """How many coders each text has, by ascending number of the text."""
    people = int(rows.coder.max()) + 1
    pairs = np.unique(rows.feedback * people + rows.coder)
    return np.unique(pairs // people, return_counts=True)[1]


def _signatures(side: Integers, label: Integers, sides: int) -> NDArray[np.uint64]:
    """A number for the set of labels of each side: sets are equal where these are.

    Sums of 64 mixed bits a label, which for unequal sets are equal once in 10¹⁹.
    """
    made = np.zeros(sides, dtype=np.uint64)
    if len(side):
        pairs = np.unique(np.stack([side, label], axis=1), axis=0)
        np.add.at(made, pairs[:, 0], _mixed(pairs[:, 1]))
    return made


def _mixed(numbers: Integers) -> NDArray[np.uint64]:
    """The finishing steps of SplitMix64."""
    with np.errstate(over="ignore"):
        x = (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _unequal(signature: NDArray[np.uint64], at: Integers, places: int) -> Flags:
    # Sides come ordered by their place.
    first = np.searchsorted(at, np.arange(places))
    found: Flags = np.minimum.reduceat(signature, first) != np.maximum.reduceat(signature, first)
    return found


def _valences(rows: Rows, side: Integers, at: Integers, places: int) -> Flags:
    """Where means lie a step of the coder's scale apart, or only some coders gave one."""
    given = ~np.isnan(rows.valence)
    count = np.bincount(side[given], minlength=len(at))
    total = np.bincount(side[given], weights=rows.valence[given], minlength=len(at))
    rated = count > 0
    mean = total[rated] / count[rated]
    high, low = np.full(places, -np.inf), np.full(places, np.inf)
    np.maximum.at(high, at[rated], mean)
    np.minimum.at(low, at[rated], mean)
    some, every = np.bincount(at[rated], minlength=places), np.bincount(at, minlength=places)
    found: Flags = (some > 0) & ((some < every) | (high - low >= STEP - 1e-9))
    return found
