"""The coder's queue: pages of texts by keyset, fast from anywhere in a million.

A page is found in two steps: the numbers of its texts, driven by the narrowest thing asked
for (words, then the rarest value filtered by, then what the coder has done, else the texts
themselves), and then the texts of those numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from cjm_widgets.model.desk import Item, Query
from cjm_widgets.store.contents import structure
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.tables import facets, names, search
from cjm_widgets.store.tables.names import Keys

_F, _P, _A, _C, _L = (
    schema.feedback,
    schema.progress,
    schema.attribute,
    schema.coding,
    schema.label,
)
_WORDS = sa.table("words", sa.column("rowid"), sa.column("feedback"), sa.column("body"))
_SIZE = Statement(sa.select(_L.c.n).where(_L.c.id == sa.bindparam("the_id")))

PREVIEW = 160
_SAID = re.compile(r'(?<!\S)(code|stage|étape|etape):("[^"]*"|\S+)', re.IGNORECASE)
"""What a search may ask of the coder's own codings: ``code:fees``, ``stage:"Use and service"``."""


@dataclass(frozen=True, slots=True)
class Search:
    """A query with its words and values looked up."""

    status: str
    words: str | None
    labels: tuple[int, ...]
    """The rarest first."""
    said: tuple[tuple[str, tuple[int, ...]], ...] = field(default=())
    """``stage`` or ``code`` and the rows of which the coder's codings bear one."""


def resolve(tx: Tx, query: Query) -> Search | None:
    """Look a query up; None if nothing can fit it."""
    said = []
    for what, given in _SAID.findall(query.search):
        rows = _rows(tx, "code" if what.casefold() == "code" else "stage", given.strip('"'))
        if not rows or query.status == "todo":
            return None
        said.append(rows)
    plain, words = _SAID.sub(" ", query.search), None
    if plain.strip():
        words = search.wanted(tx, plain)
        if words is None:
            return None
    labels = []
    for key, value in query.filters.items():
        label = None if names.unfit(str(key)) else facets.label_of(tx, str(key), str(value))
        if label is None:
            return None
        labels.append((tx.one(_SIZE, the_id=label)[0], label))
    status = "done" if said else query.status
    return Search(status, words, tuple(label for _, label in sorted(labels)), tuple(said))


def _rows(tx: Tx, what: str, given: str) -> tuple[str, tuple[int, ...]] | None:
    """A stage or code by key or name, with what stands under it; None if nobody knows it."""
    folded = given.strip().casefold()
    if what == "code":
        entries = [(c.key, c.parent, {c.name}) for c in structure.codebook(tx)]
        table = schema.code
    else:
        entries = [(s.key, s.parent, set(s.names.values())) for s in structure.journey(tx)]
        table = schema.stage
    keys = {
        key
        for key, _, called in entries
        if key.casefold() == folded or any(name.casefold() == folded for name in called)
    }
    # Parents stand before what is under them.
    for key, parent, _ in entries:
        if parent in keys:
            keys.add(key)
    rows = tx.fetch(sa.select(table.c.id).where(table.c.uid.in_(sorted(keys)))) if keys else []
    return (what, tuple(row[0] for row in rows)) if rows else None


def _bears(
    said: tuple[str, tuple[int, ...]], number: sa.ColumnElement[int]
) -> sa.ColumnElement[bool]:
    """Whether a coding of the coder in a text bears one of some stages or codes."""
    what, rows = said
    mine = sa.exists().where(
        _C.c.feedback == number, _C.c.coder == sa.bindparam("the_coder"), _C.c.gone == 0
    )
    if what == "stage":
        return mine.where(_C.c.stage.in_(rows))
    bearing = schema.coding_code
    return mine.where(bearing.c.coding == _C.c.id, bearing.c.code.in_(rows))


def numbers(
    tx: Tx,
    coder: int,
    wanted: Search,
    mark: int,
    limit: int,
    *,
    back: bool = False,
    among: Sequence[int] | None = None,
) -> list[int]:
    """Texts (of some, if given) after (or before) a number, in order of distance from it."""
    statement = _statement(tx, wanted, back, among)
    values: dict[str, Any] = {"mark": mark, "the_coder": coder, "most": limit}
    values.update({f"label{i}": label for i, label in enumerate(wanted.labels)})
    if wanted.words is not None:
        values["wanted"] = wanted.words
    return [row[0] for row in tx.fetch(statement, **values)]


