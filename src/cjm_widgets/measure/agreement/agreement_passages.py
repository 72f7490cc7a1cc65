"""How far coders agree on passages: where they begin and end, and what is said of them.

The unitised alpha of Krippendorff, Mathet, Bouvry and Widlöcher (2016), which replaces the
α_U of 1995 and 2004 and holds for more than two coders: lengths of intersections take the
place of counts, and a passage is never compared with itself by chance. Several texts are one
continuum; each counts with the coders who coded it.

Source: Krippendorff, Mathet, Bouvry and Widlöcher 2016, On the reliability of unitizing textual
continua: further developments, Quality & Quantity 50, 2347–2364, equations 1, 4, 5, 6, 10, 11.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.agreement.agreement_formulas import Disagreement, one_minus_ratios
from cjm_widgets.measure.agreement.agreement_ratings import in_order
from cjm_widgets.measure.bootstrap import Codes, Floats
from cjm_widgets.measure.columns import cluster_codes
from cjm_widgets.model.estimate import Estimate

Span = tuple[int, int, Hashable]
"""First code point of a passage, code point after its last, and what it is labelled."""
Segment = tuple[int, int, int]
"""As a span, but no two of a coder overlap, and labels are numbers."""

_Entry = tuple[int, int, float, float, float, float]
"""Text, label, and what is added to each of the four parts of `Passages`."""

_TOTAL, _AGREED, _EMPTY = 0, 1, 2
"""Columns of `Passages.sums`."""
_AT_ONCE = 200
"""Texts whose own figures are computed at once."""
MEASURES = ("alpha_u", "alpha_u_where", "alpha_u_what", "characters", "characters_coded")


@dataclass(frozen=True, slots=True)
class Passages:
    """Texts with the passages of their coders, summed: all the measures need.

    All lengths are summed over pairs of coders and divided by the coders less one, so that a
    text weighs by its length times its coders. Each has a row per text.
    """

    sums: Floats
    """Length times coders, the length on which they agree (uncoded text included), the length
    that both left uncoded."""
    coded: sparse.csr_array
    """Per label: the length coded."""
    squares: sparse.csr_array
    """Per label: the squared lengths of its segments."""
    shared: sparse.csr_array
    """Per label: the length coded by others as well."""
    shared_squares: sparse.csr_array
    """Per label: the squares of that, each segment by each other coder."""
    clusters: Codes
    """The respondent of each text, 0 or more."""

    def chosen(self, places: Codes) -> Passages:
        """The texts at these places."""
        a, b, c, d = (part[places] for part in self._parts)
        return Passages(self.sums[places], a, b, c, d, self.clusters[places])

    def added(self, by: sparse.csr_array) -> Passages:
        """Texts added up: a row of `by` says which of them make one."""
        a, b, c, d = (sparse.csr_array(by @ part) for part in self._parts)
        return Passages(np.asarray(by @ self.sums), a, b, c, d, np.arange(by.shape[0]))

    @property
    def _parts(self) -> tuple[sparse.csr_array, ...]:
        return self.coded, self.squares, self.shared, self.shared_squares


def passages(
    texts: Sequence[tuple[int, Sequence[Iterable[Span]]]],
    respondents: Iterable[object] | None = None,
) -> Passages:
    """Sum the passages of several coders.

    Parameters
    ----------
    texts
        For each text its length in code points and the passages of each coder who coded it.
        Where passages of a coder overlap, the shortest says what the text is labelled: a
        passage inside another one is the more exact statement.
    respondents
        Whose each text is; missing ones are respondents of their own.

    Raises
    ------
    ArgumentError
        If a passage does not lie in its text, or there is not one respondent per text.
    """
    place: dict[Hashable, int] = {}
    cut: list[tuple[int, list[list[Segment]]]] = []
    for number, (length, coders) in enumerate(texts):
        rows = []
        for spans in coders:
            numbered = []
            for start, stop, label in spans:
                if not 0 <= start < stop <= length:
                    raise ArgumentError(
                        f"texts: text {number}, counted from 0, has {length} code points, but a "
                        f"passage is [{start}, {stop}); it must lie in the text"
                    )
                numbered.append((start, stop, place.setdefault(label, len(place))))
            rows.append(flat(numbered))
        cut.append((length, rows))
    sums = np.zeros((len(cut), 3))
    entries: list[_Entry] = []
    for row, (length, segments) in enumerate(cut):
        if len(segments) > 1:
            _add(sums[row], entries, row, length, segments)
    # Labels are numbered in an order of their own, so that resamples do not depend on theirs.
    number_of = np.argsort(in_order(list(place))) if place else np.zeros(0, dtype=np.int64)
    table = np.array(entries, dtype=np.float64).reshape(-1, 6)
    where = table[:, 0].astype(np.int64), number_of[table[:, 1].astype(np.int64)]
    shape = (len(cut), len(place))
    coded, squares, shared, shared_squares = (
        sparse.csr_array((table[:, 2 + k], where), shape=shape) for k in range(4)
    )
    clusters = np.arange(len(cut))
    if respondents is not None:
        who = pd.Series(list(respondents))
        if len(who) != len(cut):
            raise ArgumentError(
                f"respondents: {len(who)} for {len(cut)} texts; give one for each text"
            )
        clusters = cluster_codes(who)
    return Passages(sums, coded, squares, shared, shared_squares, clusters)


def flat(spans: Sequence[Segment]) -> list[Segment]:
    """Passages of one coder without overlaps: the shortest one says what the text is labelled.

    Passages of the same label that overlap are one; those that only touch stay two.

    >>> flat([(0, 10, 0), (4, 6, 1)])
    [(0, 4, 0), (4, 6, 1), (6, 10, 0)]
    >>> flat([(0, 5, 0), (3, 9, 0), (9, 12, 0)])
    [(0, 9, 0), (9, 12, 0)]
    """
    merged: list[Segment] = []
    last: dict[int, int] = {}
    for start, stop, label in sorted(spans):
        at = last.get(label)
        if at is not None and start < merged[at][1]:
            merged[at] = (merged[at][0], max(stop, merged[at][1]), label)
        else:
            last[label] = len(merged)
            merged.append((start, stop, label))
    ends = sorted({end for start, stop, _ in merged for end in (start, stop)})
    active: list[tuple[int, int, int]] = []
    found: list[tuple[int, int, int]] = []
    following = 0
    for start, stop in pairwise(ends):
        while following < len(merged) and merged[following][0] <= start:
            begin, end, _ = merged[following]
            heapq.heappush(active, (end - begin, following, end))
            following += 1
        while active and active[0][2] <= start:
            heapq.heappop(active)
        if not active:
            continue
        number = active[0][1]
        if found and found[-1][1] == start and found[-1][2] == number:
            found[-1] = (found[-1][0], stop, number)
        else:
            found.append((start, stop, number))
    return [(start, stop, merged[number][2]) for start, stop, number in found]


def _add(
    sums: Floats, entries: list[_Entry], row: int, length: int, coders: list[list[Segment]]
) -> None:
    """Add one text to its sums, and to the entries of its labels."""
    m = len(coders)
    sums[_TOTAL] = m * length
    if not any(coders):
        sums[_AGREED] = sums[_EMPTY] = m * length
        return
    covered = [sum(stop - start for start, stop, _ in segments) for segments in coders]
    for segments in coders:
        for start, stop, label in segments:
            entries.append((row, label, stop - start, (stop - start) ** 2, 0, 0))
    agreed = uncoded = 0
    for i in range(m):
        for j in range(i):
            lengths_i, lengths_j = [0] * len(coders[i]), [0] * len(coders[j])
            both = same = a = b = 0
            while a < len(coders[i]) and b < len(coders[j]):
                (start, stop, label), (begin, end, other) = coders[i][a], coders[j][b]
                overlap = max(0, min(stop, end) - max(start, begin))
                both += overlap
                same += overlap if label == other else 0
                lengths_i[a] += overlap
                lengths_j[b] += overlap
                if stop <= end:
                    a += 1
                else:
                    b += 1
            empty = length - covered[i] - covered[j] + both
            agreed += 2 * (same + empty)
            uncoded += 2 * empty
            for segments, lengths in ((coders[i], lengths_i), (coders[j], lengths_j)):
                for (_, _, label), met in zip(segments, lengths, strict=True):
                    if met:
                        entries.append((row, label, 0, 0, met / (m - 1), met**2 / (m - 1)))
    sums[_AGREED], sums[_EMPTY] = agreed / (m - 1), uncoded / (m - 1)


def passage_agreement(of: Passages, measure: str) -> Estimate:
    """One measure of the agreement on passages, with its interval over texts.

    Parameters
    ----------
    of
        Passages as `passages` sums them.
    measure
        ``alpha_u``: where passages lie and what they are labelled, uncoded text being a label
        of its own (_uα). ``alpha_u_where``: coded or not, whatever the label (_|uα).
        ``alpha_u_what``: the labels of text that several coded (_cuα). ``characters``: share
        of characters on which two coders agree, uncoded text included. ``characters_coded``:
        the same share among characters that at least one of the two coded.

    Returns
    -------
    Estimate
        `n` is the number of texts with two coders or more. Resamples draw respondents where
        texts share one, else texts. NaN where nothing is coded, or chance leaves nothing to
        disagree on.

    Raises
    ------
    UnknownName
        If the measure is unknown.

    Examples
    --------
    Ten characters, of which one coder has coded the first four and another the first six. By
    hand: they differ on 4 of 20; lengths 10 and 10, squares 4² + 6² and the 10 gaps, so that
    ``α = 1 − (4/20) (20² − 52 − 10) / (2 · 10 · 10)``:

    >>> both = passages([(10, [[(0, 4, "pay")], [(0, 6, "pay")]])])
    >>> round(passage_agreement(both, "alpha_u").value, 3)
    0.662
    >>> [round(passage_agreement(both, name).value, 3) for name in MEASURES[3:]]
    [0.8, 0.667]
    """
    if measure not in MEASURES:
        raise UnknownName("measure of passages", measure, MEASURES)
    return passage_agreements(of, [measure])[0]


def passage_agreements(of: Passages, measures: Sequence[str] = MEASURES) -> list[Estimate]:
    """Several measures from the same resamples; see `passage_agreement`."""
    several = np.flatnonzero(of.sums[:, _TOTAL] > 0)
    codes, names = pd.factorize(of.clusters[several])
    shape = (len(names), len(of.sums))
    added = of.added(sparse.csr_array((np.ones(len(codes)), (codes, several)), shape=shape))
    # In an order that depends only on what they hold, as the resamples do on it.
    numbers = np.arange(1.0, added.coded.shape[1] + 1)
    marks = [part @ numbers for part in (added.coded, added.squares, added.shared)]
    rows = added.chosen(np.lexsort([*marks, *added.sums.T]))
    ones = np.ones(len(names))
    return one_minus_ratios(
        [_FORMULAS[measure](rows) for measure in measures],
        ones,
        ones,
        None,
        n=len(several),
        drawn=len(names),
        graded=True,
    )


def each_text(of: Passages, measure: str) -> Floats:
    """One measure of every single text; NaN where it has fewer than two coders or no passage."""
    found = np.full(len(of.sums), np.nan)
    several = np.flatnonzero(of.sums[:, _TOTAL] > 0)
    for start in range(0, len(several), _AT_ONCE):
        some = several[start : start + _AT_ONCE]
        observed, expected = _FORMULAS[measure](of.chosen(some))(np.eye(len(some)))
        with np.errstate(divide="ignore", invalid="ignore"):
            found[some] = np.where(expected > 0, 1 - observed / expected, np.nan)
    return found


def _ratio(part: Floats, whole: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(part / whole)


def _everything(rows: Passages) -> Disagreement:
    coded, squares = rows.coded, rows.squares

    def of(weights: Floats) -> tuple[Floats, Floats]:
        total, agreed = weights @ rows.sums[:, _TOTAL], weights @ rows.sums[:, _AGREED]
        lengths, itself = weights @ coded, weights @ squares
        gaps = total - lengths.sum(axis=1)
        # Uncoded text has no segments: each of its characters stands alone.
        alike = (lengths**2 - itself).sum(axis=1) + gaps**2 - gaps
        possible = total**2 - itself.sum(axis=1) - gaps
        return 1 - _ratio(agreed, total), 1 - _ratio(alike, possible)

    return of


def _where(rows: Passages) -> Disagreement:
    coded, squares = rows.coded, rows.squares

    def of(weights: Floats) -> tuple[Floats, Floats]:
        total, empty = weights @ rows.sums[:, _TOTAL], weights @ rows.sums[:, _EMPTY]
        gaps = total - (weights @ coded).sum(axis=1)
        possible = total**2 - (weights @ squares).sum(axis=1) - gaps
        return _ratio(gaps - empty, total), _ratio(gaps * (total - gaps), possible)

    return of


def _what(rows: Passages) -> Disagreement:
    shared, squares = rows.shared, rows.shared_squares
    same = rows.sums[:, _AGREED] - rows.sums[:, _EMPTY]

    def of(weights: Floats) -> tuple[Floats, Floats]:
        lengths, itself = weights @ shared, weights @ squares
        total = lengths.sum(axis=1)
        alike = (lengths**2 - itself).sum(axis=1)
        possible = total**2 - itself.sum(axis=1)
        return 1 - _ratio(weights @ same, total), 1 - _ratio(alike, possible)

    return of


def _characters(rows: Passages) -> Disagreement:
    def of(weights: Floats) -> tuple[Floats, Floats]:
        total, agreed = weights @ rows.sums[:, _TOTAL], weights @ rows.sums[:, _AGREED]
        return 1 - _ratio(agreed, total), np.ones(len(weights))

    return of


def _characters_coded(rows: Passages) -> Disagreement:
    def of(weights: Floats) -> tuple[Floats, Floats]:
        total, agreed, empty = (weights @ rows.sums[:, k] for k in (_TOTAL, _AGREED, _EMPTY))
        return 1 - _ratio(agreed - empty, total - empty), np.ones(len(weights))

    return of


_FORMULAS: Mapping[str, Callable[[Passages], Disagreement]] = {
    "alpha_u": _everything,
    "alpha_u_where": _where,
    "alpha_u_what": _what,
    "characters": _characters,
    "characters_coded": _characters_coded,
}
