"""All coded passages as one list: sorted, filtered, a page at a time, recoded in bulk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, CjmError
from cjm_widgets.model.desk import Op, Opening, Receipt
from cjm_widgets.store.contents import structure
from cjm_widgets.store.desks import by_code
from cjm_widgets.store.desks.apply import No
from cjm_widgets.store.desks.bulk_edit import recode
from cjm_widgets.store.desks.by_code import LAST
from cjm_widgets.store.desks.desk import StoreDesk, refusal
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import moment
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.history import journal
from cjm_widgets.store.queues.overview import STUDY
from cjm_widgets.store.tables import frames, names, search
from cjm_widgets.store.tables.frames import shown
from cjm_widgets.text.fold import fold

_C, _F, _B, _A, _S = schema.coding, schema.feedback, schema.batch, schema.actor, schema.stage
_CC, _K = schema.coding_code, schema.code
_WORDS = sa.table("words", sa.column("rowid"), sa.column("feedback"), sa.column("body"))

MOST = 20_000
"""Passages that can be chosen at once."""
_SCAN = 1_000
"""Passages looked at together where words are searched."""

_BROUGHT = (
    sa.select(_B.c.seq)
    .join(_F, _F.c.batch == _B.c.id)
    .where(_F.c.id == _C.c.feedback)
    .correlate(_C)
    .scalar_subquery()
)
"""The import that brought a coding nobody has touched since; few have to be asked."""

SORTS: dict[str, sa.ColumnElement[Any]] = {
    "text": _C.c.feedback,
    "stage": sa.func.coalesce(_S.c.place, LAST),
    "code": by_code.RANK,
    "valence": sa.func.coalesce(_C.c.valence, float(LAST)),
    "coder": _A.c.name,
    "date": sa.case((_C.c.rev == 0, _BROUGHT), else_=_C.c.rev),
    "source": schema.source.c.name,
}
"""By what the list can be sorted; then by text and place."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which passages, in which order."""

    sort: str = "text"
    down: bool = False
    search: str = ""
    stage: str = ""
    code: str = ""
    coder: str = ""


