"""An undo or a redo: what an action's rows must be for it, and what they become."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history.changes import PAGE, SHOWN, pages, put_one, put_page
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.rows import TABLES, Found, Image, Rows, unpacked
from cjm_widgets.store.tables.usage import Around, Planned, Use, blocked

_A, _C = schema.action, schema.change

MERGE = "merge_codes"
"""What the journal calls the merging of codes."""

_LAST = Statement(
    sa.select(sa.func.max(_A.c.seq)).where(
        sa.or_(_A.c.seq == sa.bindparam("target"), _A.c.target == sa.bindparam("target"))
    )
)
_SINCE = Statement(
    sa.select(_A.c.label)
    .join(_C, _C.c.seq == _A.c.seq)
    .where(
        _C.c.tbl == sa.bindparam("the_tbl"),
        _C.c.row == sa.bindparam("the_row"),
        _C.c.seq > sa.bindparam("since"),
    )
)


CODING = "coding"


def _revs(back: bool, backend: str) -> Statement:
    """Of each coding of an action: its name, the rev it had to keep, whether it would go, its
    rev."""
    have, give = (_C.c.after, _C.c.before) if back else (_C.c.before, _C.c.after)

    def part(image: sa.ColumnElement[str], name: str) -> sa.ColumnElement[Any]:
        if backend == "sqlite":
            return sa.func.json_extract(image, f"$.{name}")
        return sa.func.json_extract_path_text(sa.cast(image, sa.JSON), name)

    now = schema.coding
    return Statement(
        sa.select(_C.c.row, part(have, "rev"), part(give, "gone"), now.c.rev)
        .select_from(_C.outerjoin(now, now.c.uid == _C.c.row))
        .where(_C.c.seq == sa.bindparam("the_seq"), _C.c.tbl == CODING)
        .order_by(_C.c.row)
    )


_REVS = {(b, e): _revs(b, e) for b in (True, False) for e in ("sqlite", "postgresql")}
_IMAGES = {
    back: Statement(
        sa.select(_C.c.row, _C.c.before if back else _C.c.after)
        .where(
            _C.c.seq == sa.bindparam("the_seq"),
            _C.c.tbl == CODING,
            _C.c.row > sa.bindparam("after"),
        )
        .order_by(_C.c.row)
        .limit(PAGE)
    )
    for back in (True, False)
}


@dataclass(frozen=True, slots=True)
class _Row:
    rows: Rows
    row: str
    found: Found
    have: Image
    """What it must still be, by its rev."""
    give: Image
    """What it becomes."""


class Reversal:
    """The rows of one action, read a page at a time, and again for each of the three steps.

    Parameters
    ----------
    target
        Number of the action.
    back
        True to undo it, False to redo it.
    """

    def __init__(self, tx: Tx, target: int, *, back: bool) -> None:
        self.back = back
        self._tx = tx
        self._target = target
        self._only: list[_Row] | None = None
        self._several: bool | None = None
        self._around = Around(target if back else None)
        self._codes: dict[str, Image] = {}
        self._heirs: dict[str, str] | None = None
        self._survivors: dict[int, int] = {}

    def moved(self) -> list[tuple[str, str]]:
        """Rows that are not what the action left."""
        rows: list[tuple[str, str]] = []
        for tbl, row, kept, gone in self._kept():
            if not kept and not self._followed(tbl, row):
                rows.append((tbl, row))
            if gone:
                self._around.leaving.add((tbl, row))
            elif tbl in ("code", "stage"):
                self._around.coming.add((tbl, row))
        return rows

    def blocked(self) -> Use | None:
        """Who uses what would go; None if nobody does."""
        for plan in self._planned():
            use = blocked(self._tx, plan, self._around)
            if use is not None:
                return use
        return None

    def put(self, seq: int) -> tuple[tuple[tuple[str, str, Image], ...], bool]:
        """Do it under a number; gives the first rows as they are now, and if there are more."""
        shown: list[tuple[str, str, Image]] = []
        n = 0
        for page in self._pages():
            changes = [(one.rows, one.row, one.found, one.give) for one in page]
            if len(changes) == 1:
                put_one(self._tx, seq, changes[0])
            else:
                put_page(self._tx, seq, changes)
            n += len(page)
            shown += [(one.rows.name, one.row, one.give) for one in page[: SHOWN - len(shown)]]
        return tuple(shown), n > len(shown)

    # Large actions are codings nearly all: of these the first two steps read what they need only.

    def _kept(self) -> Iterator[tuple[str, str, bool, bool]]:
        """Table and row, whether it is still as it was left, and whether it would go."""
        if not self._large():
            for one in self._only or ():
                kept = one.found.image["rev"] == one.have["rev"]
                yield one.rows.name, one.row, kept, bool(one.give.get("gone"))
            return
        for page in pages(self._tx, self._target, but=CODING):
            for one in self._read(page):
                kept = one.found.image["rev"] == one.have["rev"]
                yield one.rows.name, one.row, kept, bool(one.give.get("gone"))
        revs = _REVS[self.back, self._tx.backend]
        for row, left, gone, now in self._tx.all(revs, the_seq=self._target):
            yield CODING, row, int(left) == (now or 0), bool(int(gone or 0))

    def _planned(self) -> Iterator[list[Planned]]:
        """What rows are to become; of codings without looking them up."""
        if not self._large():
            yield [(one.rows.name, one.row, one.found.id, one.give) for one in self._only or ()]
            return
        self._codes.clear()
        for page in pages(self._tx, self._target, but=CODING):
            yield [(o.rows.name, o.row, o.found.id, o.give) for o in self._read(page)]
        images = _IMAGES[self.back]
        after = ""
        while rows := self._tx.all(images, the_seq=self._target, after=after):
            after = rows[-1][0]
            yield [(CODING, row, None, self._current(CODING, row, unpacked(i))) for row, i in rows]

    def _large(self) -> bool:
        """Whether the action has more than a page of rows; a page is read once and kept."""
        if self._only is None and self._several is None:
            found = pages(self._tx, self._target)
            first = next(found, [])
            self._several = len(first) >= PAGE
            if not self._several:
                self._only = list(self._read(first))
        return bool(self._several)

    def _pages(self) -> Iterator[list[_Row]]:
        if not self._large():
            yield self._only or []
            return
        for page in pages(self._tx, self._target):
            yield list(self._read(page))

    def _read(self, page: list[tuple[str, str, Image, Image]]) -> Iterator[_Row]:
        for tbl, group in itertools.groupby(page, key=lambda change: change[0]):
            rows, listed = TABLES[tbl], list(group)
            if len(listed) == 1:
                found = {listed[0][1]: rows.find(self._tx, listed[0][1])}
            else:
                found = rows.find_many(self._tx, [row for _, row, _, _ in listed])
            for _, row, before, after in listed:
                have, give = (after, before) if self.back else (before, after)
                yield _Row(rows, row, found[row], have, self._current(tbl, row, give))

    def _current(self, tbl: str, row: str, image: Image) -> Image:
        """An image whose codes are those that stand for what was merged away since."""
        if tbl == "code":
            self._codes[row] = image
        of_code = tbl == "note" and image.get("on_kind") == "code"
        if not (of_code or (tbl == "coding" and image.get("codes"))):
            return image
        if self._heirs is None:
            # Tables come by name: all codes of the action were seen before its codings.
            self._heirs = names.heirs(self._tx, self._codes)
            self._survivors = names.survivors(self._tx, self._heirs)
        if of_code:
            return {**image, "on_uid": self._heirs.get(image["on_uid"], image["on_uid"])}
        if self._survivors.keys().isdisjoint(image["codes"]):
            return image
        codes = {self._survivors.get(code, code) for code in image["codes"]}
        return {**image, "codes": sorted(codes)}

    def _followed(self, tbl: str, row: str) -> bool:
        """Whether a row changed since only because codes were merged: that is in nobody's way."""
        if tbl not in (CODING, "note"):
            return False
        last = self._tx.one(_LAST, target=self._target)[0]
        found = self._tx.all(_SINCE, since=last, the_tbl=tbl, the_row=row)
        return bool(found) and {label for (label,) in found} == {MERGE}
