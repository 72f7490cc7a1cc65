"""Codings without their words, as curves and maps count them: a million in a second."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cjm_widgets.store.contents import turns
from cjm_widgets.store.engine import arrays, schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.tables import frames
from cjm_widgets.store.tables.frames import shown

_F, _C, _A, _S = schema.feedback, schema.coding, schema.actor, schema.stage
_CC, _CODE = schema.coding_code, schema.code

SOME = 5_000
"""Numbers asked for at once."""
LARGEST = 2**62
"""Beyond which no numbers are packed into one."""
_QUOTED = ("uid", "passage", "memo", "source", "source_id")


def marks(
    tx: Tx,
    stages: Collection[str] | None = None,
    *,
    places: bool = False,
    texts: Collection[int] | None = None,
) -> pd.DataFrame:
    """Live codings, by text.

    Parameters
    ----------
    stages
        Keys of the stages that count; other stages are missing. None for all.
    places
        Whether the columns `version`, `start` and `stop` are wanted; they cost a third more.
    texts
        Numbers of the texts whose codings are wanted; None for all.

    Returns
    -------
    pandas.DataFrame
        Columns `coding` (number), `feedback`, `coder`, `stage` (key), `valence`, `respondent`
        (in a transcript who speaks in the passage), and those of `places`.
    """
    spoken = turns.spoken(tx)
    wide = places or spoken
    sizes = _sizes(tx)
    wanted = [_C.c.valence, *_packed(sizes)]
    wanted += [_C.c.version, _C.c.start, _C.c.stop] if wide else []
    live = sa.select(*wanted).where(_C.c.gone == 0, *_of(texts))
    if tx.hidden():
        live = live.join(_F, _F.c.id == _C.c.feedback).where(*shown(tx, _F.c.batch))
    columns = arrays.lists(tx, live)
    whole = _unpacked([arrays.integers(values) for values in columns[1:]], sizes)
    order = np.argsort(whole[1], kind="stable")
    number, feedback, coder, stage, *where = [values[order] for values in whole]
    keys = {
        number: key
        for number, key in tx.fetch(sa.select(_S.c.id, _S.c.uid))
        if stages is None or key in stages
    }
    made = pd.DataFrame(
        {
            "coding": number,
            "feedback": feedback,
            "coder": arrays.named(coder, dict(tx.fetch(sa.select(_A.c.id, _A.c.name)))),
            "stage": arrays.named(stage, keys),
            "valence": arrays.numbers(columns[0])[order],
            "respondent": _respondents(tx, feedback, texts),
            **dict(zip(("version", "start", "stop"), where, strict=False)),
        }
    )
    return _credited(tx, made) if spoken else made


def _sizes(tx: Tx) -> tuple[int, ...]:
    """One more than the highest number of a coding, a text, a coder and a stage; of which none
    is 0."""
    columns = _C.c.id, _F.c.id, _A.c.id, _S.c.id
    highest = sa.select(*[sa.select(sa.func.max(c)).scalar_subquery() for c in columns])
    return tuple(int(number or 0) + 1 for number in tx.fetch(highest)[0])


def _packed(sizes: tuple[int, ...]) -> list[sa.ColumnElement[Any]]:
    """Number, text, coder and stage (0 for none) of a coding as one number, where it is not too
    large: the engine writes, and Python reads, one for four."""
    columns = _C.c.id, _C.c.feedback, _C.c.coder, sa.func.coalesce(_C.c.stage, 0)
    if math.prod(sizes) >= LARGEST:
        return list(columns)
    made: sa.ColumnElement[Any] = sa.cast(columns[0], sa.BigInteger)
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        made = made * size + column
    return [made]


def _unpacked(columns: list[arrays.Integers], sizes: tuple[int, ...]) -> list[arrays.Integers]:
    if math.prod(sizes) >= LARGEST:
        return columns
    rest, *others = columns
    parts = []
    for size in reversed(sizes[1:]):
        rest, part = np.divmod(rest, size)
        parts.append(part)
    return [rest, *reversed(parts), *others]


def _of(texts: Collection[int] | None) -> list[sa.ColumnElement[bool]]:
    return [] if texts is None else [_C.c.feedback.in_(sorted(texts))]


def _respondents(tx: Tx, feedback: arrays.Integers, texts: Collection[int] | None) -> Any:
    """Who the text of each row belongs to."""
    coded = sa.select(_C.c.feedback).where(_C.c.gone == 0, *_of(texts))
    told = sa.select(_F.c.id, _F.c.respondent).where(_F.c.respondent.is_not(None))
    numbers, who = arrays.lists(tx, told.where(_F.c.id.in_(coded)))
    place = pd.Index(arrays.integers(numbers)).get_indexer(pd.Index(feedback))
    return arrays.words(who).take(place, allow_fill=True)


def _credited(tx: Tx, made: pd.DataFrame) -> pd.DataFrame:
    spoken = [row[0] for row in tx.fetch(sa.select(schema.turn.c.feedback).distinct())]
    inside = made["feedback"].isin(spoken)
    if inside.any():
        made.loc[inside, "respondent"] = turns.credited(tx, made[inside])["respondent"]
    return made


def code_pairs(tx: Tx, texts: Collection[int] | None = None) -> pd.DataFrame:
    """Which coding (of some texts only) bears which code: `coding` (number), `code` (key)."""
    pairs = sa.select(_CC.c.coding, _CC.c.code)
    if texts is not None:
        pairs = pairs.join(_C, _C.c.id == _CC.c.coding).where(*_of(texts))
    coding, code = arrays.lists(tx, pairs)
    names = dict(tx.fetch(sa.select(_CODE.c.id, _CODE.c.uid)))
    return pd.DataFrame(
        {"coding": arrays.integers(coding), "code": arrays.named(arrays.integers(code), names)}
    )


def quoted(tx: Tx, numbers: Iterable[int]) -> pd.DataFrame:
    """The words of some codings: `coding` (number), `uid`, `passage`, `memo`, `source`,
    `source_id`; those whose import was undone are left out."""
    wanted = sorted({int(number) for number in numbers})
    told = sa.select(
        _C.c.id, _C.c.uid, frames.passage(), _C.c.memo, schema.source.c.name, frames.source_id()
    ).join(_F, _F.c.id == _C.c.feedback)
    told = told.join(schema.source, schema.source.c.id == _F.c.source)
    columns: list[list[Any]] = [[] for _ in told.selected_columns]
    for begin in range(0, len(wanted), SOME):
        here = _C.c.id.in_(wanted[begin : begin + SOME])
        found = arrays.lists(tx, told.where(here, *shown(tx, _F.c.batch)))
        columns = [known + new for known, new in zip(columns, found, strict=True)]
    words = {name: arrays.words(c) for name, c in zip(_QUOTED, columns[1:], strict=True)}
    return pd.DataFrame({"coding": arrays.integers(columns[0]), **words})
