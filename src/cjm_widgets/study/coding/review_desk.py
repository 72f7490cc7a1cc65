"""A reviewer's desk on a study: where coders differ, and what is settled."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from cjm_widgets.errors import CjmError, UnknownName
from cjm_widgets.measure.agreement.agreement_table import agreement_table
from cjm_widgets.measure.agreement.consensus import as_settled
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import Memo, Op, Opening, Receipt
from cjm_widgets.model.review import (
    Case,
    Cases,
    CaseStatus,
    Figure,
    On,
    Place,
    Progress,
    ReviewSheet,
)
from cjm_widgets.store import Store, StoreDesk
from cjm_widgets.store.contents.memos import add, rows
from cjm_widgets.store.desks.apply import No
from cjm_widgets.store.desks.consensus import decisions, of_text, settle
from cjm_widgets.store.desks.desk import refusal
from cjm_widgets.store.engine.build import moment
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.history.journal import earlier, top
from cjm_widgets.store.queues.overview import STUDY
from cjm_widgets.store.tables.names import Keys, actor
from cjm_widgets.study.coding.review_counts import DifferenceCounts
from cjm_widgets.study.coding.review_places import left, places_of

PREVIEW = 160
FIGURES = ("percent", "krippendorff_alpha")
"""Figures that are shown before and after."""

Current = Callable[[pd.DataFrame], pd.DataFrame]


class StoreReview:
    """What `cjm_widgets.model.review.ReviewDesk` says.

    Parameters
    ----------
    store
        The study.
    who
        Who settles.
    coders
        Whose codings are compared.
    on
        By what.
    current
        Codings to codings at the stages of now, for the figures.
    """

    def __init__(
        self, store: Store, who: str, coders: Sequence[str], on: On, current: Current
    ) -> None:
        self._store, self.who, self.coders, self.on = store, who, tuple(coders), on
        self._desk = StoreDesk(store, who)
        self._current = current
        self._keys = Keys()
        self._counts = DifferenceCounts(store.base, self.coders, on)

    def open(self) -> Opening:
        """The study, with differences as its total and settled ones as done."""
        counts = self._counted()
        total = sum(every for _, every in counts.values())
        still = sum(left for left, _ in counts.values())
        return replace(self._desk.open(), total=total, done=total - still, filters=())

    def cases(self, status: CaseStatus, after: int = 0, limit: int = 60) -> Cases:
        """Texts with differences, by number, after a cursor."""
        found = [number for number in self._fitting(status) if number > after]
        some = found[:limit]
        counts = self._counted()
        texts = self._store.texts(some).set_index("feedback")
        items = []
        for number in some:
            row = texts.loc[number]
            named = [row["respondent"], row["source_id"]]
            title = next((str(name) for name in named if isinstance(name, str)), str(number))
            preview = " ".join(str(row["text"])[: 4 * PREVIEW].split())[:PREVIEW]
            items.append(Case(number, title, preview, *counts[number]))
        return Cases(tuple(items), some[-1] if len(found) > limit else None)

    def next(self, status: CaseStatus, after: int, *, back: bool = False) -> int | None:
        """The next text with differences; None when there is no more."""
        found = self._fitting(status)
        if back:
            return next((number for number in reversed(found) if number < after), None)
        return next((number for number in found if number > after), None)

    def sheet(self, id: int) -> ReviewSheet:
        """A text with what its coders said."""
        sheet = self._desk.text(id)
        with self._store.base.read() as tx:
            people, agreed = of_text(tx, id, self._keys)
            made = [one for one in decisions(tx) if one.body["feedback"] == id]
            memos = _memos(tx, id, [*people, *agreed], self.who)
        now = [one for one in people if one.version == sheet.version and one.coder in self.coders]
        places = places_of(now, agreed, made, sheet.version)
        still, total = left(places, self.on)
        return ReviewSheet(replace(sheet, codings=()), places, memos, still, total)

    def progress(self) -> Progress:
        """Agreement before and after, and how much is settled."""
        every = self._said()
        with self._store.base.read() as tx:
            made = [one.body for one in decisions(tx)]
        agreed = {uid for one in made for uid in one["codings"]}
        ours = every[every["coder"].isin(self.coders) | every["uid"].isin(list(agreed))]
        before = self._figures(ours[~ours["uid"].isin(list(agreed))])
        after = self._figures(as_settled(ours, made)) if agreed else before
        counts = self._counted().values()
        total = sum(found for _, found in counts)
        return Progress(before, after, total, total - sum(left for left, _ in counts))

    def apply(self, op: Op, seen: dict[str, int] | None = None) -> Receipt:
        """Settle a place, write a memo, undo or redo."""
        if op.act in ("undo", "redo") or (op.act == "memo" and op.body.get("do") != "add"):
            return self._desk.apply(op)
        try:
            with self._store.base.write() as tx:
                me = actor(tx, self.who)
                known = earlier(tx, op.op)
                if known is None:
                    self._do(tx, op, me, seen or {})
                    known = earlier(tx, op.op)
                seq = known[0] if known else tx.one(STUDY)[3]
                return Receipt(True, op.op, seq, top=top(tx, me))
        except No as no:
            return Receipt(False, op.op, why=no.why, say=no.say)
        except CjmError as error:
            return Receipt(False, op.op, why=refusal(error), say=str(error))

    # How it is found --------------------------------------------------------------

    def _do(self, tx: Tx, op: Op, me: int, seen: dict[str, int]) -> None:
        if op.act == "memo":
            on = op.body.get("on") or ("", "")
            text = str(op.body.get("text") or "")
            add(tx, (str(on[0]), str(on[1])), text, author=self.who, op=op.op, uid=op.row)
            return
        feedback = int(op.body["feedback"])
        people, agreed = of_text(tx, feedback, self._keys)
        version = op.seen_version
        now = [one for one in people if one.version == version and one.coder in self.coders]
        places = places_of(now, agreed, [], version or 0)
        place = next((one for one in places if one.id == op.body["place"]), None)
        if place is None:
            raise No("conflict", "what coders marked here was changed meanwhile; look at it again")
        here = {one.uid: one.rev for side in place.sides for one in side.codings}
        if seen and seen != here:
            raise No("conflict", "a coding of this place was changed meanwhile; look at it again")
        how, chosen = op.body["how"], op.body.get("chosen") or ""
        body = {
            "feedback": feedback,
            "version": version,
            "start": place.start,
            "stop": place.stop,
            "how": how,
            "chosen": chosen,
            "coders": [side.coder for side in place.sides],
            "from": sorted(here),
        }
        settle(tx, me, op.op, str(op.row), body, _wanted(op, place, how, chosen))

    def _counted(self) -> dict[int, tuple[int, int]]:
        """Open and all differences of each text that has any, by its number."""
        return self._counts.now()

    def _fitting(self, status: CaseStatus) -> list[int]:
        fits: Callable[[int, int], bool] = {
            "open": lambda left, total: left > 0,
            "settled": lambda left, total: left < total,
            "all": lambda left, total: True,
        }[status]
        return [number for number, counts in self._counted().items() if fits(*counts)]

    def _said(self) -> pd.DataFrame:
        """Codings as agreement compares them: without their words, which take the longest."""
        marks = self._store.marks(places=True)
        uids = self._store.coding_uids()
        said = marks.assign(uid=uids.reindex(marks["coding"]).array, codes="")
        if self.on == "codes":
            pairs = self._store.code_pairs()
            joined = pairs.groupby("coding")["code"].agg(lambda keys: "; ".join(sorted(keys)))
            said["codes"] = joined.reindex(said["coding"]).fillna("").array
        return said.astype({"codes": "str"})

    def _figures(self, codings: pd.DataFrame) -> dict[str, Figure]:
        if codings.empty:
            return {}
        table = agreement_table(self._current(codings), {}, self.on, measures=FIGURES)
        # Of valence the interval level is the one to read.
        rows = table.drop_duplicates("measure", keep="last")
        columns = (rows[name].tolist() for name in ("measure", "value", "low", "high", "n"))
        return {
            measure: Figure(_told(value), _told(low), _told(high), n)
            for measure, value, low, high, n in zip(*columns, strict=True)
        }


def _wanted(op: Op, place: Place, how: str, chosen: str) -> list[dict[str, Any]]:
    """The codings that are to be the consensus."""
    if how == "undecided":
        return []
    if how == "coder":
        side = next((side for side in place.sides if side.coder == chosen), None)
        if side is None:
            raise UnknownName("coder", chosen, [side.coder for side in place.sides])
        return [{"start": o.start, "stop": o.stop, "like": o.uid} for o in side.codings]
    fields = ("start", "stop", "stage", "valence", "codes", "memo")
    own = {name: op.body[name] for name in fields if name in op.body}
    start, stop = own.get("start", place.start), own.get("stop", place.stop)
    if not place.start <= start < stop <= place.stop:
        raise No("invalid", f"the passage lies within {place.start} and {place.stop}")
    return [{**own, "start": start, "stop": stop}]


def _memos(tx: Tx, feedback: int, codings: Sequence[Coding], who: str) -> tuple[Memo, ...]:
    here = {("coding", one.uid) for one in codings} | {("text", str(feedback))}
    found = [*rows(tx, "text", str(feedback)), *rows(tx, "coding")]
    made = [
        Memo(row[0], row[1], row[2], row[3], row[4], moment(row[5]), row[3] == who)
        for row in found
        if (row[1], row[2]) in here
    ]
    return tuple(sorted(made, key=lambda memo: memo.at))


def _told(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
