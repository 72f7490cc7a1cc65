"""Which codings have changed since an action, where nothing else has."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx

_CH = schema.change

MOST = 500
"""Rows and actions that are looked through; after more, everything may have changed."""


@dataclass(frozen=True, slots=True)
class Touched:
    """The journal's last action, and what has been done since another."""

    seq: int
    codings: frozenset[str] | None = None
    """Uids of the codings that changed; None if more than codings did, or very much."""
    texts: frozenset[int] = frozenset()
    """Their texts."""


def touched(tx: Tx, after: int) -> Touched:
    """What was done after the action of a number, undoing and redoing included."""
    seq = int(tx.fetch(sa.select(schema.study.c.seq))[0][0])
    if seq - after > MOST or seq < after:
        return Touched(seq)
    wanted = sa.select(_CH.c.seq, _CH.c.tbl, _CH.c.row, _CH.c.before, _CH.c.after)
    rows = tx.fetch(wanted.where(_CH.c.seq > after).limit(MOST + 1))
    # What writes no rows of its own, such as an import, may have changed anything.
    told = {row[0] for row in rows} == set(range(after + 1, seq + 1))
    if not told or len(rows) > MOST or any(row[1] != schema.coding.name for row in rows):
        return Touched(seq)
    images = [json.loads(image) for row in rows for image in row[3:]]
    # A row that was not there yet has no text; its other image has.
    texts = frozenset(int(image["feedback"]) for image in images if "feedback" in image)
    return Touched(seq, frozenset(row[2] for row in rows), texts)
