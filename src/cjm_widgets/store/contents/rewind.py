"""A copy of a study as it was: what was done since is put back, and nobody has done it."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from cjm_widgets.store.contents.past import before, states
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.history.changes import pieces
from cjm_widgets.store.tables.rows import ABSENT, TABLES, Change, Found, Image, Rows, alive

_A, _C, _S = schema.action, schema.change, schema.study
_WHOSE = ("feedback", "coder")
"""What a count of codings goes by."""


def rewind(base: Database, seq: int) -> None:
    """Make a study what it was after an action; the journal ends there.

    What came later cannot be had back: this is for copies. Choices that are not journalled
    (settings, scores, bookmarks) stay as they are, and so does who was forgotten.
    """
    with base.write() as tx:
        then = states(tx, seq)
        for rows in TABLES.values():
            for some in pieces(list(before(tx, rows.name, seq))):
                rows.put_many(tx, list(_changes(tx, rows, some)))
        for table in (_C, _A):
            tx.conn.execute(sa.delete(table).where(table.c.seq > seq))
        for state in set(then.values()):
            numbers = [number for number, what in then.items() if what == state]
            for part in pieces(numbers):
                tx.conn.execute(sa.update(_A).where(_A.c.seq.in_(part)).values(state=state))
        tx.conn.execute(sa.update(_S).values(seq=seq))


def _changes(tx: Tx, rows: Rows, images: list[tuple[str, Image]]) -> Iterator[Change]:
    found = rows.find_many(tx, [row for row, _ in images])
    for row, image in images:
        yield row, _freed(tx, rows, row, found[row], image), image


def _freed(tx: Tx, rows: Rows, row: str, found: Found, image: Image) -> Found:
    """A row as it stands; one that names another's passage by now is taken away first."""
    both = alive(found.image) and alive(image) and "coder" in image
    if both and any(found.image[name] != image[name] for name in _WHOSE):
        rows.put(tx, row, found, ABSENT)
        return rows.find(tx, row)
    return found
