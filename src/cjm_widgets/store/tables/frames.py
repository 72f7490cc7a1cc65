"""What a study holds, as frames: texts, codings, history, totals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cjm_widgets.model.columns import CODINGS
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import column, frame, kinds_of
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.tables import facets

_F, _B, _C, _A = schema.feedback, schema.batch, schema.coding, schema.actor
_ACT, _T = schema.action, schema.feedback_text

CHUNK = 5_000

_FEEDBACK = {
    "feedback": "integer",
    "source": "text",
    "source_id": "text",
    "pos": "integer",
    "version": "integer",
    "respondent": "text",
    "at": "time",
    "channel": "text",
    "touchpoint": "text",
    "language": "text",
}


@dataclass(frozen=True, slots=True)
class Totals:
    """What is in a study, in numbers."""

    texts: int
    respondents: int
    """Different ones; texts without a respondent count as one each."""
    codings: int
    coders: int
    """Who have live codings, imports included."""
    first: pd.Timestamp | None
    """When the first dated text was said."""
    last: pd.Timestamp | None


def shown(tx: Tx, batch: sa.ColumnElement[int]) -> list[sa.ColumnElement[bool]]:
    """Conditions that leave out what imports hide that are undone or not finished."""
    hidden = tx.hidden()
    return [batch.not_in(sorted(hidden))] if hidden else []


def source_id() -> sa.ColumnElement[str]:
    """The source's own id of a text; one made of its number where the source has none."""
    return sa.func.coalesce(_F.c.source_id, sa.literal("~") + sa.cast(_F.c.id, sa.Text))


def feedback(base: Database, *, text: bool, chunk: int) -> Iterator[pd.DataFrame]:
    """Texts with their attributes, in order, some thousand at a time."""
    after = 0
    with base.read() as tx:
        known = [
            (key, kind) for key, kind, _ in sorted(facets.known(tx)) if key not in facets.FIXED
        ]
    kinds = {**_FEEDBACK, **({"text": "text"} if text else {})}
    wanted: list[sa.ColumnElement[Any]] = [
        _F.c.id,
        schema.source.c.name,
        source_id(),
        _F.c.id,
        _F.c.version,
        _F.c.respondent,
        _F.c.at,
        _F.c.channel,
        _F.c.touchpoint,
        _F.c.language,
        *([_F.c.text] if text else []),
        _F.c.attrs,
    ]
    while True:
        with base.read() as tx:
            rows = tx.fetch(
                sa.select(*wanted)
                .join(schema.source, schema.source.c.id == _F.c.source)
                .where(_F.c.id > sa.bindparam("after"), *shown(tx, _F.c.batch))
                .order_by(_F.c.id)
                .limit(chunk),
                after=after,
            )
        if rows or after == 0:
            yield _with_attributes(frame(kinds, [row[:-1] for row in rows]), rows, known)
        if len(rows) < chunk:
            return
        after = rows[-1][0]


def _with_attributes(
    data: pd.DataFrame, rows: list[Any], known: list[tuple[str, str]]
) -> pd.DataFrame:
    """Add a column per attribute; one named like a column of ours gets `` (attribute)``."""
    if not known:
        return data
    bodies = [json.loads(row[-1]) if row[-1] else {} for row in rows]
    more = {}
    for key, kind in known:
        name = key if key not in data.columns and key != "text" else f"{key} (attribute)"
        values = [body.get(key) for body in bodies]
        if kind == "text":
            more[name] = column(
                "text", [v if v is None or isinstance(v, str) else str(v) for v in values]
            )
        else:
            more[name] = column("count" if kind == "integer" else "number", values)
    return pd.concat([data, pd.DataFrame(more, index=data.index)], axis=1)


