"""Scores of machines: which texts want one, and those that are there. Not journalled."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, FrameError
from cjm_widgets.model.columns import SCORES, check
from cjm_widgets.store.contents import turns
from cjm_widgets.store.engine import arrays, schema
from cjm_widgets.store.engine.build import frame, values
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.tables import facets
from cjm_widgets.store.tables.frames import shown

Unit = Literal["text", "sentence", "passage"]
UNITS = schema.UNITS

_F, _C, _S, _T = schema.feedback, schema.coding, schema.score, schema.feedback_text

_FIND = Statement(
    sa.select(schema.scorer.c.id).where(
        schema.scorer.c.name == sa.bindparam("the_name"),
        schema.scorer.c.version == sa.bindparam("the_version"),
    )
)
_ADD = Statement(
    sa.insert(schema.scorer)
    .values(name=sa.bindparam("name"), version=sa.bindparam("version"))
    .returning(schema.scorer.c.id)
)
_STAMP = Statement(
    lambda insert: (
        insert(schema.meta)
        .values(key="scored", value=sa.bindparam("value"))
        .on_conflict_do_update(index_elements=["key"], set_={"value": sa.bindparam("value")})
    )
)
_PUT = Statement(
    lambda insert: (
        made := insert(schema.score).values(
            {
                name: sa.bindparam(name)
                for name in (
                    "scorer",
                    "unit",
                    "feedback",
                    "version",
                    "start",
                    "stop",
                    "value",
                    "known",
                )
            }
        )
    ).on_conflict_do_update(
        index_elements=["scorer", "unit", "feedback", "version", "start", "stop"],
        set_={"value": made.excluded.value, "known": made.excluded.known},
    )
)


def texts_to_score(
    base: Database, scorer: str, version: str, chunk: int, language: str | None = None
) -> Iterator[pd.DataFrame]:
    """Texts whose current version this scorer has not scored: feedback, version, language, text.

    Where interviewers speak there are blanks of the same length.
    """
    turns.settle_scores(base)
    kinds = {"feedback": "integer", "version": "integer", "language": "text", "text": "text"}
    wanted = (
        sa.select(_F.c.id, _F.c.version, _F.c.language, _F.c.text)
        .where(
            _F.c.id > sa.bindparam("after"),
            ~sa.exists().where(
                _S.c.scorer == sa.bindparam("the_scorer"),
                _S.c.unit == UNITS["text"],
                _S.c.feedback == _F.c.id,
                _S.c.version == _F.c.version,
            ),
        )
        .order_by(_F.c.id)
        .limit(chunk)
    )
    if language is not None:
        wanted = wanted.where(_F.c.language == language)
    after = 0
    while True:
        with base.read() as tx:
            found = tx.one(_FIND, the_name=scorer, the_version=version)
            number = -1 if found is None else found[0]
            rows = tx.fetch(wanted.where(*shown(tx, _F.c.batch)), after=after, the_scorer=number)
            spoken = turns.answers(tx, [row[0] for row in rows], past=False)
        if rows:
            yield frame(kinds, [_answered(row, spoken) for row in rows] if spoken else rows)
        if len(rows) < chunk:
            return
        after = rows[-1][0]


def passages_to_score(
    base: Database, scorer: str, version: str, chunk: int, language: str | None = None
) -> Iterator[pd.DataFrame]:
    """Coded passages this scorer has not scored, each once.

    Yields
    ------
    pandas.DataFrame
        Columns feedback, version, start, stop, language, text (the passage's words; blank
        where an interviewer speaks).
    """
    turns.settle_scores(base)
    kinds = {
        "feedback": "integer",
        "version": "integer",
        "start": "integer",
        "stop": "integer",
        "language": "text",
        "text": "text",
    }
    words = sa.case(
        (_F.c.version == _C.c.version, passage(_F.c.text)),
        else_=sa.select(passage(_T.c.text))
        .where(_T.c.feedback == _C.c.feedback, _T.c.version == _C.c.version)
        .scalar_subquery(),
    )
    place = (_C.c.feedback, _C.c.version, _C.c.start, _C.c.stop)
    marks: list[sa.BindParameter[int]] = [sa.bindparam(f"p{i}") for i in range(4)]
    wanted = (
        sa.select(*place, _F.c.language, words)
        .distinct()
        .join(_F, _F.c.id == _C.c.feedback)
        .where(
            _C.c.gone == 0,
            sa.tuple_(*place) > sa.tuple_(*marks),
            ~sa.exists().where(
                _S.c.scorer == sa.bindparam("the_scorer"),
                _S.c.unit == UNITS["passage"],
                *[_S.c[column.name] == column for column in place],
            ),
        )
        .order_by(*place)
        .limit(chunk)
    )
    if language is not None:
        wanted = wanted.where(_F.c.language == language)
    after = {f"p{i}": -1 for i in range(4)}
    while True:
        with base.read() as tx:
            found = tx.one(_FIND, the_name=scorer, the_version=version)
            number = -1 if found is None else found[0]
            rows = tx.fetch(wanted.where(*shown(tx, _F.c.batch)), the_scorer=number, **after)
            spoken = turns.answers(tx, {row[0] for row in rows})
        if rows:
            yield frame(kinds, [_answered(row, spoken, row[2]) for row in rows])
        if len(rows) < chunk:
            return
        after = {f"p{i}": rows[-1][i] for i in range(4)}


def passage(text: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """The words of a coding's passage, cut out by the engine: both count code points."""
    begin, length = _C.c.start + 1, _C.c.stop - _C.c.start
    return sa.func.substr(text, sa.cast(begin, sa.Integer), sa.cast(length, sa.Integer))