class CodingList:
    """The list on a study, in somebody's name.

    Parameters
    ----------
    store
        The study.
    who
        Who recodes; undone in this name.
    only
        Uids of the only passages to show; all if not given.
    """

    def __init__(self, store: Any, who: str, only: Sequence[str] | None = None) -> None:
        self._base = store.base
        self._desk = StoreDesk(store, who)
        self.who = who
        self._only = None if only is None else json.dumps(list(only))

    def open(self) -> Opening:
        """The study, with the passages of the list as its total."""
        opening = self._desk.open()
        with self._base.read() as tx:
            n = self._count(tx, Wanted())
        return replace(opening, total=n, done=0, filters=())

    def coders(self) -> list[str]:
        """Who has coded."""
        with self._base.read() as tx:
            return list(frames.coders(tx)["coder"])

    def rows(
        self, wanted: Wanted, mark: list[Any] | None, limit: int, *, back: bool
    ) -> dict[str, Any]:
        """A page of passages after (or before) a mark, and the marks of its ends."""
        if wanted.search.strip():
            search.catch_up(self._base)
        with self._base.read() as tx:
            found, more = self._keys(tx, wanted, mark, limit, back)
            if back:
                found.reverse()
            marks = {key[-1]: key for key in found}
            made = [row | {"mark": marks[row.pop("n")]} for row in _told(tx, list(marks))]
            total = None if wanted.search.strip() else self._count(tx, wanted)
        first, last = (found[0], found[-1]) if found else (None, None)
        behind = more if not back else mark is not None
        ahead = more if back else mark is not None
        return {
            "rows": made,
            "before": first if ahead else None,
            "after": last if behind else None,
            "total": total,
        }

    def uids(self, wanted: Wanted) -> list[str]:
        """All passages that fit, at most `MOST`."""
        if wanted.search.strip():
            search.catch_up(self._base)
        with self._base.read() as tx:
            found, _ = self._keys(tx, wanted, None, MOST, False)
            ids = [key[-1] for key in found]
            named: dict[int, str] = {}
            for begin in range(0, len(ids), 500):
                some = ids[begin : begin + 500]
                named |= dict(tx.fetch(sa.select(_C.c.id, _C.c.uid).where(_C.c.id.in_(some))))
        return [named[one] for one in ids]

    def some(self, uids: Sequence[str]) -> list[dict[str, Any]]:
        """Some passages as they are now; removed ones are missing."""
        with self._base.read() as tx:
            asked = sa.select(_C.c.id).where(_C.c.uid.in_(list(uids)), _C.c.gone == 0)
            return _told(tx, [row[0] for row in tx.fetch(asked)])

    def apply(self, op: Op) -> Receipt:
        """Recode, undo or redo."""
        if op.act in ("undo", "redo"):
            return self._desk.apply(op)
        if op.act != "bulk":
            return Receipt(False, op.op, why="invalid", say="the list recodes, undoes and redoes")
        try:
            with self._base.write() as tx:
                me = names.actor(tx, self.who)
                if journal.earlier(tx, op.op) is None:
                    recode(tx, me, op.op, op.body)
                return Receipt(True, op.op, tx.one(STUDY)[3], top=journal.top(tx, me))
        except No as no:
            return Receipt(False, op.op, why=no.why, say=no.say)
        except CjmError as error:
            return Receipt(False, op.op, why=refusal(error), say=str(error))

    # How it is found --------------------------------------------------------------

    def _keys(
        self, tx: Tx, wanted: Wanted, mark: list[Any] | None, limit: int, back: bool
    ) -> tuple[list[list[Any]], bool]:
        """Sort keys of a page, the coding's number last; and whether there are more."""
        words = fold(wanted.search).split()
        found: list[list[Any]] = []
        while True:
            most = _SCAN if words else limit + 1
            page = [list(row) for row in self._page(tx, wanted, mark, most, back)]
            if words:
                said = {one: fold(text) for one, text in _passages(tx, [key[-1] for key in page])}
                found += [key for key in page if _holds(said.get(key[-1], ""), words)]
            else:
                found += page
            if len(found) > limit:
                return found[:limit], True
            if len(page) < most:
                return found, False
            mark = page[-1]

    def _page(
        self, tx: Tx, wanted: Wanted, mark: list[Any] | None, limit: int, back: bool
    ) -> list[Any]:
        if wanted.sort not in SORTS:
            raise ArgumentError(f"sort is one of {', '.join(SORTS)}, not {wanted.sort!r}")
        down = wanted.down != back
        if wanted.sort != "code":
            return self._sorted(tx, wanted, mark, limit, down=down)
        codes = by_code.in_order(tx)
        found: list[Any] = []
        for block in by_code.blocks(len(codes), None if mark is None else mark[0], down=down):
            rest = limit - len(found)
            if not rest:
                break
            found += self._sorted(tx, wanted, mark, rest, down=down, codes=(codes, block))
        return found

    def _sorted(
        self,
        tx: Tx,
        wanted: Wanted,
        mark: list[Any] | None,
        limit: int,
        *,
        down: bool,
        codes: tuple[list[int], by_code.Block] | None = None,
    ) -> list[Any]:
        """Sort keys behind a mark; of codings whose first code is among some, if given."""
        without = codes is not None and codes[1] is None
        first = by_code.NONE if without else SORTS[wanted.sort]
        key = (first, _C.c.feedback, _C.c.start, _C.c.id)
        asked = self._joined(sa.select(*key), tx, wanted, bare=without)
        if mark is not None:
            if len(mark) != len(key):
                raise ArgumentError("a mark is what a page gave as its end")
            here = sa.tuple_(*(sa.literal(value) for value in mark))
            asked = asked.where(sa.tuple_(*key) < here if down else sa.tuple_(*key) > here)
        asked = asked.order_by(*(one.desc() if down else one for one in key)).limit(limit)
        values = {} if codes is None else by_code.values_of(*codes)
        return tx.fetch(asked, **values, **self._values(tx, wanted))

    def _joined(self, asked: Any, tx: Tx, wanted: Wanted, *, bare: bool = False) -> Any:
        conditions: list[Any] = [_C.c.gone == 0, *shown(tx, _F.c.batch)]
        if bare:
            conditions.append(by_code.WITHOUT)
            wanted = replace(wanted, sort="text")
        if wanted.stage:
            conditions.append(_S.c.uid == wanted.stage)
        if wanted.coder:
            conditions.append(_A.c.name == wanted.coder)
        if wanted.code:
            has = sa.select(_CC.c.coding).join(_K, _K.c.id == _CC.c.code)
            conditions.append(_C.c.id.in_(has.where(_K.c.uid == wanted.code)))
        sqlite = tx.backend == "sqlite"
        if wanted.search.strip():
            match = "words MATCH :wanted" if sqlite else "words.body @@ CAST(:wanted AS tsquery)"
            number = _WORDS.c.rowid if sqlite else _WORDS.c.feedback
            conditions.append(
                _C.c.feedback.in_(sa.select(number).select_from(_WORDS).where(sa.text(match)))
            )
        if self._only is not None:
            each = "json_each(:only)" if sqlite else "json_array_elements_text(CAST(:only AS json))"
            listed = sa.text(f"coding.uid IN (SELECT value FROM {each})")  # noqa: S608  # no words
            conditions.append(listed)
        return asked.select_from(_tables(tx, wanted)).where(*conditions)

    def _values(self, tx: Tx, wanted: Wanted) -> dict[str, Any]:
        values: dict[str, Any] = {} if self._only is None else {"only": self._only}
        if wanted.search.strip():
            # Nothing can be meant by signs alone: a word that no text has.
            values["wanted"] = search.wanted(tx, wanted.search) or "zzzzzzzzzzzzzzz"
        return values

    def _count(self, tx: Tx, wanted: Wanted) -> int:
        wanted = replace(wanted, sort="text")
        asked = self._joined(sa.select(sa.func.count()), tx, wanted)
        return int(tx.fetch(asked, **self._values(tx, wanted))[0][0])


