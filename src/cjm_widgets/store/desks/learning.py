"""What a classifier asks of a study: coded passages, what changed in them, and texts to judge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from cjm_widgets.store.contents.documents import documents
from cjm_widgets.store.desks.suggesting import REFUSAL
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.queues import orders
from cjm_widgets.store.queues.overview import STUDY
from cjm_widgets.store.tables.frames import shown

_F, _C, _T = schema.feedback, schema.coding, schema.feedback_text
_A, _S, _CH = schema.actor, schema.stage, schema.change

SOME = 500
QUESTION = "question"
"""Attribute under which the same words may mean something else."""
_STRUCTURE = ("batch", "code", "feedback", "stage")
"""Tables whose changes touch codings that no journal row names."""

_RESHAPED = Statement(
    sa.select(_CH.c.seq)
    .where(
        _CH.c.seq > sa.bindparam("since"),
        sa.or_(*[_CH.c.tbl == name for name in _STRUCTURE]),
    )
    .limit(1)
)
_TOUCHED = Statement(
    sa.select(_CH.c.row).distinct().where(_CH.c.seq > sa.bindparam("since"), _CH.c.tbl == "coding")
)


@dataclass(frozen=True, slots=True)
class Coded:
    """A live coding with the words it is about."""

    uid: str
    feedback: int
    text: str
    language: str
    context: tuple[str, ...]
    respondent: str
    stage: str | None
    codes: tuple[str, ...]
    valence: float | None


@dataclass(frozen=True, slots=True)
class Told:
    """A text with what is known of it besides its words."""

    feedback: int
    version: int
    text: str
    language: str
    respondent: str
    context: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What changed in the codings since a journal number."""

    seq: int
    whole: bool
    """Whether `coded` holds everything, not only what changed."""
    coded: tuple[Coded, ...]
    gone: tuple[str, ...] = ()
    """Names of codings that are not there any more (or are another coder's)."""


def news(base: Database, since: int | None, coder: str | None, most: int) -> News:
    """Codings to learn from, or what changed in them since.

    Parameters
    ----------
    since
        Journal number of the last news; None for everything.
    coder
        Only this coder's codings and those that no single person made (imports, consensus):
        who codes blind must not learn what others said, not even from suggestions. None for all.
    most
        At most so many, the newest.
    """
    with base.read() as tx:
        seq = int(tx.one(STUDY)[3])
        if since is not None and since == seq:
            return News(seq, False, ())
        if since is None or tx.one(_RESHAPED, since=since) is not None:
            return News(seq, True, _coded(tx, coder, None, most))
        touched = [row[0] for row in tx.all(_TOUCHED, since=since)]
        if len(touched) > most:
            return News(seq, True, _coded(tx, coder, None, most))
        found: list[Coded] = []
        for begin in range(0, len(touched), SOME):
            found += _coded(tx, coder, touched[begin : begin + SOME], most)
    there = {one.uid for one in found}
    return News(seq, False, tuple(found), tuple(uid for uid in touched if uid not in there))


