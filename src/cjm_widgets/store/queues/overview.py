"""What a coder's widget needs before the first text, and what stands above each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cjm_widgets.model.desk import CodeItem, Filter, Opening, StageItem
from cjm_widgets.store.contents import structure
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.tables import facets

_F, _C, _P, _B = schema.feedback, schema.coding, schema.progress, schema.batch
_L, _M = schema.label, schema.bookmark

FILTER_VALUES = 50

STUDY = Statement(
    sa.select(
        schema.study.c.uid, schema.study.c.name, schema.study.c.language, schema.study.c.seq
    ).where(schema.study.c.id == 1)
)
_TOTAL = Statement(sa.select(sa.func.coalesce(sa.func.sum(_B.c.n), 0)).where(_B.c.gone == 0))
_DONE = Statement(
    sa.select(sa.func.count()).where(_P.c.coder == sa.bindparam("the_coder"), _P.c.n > 0)
)
_DONE_SHOWN = Statement(
    sa.select(sa.func.count())
    .select_from(_P.join(_F, _F.c.id == _P.c.feedback).join(_B, _B.c.id == _F.c.batch))
    .where(_P.c.coder == sa.bindparam("the_coder"), _P.c.n > 0, _B.c.gone == 0)
)


def _counted(what: sa.Table, number: sa.ColumnElement[int], *, shown: bool) -> Statement:
    """A coder's live codings by stage or code; of texts that are shown, where some are not."""
    codings: Any = _C
    if what is schema.code:
        codings = codings.join(schema.coding_code, schema.coding_code.c.coding == _C.c.id)
    mine = [_C.c.coder == sa.bindparam("the_coder"), _C.c.gone == 0]
    if shown:
        codings = codings.join(_F, _F.c.id == _C.c.feedback).join(_B, _B.c.id == _F.c.batch)
        mine.append(_B.c.gone == 0)
    counted = sa.select(number.label("number"), sa.func.count().label("n")).select_from(codings)
    each = counted.where(*mine).group_by(number).subquery()
    return Statement(sa.select(what.c.uid, each.c.n).join(each, each.c.number == what.c.id))


_BY_STAGE = {some: _counted(schema.stage, _C.c.stage, shown=some) for some in (False, True)}
_BY_CODE = {
    some: _counted(schema.code, schema.coding_code.c.code, shown=some) for some in (False, True)
}
_CODE, _ACT = schema.code, schema.action
_RETIRED = Statement(
    sa.select(
        *(_CODE.c.uid, _CODE.c.name, _CODE.c.kind, _CODE.c.parent),
        *(_CODE.c.definition, _CODE.c.colour),
    )
    .join(_ACT, _ACT.c.seq == _CODE.c.rev)
    .where(_CODE.c.gone == 1, _CODE.c.merged_into.is_(None), _ACT.c.kind != "undo")
    .order_by(_CODE.c.place, _CODE.c.id)
)
_LABELS = Statement(sa.select(_L.c.key, _L.c.value, _L.c.n).where(_L.c.n > 0))
_MARKS = Statement(sa.select(_M.c.key, _M.c.value).where(_M.c.coder == sa.bindparam("the_coder")))


def opening_of(tx: Tx, me: int, coder: str) -> Opening:
    """The study as one coder finds it."""
    uid, name, language, seq = tx.one(STUDY)
    at_stage = dict(tx.all(_BY_STAGE[bool(tx.hidden())], the_coder=me))
    with_code = _with_code(tx, me)
    return Opening(
        study=uid,
        name=name,
        coder=coder,
        language=language,
        seq=seq,
        total=int(tx.one(_TOTAL)[0]),
        done=tx.one(_DONE_SHOWN if tx.hidden() else _DONE, the_coder=me)[0],
        stages=tuple(
            StageItem(s.key, dict(s.names), s.parent, at_stage.get(s.key, 0))
            for s in structure.journey(tx)
        ),
        codes=panel(tx, me, with_code),
        filters=filters(tx),
        bookmark={key: json.loads(value) for key, value in tx.all(_MARKS, the_coder=me)},
        top=journal.top(tx, me),
        retired=retired(tx, with_code),
    )


def _with_code(tx: Tx, me: int) -> dict[str, int]:
    """How many of a coder's live codings bear each code."""
    return dict(tx.all(_BY_CODE[bool(tx.hidden())], the_coder=me))


def panel(tx: Tx, me: int, with_code: Mapping[str, int] | None = None) -> tuple[CodeItem, ...]:
    """The codebook as a coder's panel shows it, with counts of the coder's own codings."""
    n = _with_code(tx, me) if with_code is None else with_code
    return tuple(
        CodeItem(c.key, c.name, c.kind, c.parent, c.definition, c.colour, n.get(c.key, 0))
        for c in structure.codebook(tx)
    )


def retired(tx: Tx, with_code: Mapping[str, int]) -> tuple[CodeItem, ...]:
    """Codes that can be offered again: retired ones, not those merged or never really made."""
    return tuple(
        CodeItem(key, name, kind, parent, definition or "", colour or "", with_code.get(key, 0))
        for key, name, kind, parent, definition, colour in tx.all(_RETIRED)
    )


def filters(tx: Tx) -> tuple[Filter, ...]:
    """Attributes with at least two values, channel, touchpoint and language first."""
    values: dict[str, list[tuple[int, str]]] = {}
    for key, value, n in tx.all(_LABELS):
        values.setdefault(key, []).append((-n, value))
    order = [key for key in facets.FIXED if key in values]
    order += sorted(key for key in values if key not in facets.FIXED)
    return tuple(
        Filter(key, tuple(value for _, value in sorted(values[key])[:FILTER_VALUES]))
        for key in order
        if len(values[key]) > 1
    )


def shown(row: Any) -> tuple[tuple[str, str], ...]:
    """What stands above a text: name and value."""
    pairs: list[tuple[str, Any]] = [("channel", row[6]), ("touchpoint", row[7])]
    if row[8] is not None:
        said = pd.Timestamp(row[8], unit="us")
        pairs.append(
            ("date", said.strftime("%Y-%m-%d" if said == said.normalize() else "%Y-%m-%d %H:%M"))
        )
    if row[9]:
        pairs.extend(json.loads(row[9]).items())
    return tuple((name, str(value)) for name, value in pairs if value is not None)
