"""Narrow questions about a study, answered without loading its texts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import sqlalchemy as sa

from cjm_widgets.store.contents import marks
from cjm_widgets.store.contents import places as told_places
from cjm_widgets.store.contents.touched import Touched, touched
from cjm_widgets.store.engine import arrays, schema
from cjm_widgets.store.engine.build import column, frame
from cjm_widgets.store.tables import facets, frames
from cjm_widgets.store.tables.frames import shown

if TYPE_CHECKING:
    from cjm_widgets.store.engine.database import Database

_F, _C = schema.feedback, schema.coding

CHUNK = 5_000
PAGE = 50_000
"""Texts whose attributes are unpacked at once."""
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
        return self._any_coding(_C.c.valence.is_not(None), _C.c.stage.is_not(None))

    def staged(self) -> bool:
        """Whether anything rests on the journey's stages: a coding, a KPI, a note."""
        kpi, note = schema.kpi, schema.note
        wanted = (
            sa.select(kpi.c.id).where(kpi.c.gone == 0, kpi.c.stage.is_not(None)),
            sa.select(note.c.id).where(note.c.gone == 0, note.c.on_kind == "stage"),
        )
        if self._any_coding(_C.c.stage.is_not(None)):
            return True
        with self.base.read() as tx:
            return any(tx.fetch(one.limit(1)) for one in wanted)

    def _any_coding(self, *conditions: sa.ColumnElement[bool]) -> bool:
        with self.base.read() as tx:
            # An import that is undone takes its texts out of sight; their codings stay rows.
            wanted = (
                sa.select(_C.c.id)
                .join(_F, _F.c.id == _C.c.feedback)
                .where(_C.c.gone == 0, *conditions, *shown(tx, _F.c.batch))
            )
            return bool(tx.fetch(wanted.limit(1)))

    def touched(self, after: int) -> Touched:
        """Which codings changed after the action of a number, if nothing else has."""
        with self.base.read() as tx:
            return touched(tx, after)

    def marks(
        self,
        stages: Collection[str] | None = None,
        *,
        places: bool = False,
        texts: Collection[int] | None = None,
    ) -> pd.DataFrame:
        """Live codings without their words, by text: a million in a second.

        Parameters
        ----------
        stages
            Keys of the stages that count; other stages are missing. None for all.
        places
            Whether the columns `version`, `start` and `stop` are wanted.
        texts
            Numbers of the texts whose codings are wanted; None for all.

        Returns
        -------
        pandas.DataFrame
            Columns `coding` (number), `feedback`, `coder`, `stage` (key), `valence`,
            `respondent`, and those of `places`.
        """
        with self.base.read() as tx:
            return marks.marks(tx, stages, places=places, texts=texts)

    def passages(self) -> int:
        """Number of live codings."""
        with self.base.read() as tx:
            counted = sa.select(sa.func.count()).where(_C.c.gone == 0)
            if tx.hidden():
                counted = counted.join(_F, _F.c.id == _C.c.feedback)
                counted = counted.where(*shown(tx, _F.c.batch))
            return int(tx.fetch(counted)[0][0])

    def about(self) -> pd.DataFrame:
        """Who gave each text, when and how, by number of the text: respondent, at, channel,
        touchpoint, language."""
        with self.base.read() as tx:
            wanted = sa.select(_F.c.id, *[_F.c[name] for name in _PLAIN])
            ids, *told = arrays.lists(tx, wanted.where(*shown(tx, _F.c.batch)))
        made = {
            name: column("time", values) if name == "at" else arrays.words(values)
            for name, values in zip(_PLAIN, told, strict=True)
        }
        return pd.DataFrame(made, index=pd.Index(ids, dtype="int64", name="feedback"))

    def code_pairs(self, texts: Collection[int] | None = None) -> pd.DataFrame:
        """Which coding (of some texts only) bears which code: `coding` (number), `code` (key)."""
        with self.base.read() as tx:
            return marks.code_pairs(tx, texts)

    def quoted(self, numbers: Iterable[int]) -> pd.DataFrame:
        """The words of some codings: `coding` (number), `uid`, `passage`, `memo`, `source`,
        `source_id`."""
        with self.base.read() as tx:
            return marks.quoted(tx, numbers)

    def coding_numbers(self, uids: Iterable[str]) -> dict[str, int]:
        """Uids of codings to their numbers; those that are not there are left out."""
        wanted = sorted(set(uids))
        found: dict[str, int] = {}
        with self.base.read() as tx:
            for begin in range(0, len(wanted), 500):
                some = _C.c.uid.in_(wanted[begin : begin + 500])
                found |= dict(tx.fetch(sa.select(_C.c.uid, _C.c.id).where(some)))
        return found

    def who_coded(self) -> dict[str, str]:
        """Name and kind of everybody with live codings, without counting these; by name."""
        actor = schema.actor
        live = sa.exists().where(_C.c.coder == actor.c.id, _C.c.gone == 0)
        with self.base.read() as tx:
            if tx.hidden():
                known = frames.coders(tx)
                return dict(zip(known["coder"], known["kind"], strict=True))
            return dict(sorted(tx.fetch(sa.select(actor.c.name, actor.c.kind).where(live))))

    def coding_uids(self) -> pd.Series[str]:
        """Uids of all live codings by number, those of undone imports too."""
        with self.base.read() as tx:
            numbers, uids = arrays.lists(tx, sa.select(_C.c.id, _C.c.uid).where(_C.c.gone == 0))
        return pd.Series(arrays.words(uids), index=pd.Index(numbers, dtype="int64"))

    def places(self, teller: str, version: str) -> pd.DataFrame:
        """What a teller of stages said of current texts: see `contents.places`."""
        with self.base.read() as tx:
            return told_places.places(tx, teller, version)

    def tellers(self, teller: str) -> list[str]:
        """The versions of a teller of stages that have told something, the newest first."""
        with self.base.read() as tx:
            return told_places.versions(tx, teller)

    def write_places(self, teller: str, version: str, rows: Sequence[told_places.Row]) -> None:
        """Keep what a teller of stages said; not journalled."""
        if rows:
            told_places.write(self.base, teller, version, rows)

    def drop_places(self, teller: str, *, but: str) -> None:
        """Drop what a teller's versions but one said."""
        told_places.drop_others(self.base, teller, but)

    def text_numbers(self) -> arrays.Integers:
        """Numbers of all texts, ascending."""
        with self.base.read() as tx:
            return told_places.numbers(tx)

    def text_count(self) -> int:
        """How many texts there are."""
        with self.base.read() as tx:
            counted = sa.select(sa.func.count()).select_from(_F).where(*shown(tx, _F.c.batch))
            return int(tx.fetch(counted)[0][0])

    def has_texts(self) -> bool:
        """Whether there is any text."""
        with self.base.read() as tx:
            return bool(tx.fetch(sa.select(_F.c.id).where(*shown(tx, _F.c.batch)).limit(1)))

    def respondents(self) -> int:
        """Different respondents that texts name; 0 where nobody is named."""
        with self.base.read() as tx:
            counted = sa.select(sa.func.count(_F.c.respondent.distinct()))
            return int(tx.fetch(counted.where(*shown(tx, _F.c.batch)))[0][0])

    def scorers(self) -> list[tuple[str, str]]:
        """Name and version of every scorer that has scored here, the oldest first."""
        table = schema.scorer
        with self.base.read() as tx:
            rows = tx.fetch(sa.select(table.c.name, table.c.version).order_by(table.c.id))
        return [(str(name), str(made)) for name, made in rows if not told_places.is_teller(name)]

    def source_of(self, sha256: str) -> str | None:
        """Name of the source that brought this very content before; None if none did."""
        batch, source = schema.batch, schema.source
        wanted = (
            sa.select(source.c.name)
            .join(batch, batch.c.source == source.c.id)
            .where(batch.c.sha256 == sha256, batch.c.gone == 0)
            .order_by(batch.c.id.desc())
            .limit(1)
        )
        with self.base.read() as tx:
            rows = tx.fetch(wanted)
        return str(rows[0][0]) if rows else None

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
                ids, told = arrays.lists(
                    tx, sa.select(_F.c.id, _F.c[key]).where(*shown(tx, _F.c.batch))
                )
                array = column("time", told) if key == "at" else arrays.words(told)
                index = pd.Index(ids, dtype="int64", name="feedback")
                return pd.Series(array, index=index, name=key)
            kind = {name: kind for name, kind, _ in facets.known(tx)}.get(key, "text")
            quick = facets.whole_numbers(tx, key) if kind == "integer" else None
        if quick is not None:
            return quick
        pairs = [
            (number, value)
            for number, _, body in self._attributes(key)
            if (value := body.get(key)) is not None
        ]
        if kind == "text":
            pairs = [(number, str(value)) for number, value in pairs]
        return _series(key, kind, pairs)

    def bearers(self, key: str) -> dict[str, arrays.Integers] | None:
        """Value of a column to the numbers of the texts that bear it, ascending.

        None where the column is no filter (fractions, or too many values): `values_of` knows then.
        Values of more than `cjm_widgets.store.tables.facets.LONGEST` characters are left out.
        """
        with self.base.read() as tx:
            return facets.bearers(tx, key)

    def numbers(self, keys: Sequence[str] | None = None) -> pd.DataFrame:
        """Dates and attributes that are numbers, of the texts that have any of these.

        Parameters
        ----------
        keys
            Which attributes; None for all that are numbers.

        Returns
        -------
        pandas.DataFrame
            A row per text: `at`, and a column of float64 per attribute.
        """
        with self.base.read() as tx:
            numeric = [name for name, kind, _ in sorted(facets.known(tx)) if kind != "text"]
        names = [name for name in numeric if keys is None or name in keys]
        times: list[Any] = []
        found: dict[str, list[Any]] = {name: [] for name in names}
        for _, at, body in self._attributes(*names) if names else ():
            times.append(at)
            for name, values in found.items():
                values.append(body.get(name))
        made = {"at": column("time", times)}
        return pd.DataFrame(made | {name: column("number", v) for name, v in found.items()})

    def _attributes(self, *keys: str) -> Iterator[tuple[int, int | None, dict[str, Any]]]:
        """Number, time and attributes of the texts that may have one of some attributes."""
        named = [
            _F.c.attrs.contains(json.dumps(key, ensure_ascii=False), autoescape=True)
            for key in keys
        ]
        after = 0
        while True:
            with self.base.read() as tx:
                rows = tx.fetch(
                    sa.select(_F.c.id, _F.c.at, _F.c.attrs)
                    .where(_F.c.id > after, sa.or_(*named), *shown(tx, _F.c.batch))
                    .order_by(_F.c.id)
                    .limit(PAGE)
                )
            for number, at, body in rows:
                yield number, at, json.loads(body)
            if len(rows) < PAGE:
                return
            after = rows[-1][0]


def _series(key: str, kind: str, rows: Sequence[Any]) -> pd.Series[Any]:
    array = column("number" if kind == "integer" else kind, [value for _, value in rows])
    index = pd.Index([number for number, _ in rows], dtype="int64", name="feedback")
    return pd.Series(array, index=index, name=key)