def _coded(tx: Tx, coder: str | None, uids: Sequence[str] | None, most: int) -> tuple[Coded, ...]:
    def part(text: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
        begin, length = _C.c.start + 1, _C.c.stop - _C.c.start
        return sa.func.substr(text, sa.cast(begin, sa.Integer), sa.cast(length, sa.Integer))

    words = sa.case(
        (_F.c.version == _C.c.version, part(_F.c.text)),
        else_=sa.select(part(_T.c.text))
        .where(_T.c.feedback == _C.c.feedback, _T.c.version == _C.c.version)
        .scalar_subquery(),
    )
    wanted = (
        sa.select(
            _C.c.id,
            _C.c.uid,
            _C.c.feedback,
            words,
            _F.c.channel,
            _F.c.touchpoint,
            _F.c.attrs,
            _F.c.respondent,
            _S.c.uid,
            _C.c.valence,
            _F.c.language,
        )
        .join(_F, _F.c.id == _C.c.feedback)
        .outerjoin(_S, sa.and_(_S.c.id == _C.c.stage, _S.c.gone == 0))
        .where(_C.c.gone == 0, *shown(tx, _F.c.batch))
        .order_by(_C.c.id.desc())
        .limit(most)
    )
    if coder is not None:
        wanted = wanted.join(_A, _A.c.id == _C.c.coder).where(
            sa.or_(_A.c.name == coder, _A.c.kind.in_(["import", "consensus"]))
        )
    if uids is not None:
        wanted = wanted.where(_C.c.uid.in_(uids))
    rows = tx.fetch(wanted)
    codes = _codes(tx, [row[0] for row in rows])
    fallback = str(tx.one(STUDY)[2])
    return tuple(
        Coded(
            uid=row[1],
            feedback=row[2],
            text=row[3] or "",
            language=row[10] or fallback,
            context=_context(row[4], row[5], row[6]),
            respondent=row[7] or f"~{row[2]}",
            stage=row[8],
            codes=tuple(sorted(codes.get(row[0], ()))),
            valence=row[9],
        )
        for row in reversed(rows)
    )


def _codes(tx: Tx, codings: Sequence[int]) -> dict[int, list[str]]:
    """Keys of the live codes of some codings; a merged code's place is taken by the other."""
    into = sa.alias(schema.code)
    key = sa.case((schema.code.c.merged_into.is_not(None), into.c.uid), else_=schema.code.c.uid)
    gone = sa.case((schema.code.c.merged_into.is_not(None), into.c.gone), else_=schema.code.c.gone)
    bears = schema.coding_code
    wanted = (
        sa.select(bears.c.coding, key)
        .join(schema.code, schema.code.c.id == bears.c.code)
        .outerjoin(into, into.c.uid == schema.code.c.merged_into)
        .where(gone == 0)
    )
    found: dict[int, list[str]] = {}
    for begin in range(0, len(codings), SOME):
        for coding, name in tx.fetch(
            wanted.where(bears.c.coding.in_(codings[begin : begin + SOME]))
        ):
            found.setdefault(coding, []).append(name)
    return found


def told(base: Database, ids: Iterable[int]) -> list[Told]:
    """Some texts with what is known of them, in order of their numbers."""
    wanted = sorted({int(number) for number in ids})
    rows: list[Any] = []
    with base.read() as tx:
        fallback = str(tx.one(STUDY)[2])
        for begin in range(0, len(wanted), SOME):
            rows += tx.fetch(
                sa.select(
                    _F.c.id,
                    _F.c.version,
                    _F.c.text,
                    _F.c.language,
                    _F.c.respondent,
                    _F.c.channel,
                    _F.c.touchpoint,
                    _F.c.attrs,
                )
                .where(_F.c.id.in_(wanted[begin : begin + SOME]), *shown(tx, _F.c.batch))
                .order_by(_F.c.id)
            )
    return [
        Told(
            feedback=row[0],
            version=row[1],
            text=row[2],
            language=row[3] or fallback,
            respondent=row[4] or f"~{row[0]}",
            context=_context(row[5], row[6], row[7]),
        )
        for row in rows
    ]


def _context(channel: str | None, touchpoint: str | None, attrs: str | None) -> tuple[str, ...]:
    asked = json.loads(attrs).get(QUESTION) if attrs and QUESTION in attrs else None
    known = (("channel", channel), ("touchpoint", touchpoint), (QUESTION, asked))
    return tuple(f"{name}: {value}" for name, value in known if value is not None)


def uncoded(base: Database, most: int) -> list[int]:
    """Numbers of the first texts that nobody has coded."""
    nobody = ~sa.exists().where(_C.c.feedback == _F.c.id, _C.c.gone == 0)
    with base.read() as tx:
        wanted = sa.select(_F.c.id).where(nobody, *shown(tx, _F.c.batch)).order_by(_F.c.id)
        return [int(row[0]) for row in tx.fetch(wanted.limit(most))]


def refused(base: Database) -> dict[str, int]:
    """Name of each refused suggestion to number of coders who refused it."""
    count: dict[str, int] = {}
    with base.read() as tx:
        for body in documents(tx, REFUSAL).values():
            count[body["suggestion"]] = count.get(body["suggestion"], 0) + 1
    return count


def sampled(base: Database) -> list[tuple[str, int, str | None, float | None, float | None]]:
    """Name, text, `sampled_by`, `sampled_p` and valence of all live codings."""
    with base.read() as tx:
        rows = tx.fetch(
            sa.select(_C.c.uid, _C.c.feedback, _C.c.sampled_by, _C.c.sampled_p, _C.c.valence)
            .join(_F, _F.c.id == _C.c.feedback)
            .where(_C.c.gone == 0, *shown(tx, _F.c.batch))
            .order_by(_C.c.id)
        )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def ranges(base: Database, ids: Sequence[int]) -> list[tuple[int, int, int]]:
    """Text, start and stop of every live coding in some texts, of their current words."""
    found: list[tuple[int, int, int]] = []
    with base.read() as tx:
        for begin in range(0, len(ids), SOME):
            rows = tx.fetch(
                sa.select(_C.c.feedback, _C.c.start, _C.c.stop)
                .join(_F, sa.and_(_F.c.id == _C.c.feedback, _F.c.version == _C.c.version))
                .where(_C.c.gone == 0, _C.c.feedback.in_(ids[begin : begin + SOME]))
            )
            found += [(row[0], row[1], row[2]) for row in rows]
    return found


def stages(base: Database) -> list[tuple[int, str]]:
    """Text and key of the stage of every live coding that has one, the oldest first."""
    with base.read() as tx:
        rows = tx.fetch(
            sa.select(_C.c.feedback, _S.c.uid)
            .join(_S, _S.c.id == _C.c.stage)
            .where(_C.c.gone == 0)
            .order_by(_C.c.id)
        )
    return [(row[0], row[1]) for row in rows]


def numbers(base: Database) -> NDArray[np.int64]:
    """Numbers of all texts, ascending."""
    with base.read() as tx:
        rows = tx.fetch(sa.select(_F.c.id).where(*shown(tx, _F.c.batch)).order_by(_F.c.id))
    return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))


def last(base: Database) -> int:
    """The highest number of a text."""
    with base.read() as tx:
        return orders.last(tx)
