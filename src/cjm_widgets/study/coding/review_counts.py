"""How many differences each text has, and how many of them are open: kept up with the journal."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cjm_widgets.measure.agreement.places import Rows, differing, same_places
from cjm_widgets.model.review import On
from cjm_widgets.store.desks.consensus import Decision, decisions, shared
from cjm_widgets.store.desks.differing import Marked, marked, positions, touched
from cjm_widgets.store.engine.arrays import Integers
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.queues.overview import STUDY
from cjm_widgets.study.coding.review_places import left, places_of

FEW = 200
"""Touched texts up to which these alone are counted anew."""

Counts = dict[int, tuple[int, int]]
"""Number of a text to its open and all its differences."""


class DifferenceCounts:
    """Counts of a study, by ascending number of the text; texts without differences are left out.

    Parameters
    ----------
    base
        The study's database.
    coders, on
        Whose codings are compared, and by what.
    """

    def __init__(self, base: Database, coders: Sequence[str], on: On) -> None:
        self._base, self._coders, self._on = base, coders, on
        self._seq: int | None = None
        self._counts: Counts = {}
        self._lock = threading.Lock()

    def now(self) -> Counts:
        """The counts as they are now."""
        with self._lock, self._base.read() as tx:
            seq = int(tx.one(STUDY)[3])
            if self._seq != seq:
                texts = None if self._seq is None else touched(tx, self._seq, seq)
                if texts is None or len(texts) > FEW:
                    self._counts = self._all(tx)
                elif texts:
                    self._counts = self._with(tx, texts)
                self._seq = seq
            return self._counts

    def _with(self, tx: Tx, texts: set[int]) -> Counts:
        """The counts with those of some texts taken anew."""
        made: dict[int, list[Decision]] = {}
        for one in decisions(tx):
            if one.body["feedback"] in texts:
                made.setdefault(one.body["feedback"], []).append(one)
        found = {n: counts for n, counts in self._counts.items() if n not in texts}
        for number, rows in shared(tx, self._coders, texts).items():
            places = places_of(rows, [], made.get(number, []), rows[0].version)
            counts = left(places, self._on)
            if counts[1]:
                found[number] = counts
        return dict(sorted(found.items()))

    def _all(self, tx: Tx) -> Counts:
        told = marked(tx, self._coders, codes=self._on == "codes")
        if not len(told.number):
            return {}
        rows = Rows(told.feedback, told.coder, told.start, told.stop, told.stage, told.valence)
        place = same_places(rows)
        differs = differing(rows, place, told.bearing, self._on)
        text = np.zeros(len(differs), dtype=np.int64)
        text[place] = told.feedback
        closed = _closed(tx, told, place)
        numbers, total = np.unique(text[differs], return_counts=True)
        done = np.bincount(np.searchsorted(numbers, text[differs & closed]), minlength=len(numbers))
        every = zip(numbers.tolist(), (total - done).tolist(), total.tolist(), strict=True)
        return {number: (still, all_) for number, still, all_ in every}


def _closed(tx: Tx, told: Marked, place: Integers) -> NDArray[np.bool_]:
    """Which places are settled, nothing having been coded there since."""
    closed = np.zeros(int(place.max()) + 1, dtype=bool)
    made = [one.body for one in decisions(tx)]
    at = positions(tx, told, {uid for body in made for uid in body["from"]}) if made else {}
    size = np.bincount(place)
    # Decisions come in order: of a place the newest counts.
    for body in made:
        rows = [at[uid] for uid in body["from"] if uid in at]
        rows = [row for row in rows if told.version[row] == body["version"]]
        numbers, seen = np.unique(place[rows], return_counts=True)
        closed[numbers] = (body["how"] != "undecided") & (seen == size[numbers])
    return closed
