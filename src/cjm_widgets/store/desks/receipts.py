"""What a coder is told of an action, and of the rows as they stand."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import Notice, Receipt, Top
from cjm_widgets.store.desks.apply import coding
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.queues.overview import panel
from cjm_widgets.store.tables.names import Keys
from cjm_widgets.store.tables.rows import ABSENT, CODINGS, Image, alive

_C = schema.coding

_WHOLE = Statement(
    sa.select(_C.c.id, *[_C.c[name] for name in CODINGS.columns]).where(
        _C.c.uid == sa.bindparam("the_uid")
    )
)
_CODES_OF = Statement(
    sa.select(schema.coding_code.c.code).where(
        schema.coding_code.c.coding == sa.bindparam("the_id")
    )
)
_VERSION = Statement(
    sa.select(schema.feedback.c.version).where(schema.feedback.c.id == sa.bindparam("the_id"))
)


class Receipts:
    """Receipts of one coder: of others' codings they tell nothing."""

    def __init__(self, me: int, coder: str, keys: Keys) -> None:
        self._me, self._coder, self._keys = me, coder, keys

    def of(
        self,
        tx: Tx,
        done: journal.Done,
        *,
        stale: bool = False,
        top: Top | None = None,
        notices: tuple[Notice, ...] = (),
    ) -> Receipt:
        """The receipt of what was done."""
        codings = () if done.more else self._codings(tx, done)
        book = any(tbl == "code" for tbl, _, _ in done.rows)
        return Receipt(
            ok=True,
            op=done.op,
            seq=done.seq,
            rows=codings,
            stale=stale,
            top=journal.top(tx, self._me) if top is None else top,
            codes=panel(tx, self._me) if book else None,
            notices=notices,
            reopen=done.more,
        )

    def _codings(self, tx: Tx, done: journal.Done) -> tuple[Coding, ...]:
        made = [self._then(tx, row, image) for tbl, row, image in done.rows if tbl == "coding"]
        return tuple([row for row in made if row is not None])

    def _then(self, tx: Tx, uid: str, image: Image) -> Coding | None:
        """A coding as an action left it."""
        if image.keys() == ABSENT.keys():
            found = self.now(tx, uid)
            return None if found is None else replace(found, gone=True, rev=image["rev"])
        if image["coder"] != self._me:
            return None
        return coding(tx, uid, image, self._coder, self._keys)

    def now(self, tx: Tx, uid: str) -> Coding | None:
        """A coding of this coder as its row stands, also one whose creation was undone."""
        row = tx.one(_WHOLE, the_uid=uid)
        if row is None:
            return None
        image = dict(zip(CODINGS.columns, row[1:], strict=True))
        if image["coder"] != self._me:
            return None
        image["codes"] = [code for (code,) in tx.all(_CODES_OF, the_id=row[0])]
        return coding(tx, uid, image, self._coder, self._keys)

    @staticmethod
    def stale(tx: Tx, done: journal.Done) -> bool:
        """Whether a text was replaced since the coder saw it."""
        for tbl, _, image in done.rows:
            if tbl == "coding" and alive(image) and "feedback" in image:
                row = tx.one(_VERSION, the_id=image["feedback"])
                if row is not None and row[0] != image["version"]:
                    return True
        return False
