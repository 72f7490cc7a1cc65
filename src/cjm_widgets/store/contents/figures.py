"""KPIs and notes: small journalled tables."""

from __future__ import annotations

import uuid
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cjm_widgets.errors import FrameError, UnknownName
from cjm_widgets.model.columns import KPIS as CONTRACT
from cjm_widgets.model.columns import check
from cjm_widgets.store.contents import structure
from cjm_widgets.store.contents.structure import Edited
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import frame, kinds_of, values
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.journal import Write
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.rows import KPIS, NOTES, Image, alive

_K, _N, _A = schema.kpi, schema.note, schema.action

_KPIS = Statement(
    sa.select(
        _K.c.name,
        schema.stage.c.uid,
        _K.c.segment,
        _K.c.at,
        _K.c.value,
        _K.c.n,
        _K.c.low,
        _K.c.high,
        _K.c.unit,
        _K.c.target,
        _K.c.direction,
        _K.c.uid,
        _K.c.stage,
    )
    .outerjoin(schema.stage, schema.stage.c.id == _K.c.stage)
    .where(_K.c.gone == 0)
    .order_by(_K.c.id)
)
_NOTES = Statement(
    sa.select(_N.c.uid, _N.c.on_kind, _N.c.on_uid, _N.c.lane, _N.c.author, _N.c.text, _A.c.at)
    .outerjoin(_A, _A.c.seq == _N.c.rev)
    .where(_N.c.gone == 0)
    .order_by(_N.c.id)
)


def kpis(tx: Tx) -> pd.DataFrame:
    """The KPI figures by the contract KPIS."""
    return frame(kinds_of(CONTRACT), [row[:11] for row in tx.all(_KPIS)])


def add_kpis(tx: Tx, data: pd.DataFrame, actor: str, op: str) -> Edited:
    """Write figures; the same KPI, stage, segment and date again replaces the figure."""
    check(data, CONTRACT, "add_kpis")
    there = {(row[0], row[12], row[2], row[3]): row[11] for row in tx.all(_KPIS)}
    journey = structure.journey(tx)
    stages: dict[str, int] = {}
    lists = {column.name: values(data, column.name) for column in CONTRACT}
    wanted: dict[Any, Image] = {}
    for i, name in enumerate(lists["kpi"]):
        for what in ("kpi", "segment", "unit"):
            if lists[what][i] is not None:
                names.clean(f"add_kpis: column {what!r}", lists[what][i], empty=what == "unit")
        if lists["direction"][i] not in ("up", "down"):
            raise FrameError(
                f"add_kpis: column 'direction' says 'up' or 'down' (which way is good), "
                f"not {lists['direction'][i]!r}"
            )
        given = lists["stage"][i]
        if given is not None and given not in stages:
            stages[given] = names.live(tx, "stage", journey.stage(given).key)
        stage = None if given is None else stages[given]
        image: Image = {"name": name, "stage": stage, "segment": lists["segment"][i], "gone": 0}
        for what in ("at", "value", "n", "low", "high", "unit", "target", "direction"):
            image[what] = lists[what][i]
        wanted[name, stage, image["segment"], image["at"]] = image
    added: list[str] = []
    changed: list[str] = []
    writes: list[Write] = []
    for key, image in wanted.items():
        uid = there.get(key) or uuid.uuid4().hex
        found = KPIS.find(tx, uid)
        if {k: v for k, v in found.image.items() if k != "rev"} == image:
            continue
        (changed if key in there else added).append(uid)
        writes.append(Write(KPIS, uid, found, image))
    if not writes:
        return Edited()
    done = journal.record(tx, names.actor(tx, actor), op, "kpi", writes)
    return Edited(done.seq, tuple(added), tuple(changed))


def notes(tx: Tx) -> pd.DataFrame:
    """Notes, the oldest first: note (uid), on_kind, on_uid, lane, author, text, at."""
    kinds = {
        "note": "text",
        "on_kind": "text",
        "on_uid": "text",
        "lane": "text",
        "author": "text",
        "text": "text",
        "at": "time",
    }
    return frame(kinds, tx.all(_NOTES))


def add_note(
    tx: Tx, on: tuple[str, str], text: str, *, author: str, lane: str | None, op: str
) -> str:
    """Write a note on something (its kind and uid); gives the note's uid."""
    on_kind, on_uid = on
    if on_kind == "stage":
        names.live(tx, "stage", on_uid)
    image: Image = {
        "on_kind": names.clean("what a note is on", on_kind),
        "on_uid": names.clean("what a note is on", on_uid, empty=True),
        "lane": None if lane is None else names.clean("the lane", lane),
        "author": names.clean("the author", author),
        "text": names.clean("a note", text, longest=20_000),
        "gone": 0,
    }
    uid = uuid.uuid4().hex
    write = Write(NOTES, uid, NOTES.find(tx, uid), image)
    journal.record(tx, names.actor(tx, author), op, "note", [write])
    return uid


def change_note(tx: Tx, uid: str, text: str, actor: str, op: str) -> None:
    """Give a note other words; it keeps its author and its place."""
    found = NOTES.find(tx, uid)
    if not alive(found.image):
        raise UnknownName("note", uid, [row[0] for row in tx.all(_NOTES)])
    image = {**found.image, "text": names.clean("a note", text, longest=20_000)}
    if image != found.image:
        write = Write(NOTES, uid, found, image)
        journal.record(tx, names.actor(tx, actor), op, "note", [write])


def remove_note(tx: Tx, uid: str, actor: str, op: str) -> None:
    """Take a note away; undo brings it back."""
    found = NOTES.find(tx, uid)
    if not alive(found.image):
        raise UnknownName("note", uid, [row[0] for row in tx.all(_NOTES)])
    write = Write(NOTES, uid, found, {**found.image, "gone": 1})
    journal.record(tx, names.actor(tx, actor), op, "note", [write])
