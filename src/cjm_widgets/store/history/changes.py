"""Rows that an action changes, taken and put a page at a time: memory does not grow with them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.tables.rows import Found, Image, Rows, packed, unpacked

_C = schema.change

PAGE = 1_000
"""Rows of a large action that are in memory at once."""
SHOWN = 500
"""Rows of a large action that its receipt tells."""

Put = tuple[Rows, str, Found, Image]
"""A row's table and name, the row as it stands, and the whole image it is to get."""

_CHANGES = Statement(
    sa.select(_C.c.tbl, _C.c.row, _C.c.before, _C.c.after)
    .where(
        _C.c.seq == sa.bindparam("the_seq"),
        sa.tuple_(_C.c.tbl, _C.c.row) > sa.tuple_(sa.bindparam("the_tbl"), sa.bindparam("the_row")),
    )
    .order_by(_C.c.tbl, _C.c.row)
    .limit(sa.bindparam("most"))
)
_CHANGE = Statement(sa.insert(_C))

T = TypeVar("T")


def pieces(items: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """Some items at a time.

    >>> list(pieces("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    left = iter(items)
    while some := list(itertools.islice(left, size)):
        yield some


def pages(
    tx: Tx, seq: int, most: int = PAGE, *, but: str | None = None
) -> Iterator[list[tuple[str, str, Image, Image]]]:
    """Table, row, image before and image after of all that an action changed; `but` is a table
    that is passed over."""
    at = ("", "")
    while True:
        rows = tx.all(_CHANGES, the_seq=seq, the_tbl=at[0], the_row=at[1], most=most)
        if rows:
            at = rows[-1][:2]
            wanted = [row for row in rows if row[0] != but]
            if wanted:
                yield [(tbl, row, unpacked(was), unpacked(now)) for tbl, row, was, now in wanted]
            if at[0] == but:
                at = (f"{but} ", "")  # behind all its rows
        if len(rows) < most:
            return


def put_one(tx: Tx, seq: int, what: Put) -> None:
    """Change one row as part of an action, and journal it."""
    rows, row, found, image = what
    rows.put(tx, row, found, image)
    tx.run(
        _CHANGE,
        seq=seq,
        tbl=rows.name,
        row=row,
        before=packed(found.image),
        after=packed(image),
    )


def put_page(tx: Tx, seq: int, changes: Sequence[Put]) -> None:
    """Change some rows as part of an action, and journal them."""
    for rows, group in itertools.groupby(changes, key=lambda change: change[0]):
        rows.put_many(tx, [(row, found, image) for _, row, found, image in group])
    journalled = [
        (seq, rows.name, row, packed(found.image), packed(image))
        for rows, row, found, image in changes
    ]
    tx.many(_CHANGE, journalled)
