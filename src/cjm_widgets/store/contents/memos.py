"""Memos: what people write on texts, codes, stages, codings and the study."""

from __future__ import annotations

import uuid
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, Conflict, UnknownName
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import frame
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.journal import Done, Write
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.rows import NOTES, Image, alive

_N, _A, _C, _F = schema.note, schema.action, schema.coding, schema.feedback

KINDS = ("text", "stage", "code", "coding", "study")
"""What a memo may be on."""
LONGEST = 20_000
"""Code points a memo may have."""
LABEL = "memo"

_COLUMNS = (_N.c.uid, _N.c.on_kind, _N.c.on_uid, _N.c.author, _N.c.text, _A.c.at)
_OF = (
    # Notes in a lane stand on the map; they are no memos.
    sa.select(*_COLUMNS)
    .outerjoin(_A, _A.c.seq == _N.c.rev)
    .where(_N.c.gone == 0, _N.c.lane.is_(None), _N.c.on_kind.in_(KINDS))
    .order_by(_N.c.id)
)
_LIVE_CODING = Statement(
    sa.select(_C.c.gone, _C.c.coder).where(_C.c.uid == sa.bindparam("the_uid"))
)
_BATCH = Statement(sa.select(_F.c.batch).where(_F.c.id == sa.bindparam("the_id")))
_ANY = {
    table.name: Statement(
        sa.select(table.c.rev, table.c.gone).where(table.c.uid == sa.bindparam("the_key"))
    )
    for table in (schema.stage, schema.code)
}


def add(
    tx: Tx, on: tuple[str, str], text: str, *, author: str, op: str, uid: str | None = None
) -> Done:
    """Write a memo on something, by its kind and its public name.

    Raises
    ------
    ArgumentError
        If the kind is none of `KINDS`, or the text is empty or too long.
    UnknownName
        If what it is on is not there.
    """
    image: Image = {
        "on_kind": on[0],
        "on_uid": place(tx, *on),
        "lane": None,
        "author": names.clean("the author", author),
        "text": _text(text),
        "gone": 0,
    }
    name = uid or uuid.uuid4().hex
    found = NOTES.find(tx, names.clean("a memo's uid", name, longest=64))
    if found.id is not None and "text" in found.image:
        raise ArgumentError(f"there is a memo {name!r} already; make another id for a new one")
    write = Write(NOTES, name, found, image)
    return journal.record(tx, names.actor(tx, author), op, LABEL, [write])


def change(tx: Tx, uid: str, text: str, *, actor: str, op: str, own: bool = False) -> Done | None:
    """Write a memo anew; None if it says so already."""
    write = _there(tx, uid, actor if own else None)
    wanted = {**write.after, "text": _text(text)}
    if wanted == write.found.image:
        return None
    changed = Write(NOTES, uid, write.found, wanted)
    return journal.record(tx, names.actor(tx, actor), op, LABEL, [changed])


def remove(tx: Tx, uid: str, *, actor: str, op: str, own: bool = False) -> Done:
    """Take a memo away; undo brings it back."""
    write = _there(tx, uid, actor if own else None)
    gone = Write(NOTES, uid, write.found, {**write.after, "gone": 1})
    return journal.record(tx, names.actor(tx, actor), op, LABEL, [gone])


def _there(tx: Tx, uid: object, author: str | None) -> Write:
    """A memo as it stands.

    Raises
    ------
    UnknownName, Conflict, ArgumentError
        If there is none, it was removed meanwhile, or it is not the author's.
    """
    known = isinstance(uid, str) and not names.unfit(uid)
    found = NOTES.find(tx, str(uid)) if known else None
    if found is None or "text" not in found.image or found.image["lane"] is not None:
        raise UnknownName("memo", uid)
    if not alive(found.image):
        raise Conflict(f"the memo {uid!r} was removed meanwhile; undo that first")
    if author is not None and found.image["author"] != author:
        raise ArgumentError(
            f"the memo {uid!r} is {found.image['author']}'s; only its author may change it here"
        )
    return Write(NOTES, str(uid), found, dict(found.image))


def _text(text: object) -> str:
    return names.clean("a memo", text, longest=LONGEST)


def place(tx: Tx, kind: object, uid: object) -> str:
    """The public name of what a memo is on, checked; of a code that was merged the one it is now.

    Raises
    ------
    ArgumentError, UnknownName
        If there is no such kind, or no such thing.
    """
    if kind not in KINDS:
        raise ArgumentError(f"a memo is on one of {', '.join(KINDS)}, not {kind!r}")
    if kind == "study":
        return ""
    name = str(uid)
    if names.unfit(name):
        raise UnknownName(str(kind), uid)
    if kind == "text":
        row = tx.one(_BATCH, the_id=int(name)) if name.isdecimal() and len(name) < 19 else None
        there = row is not None and row[0] not in tx.hidden()
    elif kind == "coding":
        row = tx.one(_LIVE_CODING, the_uid=name)
        there = row is not None and not row[0]
    else:
        row = tx.one(_ANY[str(kind)], the_key=name)
        there = row is not None and (row[0] > 0 or not row[1])
        if there and row[1] and kind == "code":
            name = names.standing_code(tx, name)
    if not there:
        raise UnknownName(str(kind), uid)
    return name


def rows(tx: Tx, kind: str | None = None, uid: str | None = None) -> list[Any]:
    """Live memos, the oldest first: uid, on_kind, on_uid, author, text, at (µs)."""
    wanted = _OF
    if kind is not None:
        wanted = wanted.where(_N.c.on_kind == kind)
    if uid is not None:
        wanted = wanted.where(_N.c.on_uid == uid)
    found = tx.fetch(wanted)
    away = _gone(tx, {row[2] for row in found if row[1] == "coding"})
    hidden = _hidden(tx, {row[2] for row in found if row[1] == "text"})
    return [
        row
        for row in found
        if not (row[1] == "coding" and row[2] in away)
        and not (row[1] == "text" and row[2] in hidden)
    ]


def _gone(tx: Tx, uids: set[str]) -> set[str]:
    """Those codings that were removed: their memos are out of sight until they are back."""
    return {uid for uid in uids if (row := tx.one(_LIVE_CODING, the_uid=uid)) is None or row[0]}


def _hidden(tx: Tx, texts: set[str]) -> set[str]:
    if not tx.hidden():
        return set()
    batches = {text: tx.one(_BATCH, the_id=int(text)) for text in texts}
    return {text for text, row in batches.items() if row is None or row[0] in tx.hidden()}


def whose(tx: Tx, coding: str) -> int | None:
    """The coder of a live coding, by number; None if it is not there."""
    row = tx.one(_LIVE_CODING, the_uid=coding)
    return None if row is None or row[0] else int(row[1])


def memos(tx: Tx, kind: str | None, uid: str | None, author: str | None) -> pd.DataFrame:
    """Memos, the oldest first: uid, on_kind, on, author, text, at."""
    kinds = {
        "uid": "text",
        "on_kind": "text",
        "on": "text",
        "author": "text",
        "text": "text",
        "at": "time",
    }
    found = [row for row in rows(tx, kind, uid) if author is None or row[3] == author]
    return frame(kinds, found)