def _tables(tx: Tx, wanted: Wanted) -> Any:
    """What must be looked at: each table more takes as long as the codings themselves."""
    found: Any = _C
    if tx.hidden() or wanted.sort == "source":
        found = found.join(_F, _F.c.id == _C.c.feedback)
    if wanted.sort == "source":
        found = found.join(schema.source, schema.source.c.id == _F.c.source)
    if wanted.sort == "coder" or wanted.coder:
        found = found.join(_A, _A.c.id == _C.c.coder)
    if wanted.sort == "stage" or wanted.stage:
        found = found.outerjoin(_S, _S.c.id == _C.c.stage)
    if wanted.sort == "code":
        first = by_code.FIRST_CODE[tx.backend]
        found = found.join(first, first.c.coding == _C.c.id)
    return found


def _holds(text: str, words: Sequence[str]) -> bool:
    """Whether a folded text has words that begin so."""
    spaced = f" {' '.join(''.join(c if c.isalnum() else ' ' for c in text).split())}"
    return all(f" {word}" in spaced for word in words)


def _passages(tx: Tx, ids: Sequence[int]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for begin in range(0, len(ids), 500):
        rows = frames.coding_rows(tx, _C.c.id.in_(ids[begin : begin + 500]))
        found += [(row[0], row[9] or "") for row in rows]
    return found


def _told(tx: Tx, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Passages in the order of their numbers given, as the list shows them."""
    codes: dict[int, list[str]] = {}
    pairs = sa.select(_CC.c.coding, _K.c.uid).join(_K, _K.c.id == _CC.c.code)
    order = {code.key: at for at, code in enumerate(structure.codebook(tx).codes)}
    for number, key in tx.fetch(pairs.where(_CC.c.coding.in_(ids)).order_by(_K.c.id)):
        codes.setdefault(number, []).append(key)
    made = {
        row[0]: {
            "n": row[0],
            "uid": row[1],
            "feedback": row[2],
            "source": row[3],
            "id": row[4],
            "respondent": row[6] or "",
            "passage": row[9] or "",
            "coder": row[10],
            "stage": row[11],
            "valence": row[12],
            "memo": row[13],
            "codes": sorted(codes.get(row[0], []), key=lambda key: order.get(key, LAST)),
            "at": moment(row[15]),
        }
        for row in frames.coding_rows(tx, _C.c.id.in_(ids))
    }
    around = _around(tx, ids)
    return [made[one] | around.get(one, {"ahead": "", "behind": ""}) for one in ids if one in made]


def _around(tx: Tx, ids: Sequence[int], context: int = 80) -> dict[int, dict[str, str]]:
    """What stands before and behind passages of texts that were not replaced."""
    start = sa.case((_C.c.start > context, _C.c.start - context), else_=0)
    rows = tx.fetch(
        sa.select(
            _C.c.id,
            sa.func.substr(
                _F.c.text, sa.cast(start + 1, sa.Integer), sa.cast(_C.c.start - start, sa.Integer)
            ),
            sa.func.substr(_F.c.text, sa.cast(_C.c.stop + 1, sa.Integer), context),
        )
        .join(_F, _F.c.id == _C.c.feedback)
        .where(_C.c.id.in_(ids), _C.c.version == _F.c.version)
    )
    return {one: {"ahead": ahead or "", "behind": behind or ""} for one, ahead, behind in rows}
