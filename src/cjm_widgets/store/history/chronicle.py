"""What was done to a study, action by action and field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cjm_widgets.errors import UnknownName
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import frame
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.tables.naming import Naming
from cjm_widgets.store.tables.rows import ABSENT, TABLES, Image, alive, unpacked

_A, _WHO, _C = schema.action, schema.actor, schema.change

PAGE = 500
"""Journalled rows that are unpacked at once."""
WHAT: Mapping[str, str] = {"feedback": "text", "batch": "import"}
"""What tables are called where they have another name for readers."""
TABLE: Mapping[str, str] = {
    **{table: table for table in TABLES},
    **{word: table for table, word in WHAT.items()},
}
"""Table of each name by which it may be asked for."""
_AMBIGUOUS = "code"
"""A kind of row; the act of coding has the same label."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which actions are wanted; None leaves a choice open."""

    actor: str | None = None
    what: str | None = None
    """A kind of row (``coding``, ``code``…) or an action's label (``merge_codes``…)."""
    since: int | None = None
    """Microseconds since 1970, inclusive."""
    until: int | None = None
    """Microseconds since 1970, exclusive."""
    text: str | None = None
    """What must occur in the label, the actor's name or what changed."""
    labels: frozenset[str] = frozenset()
    """Labels whose words hold the text, in the reader's language."""
    last: int | None = None
    """The journal's last number that counts."""


def _conditions(tx: Tx, asked: Asked) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if asked.actor is not None:
        found.append(_WHO.c.name == asked.actor)
    if asked.since is not None:
        found.append(_A.c.at >= asked.since)
    if asked.until is not None:
        found.append(_A.c.at < asked.until)
    if asked.last is not None:
        found.append(_A.c.seq <= asked.last)
    if asked.what is not None:
        found.append(_about(tx, asked.what))
    return found


def _about(tx: Tx, what: str) -> sa.ColumnElement[bool]:
    labels = [label for (label,) in tx.fetch(sa.select(_A.c.label).distinct())]
    if what not in TABLE and what not in labels:
        raise UnknownName("kind of change", what, sorted({*TABLE, *labels}))
    either = [_A.c.label == what] if what in labels and what != _AMBIGUOUS else []
    if what in TABLE:
        rows = sa.select(_C.c.seq).where(_C.c.seq == _A.c.seq, _C.c.tbl == TABLE[what])
        either.append(rows.correlate(_A).exists())
    return sa.or_(*either)


def _saying(text: str, labels: frozenset[str]) -> sa.ColumnElement[bool]:
    """Whether an action's label, actor or rows hold a text."""

    def holds(column: sa.ColumnElement[str], wanted: str) -> sa.ColumnElement[bool]:
        return sa.func.lower(column).contains(wanted.lower(), autoescape=True)

    # Images are JSON: what it escapes is looked for as it stands there.
    inside = json.dumps(text, ensure_ascii=False)[1:-1]
    rows = sa.select(_C.c.seq).where(
        _C.c.seq == _A.c.seq, sa.or_(holds(_C.c.before, inside), holds(_C.c.after, inside))
    )
    named = _A.c.label.in_(sorted(labels))
    found = rows.correlate(_A).exists()
    return sa.or_(named, holds(_A.c.label, text), holds(_WHO.c.name, text), found)


def history(tx: Tx, asked: Asked, limit: int | None) -> pd.DataFrame:
    """Actions, the newest first: seq, at, actor, kind, label, state, target, rows."""
    rows_changed = sa.select(sa.func.count()).where(_C.c.seq == _A.c.seq).scalar_subquery()
    wanted = (
        sa.select(
            _A.c.seq,
            _A.c.at,
            _WHO.c.name,
            _A.c.kind,
            _A.c.label,
            _A.c.state,
            _A.c.target,
            rows_changed,
        )
        .join(_WHO, _WHO.c.id == _A.c.actor)
        .where(*_conditions(tx, asked))
        .order_by(_A.c.seq.desc())
    )
    if asked.text:
        wanted = wanted.where(_saying(asked.text, asked.labels))
    if limit is not None:
        wanted = wanted.limit(limit)
    kinds = {
        "seq": "integer",
        "at": "time",
        "actor": "text",
        "kind": "text",
        "label": "text",
        "state": "text",
        "target": "count",
        "rows": "integer",
    }
    return frame(kinds, tx.fetch(wanted))


