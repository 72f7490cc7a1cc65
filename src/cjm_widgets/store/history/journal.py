"""The journal: every change with its rows before and after, and undo and redo on top of it.

The rules stand in docs and tests; in short: an op is done once; an undo takes the actor's
newest action that is done, if all its rows are still as it left them; a redo takes the
oldest that is undone; a new change drops what is undone. `action.state` is the only
column of the journal that ever changes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from cjm_widgets.model.desk import Refusal, Step, Top
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history.changes import SHOWN, pages, pieces, put_one, put_page
from cjm_widgets.store.history.reversal import Reversal
from cjm_widgets.store.tables.rows import ABSENT, Found, Image, Rows, alive

_S, _A = schema.study, schema.action

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
_STATE = Statement(
    sa.update(_A).where(_A.c.seq == sa.bindparam("the_seq")).values(state=sa.bindparam("now"))
)
_WHO = Statement(
    sa.select(schema.actor.c.name)
    .join(_A, _A.c.actor == schema.actor.c.id)
    .join(schema.change, schema.change.c.seq == _A.c.seq)
    .where(
        schema.change.c.tbl == sa.bindparam("the_tbl"),
        schema.change.c.row == sa.bindparam("the_row"),
    )
    .order_by(_A.c.seq.desc())
    .limit(1)
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
    """Table, row and image of what changed, as it is now; the first `SHOWN` of them."""
    more: bool = False
    """Whether more rows changed than these."""


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


def repeat(tx: Tx, op: str, seq: int, label: str) -> Done:
    """The answer to an op that comes again."""
    first = next(pages(tx, seq, SHOWN + 1), [])
    rows = [(tbl, row, after) for tbl, row, _, after in first]
    return Done(seq, op, label, rows=tuple(rows[:SHOWN]), more=len(rows) > SHOWN)


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
    put_one(tx, seq, (what.rows, what.row, what.found, after))
    return after


def write_many(
    tx: Tx, seq: int, writes: Iterable[Write]
) -> tuple[list[tuple[str, str, Image]], int]:
    """Change many rows as part of an action; gives the first as they are now, and how many."""
    shown: list[tuple[str, str, Image]] = []
    n = 0
    for some in pieces(writes):
        changes = [(w.rows, w.row, w.found, {**w.after, "rev": seq}) for w in some]
        put_page(tx, seq, changes)
        n += len(some)
        shown += [(rows.name, row, now) for rows, row, _, now in changes[: SHOWN - len(shown)]]
    return shown, n


def record(tx: Tx, actor: int, op: str, label: str, writes: Iterable[Write]) -> Done:
    """Do a whole action."""
    seq = begin(tx, actor, op, label)
    if isinstance(writes, list) and len(writes) == 1:  # a coder's click
        only = writes[0]
        return Done(seq, op, label, rows=((only.rows.name, only.row, write(tx, seq, only)),))
    shown, n = write_many(tx, seq, writes)
    return Done(seq, op, label, rows=tuple(shown), more=n > len(shown))


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
    plan = Reversal(tx, target, back=kind == "undo")
    moved = plan.moved()
    if moved:
        who = {_who(tx, *row) for row in moved[:SHOWN]}
        return _conflict(kind, label, f"{len(moved)} of its rows changed since", moved, who)
    in_use = plan.blocked()
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
    tx.run(_STATE, the_seq=target, now="undone" if plan.back else "done")
    rows, more = plan.put(seq)
    return Done(seq, op, label, target, rows, more)


def _who(tx: Tx, tbl: str, row: str) -> str:
    """Who changed a row last."""
    found = tx.one(_WHO, the_tbl=tbl, the_row=row)
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
