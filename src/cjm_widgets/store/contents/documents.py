"""Documents: what people decide outside codings, each a JSON object, journalled as a whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.journal import Write
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.rows import DOCUMENTS, Image

_D = schema.document

_OF_KIND = Statement(
    sa.select(_D.c.uid, _D.c.body)
    .where(_D.c.kind == sa.bindparam("the_kind"), _D.c.gone == 0)
    .order_by(_D.c.id)
)


def documents(tx: Tx, kind: str) -> dict[str, dict[str, Any]]:
    """The live documents of a kind by uid, in the order in which they were first made."""
    _kind(kind)
    found = tx.all(_OF_KIND, the_kind=kind)
    return {row.removeprefix(f"{kind}/"): json.loads(body) for row, body in found}


def put(
    tx: Tx, kind: str, uid: str, body: Mapping[str, Any], *, actor: str, label: str, op: str
) -> int:
    """Make a document what is given, as one action; gives its number, 0 if nothing changes."""
    write = planned(tx, kind, uid, body)
    if write is None:
        return 0
    return journal.record(tx, names.actor(tx, actor), op, label, [write]).seq


def put_all(
    tx: Tx, kind: str, bodies: Mapping[str, Mapping[str, Any]], *, actor: str, label: str, op: str
) -> int:
    """As `put`, several documents as one action."""
    found = [planned(tx, kind, uid, body) for uid, body in bodies.items()]
    writes = [write for write in found if write is not None]
    return journal.record(tx, names.actor(tx, actor), op, label, writes).seq if writes else 0


def planned(tx: Tx, kind: str, uid: str, body: Mapping[str, Any]) -> Write | None:
    """The change that makes a document what is given; None if it is so already.

    Raises
    ------
    ArgumentError
        If the kind, the uid or the body cannot be stored.
    """
    image: Image = {"kind": _kind(kind), "body": _packed(kind, body), "gone": 0}
    row = f"{kind}/{names.clean(f'the uid of a {kind}', uid)}"
    found = DOCUMENTS.find(tx, row)
    if {name: value for name, value in found.image.items() if name != "rev"} == image:
        return None
    return Write(DOCUMENTS, row, found, image)


def drop(tx: Tx, kind: str, uid: str, *, actor: str, label: str, op: str) -> int:
    """Take a document away; undo brings it back.

    Raises
    ------
    UnknownName
        If there is none.
    """
    there = documents(tx, kind)
    if uid not in there:
        raise UnknownName(kind, uid, list(there))
    row = f"{kind}/{uid}"
    found = DOCUMENTS.find(tx, row)
    write = Write(DOCUMENTS, row, found, {**found.image, "gone": 1})
    return journal.record(tx, names.actor(tx, actor), op, label, [write]).seq


def _kind(kind: str) -> str:
    names.clean("the kind of a document", kind, longest=50)
    if "/" in kind:
        raise ArgumentError(f"the kind of a document is a plain word without '/', not {kind!r}")
    return kind


def _packed(kind: str, body: Mapping[str, Any]) -> str:
    if not isinstance(body, Mapping):
        raise ArgumentError(f"what a {kind} holds is a mapping, not {body!r}")
    try:
        text = json.dumps(dict(body), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"a {kind} holds what JSON cannot: {error}") from error
    if names.unfit(text):
        raise ArgumentError(f"a {kind} holds half a surrogate pair, which nothing can store")
    return text
