"""Rows of some texts and codings, gone for good: not hidden, not journalled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.tables import search

CHUNK = 500

_F, _C, _CH, _N = schema.feedback, schema.coding, schema.change, schema.note
_L, _AT, _B = schema.label, schema.attribute, schema.batch

_OF_TEXTS = (
    schema.feedback_text.c.feedback,
    schema.content.c.feedback,
    schema.progress.c.feedback,
    schema.score.c.feedback,
    schema.staged.c.feedback,
    schema.turn.c.feedback,
    schema.attribute.c.feedback,
    schema.feedback.c.id,
)


def as_json(value: str) -> str:
    """A text as it stands in the JSON that the store writes."""
    return json.dumps(value, ensure_ascii=False)


def parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Some hundred values at a time, as many as a statement takes."""
    listed = sorted(values)
    for begin in range(0, len(listed), CHUNK):
        yield listed[begin : begin + CHUNK]


def texts(tx: Tx, ids: set[int]) -> None:
    """Remove texts with all that hangs on them but codings, and journal images of them."""
    for some in parts(ids):
        _forget_words(tx, some)
        _count_off(tx, some)
        for column in _OF_TEXTS:
            tx.conn.execute(sa.delete(column.table).where(column.in_(some)))


def _forget_words(tx: Tx, ids: list[int]) -> None:
    """Take texts out of the search index."""
    for number, text in tx.fetch(sa.select(_F.c.id, _F.c.text).where(_F.c.id.in_(ids))):
        search.forget(tx, number, text)


def _count_off(tx: Tx, ids: list[int]) -> None:
    """Batches and filters hold fewer texts; a filter's value that only these had goes."""
    held = Counter(row[0] for row in tx.fetch(sa.select(_F.c.batch).where(_F.c.id.in_(ids))))
    for batch, n in held.items():
        tx.conn.execute(sa.update(_B).where(_B.c.id == batch).values(n=_B.c.n - n))
    borne = Counter(
        row[0] for row in tx.fetch(sa.select(_AT.c.label).where(_AT.c.feedback.in_(ids)))
    )
    for label, n in borne.items():
        tx.conn.execute(sa.update(_L).where(_L.c.id == label).values(n=_L.c.n - n))


def codings(tx: Tx, found: dict[int, str]) -> None:
    """Remove codings: number to uid."""
    for some in parts(found):
        counted = tx.fetch(
            sa.select(_C.c.coder, _C.c.feedback, sa.func.count())
            .where(_C.c.id.in_(some), _C.c.gone == 0)
            .group_by(_C.c.coder, _C.c.feedback)
        )
        p = schema.progress
        for coder, feedback, n in counted:
            tx.conn.execute(
                sa.update(p).where(p.c.coder == coder, p.c.feedback == feedback).values(n=p.c.n - n)
            )
        code = schema.coding_code
        tx.conn.execute(sa.delete(code).where(code.c.coding.in_(some)))
        tx.conn.execute(sa.delete(_C).where(_C.c.id.in_(some)))


def notes(tx: Tx, on_kind: str, on: Iterable[str]) -> set[str]:
    """Remove memos on texts or codings; gives their uids."""
    gone: set[str] = set()
    for some in parts(on):
        here = (_N.c.on_kind == on_kind, _N.c.on_uid.in_(some))
        gone.update(row[0] for row in tx.fetch(sa.select(_N.c.uid).where(*here)))
        tx.conn.execute(sa.delete(_N).where(*here))
    return gone


def images(tx: Tx, tbl: str, rows: Iterable[str]) -> set[int]:
    """Remove journal images of rows; gives the numbers of the actions that had them."""
    seqs: set[int] = set()
    for some in parts(rows):
        here = (_CH.c.tbl == tbl, _CH.c.row.in_(some))
        seqs.update(row[0] for row in tx.fetch(sa.select(_CH.c.seq).where(*here).distinct()))
        tx.conn.execute(sa.delete(_CH).where(*here))
    return seqs


def empty_actions(tx: Tx, seqs: set[int]) -> int:
    """Mark actions of which nothing is left, so that nobody undoes another one in their place.

    Their state becomes ``forgotten``; those of which some rows are left go on as before.
    """
    act = schema.action
    count = 0
    for some in parts(seqs):
        left = {
            row[0] for row in tx.fetch(sa.select(_CH.c.seq).where(_CH.c.seq.in_(some)).distinct())
        }
        bare = [seq for seq in some if seq not in left]
        done = tx.conn.execute(
            sa.update(act)
            .where(act.c.seq.in_(bare), act.c.state.in_(("done", "undone")))
            .values(state="forgotten")
        )
        count += done.rowcount
    return count


def unused(tx: Tx) -> None:
    """Remove what nothing bears any more: values of filters, attributes, names of sources."""
    tx.conn.execute(sa.delete(_L).where(_L.c.n <= 0))
    facet, source = schema.facet, schema.source
    for (key,) in tx.fetch(sa.select(facet.c.key)):
        if not _borne(tx, key):
            tx.conn.execute(sa.delete(facet).where(facet.c.key == key))
    empty = tx.fetch(sa.select(source.c.id).where(~sa.exists().where(_F.c.source == source.c.id)))
    for (number,) in empty:
        # A file of one interview is often called by the name of who was interviewed.
        tx.conn.execute(
            sa.update(source).where(source.c.id == number).values(name=f"forgotten {number}")
        )
        tx.conn.execute(sa.update(_B).where(_B.c.source == number).values(sha256=None, report="{}"))


def _borne(tx: Tx, key: str) -> bool:
    """Whether any text has an attribute."""
    if tx.fetch(sa.select(_L.c.id).where(_L.c.key == key).limit(1)):
        return True
    if key in ("channel", "touchpoint", "language"):
        return True
    named = as_json(key) + ":"
    wanted = sa.select(_F.c.id).where(_F.c.attrs.contains(named, autoescape=True))
    return bool(tx.fetch(wanted.limit(1)))