def _statement(tx: Tx, wanted: Search, back: bool, among: Sequence[int] | None) -> sa.Select[Any]:
    labels = list(range(len(wanted.labels)))
    status: str | None = wanted.status if wanted.status != "all" else None
    number: sa.ColumnElement[int]
    conditions: list[sa.ColumnElement[bool] | sa.TextClause] = []
    whole = False
    if wanted.words is not None:
        if tx.backend == "sqlite":
            number = _WORDS.c.rowid
            conditions.append(sa.text("words MATCH :wanted"))
        else:
            number = _WORDS.c.feedback
            conditions.append(sa.text("words.body @@ CAST(:wanted AS tsquery)"))
        source: Any = _WORDS
    elif among is not None:  # a few texts are named: nothing is narrower
        number, source, whole = _F.c.id, _F, True
    elif labels:
        number, source = _A.c.feedback, _A
        conditions.append(_A.c.label == sa.bindparam("label0"))
        labels = labels[1:]
    elif status == "done":
        number, source = _P.c.feedback, _P
        conditions += [_P.c.coder == sa.bindparam("the_coder"), _P.c.n > 0]
        status = None
    else:
        number, source, whole = _F.c.id, _F, True
    for i in labels:
        other = _A.alias(f"a{i}")
        conditions.append(
            sa.exists().where(
                other.c.label == sa.bindparam(f"label{i}"), other.c.feedback == number
            )
        )
    if status is not None:
        done = sa.exists().where(
            _P.c.coder == sa.bindparam("the_coder"), _P.c.feedback == number, _P.c.n > 0
        )
        conditions.append(done if status == "done" else ~done)
    conditions += [_bears(said, number) for said in wanted.said]
    hidden = sorted(tx.hidden())
    if hidden and whole:
        conditions.append(_F.c.batch.not_in(hidden))
    elif hidden:
        conditions.append(sa.exists().where(_F.c.id == number, _F.c.batch.not_in(hidden)))
    mark: sa.BindParameter[int] = sa.bindparam("mark")
    conditions.append(number < mark if back else number > mark)
    if among is not None:
        conditions.append(number.in_(among))
    return (
        sa.select(number)
        .select_from(source)
        .where(*conditions)
        .order_by(number.desc() if back else number)
        .limit(sa.bindparam("most"))
    )


def items(tx: Tx, coder: int, ids: list[int], keys: Keys) -> tuple[Item, ...]:
    """Lines of the queue for texts, in the order given."""
    if not ids:
        return ()
    texts = tx.fetch(
        sa.select(
            _F.c.id,
            _F.c.respondent,
            _F.c.source_id,
            _F.c.channel,
            _F.c.language,
            sa.func.substr(_F.c.text, 1, 4 * PREVIEW),
        ).where(_F.c.id.in_(ids))
    )
    mine: dict[int, list[Any]] = {}
    codings = tx.fetch(
        sa.select(_C.c.feedback, _C.c.stage)
        .where(_C.c.coder == coder, _C.c.gone == 0, _C.c.feedback.in_(ids))
        .order_by(_C.c.start, _C.c.stop, _C.c.id)
    )
    for number, stage in codings:
        mine.setdefault(number, []).append(keys.stage(tx, stage))
    made = {}
    for number, respondent, source_id, channel, language, text in texts:
        stages = mine.get(number, [])
        made[number] = Item(
            id=number,
            pos=number,
            title=title(number, respondent, source_id),
            channel=channel or "",
            language=language or "",
            preview=" ".join(text.split())[:PREVIEW],
            stages=tuple(dict.fromkeys(stage for stage in stages if stage is not None)),
            n=len(stages),
        )
    return tuple(made[number] for number in ids if number in made)


def title(id: int, respondent: str | None, source_id: str | None) -> str:
    """What a text is called where there is no room for its words."""
    return respondent or source_id or str(id)
