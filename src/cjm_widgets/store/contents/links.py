"""Links between passages: documents that name two codings."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.store.contents import documents
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import frame
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.changes import pieces
from cjm_widgets.store.history.journal import Done
from cjm_widgets.store.tables import frames, names
from cjm_widgets.store.tables.rows import CODINGS, DOCUMENTS, Found, alive

KIND = "link"

_D, _A, _ACTOR = schema.document, schema.action, schema.actor
_LINKS = (
    sa.select(_D.c.uid, _D.c.body, _ACTOR.c.name, _A.c.at)
    .outerjoin(_A, _A.c.seq == _D.c.rev)
    .outerjoin(_ACTOR, _ACTOR.c.id == _A.c.actor)
    .where(_D.c.kind == KIND, _D.c.gone == 0)
    .order_by(_D.c.id)
)


def put(
    tx: Tx,
    ends: tuple[str, str],
    said: tuple[str, str] = ("", ""),
    *,
    actor: str,
    op: str,
    uid: str | None = None,
    coder: int | None = None,
) -> Done | None:
    """Link one coding to another.

    Parameters
    ----------
    ends
        Uids of the coding it comes from and of the one it leads to.
    said
        Kind of the link and a text; both may be empty.
    coder
        Whose codings both must be; None for anybody's.

    Raises
    ------
    UnknownName, ArgumentError
        If a coding is not there, or both are the same.
    """
    if ends[0] == ends[1]:
        raise ArgumentError("a link leads from one coding to another one, not to itself")
    for end in ends:
        known = isinstance(end, str) and not names.unfit(end)
        found = CODINGS.find(tx, end) if known else None
        if found is None or not alive(found.image):
            raise UnknownName("coding", end)
        if coder is not None and found.image["coder"] != coder:
            raise ArgumentError(f"the coding {end!r} is another coder's")
    body = {
        "from": ends[0],
        "to": ends[1],
        "kind": names.clean("the kind of a link", said[0], empty=True),
        "text": names.clean("the text of a link", said[1], longest=20_000, empty=True),
    }
    write = documents.planned(tx, KIND, uid or uuid.uuid4().hex, body)
    return None if write is None else journal.record(tx, names.actor(tx, actor), op, KIND, [write])


def link(tx: Tx, uid: object) -> Found:
    """A link as it stands.

    Raises
    ------
    UnknownName
        If there is none.
    """
    known = isinstance(uid, str) and not names.unfit(uid)
    found = DOCUMENTS.find(tx, f"{KIND}/{uid}") if known else None
    if found is None or not alive(found.image):
        raise UnknownName(KIND, uid)
    return found


def rows(tx: Tx) -> list[tuple[str, dict[str, Any], str, int]]:
    """Links whose codings are both there: uid, body, author, at (µs)."""
    listed = [
        (row[0].removeprefix(f"{KIND}/"), json.loads(row[1]), row[2], row[3])
        for row in tx.fetch(_LINKS)
    ]
    ends = {body[end] for _, body, _, _ in listed for end in ("from", "to")}
    there: set[str] = set()
    for some in pieces(ends):
        found = CODINGS.find_many(tx, some)
        there.update(uid for uid, one in found.items() if alive(one.image))
    return [row for row in listed if row[1]["from"] in there and row[1]["to"] in there]


def links(tx: Tx) -> pd.DataFrame:
    """Links, the oldest first: uid, from, to, their passages, kind, text, author, at."""
    kinds = dict.fromkeys(
        ("uid", "from", "to", "from_passage", "to_passage", "kind", "text", "author"), "text"
    )
    found = rows(tx)
    words: dict[str, str] = {}
    for some in pieces({body[end] for _, body, _, _ in found for end in ("from", "to")}):
        coded = frames.coding_rows(tx, schema.coding.c.uid.in_(some))
        words.update({row[1]: row[9] for row in coded})
    listed = [
        (
            uid,
            body["from"],
            body["to"],
            words.get(body["from"]),
            words.get(body["to"]),
            body["kind"],
            body["text"],
            author,
            at,
        )
        for uid, body, author, at in found
    ]
    return frame({**kinds, "at": "time"}, listed)
