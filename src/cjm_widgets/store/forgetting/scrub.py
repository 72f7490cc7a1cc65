"""What others wrote, without the words and the name of somebody who is forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cjm_widgets.store.contents.turns import NOBODY
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.forgetting import erase
from cjm_widgets.store.forgetting.traces import GONE, Traces
from cjm_widgets.store.tables import facets
from cjm_widgets.store.tables.rows import packed, unpacked

_F, _CH = schema.feedback, schema.change
_PLAIN = (
    (schema.note, ("text",)),
    (schema.coding, ("memo",)),
    (schema.code, ("name", "definition")),
)
"""Tables and columns in which people may have quoted somebody."""
_OF_PLACES = ("pin", "refusal", "text")
"""Kinds of documents whose uid begins with the number of a text."""


def scrub(tx: Tx, traces: Traces) -> set[int]:
    """Take a person out of notes, memos, documents, settings, attributes and the journal.

    Returns
    -------
    set of int
        Numbers of actions of which an image was removed.
    """
    for table, columns in _PLAIN:
        _table(tx, traces, table, columns)
    gone = _documents(tx, traces)
    seqs = erase.images(tx, "document", gone)
    _settings(tx, traces)
    _bookmarks(tx, traces)
    _attributes(tx, traces)
    found = traces.hits
    _journal(tx, traces)
    traces.hits = found  # the journal holds the same places again
    return seqs


def _table(tx: Tx, traces: Traces, table: sa.Table, columns: tuple[str, ...]) -> None:
    said = [table.c[name] for name in columns]
    filled = sa.or_(*[column != "" for column in said])
    for number, *values in tx.fetch(sa.select(table.c.id, *said).where(filled)):
        made = {name: _clean(traces, table, v) for name, v in zip(columns, values, strict=True)}
        if list(made.values()) != values:
            tx.conn.execute(sa.update(table).where(table.c.id == number).values(made))


def _clean(traces: Traces, table: sa.Table, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return traces.clean_label(value) if table is schema.code else traces.clean(value)


def _documents(tx: Tx, traces: Traces) -> set[str]:
    """Purge documents; gives the uids of those that are gone as a whole."""
    table = schema.document
    gone: set[str] = set()
    for number, uid, body in tx.fetch(sa.select(table.c.id, table.c.uid, table.c.body)):
        kept = None if _about(traces, uid, body) else traces.purged_json(body)
        here = table.c.id == number
        if kept is None:
            gone.add(uid)
            traces.hits += 1
            tx.conn.execute(sa.delete(table).where(here))
        elif json.loads(kept) != json.loads(body):
            traces.hits += 1
            tx.conn.execute(sa.update(table).where(here).values(body=kept))
    return gone


def _about(traces: Traces, uid: str, body: str) -> bool:
    """Whether a document is about the person, or named after a coding or text that is gone."""
    kind, _, name = uid.partition("/")
    if kind == "speaker" and json.loads(body).get("respondent") in traces.names:
        return True
    parts = re.split(r"[^0-9A-Za-z]+", name)
    first = parts[0]
    return bool(traces.codings.intersection(parts)) or (
        kind in _OF_PLACES and first.isdigit() and int(first) in traces.texts
    )


def _journal(tx: Tx, traces: Traces) -> None:
    quoting = [table.name for table, _ in _PLAIN if table.name != "coding"]
    memos = sa.and_(
        _CH.c.tbl == "coding",
        sa.or_(
            ~_CH.c.before.contains('"memo":""', autoescape=True),
            ~_CH.c.after.contains('"memo":""', autoescape=True),
        ),
    )
    wanted = sa.select(_CH.c.seq, _CH.c.tbl, _CH.c.row, _CH.c.before, _CH.c.after).where(
        sa.or_(_CH.c.tbl.in_([*quoting, "document", "feedback"]), memos)
    )
    for seq, tbl, row, before, after in tx.fetch(wanted):
        sides = [_image(traces, tbl, json_text) for json_text in (before, after)]
        if sides != [before, after]:
            tx.conn.execute(
                sa.update(_CH)
                .where(_CH.c.seq == seq, _CH.c.tbl == tbl, _CH.c.row == row)
                .values(before=sides[0], after=sides[1])
            )


def _image(traces: Traces, tbl: str, text: str) -> str:
    """A journal image without the person."""
    image = unpacked(text)
    made = dict(image)
    if tbl == "document" and "body" in image:
        made["body"] = traces.purged_json(image["body"]) or "{}"
        if json.loads(made["body"]) == json.loads(image["body"]):
            made["body"] = image["body"]
    elif tbl == "feedback":
        if image.get("respondent") in traces.names:
            made["respondent"] = None
        if image.get("attrs"):
            made["attrs"] = _without(traces, image["attrs"])
        if image.get("turns"):
            made["turns"] = [_nameless(traces, turn) for turn in image["turns"]]
    else:
        for table, columns in _PLAIN:
            if table.name == tbl:
                made |= {
                    name: _clean(traces, table, image[name]) for name in columns if name in image
                }
    return text if made == image else packed(made)


def _nameless(traces: Traces, turn: list[Any]) -> list[Any]:
    """A turn of a transcript's image, without the person."""
    start, stop, _, respondent, role = turn
    return [start, stop, NOBODY, None, role] if respondent in traces.names else turn


def _settings(tx: Tx, traces: Traces) -> None:
    known = json.loads(tx.fetch(sa.select(schema.study.c.settings))[0][0])
    made = {key: kept for key, one in known.items() if (kept := traces.purged(one)) is not GONE}
    if made != known:
        text = json.dumps(made, ensure_ascii=False)
        tx.conn.execute(sa.update(schema.study).values(settings=text))


def _bookmarks(tx: Tx, traces: Traces) -> None:
    """Where coders left off: a search for somebody's name is forgotten too."""
    table = schema.bookmark
    for coder, key, value in tx.fetch(sa.select(table)):
        known = json.loads(value)
        kept = traces.purged(known)
        here = (table.c.coder == coder, table.c.key == key)
        if kept is GONE:
            tx.conn.execute(sa.delete(table).where(*here))
        elif kept != known:
            tx.conn.execute(
                sa.update(table).where(*here).values(value=json.dumps(kept, ensure_ascii=False))
            )


def _attributes(tx: Tx, traces: Traces) -> None:
    """Other people's attributes that name the person: who brought them along, who answered."""
    for name in traces.telling:
        said = erase.as_json(name)
        wanted = sa.select(_F.c.id, _F.c.attrs).where(_F.c.attrs.contains(said, autoescape=True))
        for number, attrs in tx.fetch(wanted):
            made = _without(traces, attrs)
            if made != attrs:
                facets.relabel(tx, number, {"attrs": attrs}, {"attrs": made})
                tx.conn.execute(sa.update(_F).where(_F.c.id == number).values(attrs=made))


def _without(traces: Traces, attrs: str) -> str | None:
    known: Mapping[str, Any] = json.loads(attrs)
    kept = {key: value for key, value in known.items() if value not in traces.telling}
    if len(kept) == len(known):
        return attrs
    if not kept:
        return None
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
