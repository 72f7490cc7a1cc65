"""Respondents of a study, each with what there is of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from cjm_widgets.store.contents import turns
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import frame
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.forgetting import erase
from cjm_widgets.store.tables.frames import shown

if TYPE_CHECKING:
    import pandas as pd

_F, _C = schema.feedback, schema.coding
_KINDS = {
    "respondent": "text",
    "texts": "integer",
    "codings": "integer",
    "first": "time",
    "last": "time",
}


@dataclass(slots=True)
class _Known:
    texts: int = 0
    codings: int = 0
    times: list[int] = field(default_factory=list)


def people(tx: Tx) -> pd.DataFrame:
    """A row per respondent, by name; in a focus group each speaker is one."""
    spoken = {one.feedback: one for one in turns.stored(tx, None)}
    heard: dict[str, _Known] = {}
    here = [_F.c.respondent.is_not(None), *shown(tx, _F.c.batch)]
    counted = tx.fetch(
        sa.select(_F.c.respondent, sa.func.count(), sa.func.min(_F.c.at), sa.func.max(_F.c.at))
        .where(*here)
        .group_by(_F.c.respondent)
    )
    for name, texts, first, last in counted:
        heard[name] = _Known(texts, 0, [at for at in (first, last) if at is not None])
    coded = tx.fetch(
        sa.select(_F.c.respondent, sa.func.count())
        .join(_C, _C.c.feedback == _F.c.id)
        .where(_C.c.gone == 0, *here)
        .group_by(_F.c.respondent)
    )
    for name, codings in coded:
        heard[name].codings = codings
    if spoken:
        _groups(tx, set(spoken), heard)
    rows = [
        (name, one.texts, one.codings, min(one.times, default=None), max(one.times, default=None))
        for name, one in sorted(heard.items())
        if one.texts
    ]
    return frame(_KINDS, rows)


def _groups(tx: Tx, ids: set[int], heard: dict[str, _Known]) -> None:
    """Count transcripts by who speaks in them, not by whose they are as a whole."""
    whose: dict[int, set[str]] = {}
    for one in turns.stored(tx, ids):
        if one.respondent:
            whose.setdefault(one.feedback, set()).add(one.respondent)
    texts = sa.select(_F.c.id, _F.c.respondent, _F.c.at)
    for number, own, at in _of(tx, texts, _F.c.id, whose):
        if own:
            heard[own].texts -= 1
        for name in whose[number]:
            known = heard.setdefault(name, _Known())
            known.texts += 1
            known.times += [at] if at is not None else []
    passages = (
        sa.select(_C.c.feedback, _C.c.version, _C.c.start, _C.c.stop, _F.c.respondent)
        .join(_F, _F.c.id == _C.c.feedback)
        .where(_C.c.gone == 0)
    )
    coded = _of(tx, passages, _C.c.feedback, whose)
    found = turns.respondents(tx, [tuple(row[:4]) for row in coded])
    for (*_, own), who in zip(coded, found, strict=True):
        if who and who != own:
            heard.setdefault(who, _Known()).codings += 1
            if own:
                heard[own].codings -= 1


def _of(
    tx: Tx, wanted: sa.Select[Any], column: sa.ColumnElement[int], ids: Iterable[int]
) -> list[Any]:
    return [row for some in erase.parts(ids) for row in tx.fetch(wanted.where(column.in_(some)))]


def forgotten(tx: Tx) -> pd.DataFrame:
    """That somebody was removed, and when."""
    table = schema.forgotten
    rows = tx.fetch(sa.select(table.c.uid, table.c.at).order_by(table.c.id))
    return frame({"uid": "text", "at": "time"}, rows)
