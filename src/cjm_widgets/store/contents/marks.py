"""Codings without their words, as curves and maps count them: a million in a second."""

from __future__ import annotations

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

SOME = 500
"""Numbers asked for at once."""


def marks(tx: Tx, stages: Collection[str] | None = None, *, places: bool = False) -> pd.DataFrame:
    """Live codings, by text.

    Parameters
    ----------
    stages
        Keys of the stages that count; other stages are missing. None for all.
    places
        Whether the columns `version`, `start` and `stop` are wanted; they cost a third more.

    Returns
    -------
    pandas.DataFrame
        Columns `coding` (number), `feedback`, `coder`, `stage` (key), `valence`, `respondent`
        (in a transcript who speaks in the passage), and those of `places`.
    """
    spoken = turns.spoken(tx)
    wide = places or spoken
    wanted = [_C.c.valence, _C.c.id, _C.c.feedback, _C.c.coder, _C.c.stage]
    wanted += [_C.c.version, _C.c.start, _C.c.stop] if wide else []
    live = sa.select(*wanted).where(_C.c.gone == 0)
    if tx.hidden():
        live = live.join(_F, _F.c.id == _C.c.feedback).where(*shown(tx, _F.c.batch))
    columns = arrays.lists(tx, live)
    whole = [arrays.integers(values) for values in columns[1:]]
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
            "respondent": _respondents(tx, feedback),
            **dict(zip(("version", "start", "stop"), where, strict=False)),
        }
    )
    return _credited(tx, made) if spoken else made


def _respondents(tx: Tx, feedback: arrays.Integers) -> Any:
    """Who the text of each row belongs to."""
    coded = sa.select(_C.c.feedback).where(_C.c.gone == 0)
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


def code_pairs(tx: Tx) -> pd.DataFrame:
    """Which coding bears which code: `coding` (number), `code` (key)."""
    coding, code = arrays.lists(tx, sa.select(_CC.c.coding, _CC.c.code))
    names = dict(tx.fetch(sa.select(_CODE.c.id, _CODE.c.uid)))
    return pd.DataFrame(
        {"coding": arrays.integers(coding), "code": arrays.named(arrays.integers(code), names)}
    )


def whole(tx: Tx, numbers: Iterable[int]) -> pd.DataFrame:
    """Some codings with their words, by the contract CODINGS and their number as `number`."""
    wanted = sorted({int(number) for number in numbers})
    parts = []
    for begin in range(0, len(wanted), SOME):
        some = wanted[begin : begin + SOME]
        rows = frames.coding_rows(tx, _C.c.id.in_(some), *shown(tx, _F.c.batch))
        of = _codes_of(tx, some)
        parts.append(frames.coding_frame(rows, of).assign(number=[row[0] for row in rows]))
    if not parts:
        return frames.coding_frame([], {}).assign(number=np.array([], dtype=np.int64))
    return pd.concat(parts, ignore_index=True)


def _codes_of(tx: Tx, some: list[int]) -> dict[int, list[str]]:
    of: dict[int, list[str]] = {}
    wanted = sa.select(_CC.c.coding, _CODE.c.uid).join(_CODE, _CODE.c.id == _CC.c.code)
    for coding, key in tx.fetch(wanted.where(_CC.c.coding.in_(some))):
        of.setdefault(coding, []).append(key)
    return of
