"""Codings of several coders as arrays, and which texts an action touched."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from cjm_widgets.store.desks.consensus import KIND
from cjm_widgets.store.engine import arrays, schema
from cjm_widgets.store.engine.arrays import Integers
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.tables.frames import shown
from cjm_widgets.store.tables.rows import unpacked

_C, _F, _A, _T = schema.coding, schema.feedback, schema.actor, schema.feedback_text
_CC, _CH = schema.coding_code, schema.change

MOST = 2_000
"""Changed rows up to which it pays to look at the texts they touch alone."""

SOME = 500
"""Uids asked for at once."""

_SINCE = Statement(
    sa.select(_CH.c.seq, _CH.c.tbl, _CH.c.row, _CH.c.before, _CH.c.after)
    .where(_CH.c.seq > sa.bindparam("since"))
    .order_by(_CH.c.seq)
    .limit(MOST + 1)
)


@dataclass(frozen=True, slots=True)
class Marked:
    """Live codings of some coders in the present versions of their texts, by text and place."""

    number: Integers
    feedback: Integers
    version: Integers
    coder: Integers
    start: Integers
    stop: Integers
    stage: Integers
    """Number of the stage, −1 for none."""
    valence: NDArray[np.float64]
    bearing: tuple[Integers, Integers]
    """Places in these arrays, and numbers of the codes of the codings there."""


def marked(tx: Tx, coders: Collection[str], *, codes: bool) -> Marked:
    """What some coders said: 200,000 codings in a third of a second."""
    whose = sa.select(_A.c.id).where(_A.c.name.in_(sorted(coders)))
    wanted = (_C.c.valence, _C.c.id, _C.c.feedback, _C.c.coder, _C.c.start, _C.c.stop)
    live = sa.select(*wanted, _C.c.stage, _C.c.version)
    live = live.where(_C.c.gone == 0, _C.c.coder.in_(whose))
    if tx.hidden():
        live = live.join(_F, _F.c.id == _C.c.feedback).where(*shown(tx, _F.c.batch))
    valences, *whole = arrays.lists(tx, live)
    number, feedback, coder, start, stop, stage, version = map(arrays.integers, whole)
    order = np.lexsort((stop, start, feedback))
    order = order[version[order] == _present(tx, feedback[order])]
    kept = number[order]
    return Marked(
        number=kept,
        feedback=feedback[order],
        version=version[order],
        coder=coder[order],
        start=start[order],
        stop=stop[order],
        stage=stage[order],
        valence=arrays.numbers(valences)[order],
        bearing=_bearing(tx, kept) if codes else (kept[:0], kept[:0]),
    )


def positions(tx: Tx, told: Marked, uids: Collection[str]) -> dict[str, int]:
    """Where codings stand in the arrays, by uid; those that do not are left out."""
    wanted = sorted(set(uids))
    numbers: dict[str, int] = {}
    for begin in range(0, len(wanted), SOME):
        some = _C.c.uid.in_(wanted[begin : begin + SOME])
        numbers |= dict(tx.fetch(sa.select(_C.c.uid, _C.c.id).where(some)))
    known = {number: at for at, number in enumerate(told.number.tolist())}
    return {uid: known[number] for uid, number in numbers.items() if number in known}


def _present(tx: Tx, feedback: Integers) -> Integers:
    """The present version of each text; only those that ever changed have another than 1."""
    changed = sa.select(_F.c.id, _F.c.version).where(_F.c.id.in_(sa.select(_T.c.feedback)))
    numbers, versions = map(arrays.integers, arrays.lists(tx, changed.order_by(_F.c.id)))
    found = np.ones(len(feedback), dtype=np.int64)
    if len(numbers):
        order = np.argsort(numbers)
        numbers, versions = numbers[order], versions[order]
        at = np.minimum(np.searchsorted(numbers, feedback), len(numbers) - 1)
        found = np.where(numbers[at] == feedback, versions[at], found)
    return found


def _bearing(tx: Tx, kept: Integers) -> tuple[Integers, Integers]:
    coding, code = map(arrays.integers, arrays.lists(tx, sa.select(_CC.c.coding, _CC.c.code)))
    if not len(kept):
        return coding[:0], code[:0]
    by = np.argsort(kept)
    at = np.minimum(np.searchsorted(kept[by], coding), len(kept) - 1)
    mine = kept[by][at] == coding
    return by[at[mine]], code[mine]


def touched(tx: Tx, since: int, now: int) -> set[int] | None:
    """Texts whose codings, words or settled differences changed after an action.

    Returns
    -------
    set or None
        Numbers of texts; None where the journal does not tell, or where it is too much to go
        through: all must be looked at anew.
    """
    rows = tx.all(_SINCE, since=since)
    if len(rows) > MOST or {row[0] for row in rows} != set(range(since + 1, now + 1)):
        return None
    texts: set[int] = set()
    for _, tbl, row, before, after in rows:
        if tbl == "batch":
            return None
        if tbl == "feedback":
            texts.add(int(row))
        elif tbl == "coding" or (tbl == "document" and row.startswith(f"{KIND}/")):
            texts |= {text for text in map(_text, (before, after)) if text is not None}
    return texts


def _text(image: str) -> int | None:
    """The text that a coding or a settled difference is about."""
    told = unpacked(image)
    about = json.loads(told["body"]) if "body" in told else told
    number = about.get("feedback")
    return None if number is None else int(number)
