"""The study as it was: rows as they are now, with what was changed since put back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cjm_widgets.model.codebook import Codebook
from cjm_widgets.model.columns import CODINGS as CONTRACT
from cjm_widgets.model.journey import Journey
from cjm_widgets.store.contents import structure
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import frame, kinds_of
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import chronicle
from cjm_widgets.store.history.changes import pieces
from cjm_widgets.store.history.chronicle import Asked
from cjm_widgets.store.tables import frames
from cjm_widgets.store.tables.rows import CODES, JOURNEYS, STAGES, Image, Rows, alive, unpacked

_A, _C, _F, _B = schema.action, schema.change, schema.feedback, schema.batch

_FIRST = (
    sa.select(_C.c.row, sa.func.min(_C.c.seq).label("seq"))
    .where(_C.c.tbl == sa.bindparam("the_tbl"), _C.c.seq > sa.bindparam("the_seq"))
    .group_by(_C.c.row)
    .subquery()
)
_BEFORE = sa.select(_C.c.row, _C.c.before).join(
    _FIRST,
    sa.and_(
        _FIRST.c.seq == _C.c.seq, _FIRST.c.row == _C.c.row, _C.c.tbl == sa.bindparam("the_tbl")
    ),
)
_LAST = Statement(
    sa.select(sa.func.coalesce(sa.func.max(_A.c.seq), 0)).where(_A.c.at <= sa.bindparam("moment"))
)
_AT = Statement(sa.select(_A.c.at).where(_A.c.seq == sa.bindparam("the_seq")))
_BATCHES = Statement(sa.select(_B.c.id, _B.c.uid, _B.c.gone, _B.c.seq))


def _words(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    begin = sa.cast(sa.bindparam("begin"), sa.Integer)
    return sa.func.substr(column, begin, sa.cast(sa.bindparam("length"), sa.Integer))


_NOW = Statement(
    sa.select(_words(_F.c.text)).where(
        _F.c.id == sa.bindparam("it"), _F.c.version == sa.bindparam("the_version")
    )
)
_OLD = Statement(
    sa.select(_words(schema.feedback_text.c.text)).where(
        schema.feedback_text.c.feedback == sa.bindparam("it"),
        schema.feedback_text.c.version == sa.bindparam("the_version"),
    )
)


def last_at(tx: Tx, moment: int) -> int:
    """Number of the last action at a moment, in microseconds since 1970; 0 if there was none."""
    return int(tx.one(_LAST, moment=moment)[0])


def at_of(tx: Tx, seq: int) -> int | None:
    """When an action was done, in microseconds since 1970; None if there is none."""
    found = tx.one(_AT, the_seq=seq)
    return None if found is None else int(found[0])


_TEXT = Statement(
    sa.select(_F.c.id, schema.source.c.name, frames.source_id(), _F.c.respondent, _F.c.batch)
    .join(schema.source, schema.source.c.id == _F.c.source)
    .where(_F.c.id == sa.bindparam("it"))
)


class Past:
    """A study as it was after one action; only what was touched since is read from the journal."""

    def __init__(self, base: Database, seq: int) -> None:
        self._base, self._seq = base, seq

    def journey(self) -> Journey:
        """The journey as it was."""
        with self._base.read() as tx:
            head = self._rows(tx, JOURNEYS)
            found = head[0][1] if head else None
            stages = [
                (key, image["parent"], image["facts"]) for key, image in self._rows(tx, STAGES)
            ]
        title = None if found is None else (found["key"], found["names"], found["kind"])
        return structure.journey_of(title, stages)

    def codebook(self) -> Codebook:
        """The codebook as it was."""
        names = ("name", "kind", "parent", "definition", "colour")
        with self._base.read() as tx:
            rows = self._rows(tx, CODES)
        return structure.codebook_of(
            [(key, *[image[name] for name in names]) for key, image in rows]
        )

    def codings(self, coder: str | None = None) -> pd.DataFrame:
        """Codings that were live then, by the contract CODINGS."""
        with self._base.read() as tx:
            rows = sorted(_Codings(tx, self._seq).rows(coder), key=_order)
        return frame(kinds_of(CONTRACT), [row for _, row in rows])

    def history(
        self, actor: str | None = None, limit: int | None = None, *, what: str | None = None
    ) -> pd.DataFrame:
        """What had been done by then; `state` is what it was then."""
        with self._base.read() as tx:
            asked = Asked(actor=actor, what=what, last=self._seq)
            found = chronicle.history(tx, asked, limit)
            then = states(tx, self._seq)
        both = zip(found["seq"], found["state"], strict=True)
        told = [then.get(seq, state) for seq, state in both]
        return found.assign(state=pd.array(told, dtype="str"))

    def _rows(self, tx: Tx, rows: Rows) -> list[tuple[str, Image]]:
        """The live rows of a small table, in order of their places."""
        keys = [row[0] for row in tx.fetch(sa.select(rows.by).order_by(rows.table.c.id))]
        images: dict[str, Image] = {}
        for some in pieces(keys):
            images.update({key: one.image for key, one in rows.find_many(tx, some).items()})
        images.update(before(tx, rows.name, self._seq))
        there = [(key, images[key]) for key in keys if alive(images[key])]
        return sorted(there, key=lambda row: row[1].get("place", 0))


def before(tx: Tx, tbl: str, seq: int) -> Iterator[tuple[str, Image]]:
    """Rows that were changed after an action, with the images they had when it was done."""
    for row, image in tx.fetch(_BEFORE, the_tbl=tbl, the_seq=seq):
        yield row, unpacked(image)


def _order(numbered: tuple[int, tuple[Any, ...]]) -> tuple[int, int, int, int]:
    number, row = numbered
    return row[1], row[6], row[7], number


def states(tx: Tx, last: int) -> dict[int, str]:
    """What had become of each action that is done by then: done, undone or dropped."""
    found: dict[int, str] = {}
    undone: dict[int, set[int]] = {}
    wanted = sa.select(_A.c.seq, _A.c.actor, _A.c.kind, _A.c.target).where(_A.c.seq <= last)
    for seq, actor, kind, target in tx.fetch(wanted.order_by(_A.c.seq)):
        mine = undone.setdefault(actor, set())
        if kind == "do":
            found.update(dict.fromkeys(mine, "dropped"))
            mine.clear()
            found[seq] = "done"
        elif kind == "undo":
            found[target] = "undone"
            mine.add(target)
        else:
            found[target] = "done"
            mine.discard(target)
    return found


class _Codings:
    """The codings of a study after one action."""

    def __init__(self, tx: Tx, seq: int) -> None:
        self._tx = tx
        self._touched = dict(before(tx, "coding", seq))
        self._texts = {
            int(row): (image["batch"], image["respondent"])
            for row, image in before(tx, "feedback", seq)
        }
        gone = {row: bool(image.get("gone")) for row, image in before(tx, "batch", seq)}
        batches = tx.all(_BATCHES)
        self._hidden = {number for number, uid, now, _ in batches if gone.get(uid, bool(now))}
        self._imported = {number: seq for number, _, _, seq in batches}
        self._stages = dict(tx.fetch(sa.select(schema.stage.c.id, schema.stage.c.uid)))
        self._codes = dict(tx.fetch(sa.select(schema.code.c.id, schema.code.c.uid)))
        self._coders = dict(tx.fetch(sa.select(schema.actor.c.id, schema.actor.c.name)))
        self._times: dict[int, int | None] = {}

    def rows(self, coder: str | None) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Rows of the frame, each with the coding's own number, in no order."""
        whose = [] if coder is None else [schema.actor.c.name == coder]
        of = frames.codes_of(self._tx)
        for row in frames.coding_rows(self._tx, schema.coding.c.gone == 0, *whose):
            if row[1] not in self._touched:
                made = self._there(row, "; ".join(sorted(of.get(row[0], ()))))
                if made is not None:
                    yield row[0], made
        live = [
            uid
            for uid, image in self._touched.items()
            if alive(image) and coder in (None, self._coders[image["coder"]])
        ]
        for some in pieces(live, 500):
            for row in frames.coding_rows(self._tx, schema.coding.c.uid.in_(some)):
                made = self._there(self._then(row), self._keys(self._touched[row[1]]))
                if made is not None:
                    yield row[0], made

    def _there(self, row: Any, codes: str) -> tuple[Any, ...] | None:
        """A row with its codes, if its text was there."""
        *facts, at, rev, now = row
        batch, respondent = self._texts.get(row[2], (now, row[6]))
        if batch in self._hidden:
            return None
        if not rev and (at is None or batch != now):
            # What nobody has touched yet is as old as the import its text was of then.
            at = self._time(self._imported[batch])
        return (*facts[1:6], respondent, *facts[7:13], codes, *facts[13:], at)

    def _then(self, row: Any) -> tuple[Any, ...]:
        """A row as it was when its image was taken."""
        number, uid, now = row[:3]
        image = self._touched[uid]
        feedback, version = image["feedback"], image["version"]
        start, stop = image["start"], image["stop"]
        span = {"it": feedback, "the_version": version, "begin": start + 1, "length": stop - start}
        words = self._tx.one(_NOW, **span) or self._tx.one(_OLD, **span) or ("",)
        # An id whose first making was undone may name a passage of another text by now.
        text = (*row[2:5], row[6], row[-1]) if now == feedback else self._tx.one(_TEXT, it=feedback)
        *source, respondent, batch = text
        stage, coder = self._stages.get(image["stage"]), self._coders[image["coder"]]
        said = (start, stop, words[0], coder, stage, image["valence"], image["memo"])
        rev = image["rev"]
        at = self._time(rev) if rev else None
        return (number, uid, *source, version, respondent, *said, image["origin"], at, rev, batch)

    def _keys(self, image: Image) -> str:
        return "; ".join(sorted(self._codes[code] for code in image["codes"]))

    def _time(self, seq: int) -> int | None:
        if seq not in self._times:
            self._times[seq] = at_of(self._tx, seq)
        return self._times[seq]
