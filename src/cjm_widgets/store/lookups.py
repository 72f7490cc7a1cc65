"""Narrow questions about a study, answered without loading its texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import sqlalchemy as sa

from cjm_widgets.store import facets, schema
from cjm_widgets.store.build import column, frame
from cjm_widgets.store.frames import shown

if TYPE_CHECKING:
    from cjm_widgets.store.database import Database, Tx

_F, _C = schema.feedback, schema.coding

CHUNK = 5_000
_PLAIN = ("respondent", "at", "channel", "touchpoint", "language")
_TEXT_KINDS = {
    "feedback": "integer",
    "source_id": "text",
    "version": "integer",
    "respondent": "text",
    "at": "time",
    "channel": "text",
    "language": "text",
    "text": "text",
}


class Lookups:
    """Questions that `Store` answers about texts, scorers and ratings."""

    base: Database

    def seq(self) -> int:
        """Number of the journal's last action."""
        with self.base.read() as tx:
            return int(tx.fetch(sa.select(schema.study.c.seq))[0][0])

    def stamp(self) -> str:
        """Changes whenever a figure may: with the journal and with scores."""
        wanted = sa.select(schema.meta.c.value).where(schema.meta.c.key == "scored")
        with self.base.read() as tx:
            seq = tx.fetch(sa.select(schema.study.c.seq))[0][0]
            scored = tx.fetch(wanted)
        return f"{seq} {scored[0][0] if scored else ''}"

    def rated(self) -> bool:
        """Whether any live coding says a valence and a stage."""
        wanted = sa.select(_C.c.id).where(
            _C.c.gone == 0, _C.c.valence.is_not(None), _C.c.stage.is_not(None)
        )
        with self.base.read() as tx:
            return bool(tx.fetch(wanted.limit(1)))

    def scorers(self) -> list[tuple[str, str]]:
        """Name and version of every scorer that has scored here, the oldest first."""
        table = schema.scorer
        with self.base.read() as tx:
            rows = tx.fetch(sa.select(table.c.name, table.c.version).order_by(table.c.id))
        return [(str(name), str(version)) for name, version in rows]

    def languages(self) -> dict[str, int]:
        """Language to number of texts, the most frequent first."""
        with self.base.read() as tx:
            counted = (
                sa.select(_F.c.language, sa.func.count())
                .where(_F.c.language.is_not(None), *shown(tx, _F.c.batch))
                .group_by(_F.c.language)
            )
            rows = sorted(tx.fetch(counted), key=lambda row: (-row[1], row[0]))
        return {str(language): int(n) for language, n in rows}

    def texts_without_language(self, chunk: int = CHUNK) -> Iterator[pd.DataFrame]:
        """Texts whose language nobody has told: feedback, text."""
        after = 0
        while True:
            with self.base.read() as tx:
                rows = tx.fetch(
                    sa.select(_F.c.id, _F.c.text)
                    .where(_F.c.id > after, _F.c.language.is_(None), *shown(tx, _F.c.batch))
                    .order_by(_F.c.id)
                    .limit(chunk)
                )
            if rows:
                yield frame({"feedback": "integer", "text": "text"}, rows)
            if len(rows) < chunk:
                return
            after = rows[-1][0]

    def texts(self, ids: Iterable[int]) -> pd.DataFrame:
        """Some texts by number.

        Returns
        -------
        pandas.DataFrame
            Columns feedback, source_id, version, respondent, at, channel, language, text.
        """
        wanted = sorted({int(number) for number in ids})
        names = ("id", "source_id", "version", "respondent", "at", "channel", "language", "text")
        rows: list[Any] = []
        with self.base.read() as tx:
            for begin in range(0, len(wanted), 500):
                some = wanted[begin : begin + 500]
                rows += tx.fetch(
                    sa.select(*(_F.c[name] for name in names))
                    .where(_F.c.id.in_(some), *shown(tx, _F.c.batch))
                    .order_by(_F.c.id)
                )
        return frame(_TEXT_KINDS, rows)

    def by_source_id(self, wanted: Sequence[str], of: str | None = None) -> pd.DataFrame:
        """Texts by their sources' own ids: source_id, source, feedback, version, text."""
        kinds = {
            "source_id": "text",
            "source": "text",
            "feedback": "integer",
            "version": "integer",
            "text": "text",
        }
        source = schema.source
        rows: list[Any] = []
        with self.base.read() as tx:
            for begin in range(0, len(wanted), 500):
                found = (
                    sa.select(_F.c.source_id, source.c.name, _F.c.id, _F.c.version, _F.c.text)
                    .join(source, source.c.id == _F.c.source)
                    .where(_F.c.source_id.in_(wanted[begin : begin + 500]), *shown(tx, _F.c.batch))
                )
                if of is not None:
                    found = found.where(source.c.name == of)
                rows += tx.fetch(found)
        return frame(kinds, rows)

    def values_of(self, key: str) -> pd.Series[Any]:
        """One column of all texts: respondent, at, channel, touchpoint, language or an attribute.

        Returns
        -------
        pandas.Series
            Text, number or time by number of the text; texts without a value are missing
            from the index, save for the plain columns.
        """
        with self.base.read() as tx:
            if key in _PLAIN:
                rows = tx.fetch(sa.select(_F.c.id, _F.c[key]).where(*shown(tx, _F.c.batch)))
                return _series(key, "time" if key == "at" else "text", rows)
            kinds = {name: (kind, wide) for name, kind, wide in facets.known(tx)}
            kind, wide = kinds.get(key, ("text", 1))
            if kind == "text" and not wide:
                return _series(key, kind, _labelled(tx, key))
            rows = tx.fetch(
                sa.select(_F.c.id, _F.c.attrs).where(
                    _F.c.attrs.is_not(None), *shown(tx, _F.c.batch)
                )
            )
        pairs = ((number, json.loads(body).get(key)) for number, body in rows)
        return _series(key, kind, [pair for pair in pairs if pair[1] is not None])

    def numbers(self) -> pd.DataFrame:
        """Date and all attributes that are numbers, by text: at, one column each."""
        with self.base.read() as tx:
            keys = [name for name, kind, _ in sorted(facets.known(tx)) if kind != "text"]
            rows = tx.fetch(sa.select(_F.c.at, _F.c.attrs).where(*shown(tx, _F.c.batch)))
        bodies = [json.loads(body) if body else {} for _, body in rows]
        made = {"at": column("time", [at for at, _ in rows])}
        made |= {key: column("number", [body.get(key) for body in bodies]) for key in keys}
        return pd.DataFrame(made)


def _series(key: str, kind: str, rows: Sequence[Any]) -> pd.Series[Any]:
    array = column("number" if kind == "integer" else kind, [value for _, value in rows])
    index = pd.Index([number for number, _ in rows], dtype="int64", name="feedback")
    return pd.Series(array, index=index, name=key)


def _labelled(tx: Tx, key: str) -> list[Any]:
    label, attribute = schema.label, schema.attribute
    wanted = (
        sa.select(attribute.c.feedback, label.c.value)
        .join(label, label.c.id == attribute.c.label)
        .where(label.c.key == key)
    )
    if tx.hidden():
        wanted = wanted.join(_F, _F.c.id == attribute.c.feedback).where(*shown(tx, _F.c.batch))
    return tx.fetch(wanted)
