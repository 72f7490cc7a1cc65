"""The journal: every change with its rows before and after, and undo and redo on top of it.

The rules stand in docs and tests; in short: an op is done once; an undo takes the actor's
newest action that is done, if all its rows are still as it left them; a redo takes the
oldest that is undone; a new change drops what is undone. `action.state` is the only
column of the journal that ever changes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from cjm_widgets.model.desk import Refusal, Step, Top
from cjm_widgets.store import schema
from cjm_widgets.store.database import Tx
from cjm_widgets.store.rows import ABSENT, TABLES, Found, Image, Rows, alive, packed, unpacked
from cjm_widgets.store.statement import Statement
from cjm_widgets.store.usage import blocked

_S, _A, _C = schema.study, schema.action, schema.change

_NEXT = Statement(sa.update(_S).where(_S.c.id == 1).values(seq=_S.c.seq + 1).returning(_S.c.seq))
_BY_OP = Statement(
    sa.select(_A.c.seq, _A.c.actor, _A.c.kind, _A.c.label).where(_A.c.op == sa.bindparam("the_op"))
)
_DROP = Statement(
    sa.update(_A)
    .where(_A.c.actor == sa.bindparam("the_actor"), _A.c.state == "undone")
    .values(state="dropped")
)
_ACT = Statement(sa.insert(_A))
_CHANGE = Statement(sa.insert(_C))
_CHANGES = Statement(
    sa.select(_C.c.tbl, _C.c.row, _C.c.before, _C.c.after)
    .where(_C.c.seq == sa.bindparam("the_seq"))
    .order_by(_C.c.tbl, _C.c.row)
)
_STATE = Statement(
    sa.update(_A).where(_A.c.seq == sa.bindparam("the_seq")).values(state=sa.bindparam("now"))
)
_WHO = Statement(
    sa.select(schema.actor.c.name)
    .join(_A, _A.c.actor == schema.actor.c.id)
    .where(_A.c.seq == sa.bindparam("the_seq"))
)


def _top(state: str, newest: bool) -> Statement:
    order = _A.c.seq.desc() if newest else _A.c.seq
    return Statement(
        sa.select(_A.c.seq, _A.c.op, _A.c.label)
        .where(_A.c.actor == sa.bindparam("the_actor"), _A.c.state == state)
        .order_by(order)
        .limit(1)
    )


_TOP = {"undo": _top("done", newest=True), "redo": _top("undone", newest=False)}


@dataclass(frozen=True, slots=True)
class Write:
    """One row that an action changes."""

    rows: Rows
    row: str
    found: Found
    after: Image
    """The whole row, without `rev`."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an op did."""

    seq: int
    op: str
    label: str
    """Of the action itself, or of the one undone or redone."""
    target: int | None = None
    """Number of the action that was undone or redone."""
    rows: tuple[tuple[str, str, Image], ...] = ()
    """Table, row and image of what changed, as it is now."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an undo or redo did nothing."""

    why: Refusal
    say: str
    rows: tuple[tuple[str, str], ...] = ()
    """Table and row of what stands in the way."""


def now() -> int:
    """Microseconds since 1970, UTC."""
    return time.time_ns() // 1000


def earlier(tx: Tx, op: str) -> tuple[int, int, str, str] | None:
    """Number, actor, kind and label of an op that was done already."""
    found = tx.one(_BY_OP, the_op=op)
    return None if found is None else (found[0], found[1], found[2], found[3])


def images(tx: Tx, seq: int) -> Iterator[tuple[str, str, Image, Image]]:
    """Table, row, image before and image after of all that an action changed."""
    for tbl, row, before, after in tx.all(_CHANGES, the_seq=seq):
        yield tbl, row, unpacked(before), unpacked(after)


def repeat(tx: Tx, op: str, seq: int, label: str) -> Done:
    """The answer to an op that comes again."""
    rows = tuple((tbl, row, after) for tbl, row, _, after in images(tx, seq))
    return Done(seq, op, label, rows=rows)


def begin(tx: Tx, actor: int, op: str, label: str) -> int:
    """A new action; gives its number. What the actor could redo can be redone no more."""
    seq = int(tx.one(_NEXT)[0])
    tx.run(_DROP, the_actor=actor)
    tx.run(
        _ACT,
        seq=seq,
        op=op,
        actor=actor,
        kind="do",
        label=label,
        target=None,
        state="done",
        at=now(),
    )
    return seq


