"""Turns of one version of a text, as rows: what its image holds besides the text's own columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement

_T, _S = schema.turn, schema.score

COLUMNS = ("start", "stop", "speaker", "respondent", "role")
"""What each turn of a cut says, in this order."""

Cut = list[list[Any]]
"""All turns of one version of a text, in order: plain values, as JSON gives them back."""

_HERE = (_T.c.feedback == sa.bindparam("the_id"), _T.c.version == sa.bindparam("the_version"))
_CUT = Statement(sa.select(*[_T.c[name] for name in COLUMNS]).where(*_HERE).order_by(_T.c.n))
_DROP = Statement(sa.delete(_T).where(*_HERE))
# By scorer and unit, so that the primary key finds them: a study may hold millions.
_UNSCORE = Statement(
    sa.delete(_S).where(
        _S.c.scorer.in_(sa.select(schema.scorer.c.id)),
        _S.c.unit == sa.bindparam("the_unit"),
        _S.c.feedback == sa.bindparam("the_id"),
        _S.c.version == sa.bindparam("the_version"),
    )
)


def cut_of(tx: Tx, feedback: int, version: int) -> Cut:
    """The turns as they are kept; empty if the version is no transcript."""
    return [list(turn) for turn in tx.all(_CUT, the_id=feedback, the_version=version)]


def write(tx: Tx, cuts: Sequence[tuple[int, int, Cut]]) -> None:
    """Keep the turns of texts' versions that have none yet: number, version, turns."""
    rows = [
        (feedback, version, n, *turn)
        for feedback, version, cut in cuts
        for n, turn in enumerate(cut)
    ]
    if rows:
        columns = ("feedback", "version", "n", *COLUMNS)
        tx.bulk(_T, dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))


def put(tx: Tx, feedback: int, version: int, cut: Cut) -> None:
    """Make a version's turns these; scores of other turns are made anew by who wants them."""
    if cut == cut_of(tx, feedback, version):
        return
    tx.run(_DROP, the_id=feedback, the_version=version)
    for unit in schema.UNITS.values():
        tx.run(_UNSCORE, the_unit=unit, the_id=feedback, the_version=version)
    write(tx, [(feedback, version, cut)])