def codings(tx: Tx, coder: str | None, origin: str | None) -> pd.DataFrame:
    """Live codings by the contract CODINGS, by text and start."""
    conditions = [_C.c.gone == 0, *shown(tx, _F.c.batch)]
    if coder is not None:
        conditions.append(_A.c.name == coder)
    if origin is not None:
        conditions.append(_C.c.origin == origin)
    return coding_frame(coding_rows(tx, *conditions), codes_of(tx))


def passage() -> sa.ColumnElement[str]:
    """The words of a coding, out of the version of its text that it was made on."""

    def part(text: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
        # Both engines count code points. An hour's interview with 500 passages would come 500
        # times if Python did the cutting.
        begin, length = _C.c.start + 1, _C.c.stop - _C.c.start
        return sa.func.substr(text, sa.cast(begin, sa.Integer), sa.cast(length, sa.Integer))

    return sa.case(
        (_F.c.version == _C.c.version, part(_F.c.text)),
        else_=sa.select(part(_T.c.text))
        .where(_T.c.feedback == _C.c.feedback, _T.c.version == _C.c.version)
        .scalar_subquery(),
    )


def coding_frame(rows: list[Any], codes: Mapping[int, Iterable[str]]) -> pd.DataFrame:
    """Rows of `coding_rows` with their codes, by the contract CODINGS."""
    return frame(
        kinds_of(CODINGS),
        [(*row[1:13], "; ".join(sorted(codes.get(row[0], ()))), *row[13:-2]) for row in rows],
    )


def coding_rows(tx: Tx, *conditions: sa.ColumnElement[bool]) -> list[Any]:
    """Codings by text and start: number, columns of CODINGS but codes, last change, import."""

    # What an import brought and nobody has touched since bears no number of its own.
    number = sa.case((_C.c.rev == 0, _B.c.seq), else_=_C.c.rev)
    return tx.fetch(
        sa.select(
            _C.c.id,
            _C.c.uid,
            _C.c.feedback,
            schema.source.c.name,
            source_id(),
            _C.c.version,
            _F.c.respondent,
            _C.c.start,
            _C.c.stop,
            passage(),
            _A.c.name,
            schema.stage.c.uid,
            _C.c.valence,
            _C.c.memo,
            _C.c.origin,
            _ACT.c.at,
            _C.c.rev,
            _F.c.batch,
        )
        .join(_F, _F.c.id == _C.c.feedback)
        .join(_B, _B.c.id == _F.c.batch)
        .join(schema.source, schema.source.c.id == _F.c.source)
        .join(_A, _A.c.id == _C.c.coder)
        .outerjoin(schema.stage, schema.stage.c.id == _C.c.stage)
        .outerjoin(_ACT, _ACT.c.seq == number)
        .where(*conditions)
        .order_by(_C.c.feedback, _C.c.start, _C.c.stop, _C.c.id)
    )


_CODES = sa.select(schema.coding_code.c.coding, schema.code.c.uid).join(
    schema.code, schema.code.c.id == schema.coding_code.c.code
)
_ALL_CODES = Statement(_CODES)


def codes_of(tx: Tx, numbers: Sequence[int] | None = None) -> dict[int, list[str]]:
    """Keys of codes by the number of the coding that bears them; of all codings, or of some
    hundred."""
    of: dict[int, list[str]] = {}
    if numbers is None:
        pairs = tx.all(_ALL_CODES)
    else:
        pairs = tx.fetch(_CODES.where(schema.coding_code.c.coding.in_(numbers)))
    for coding, key in pairs:
        of.setdefault(coding, []).append(key)
    return of


_ACTORS = Statement(sa.select(_A.c.id, _A.c.name, _A.c.kind))


def actors(tx: Tx) -> list[str]:
    """Names of everybody who has ever done anything."""
    return sorted(name for _, name, _ in tx.all(_ACTORS))


def totals(tx: Tx) -> Totals:
    """Counts of a study."""
    texts, people, nameless, first, last = tx.fetch(
        sa.select(
            sa.func.count(),
            sa.func.count(_F.c.respondent.distinct()),
            sa.func.count() - sa.func.count(_F.c.respondent),
            sa.func.min(_F.c.at),
            sa.func.max(_F.c.at),
        ).where(*shown(tx, _F.c.batch))
    )[0]
    counted = sa.select(sa.func.count(), sa.func.count(_C.c.coder.distinct())).where(_C.c.gone == 0)
    if tx.hidden():
        counted = counted.join(_F, _F.c.id == _C.c.feedback).where(*shown(tx, _F.c.batch))
    n, coders = tx.fetch(counted)[0]
    dates = [None if at is None else pd.Timestamp(at, unit="us") for at in (first, last)]
    return Totals(texts, people + nameless, n, coders, dates[0], dates[1])


def attributes(tx: Tx) -> pd.DataFrame:
    """The attributes of the texts: attribute, kind (text, integer, number), filter (flag)."""
    kinds = {"attribute": "text", "kind": "text", "filter": "flag"}
    return frame(
        kinds,
        [
            (key, kind, int(kind != "number" and not wide))
            for key, kind, wide in sorted(facets.known(tx))
            if key not in facets.FIXED
        ],
    )


def attribute_values(tx: Tx, key: str) -> pd.DataFrame:
    """Values of an attribute that can be filtered by, with counts, the most frequent first."""
    label, attribute = schema.label, schema.attribute
    counted = (
        sa.select(label.c.value, sa.func.count())
        .join(attribute, attribute.c.label == label.c.id)
        .where(label.c.key == key)
        .group_by(label.c.value)
    )
    if tx.hidden():
        counted = counted.join(_F, _F.c.id == attribute.c.feedback).where(*shown(tx, _F.c.batch))
    rows = sorted(tx.fetch(counted), key=lambda row: (-row[1], row[0]))
    return frame({"value": "text", "n": "integer"}, rows)


def coders(tx: Tx) -> pd.DataFrame:
    """Who has coded: coder, kind (human, import, consensus), codings, texts, last (time)."""
    live = sa.select(_C.c.coder, _C.c.feedback, _C.c.rev).where(_C.c.gone == 0)
    if tx.hidden():
        live = live.join(_F, _F.c.id == _C.c.feedback).where(*shown(tx, _F.c.batch))
    one = live.subquery()
    counted = sa.select(one.c.coder, sa.func.count(), sa.func.count(one.c.feedback.distinct()))
    known = {number: (name, kind) for number, name, kind in tx.all(_ACTORS)}
    last = _last(tx, one)
    rows = [
        (*known[coder], n, texts, last.get(coder))
        for coder, n, texts in tx.fetch(counted.group_by(one.c.coder))
    ]
    kinds = {
        "coder": "text",
        "kind": "text",
        "codings": "integer",
        "texts": "integer",
        "last": "time",
    }
    return frame(kinds, sorted(rows))


def _last(tx: Tx, live: sa.Subquery) -> dict[int, int]:
    """When each coder coded last, by number. Few actions wrote many codings: they come first."""
    wrote = sa.select(live.c.coder, live.c.rev).where(live.c.rev > 0).distinct().subquery()
    brought = (
        sa.select(live.c.coder, _F.c.batch)
        .join(_F, _F.c.id == live.c.feedback)
        .where(live.c.rev == 0)
        .distinct()
        .subquery()
    )
    found: dict[int, int] = {}
    for told, number in (
        (
            sa.select(wrote.c.coder, sa.func.max(_ACT.c.at)).join(_ACT, _ACT.c.seq == wrote.c.rev),
            wrote,
        ),
        (
            sa.select(brought.c.coder, sa.func.max(_ACT.c.at))
            .join(_B, _B.c.id == brought.c.batch)
            .join(_ACT, _ACT.c.seq == _B.c.seq),
            brought,
        ),
    ):
        for coder, at in tx.fetch(told.group_by(number.c.coder)):
            found[coder] = max(at, found.get(coder, at))
    return found
