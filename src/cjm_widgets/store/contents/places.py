"""Where texts speak of which stage, as it was predicted: kept in the shape of scores.

A teller (a vocabulary, a classifier) of some version has a row per sentence in which it sees a
stage, and one row for a text in which it sees none, so that no text is read twice: `known` is
the stage's number, from 1, and 0 for none; `value` is how probable it is. A text that changes
has a new version, which nobody has looked at yet; who is forgotten goes with their scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cjm_widgets.store.engine import arrays, schema
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.tables.frames import shown

UNIT = 3
CHUNK = 5_000
"""Texts whose rows are dropped at once, so that coders beside it wait for no more."""

_F, _S, _R = schema.feedback, schema.score, schema.scorer

Row = tuple[int, int, int, int, int, float]
"""Text, version, start, stop, number of the stage (0: none), how probable."""


def is_teller(scorer: str) -> bool:
    """Whether a name in the table of scorers is a teller's.

    >>> is_teller("(vocabulary)"), is_teller("textblob")
    (True, False)
    """
    return scorer.startswith("(")


def versions(tx: Tx, teller: str) -> list[str]:
    """The versions of a teller that have told something, the newest first."""
    wanted = sa.select(_R.c.version).where(_R.c.name == teller).order_by(_R.c.id.desc())
    return [str(row[0]) for row in tx.fetch(wanted)]


def places(tx: Tx, teller: str, version: str) -> pd.DataFrame:
    """What a teller said of current texts: `feedback`, `start`, `stop`, `number` (of the stage,
    0 for none), `member` (how probable, 0…1)."""
    wanted = (
        sa.select(_S.c.value, _S.c.feedback, _S.c.start, _S.c.stop, _S.c.known)
        .join(_R, _R.c.id == _S.c.scorer)
        .join(_F, sa.and_(_F.c.id == _S.c.feedback, _F.c.version == _S.c.version))
        .where(_R.c.name == teller, _R.c.version == version, _S.c.unit == UNIT)
        .where(*shown(tx, _F.c.batch))
    )
    member, *whole = arrays.lists(tx, wanted)
    names = ("feedback", "start", "stop", "number")
    columns: dict[str, Any] = {
        name: arrays.integers(values) for name, values in zip(names, whole, strict=True)
    }
    return pd.DataFrame({**columns, "member": arrays.numbers(member)})


def write(base: Database, teller: str, version: str, rows: Sequence[Row]) -> None:
    """Keep what a teller said; what it said before of the same place goes."""
    with base.write(durable=False) as tx:
        number = _number(tx, teller, version)
        texts, editions, starts, stops, stages, members = map(list, zip(*rows, strict=True))
        # Two processes may have looked at one text; the later one stands.
        tx.conn.execute(
            sa.delete(_S).where(
                _S.c.scorer == number, _S.c.unit == UNIT, _S.c.feedback.in_(sorted(set(texts)))
            )
        )
        tx.bulk(
            _S,
            {
                "feedback": texts,
                "version": editions,
                "start": starts,
                "stop": stops,
                "value": members,
                "known": stages,
            },
            {"scorer": number, "unit": UNIT},
        )


def _number(tx: Tx, teller: str, version: str) -> int:
    same = sa.select(_R.c.id).where(_R.c.name == teller, _R.c.version == version)
    found = tx.fetch(same)
    if not found:
        tx.conn.execute(sa.insert(_R).values(name=teller, version=version))
        found = tx.fetch(same)
    return int(found[0][0])


def drop_others(base: Database, teller: str, version: str) -> None:
    """Drop what older versions of a teller said."""
    others = sa.select(_R.c.id).where(_R.c.name == teller, _R.c.version != version)
    with base.read() as tx:
        old = [int(row[0]) for row in tx.fetch(others)]
    for number in old:
        after = 0
        while True:
            with base.write(durable=False) as tx:
                mine = (_S.c.scorer == number, _S.c.unit == UNIT, _S.c.feedback > after)
                few = sa.select(_S.c.feedback).where(*mine).order_by(_S.c.feedback).limit(CHUNK)
                upto = tx.fetch(sa.select(sa.func.max(few.subquery().c.feedback)))[0][0]
                if upto is None:
                    tx.conn.execute(sa.delete(_R).where(_R.c.id == number))
                    break
                tx.conn.execute(sa.delete(_S).where(*mine, _S.c.feedback <= upto))
            after = int(upto)


def numbers(tx: Tx) -> arrays.Integers:
    """Numbers of all texts, ascending."""
    found = arrays.lists(tx, sa.select(_F.c.id).where(*shown(tx, _F.c.batch)))[0]
    return np.sort(arrays.integers(found))