def _answered(row: Any, spoken: turns.Answers, start: int = 0) -> tuple[Any, ...]:
    """A row of text, version… words, without what an interviewer says."""
    *rest, words = row
    return (*rest, turns.without_interviewer(spoken.get((row[0], row[1])), words, start))


def write(base: Database, data: pd.DataFrame) -> int:
    """Keep scores, replacing those of the same scorer, version and passage; gives how many."""
    check(data, SCORES, "write_scores")
    units = values(data, "unit")
    if unknown := set(units) - UNITS.keys():
        raise FrameError(
            f"write_scores: column 'unit' holds {sorted(unknown)[0]!r}; "
            f"it says text, sentence or passage"
        )
    score = data["valence"]
    if bool(((score < -1) | (score > 1)).any()):
        raise FrameError("write_scores: column 'valence' holds values outside −1…1")
    columns = [values(data, name) for name in ("feedback", "version", "start", "stop", "valence")]
    known = [int(value) for value in values(data, "known")]
    pairs = list(zip(values(data, "scorer"), values(data, "scorer_version"), strict=True))
    for begin in range(0, len(data), 5_000):
        part = slice(begin, begin + 5_000)
        with base.write() as tx:
            numbers = {pair: _number(tx, *pair) for pair in dict.fromkeys(pairs[part])}
            # Scores are not journalled; who keeps figures sees by this that they are old.
            tx.run(_STAMP, value=uuid.uuid4().hex)
            tx.many(
                _PUT,
                list(
                    zip(
                        [numbers[pair] for pair in pairs[part]],
                        [UNITS[unit] for unit in units[part]],
                        *[column[part] for column in columns],
                        known[part],
                        strict=True,
                    )
                ),
            )
    return len(data)


def _number(tx: Tx, name: str, version: str) -> int:
    found = tx.one(_FIND, the_name=name, the_version=version)
    return int((found or tx.one(_ADD, name=name, version=version))[0])


def scores(tx: Tx, scorer: str, unit: str, version: str | None) -> pd.DataFrame:
    """Scores of the texts' current versions (and of live codings' passages), by SCORES."""
    if unit not in UNITS:
        raise ArgumentError(f"unit is 'text', 'sentence' or 'passage', not {unit!r}")
    wanted = (
        sa.select(
            _S.c.value,
            _S.c.feedback,
            _S.c.version,
            _S.c.start,
            _S.c.stop,
            _S.c.known,
            *([] if version is not None else [_S.c.scorer]),
        )
        .join(schema.scorer, schema.scorer.c.id == _S.c.scorer)
        .join(_F, _F.c.id == _S.c.feedback)
        .where(schema.scorer.c.name == scorer, _S.c.unit == UNITS[unit], *shown(tx, _F.c.batch))
    )
    if version is not None:
        wanted = wanted.where(schema.scorer.c.version == version)
    if unit == "passage":
        same = [_C.c[name] == _S.c[name] for name in ("feedback", "version", "start", "stop")]
        wanted = wanted.where(sa.exists().where(_C.c.gone == 0, *same))
    else:
        wanted = wanted.where(_S.c.version == _F.c.version)
    value, *whole = arrays.lists(tx, wanted)
    feedback, edition, start, stop, known, *of = [arrays.integers(values) for values in whole]
    versions = dict(tx.fetch(sa.select(schema.scorer.c.id, schema.scorer.c.version)))
    order = np.lexsort((stop, start, feedback))
    n = len(feedback)
    made = {
        "feedback": feedback[order],
        "version": edition[order],
        "start": start[order],
        "stop": stop[order],
        "unit": arrays.repeated(unit, n),
        "scorer": arrays.repeated(scorer, n),
        "scorer_version": arrays.named(of[0][order], versions)
        if of
        else arrays.repeated(str(version), n),
        "valence": arrays.numbers(value)[order],
        "known": known[order].astype(bool),
    }
    return pd.DataFrame(made)[[column.name for column in SCORES]]


_LANGUAGE = Statement(
    sa.select(_F.c.language, _F.c.channel, _F.c.touchpoint).where(_F.c.id == sa.bindparam("the_id"))
)
_SPEAK = Statement(
    sa.update(_F).where(_F.c.id == sa.bindparam("the_id")).values(language=sa.bindparam("now"))
)


def set_languages(base: Database, data: pd.DataFrame) -> None:
    """Note the language found for texts: columns feedback and language (ISO 639-1)."""
    for name in ("feedback", "language"):
        if name not in data.columns:
            raise FrameError(f"set_languages: the frame lacks the column {name!r}")
    pairs = list(zip(values(data, "feedback"), values(data, "language"), strict=True))
    for begin in range(0, len(pairs), 5_000):
        part = dict(pairs[begin : begin + 5_000])
        with base.write(durable=False) as tx:
            before = dict(
                tx.fetch(sa.select(_F.c.id, _F.c.language).where(_F.c.id.in_(list(part))))
            )
            fresh = {
                number: now
                for number, now in part.items()
                if number in before and before[number] != now
            }
            tx.many(_SPEAK, [(now, number) for number, now in fresh.items()])
            made = facets.Facets(tx)
            first = [
                number for number in fresh if before[number] is None and fresh[number] is not None
            ]
            made.index(tx, "language", [fresh[number] for number in first], first)
            for number in fresh.keys() - set(first):
                facets.relabel(
                    tx, number, {"language": before[number]}, {"language": fresh[number]}
                )