def write(tx: Tx, seq: int, what: Write) -> Image:
    """Change one row as part of an action, and journal it; gives the row as it is now."""
    after = {**what.after, "rev": seq}
    what.rows.put(tx, what.row, what.found, after)
    tx.run(
        _CHANGE,
        seq=seq,
        tbl=what.rows.name,
        row=what.row,
        before=packed(what.found.image),
        after=packed(after),
    )
    return after


def record(tx: Tx, actor: int, op: str, label: str, writes: Iterable[Write]) -> Done:
    """Do a whole action."""
    seq = begin(tx, actor, op, label)
    changed = tuple([(w.rows.name, w.row, write(tx, seq, w)) for w in writes])
    return Done(seq, op, label, rows=changed)


def top(tx: Tx, actor: int) -> Top:
    """What undo and redo would do now."""
    steps = []
    for kind in ("undo", "redo"):
        found = tx.one(_TOP[kind], the_actor=actor)
        steps.append(None if found is None else Step(found[1], found[2]))
    return Top(*steps)


def step(
    tx: Tx, actor: int, op: str, kind: Literal["undo", "redo"], expect: str | None = None
) -> Done | Refused:
    """Undo the actor's newest action, or redo the oldest undone one."""
    found = tx.one(_TOP[kind], the_actor=actor)
    if found is None:
        return Refused("moved", f"there is nothing to {kind}")
    target, target_op, label = found
    if expect is not None and expect != target_op:
        return Refused(
            "moved",
            f"the action meant is not the one to {kind} now (that is a {label!r}, number "
            f"{target}); look again, then {kind} what stands there",
        )
    back = kind == "undo"
    steps = [
        (tbl, row, *((after, before) if back else (before, after)))
        for tbl, row, before, after in images(tx, target)
    ]
    rows = [
        (TABLES[tbl], row, TABLES[tbl].find(tx, row), have, give) for tbl, row, have, give in steps
    ]
    moved = [
        (r, row, found) for r, row, found, have, _ in rows if found.image["rev"] != have["rev"]
    ]
    if moved:
        who = {_who(tx, found.image["rev"]) for _, _, found in moved}
        changed = tuple((r.name, row) for r, row, _ in moved)
        return _conflict(kind, label, f"{len(changed)} of its rows changed since", changed, who)
    seq_of_import = target if back else None
    in_use = blocked(tx, [(r.name, row, f.id, give) for r, row, f, _, give in rows], seq_of_import)
    if in_use is not None:
        return _conflict(kind, label, in_use.say, in_use.rows, in_use.who)
    seq = int(tx.one(_NEXT)[0])
    tx.run(
        _ACT,
        seq=seq,
        op=op,
        actor=actor,
        kind=kind,
        label=label,
        target=target,
        state="past",
        at=now(),
    )
    tx.run(_STATE, the_seq=target, now="undone" if back else "done")
    for table, row, was, _, give in rows:
        table.put(tx, row, was, give)
        tx.run(
            _CHANGE,
            seq=seq,
            tbl=table.name,
            row=row,
            before=packed(was.image),
            after=packed(give),
        )
    changed_rows = tuple((table.name, row, give) for table, row, _, _, give in rows)
    return Done(seq, op, label, target, changed_rows)


def _who(tx: Tx, seq: int) -> str:
    found = tx.one(_WHO, the_seq=seq)
    return "an import" if found is None else str(found[0])


def _conflict(
    kind: str, label: str, what: str, rows: Sequence[tuple[str, str]], who: Iterable[str]
) -> Refused:
    shown = ", ".join(f"{tbl} {row}" for tbl, row in rows[:5]) + (", …" if len(rows) > 5 else "")
    names = ", ".join(sorted(who))
    return Refused(
        "conflict",
        f"cannot {kind} the {label!r}: {what} ({shown}; by {names}); nothing was changed",
        tuple(rows),
    )


def is_gone(image: Image) -> bool:
    """Whether a row was never there, or its creation was undone."""
    return image.keys() == ABSENT.keys() and not alive(image)