CHANGES = {
    "seq": "integer",
    "at": "time",
    "actor": "text",
    "kind": "text",
    "label": "text",
    "what": "text",
    "row": "text",
    "name": "text",
    "field": "text",
    "before": "text",
    "after": "text",
}
"""Columns of `changes` with their kinds."""


def changes(tx: Tx, asked: Asked, limit: int | None, language: str) -> pd.DataFrame:
    """What changed, a field a row, the newest first; columns `CHANGES`."""
    found: list[Sequence[Any]] = []
    naming = Naming(tx, language)
    for row in _fields(tx, asked, naming):
        if asked.text and row[4] not in asked.labels and not _mentions(row, asked.text):
            continue
        if limit is not None and len(found) >= limit:
            break
        found.append(row)
    return frame(CHANGES, found)


def _mentions(row: Sequence[Any], text: str) -> bool:
    wanted = text.casefold()
    said = (row[2], row[4], row[7], row[9], row[10])
    return any(wanted in part.casefold() for part in said if part is not None)


def _fields(tx: Tx, asked: Asked, naming: Naming) -> Iterator[Sequence[Any]]:
    table = TABLE.get(asked.what or "")
    for seq, at, actor, kind, label, tbl, row, before, after in _images(tx, asked):
        if table is not None and tbl != table and (label != asked.what or label == _AMBIGUOUS):
            continue
        was, now = unpacked(before), unpacked(after)
        name = naming.row(tbl, row, now if _told(now) else was)
        head = (seq, at, actor, kind, label, WHAT.get(tbl, tbl), row, name)
        for field, left, right in _differences(tbl, was, now, naming):
            yield (*head, field, left, right)


def _told(image: Image) -> bool:
    return image.keys() != ABSENT.keys()


def _images(tx: Tx, asked: Asked) -> Iterator[Sequence[Any]]:
    """Journalled rows, the newest first, some at a time."""
    wanted = (
        sa.select(
            _A.c.seq,
            _A.c.at,
            _WHO.c.name,
            _A.c.kind,
            _A.c.label,
            _C.c.tbl,
            _C.c.row,
            _C.c.before,
            _C.c.after,
        )
        .join(_WHO, _WHO.c.id == _A.c.actor)
        .join(_C, _C.c.seq == _A.c.seq)
        .where(*_conditions(tx, asked))
        .order_by(_A.c.seq.desc(), _C.c.tbl, _C.c.row)
        .limit(PAGE)
    )
    after: sa.ColumnElement[bool] | None = None
    while True:
        page = tx.fetch(wanted if after is None else wanted.where(after))
        yield from page
        if len(page) < PAGE:
            return
        seq, tbl, row = page[-1][0], page[-1][5], page[-1][6]
        here = sa.and_(_C.c.seq == seq, sa.tuple_(_C.c.tbl, _C.c.row) > sa.tuple_(tbl, row))
        after = sa.or_(_A.c.seq < seq, here)


def _differences(
    tbl: str, before: Image, after: Image, naming: Naming
) -> Iterator[tuple[str, str | None, str | None]]:
    """Fields with what they said before and say after; a row that is not there says nothing."""
    left = naming.fields(tbl, before) if alive(before) else {}
    right = naming.fields(tbl, after) if alive(after) else {}
    for field in dict.fromkeys((*left, *right)):
        was, now = left.get(field), right.get(field)
        if was != now:
            yield field, was, now
