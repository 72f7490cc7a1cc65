"""What a coder does besides coding: the codebook, many codings at once, memos, links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.model.desk import Link, LinkEnd, Memo, Op
from cjm_widgets.store.contents import documents, links, memos
from cjm_widgets.store.desks import bulk_edit, recoding
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import moment
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.changes import pieces
from cjm_widgets.store.history.journal import Done, Write
from cjm_widgets.store.queues import queue
from cjm_widgets.store.tables.rows import DOCUMENTS

_C, _F = schema.coding, schema.feedback
WORDS = 120
"""So many code points of a linked passage are told."""


def codebook(tx: Tx, op: Op, me: int, coder: str) -> Done | None:
    """Edit the codebook; None if nothing changes."""
    return recoding.edit(tx, me, op.op, op.body, me)[0]


def bulk(tx: Tx, op: Op, me: int, coder: str) -> Done | None:
    """Change or remove many of the coder's own codings; None if nothing changes."""
    return bulk_edit.recode(tx, me, op.op, op.body, me)[0]


def memo(tx: Tx, op: Op, me: int, coder: str) -> Done | None:
    """Write, change or remove a memo; None if nothing changes."""
    do = _do(op, {"add": {"on", "text"}, "change": {"text"}, "remove": set()})
    if do == "remove":
        return memos.remove(tx, str(op.row), actor=coder, op=op.op, own=True)
    text = op.body.get("text")
    if not isinstance(text, str):
        raise ArgumentError(f"a memo needs a 'text', not {text!r}")
    if do == "change":
        return memos.change(tx, str(op.row), text, actor=coder, op=op.op, own=True)
    on = op.body.get("on")
    if not isinstance(on, list | tuple) or len(on) != 2:
        raise ArgumentError(f"'on' is a kind and a uid, not {on!r}")
    if on[0] == "coding" and memos.whose(tx, str(on[1])) != me:
        raise UnknownName("coding", on[1])
    return memos.add(tx, (on[0], on[1]), text, author=coder, op=op.op, uid=op.row)


def link(tx: Tx, op: Op, me: int, coder: str) -> Done | None:
    """Link two of the coder's own passages, or change or remove a link."""
    said = {"kind", "text"}
    do = _do(op, {"add": {"from", "to", *said}, "change": said, "remove": set()})
    body = dict(op.body)
    if do != "add":
        uid = str(op.row)
        there = documents.documents(tx, links.KIND).get(uid)
        if there is None:
            raise UnknownName(links.KIND, op.row)
        if any(memos.whose(tx, there[end]) != me for end in ("from", "to")):
            raise ArgumentError(f"the link {uid!r} is between codings of others")
        body = {**there, **body}
        if do == "remove":
            found = links.link(tx, uid)
            write = Write(DOCUMENTS, f"{links.KIND}/{uid}", found, {**found.image, "gone": 1})
            return journal.record(tx, me, op.op, links.KIND, [write])
    elif op.row is not None and op.row in documents.documents(tx, links.KIND):
        raise ArgumentError(f"there is a link {op.row!r} already; make another id for a new one")
    return links.put(
        tx,
        (body.get("from", ""), body.get("to", "")),
        (body.get("kind", ""), body.get("text", "")),
        actor=coder,
        op=op.op,
        uid=op.row,
        coder=me,
    )


Deed = Callable[[Tx, Op, int, str], Done | None]
"""Does an op in the name of a coder, given by the journal's number and by name."""

DEEDS: Mapping[str, Deed] = {
    "codebook": codebook,
    "bulk": bulk,
    "memo": memo,
    "link": link,
}
"""What does each act."""


def _do(op: Op, allowed: Mapping[str, set[str]]) -> str:
    """What is to be done, its body held against what is allowed."""
    do: Any = op.body.get("do")
    if do not in tuple(allowed):
        raise ArgumentError(f"'do' is one of {', '.join(allowed)}, not {do!r}")
    if unknown := set(op.body) - {"do", *allowed[do]}:
        raise ArgumentError(f"{do!r} knows no {', '.join(sorted(map(str, unknown)))}")
    if op.row is None and do != "add":
        raise ArgumentError(f"to {do} it, 'row' must say which")
    return str(do)


def thread(tx: Tx, kind: str, uid: str, me: int, coder: str) -> tuple[Memo, ...]:
    """The memos on something that a coder may see, the oldest first."""
    on = memos.place(tx, kind, uid)
    if kind == "coding" and memos.whose(tx, on) != me:
        return ()
    return tuple(
        Memo(row[0], row[1], row[2], row[3], row[4], moment(row[5]), row[3] == coder)
        for row in memos.rows(tx, kind, on)
        # Coders of one text are blind to one another.
        if kind != "text" or row[3] == coder
    )


def links_of(tx: Tx, uids: set[str], me: int) -> tuple[Link, ...]:
    """Links that begin or end at some codings, both ends being the coder's own."""
    found = [
        (uid, body)
        for uid, body, _, _ in links.rows(tx)
        if uids & {body["from"], body["to"]}
        and all(memos.whose(tx, body[end]) == me for end in ("from", "to"))
    ]
    ends = _ends(tx, {body[end] for _, body in found for end in ("from", "to")})
    return tuple(
        Link(
            uid,
            body["from"],
            body["to"],
            body["kind"],
            body["text"],
            (ends[body["from"]], ends[body["to"]]),
        )
        for uid, body in found
    )


def _ends(tx: Tx, uids: set[str]) -> dict[str, LinkEnd]:
    """Passages by the uids of their codings."""
    found = {}
    for some in pieces(uids):
        rows = tx.fetch(
            sa.select(
                *(_C.c.uid, _C.c.feedback, _C.c.version, _C.c.start, _C.c.stop),
                *(_F.c.version, _F.c.respondent, _F.c.source_id),
                sa.func.substr(_F.c.text, sa.cast(_C.c.start + 1, sa.Integer), WORDS),
            )
            .join(_F, _F.c.id == _C.c.feedback)
            .where(_C.c.uid.in_(some))
        )
        for uid, number, then, start, stop, now, respondent, source, words in rows:
            told = words[: stop - start] if then == now else ""
            found[uid] = LinkEnd(uid, number, queue.title(number, respondent, source), told)
    return found
