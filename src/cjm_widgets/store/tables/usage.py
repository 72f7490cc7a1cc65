"""What must stay because live rows use it.

Undoing the creation of a stage, a code or an import would leave codings that point to
nothing; so would bringing back a coding whose text or stage is not there any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement

_C, _F, _A = schema.coding, schema.feedback, schema.actor
_LIMIT = 20
_SOME = 500
"""Texts asked for at once."""


@dataclass(frozen=True, slots=True)
class Use:
    """Who uses what was to go."""

    say: str
    rows: tuple[tuple[str, str], ...]
    who: frozenset[str]


def _codings(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(_C.c.uid, _A.c.name)
        .join(_A, _A.c.id == _C.c.coder)
        .where(_C.c.gone == 0, *conditions)
        .order_by(_C.c.id)
        .limit(_LIMIT)
    )


_SHOWN = _C.c.feedback.in_(
    sa.select(_F.c.id)
    .join(schema.batch, schema.batch.c.id == _F.c.batch)
    .where(schema.batch.c.gone == 0, _F.c.id == _C.c.feedback)
)
# What the very action wrote goes with it.
_OTHERS = _C.c.rev != sa.bindparam("the_seq")
_AT_STAGE = Statement(_codings(_C.c.stage == sa.bindparam("it"), _SHOWN, _OTHERS))
_WITH_CODE = Statement(
    _codings(_SHOWN, _OTHERS).join(
        schema.coding_code,
        (schema.coding_code.c.coding == _C.c.id)
        & (schema.coding_code.c.code == sa.bindparam("it")),
    )
)
_STAGELESS = Statement(
    _codings(_F.c.batch == sa.bindparam("it"), schema.stage.c.gone == 1, schema.stage.c.rev == 0)
    .join(_F, _F.c.id == _C.c.feedback)
    .join(schema.stage, schema.stage.c.id == _C.c.stage)
)
# Codings of rev 0 came with the import and go with it.
_ON_BATCH = Statement(
    _codings(_F.c.batch == sa.bindparam("it"), _C.c.rev > 0).join(_F, _F.c.id == _C.c.feedback)
)
_ON_VERSION = Statement(
    _codings(
        _C.c.feedback == sa.bindparam("it"),
        _C.c.version == sa.bindparam("the_version"),
        _C.c.rev != sa.bindparam("the_seq"),
    )
)
_KPI_AT_STAGE = Statement(
    sa.select(schema.kpi.c.uid, schema.kpi.c.name)
    .where(schema.kpi.c.stage == sa.bindparam("it"), schema.kpi.c.gone == 0)
    .limit(_LIMIT)
)
_UNDER = {
    table.name: Statement(
        sa.select(table.c.uid, table.c.rev).where(
            table.c.parent == sa.bindparam("it"), table.c.gone == 0
        )
    )
    for table in (schema.stage, schema.code)
}
_TEXT = Statement(sa.select(_F.c.batch, _F.c.version).where(_F.c.id == sa.bindparam("it")))
_STAGE = Statement(
    sa.select(schema.stage.c.uid).where(
        schema.stage.c.id == sa.bindparam("it"), schema.stage.c.gone == 1, schema.stage.c.rev == 0
    )
)
_CODE = Statement(
    sa.select(schema.code.c.uid).where(
        schema.code.c.id == sa.bindparam("it"), schema.code.c.gone == 1, schema.code.c.rev == 0
    )
)

_PARENT = Statement(sa.select(schema.code.c.parent).where(schema.code.c.uid == sa.bindparam("it")))

Planned = tuple[str, str, int | None, dict[str, Any]]
"""Table, row, internal number and the image it is to get."""


@dataclass(frozen=True, slots=True)
class Around:
    """What else an undo or redo does."""

    seq: int | None
    """Number of the action to be undone; None for a redo."""
    leaving: set[tuple[str, str]] = field(default_factory=set)
    """Table and row of all that goes."""
    coming: set[tuple[str, str]] = field(default_factory=set)
    """Table and row of the stages and codes that are there afterwards."""
    known: dict[tuple[str, int], Any] = field(default_factory=dict)
    """What was asked of stages and codes already: large actions use few of them."""

    def absent(self, tx: Tx, tbl: str, number: int) -> str | None:
        """Key of a stage or code whose creation was undone; None if it may be used."""
        if (tbl, number) not in self.known:
            self.known[tbl, number] = tx.one(_STAGE if tbl == "stage" else _CODE, it=number)
        found = self.known[tbl, number]
        return None if found is None or (tbl, found[0]) in self.coming else str(found[0])


def blocked(tx: Tx, plan: Sequence[Planned], around: Around) -> Use | None:
    """The first reason why rows cannot become what is planned, or None.

    Parameters
    ----------
    plan
        What an undo or redo is going to put.
    around
        The whole of which these rows are a part.
    """
    seq = around.seq
    away = _away(tx, plan)
    for tbl, row, number, image in plan:
        use = None
        if image.keys() == {"gone", "rev"}:
            use = _used(tx, (tbl, row, number), around)
        elif tbl == "feedback" and seq is not None:
            use = _version_used(tx, int(row), image, seq)
        elif tbl == "batch" and seq is None:
            found = tx.all(_STAGELESS, it=number)
            use = _of(found, "coding", "stages of its codings are not there any more", set())
        elif tbl == "coding" and not image.get("gone"):
            use = _hanging(tx, row, image, around, away)
        elif tbl == "code" and not image.get("gone"):
            use = _circle(tx, row, plan)
        if use is not None:
            return use
    return None


def _used(tx: Tx, what: tuple[str, str, int | None], around: Around) -> Use | None:
    tbl, row, number = what
    leaving, seq = around.leaving, -1 if around.seq is None else around.seq
    if tbl == "batch":
        return _of(tx.all(_ON_BATCH, it=number), "coding", "people have coded its texts", leaving)
    if tbl == "stage":
        if kpis := tx.all(_KPI_AT_STAGE, it=number):
            return Use(
                f"KPIs belong to the stage {row!r}",
                tuple(("kpi", uid) for uid, _ in kpis),
                frozenset({"add_kpis"}),
            )
        found = tx.all(_AT_STAGE, it=number, the_seq=seq)
        use = _of(found, "coding", f"codings use the stage {row!r}", leaving)
    elif tbl == "code":
        found = tx.all(_WITH_CODE, it=number, the_seq=seq)
        use = _of(found, "coding", f"codings use the code {row!r}", leaving)
    else:
        return None
    if use is None:
        below = [(tbl, uid) for uid, _ in tx.all(_UNDER[tbl], it=row) if (tbl, uid) not in leaving]
        if below:
            use = Use(f"others stand under the {tbl} {row!r}", tuple(below), frozenset({"others"}))
    return use


def _version_used(tx: Tx, feedback: int, image: dict[str, Any], seq: int) -> Use | None:
    version = tx.one(_TEXT, it=feedback)[1]
    if version == image["version"]:
        return None
    rows = tx.all(_ON_VERSION, it=feedback, the_version=version, the_seq=seq)
    return _of(rows, "coding", "people have coded its newer texts", set())


def _away(tx: Tx, plan: Sequence[Planned]) -> set[int]:
    """Texts of planned codings that are not there (any more)."""
    images = [image for tbl, _, _, image in plan if tbl == "coding" and not image.get("gone")]
    texts = sorted({image["feedback"] for image in images})
    there: set[int] = set()
    for begin in range(0, len(texts), _SOME):
        some = _F.c.id.in_(texts[begin : begin + _SOME])
        rows = tx.fetch(sa.select(_F.c.id, _F.c.batch).where(some))
        there |= {number for number, batch in rows if batch not in tx.hidden()}
    return set(texts) - there


def _hanging(tx: Tx, row: str, image: dict[str, Any], around: Around, away: set[int]) -> Use | None:
    if image["feedback"] in away:
        return Use("the text it belongs to was removed", (("coding", row),), frozenset({"an undo"}))
    stages = [] if image["stage"] is None else [image["stage"]]
    for tbl, numbers in (("stage", stages), ("code", image["codes"])):
        for number in numbers:
            gone = around.absent(tx, tbl, number)
            if gone is not None:
                return Use(
                    f"its {tbl} {gone!r} is not there any more",
                    (("coding", row),),
                    frozenset({"an undo"}),
                )
    return None


def _circle(tx: Tx, key: str, plan: Sequence[Planned]) -> Use | None:
    """Two people may each have moved a code: it must not come to stand under itself."""
    planned = {row: image for tbl, row, _, image in plan if tbl == "code"}
    seen, at = {key}, planned[key].get("parent")
    while at is not None:
        if at in seen:
            return Use(
                f"the code {key!r} would stand under itself",
                (("code", at),),
                frozenset({"others"}),
            )
        seen.add(at)
        found = tx.one(_PARENT, it=at)
        at = planned[at].get("parent") if at in planned else found[0] if found else None
    return None


def _of(
    found: Sequence[tuple[str, str]], tbl: str, say: str, leaving: set[tuple[str, str]]
) -> Use | None:
    rows = [(uid, who) for uid, who in found if (tbl, uid) not in leaving]
    if not rows:
        return None
    return Use(say, tuple((tbl, uid) for uid, _ in rows), frozenset(who for _, who in rows))
